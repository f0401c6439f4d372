"""The one thread that writes to an archive: it commits whatever has queued since its last commit, as one group.

A fixed group of one second took 8.4 s where this takes 1.4 s, and the event loop never waits for a disk. Once the
archive cannot be written (full, read-only, held by another program) no more is taken: the runs end, and what they
had in flight stays in the ledger.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from astana_crawl.archive import ArchiveError, fatal
from astana_crawl.archive.errors import locked, unwritable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from sqlalchemy import Connection

    from astana_crawl.archive import Archive
    from astana_crawl.archive.pages import PageFiles, Place, Served

LARGEST_GROUP = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """A served response to be kept before the rows that name it: for which site, and when it was fetched."""

    site: str
    served: Served
    at: dt.datetime


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Callable[[Connection, Place | None], T]
    page: Page | None
    place: Place | None = None
    done: Future[T] = field(default_factory=Future)
    result: Any = None


_LOGGERS = ("scrapy.core.engine", "scrapy.core.scraper", "scrapy.utils.signal", "asyncio")


def _not_told_at_the_end(record: logging.LogRecord) -> bool:
    """Leave out the tracebacks of all that was in flight when the archive failed: the run's end says it in one line."""
    return not (record.exc_info and fatal(record.exc_info[1]))


class Writer:
    """Takes work from any thread or coroutine and answers once it is committed and synced."""

    def __init__(self, archive: Archive, pages: PageFiles) -> None:
        self._archive = archive
        self._pages = pages
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._broken: BaseException | None = None
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_not_told_at_the_end)
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[Connection, Place | None], T], page: Page | None = None) -> T:
        """Write the page to its file and do the work in a transaction; returns its result once all is on disk.

        The work gets the page's place, None without a page. It may be repeated after a group failed, so it must have
        no effect but on the database. Raises what the work raised, or ArchiveError when the archive cannot be written,
        at once when that is known.
        """
        if self._broken is not None:
            raise self._broken
        return await asyncio.wrap_future(self._put(work, page))

    def do_now(self, work: Callable[[Connection, Place | None], T]) -> T:
        """The same for callers outside the event loop: blocks until committed. Tries also where `do` no longer does."""
        return self._put(work, None).result()

    def close(self) -> None:
        """Finish what is queued, and end."""
        self._jobs.put(None)
        self._thread.join()
        self._pages.close()

    def _put(self, work: Callable[[Connection, Place | None], T], page: Page | None) -> Future[T]:
        job = _Job(work, page)
        job.done.set_running_or_notify_cancel()  # whoever waits may be cancelled; the work is done all the same
        self._jobs.put(job)
        return job.done

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            if self._broken is not None and locked(self._broken):  # waiting for the other program once is enough
                self._fail(group, self._broken)
                continue
            self._keep_pages(group)
            self._commit([job for job in group if not job.done.done()])

    def _next_group(self) -> list[_Job[Any]] | None:
        job = self._jobs.get()
        if job is None:
            return None
        group = [job]
        while len(group) < LARGEST_GROUP and not self._jobs.empty():
            if (job := self._jobs.get()) is None:
                self._jobs.put(None)
                break
            group.append(job)
        return group

    def _keep_pages(self, group: list[_Job[Any]]) -> None:
        """Pages first, synced once; a page that cannot be kept fails its own work only."""
        for job in group:
            try:
                if job.page is not None:
                    job.place = self._pages.append(job.page.site, job.page.served, job.page.at)
            except Exception as error:
                self._fail([job], error)
        try:
            self._pages.sync()
        except Exception as error:
            self._fail([job for job in group if job.place is not None], error)

    def _commit(self, group: list[_Job[Any]]) -> None:
        if not group:
            return
        try:
            with self._archive.writing() as db:
                for job in group:
                    job.result = job.work(db, job.place)
        except Exception as error:
            if len(group) > 1 and not fatal(error):
                for job in group:  # one by one, so that only the culprit fails
                    self._commit([job])
                return
            self._fail(group, error)
        else:
            for job in group:
                job.done.set_result(job.result)

    def _fail(self, group: list[_Job[Any]], error: BaseException) -> None:
        """Name the folder of the page files where one of them met a full disk; the archive names itself."""
        if fatal(error) and not isinstance(error, ArchiveError):
            named = ArchiveError(unwritable(self._archive.pages_dir, error))
            named.__cause__ = error
            error = named
        if fatal(error):
            self._broken = error
        for job in group:
            job.done.set_exception(error)
