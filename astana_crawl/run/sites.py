"""Runs sites in this process: a lock, a row in `runs` and an outcome for each, one writer for all."""

from __future__ import annotations

import platform
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.request import getproxies_environment

from astana_crawl import __version__, reference
from astana_crawl.ask.show import say
from astana_crawl.fetch.answers import utcnow
from astana_crawl.run.environment import archive_url, pages_dir
from astana_crawl.run.outcome import DONE, ERROR, HELD, UNWRITABLE, Ended, Outcome, figures, outcome_of, worst

if TYPE_CHECKING:
    import asyncio
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import BaseSettings

    from astana_crawl.archive import Archive
    from astana_crawl.newsspider import NewsSpider
    from astana_crawl.run.errors import LoggedErrors
    from astana_crawl.run.run import Run
    from astana_crawl.run.writer import Writer


@dataclass(frozen=True, slots=True)
class Job:
    """A spider and its arguments, as given with -a; and the condition of the site where that is to be heeded.

    A paused site is left out; the outcome of one behind a known wall does not count.
    """

    spider: type[NewsSpider]
    arguments: dict[str, str]
    condition: str = "active"
    condition_reason: str | None = None

    @property
    def site(self) -> str:
        """The name of the site in the archive."""
        return self.spider.site_of(self.arguments)

    @property
    def counts(self) -> bool:
        """Whether the outcome enters the status of the command."""
        return self.condition == "active"


@dataclass(slots=True)
class _Going:
    job: Job
    run: Run
    crawler: Crawler
    task: asyncio.Task[None]
    ended_at: dt.datetime | None = None

    def __post_init__(self) -> None:
        self.task.add_done_callback(self._note_end)

    def _note_end(self, _: object) -> None:
        self.ended_at = utcnow()

    def outcome(self, logged: LoggedErrors) -> Outcome:
        if self.run.broken is None and self.task.done() and not self.task.cancelled() and self.task.exception():
            return Outcome(ERROR, (f"could not run: {self.task.exception()}",))
        stats = self.crawler._stats
        return outcome_of(
            self.run,
            stats.get_value("finish_reason") if stats else None,
            max(logged.of_program[self.crawler], stats.get_value("spider_exceptions/count", 0) if stats else 0),
            without_answer=logged.without_answer[self.crawler],
            turned=self._turned(),
        )

    def _turned(self) -> str | None:
        from astana_crawl.archive import registry
        from astana_crawl.run import history

        try:
            return self.run.writer.do_now(
                lambda db, _: history.turned(registry.pages_before(db, self.run.site, history.MOST_PAGES))
            )
        except Exception as error:  # what keeps the archive from being read keeps it from being written
            self.run.broken = error
            return None


def run_sites(process: AsyncCrawlerProcess, command: str, choose: Callable[[Archive], Sequence[Job]]) -> int:
    """Run the sites chosen to their end and return the exit status; says on standard error what is to be known.

    `choose` gets the opened archive; what it raises, as for a site that nobody knows, is raised here.
    """
    from astana_crawl.archive import Archive, ArchiveError
    from astana_crawl.archive.pages import PageFiles
    from astana_crawl.run.reader import ready
    from astana_crawl.run.writer import Writer

    settings = process.settings
    kind: Literal["live", "replay"] = "replay" if settings["REPLAY"] else "live"
    try:
        ready()
        archive = Archive.open(archive_url(settings), kind=kind, pages_dir=pages_dir(settings))
    except (ArchiveError, OSError, reference.ReferenceFileError) as error:
        say(str(error))
        return ERROR if isinstance(error, reference.ReferenceFileError) else UNWRITABLE
    with ExitStack() as stack:
        stack.enter_context(archive)
        jobs = choose(archive)
        writer = Writer(archive, PageFiles(archive.pages_dir, platform.node() or "writer"))
        stack.callback(writer.close)
        return _run(process, command, jobs, archive, writer, stack)


def _run(
    process: AsyncCrawlerProcess,
    command: str,
    jobs: Sequence[Job],
    archive: Archive,
    writer: Writer,
    stack: ExitStack,
) -> int:
    from astana_crawl.archive import ArchiveError, Held
    from astana_crawl.run import progress
    from astana_crawl.run.errors import LoggedErrors

    logged = stack.enter_context(LoggedErrors())
    statuses, going = [], []
    for job in jobs:
        if job.condition == "paused":
            progress.tell(f"{job.site} is paused: {job.condition_reason}")
            continue
        try:
            stack.enter_context(archive.hold(job.site))
            going.append(_begin(process, command, job, writer))
        except Held as error:
            if job.counts:
                say(str(error))
                statuses.append(HELD)
        except (ArchiveError, OSError) as error:
            say(f"{job.site}: {error}")
            return UNWRITABLE
    if going:
        _start(process, [one.run for one in going])
    statuses.append(_astray(logged, going))
    ended = [Ended(one.run, _end(one, logged), one.job.counts) for one in going]
    status = worst([*statuses, *(one.outcome.status for one in ended if one.counts)])
    notices = [] if progress.in_terminal() else list(_notices(process.settings))
    progress.close(ended, status, _next_commands(process.settings), notices)
    return status


def _start(process: AsyncCrawlerProcess, runs: Sequence[Run]) -> None:
    from astana_crawl.run import progress

    for line in _notices(process.settings):
        progress.tell(line)
    with progress.shown(runs):
        process.start()


def _astray(logged: LoggedErrors, going: Sequence[_Going]) -> int:
    """The status for errors that the log ascribes to no site: they are the site's when there is but one."""
    errors = logged.of_program.pop(None, 0)
    if not errors:
        return DONE
    if len(going) == 1:
        logged.of_program[going[0].crawler] += errors
        return DONE
    say(f"{errors} program error(s) outside of any site, see the log")
    return ERROR


def _begin(process: AsyncCrawlerProcess, command: str, job: Job, writer: Writer) -> _Going:
    from astana_crawl.archive import ledger, registry
    from astana_crawl.extract import reader_version
    from astana_crawl.fetch.pausing import Pauses
    from astana_crawl.run.run import Run

    def enter(db: Any, _: object) -> tuple[int, dict[str, dt.datetime]]:
        ledger.register_site(db, job.site, **job.spider.description(job.arguments))
        ledger.close_crashed(db, job.site, utcnow())
        run_id = ledger.start_run(
            db, site=job.site, command=command, version=__version__, reference_hash=reference.digest(), now=utcnow()
        )
        return run_id, registry.pauses(db, utcnow())

    run_id, pauses = writer.do_now(enter)
    crawler = process.create_crawler(job.spider)
    Pauses.of(crawler).recall(pauses)
    origin = "replay" if process.settings["REPLAY"] else "live"
    run = Run(writer, job.site, run_id, origin, reader_version())
    run.expects = job.spider.expects
    run.belongs_to(crawler)
    return _Going(job, run, crawler, process.crawl(crawler, **job.arguments))


def _end(one: _Going, logged: LoggedErrors) -> Outcome:
    from astana_crawl.archive import fatal, ledger, registry
    from astana_crawl.fetch.pausing import Pauses

    run, outcome = one.run, one.outcome(logged)

    def leave(db: Any, _: object) -> None:
        registry.keep_pauses(db, Pauses.of(one.crawler).until)
        ledger.finish_run(
            db, run.id, outcome=outcome.name, exit_status=outcome.status, reasons=outcome.reasons,
            counts=dict(run.states) | dict(run.counts) | figures(run), now=one.ended_at or utcnow(),
        )  # fmt: skip

    try:
        run.cut_looks_short()
        run.writer.do_now(leave)
    except Exception as error:
        if not fatal(error):
            raise
        run.broken = error
        return one.outcome(logged)
    return outcome


def _notices(settings: BaseSettings) -> Iterator[str]:
    """What somebody who watches, or looks for the reason of a failure, should know of the settings."""
    from astana_crawl.run import progress

    if settings["REPLAY"]:
        return
    if not settings["CONTACT"] and progress.in_terminal():
        yield "No CONTACT is set: say who you are with export ASTANA_CONTACT=you@example.org"
    if getproxies_environment().keys() & {"http", "https", "all"} and not settings["PROXY"]:
        yield (
            "http_proxy names a proxy, which is not used: it would look names up past the guard against private "
            "addresses; -s PROXY=http://host:port uses it all the same"
        )


def _next_commands(settings: BaseSettings) -> list[str]:
    replay = f" -s REPLAY={settings['REPLAY']}" if settings["REPLAY"] else ""
    return [f"scrapy search --round 21{replay}", f"scrapy sites{replay}", f"scrapy export articles.csv{replay}"]
