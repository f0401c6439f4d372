"""Runs sites in this process: a lock, a row in `runs` and an outcome for each, one writer for all."""

from __future__ import annotations

import platform
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from astana_crawl import __version__, reference
from astana_crawl.fetch.answers import utcnow
from astana_crawl.run.environment import archive_url, pages_dir
from astana_crawl.run.outcome import DONE, ERROR, HELD, UNWRITABLE, Outcome, figures, outcome_of, worst

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import BaseSettings

    from astana_crawl.archive import Archive
    from astana_crawl.newsspider import NewsSpider
    from astana_crawl.run.run import Run
    from astana_crawl.run.writer import Writer


@dataclass(frozen=True, slots=True)
class Job:
    """A spider and its arguments, as given with -a."""

    spider: type[NewsSpider]
    arguments: dict[str, str]

    @property
    def site(self) -> str:
        """The name of the site in the archive."""
        return self.spider.site_of(self.arguments)


@dataclass(slots=True)
class _Going:
    run: Run
    crawler: Crawler
    task: asyncio.Task[None]

    def outcome(self) -> Outcome:
        if self.run.broken is None and self.task.done() and not self.task.cancelled() and self.task.exception():
            return Outcome(ERROR, f"could not run: {self.task.exception()}")
        stats = self.crawler._stats
        reason = stats.get_value("finish_reason") if stats else None
        errors = stats.get_value("spider_exceptions/count", 0) if stats else 0
        return outcome_of(self.run, reason, errors)


def run_sites(process: AsyncCrawlerProcess, command: str, jobs: Sequence[Job]) -> int:
    """Run the sites to their end and return the exit status; says on standard error what a person should know."""
    from astana_crawl.archive import Archive, ArchiveError
    from astana_crawl.archive.pages import PageFiles
    from astana_crawl.run.writer import Writer

    settings = process.settings
    kind: Literal["live", "replay"] = "replay" if settings["REPLAY"] else "live"
    try:
        archive = Archive.open(archive_url(settings), kind=kind, pages_dir=pages_dir(settings))
    except (ArchiveError, OSError) as error:
        print(error, file=sys.stderr)
        return UNWRITABLE
    with ExitStack() as stack:
        stack.enter_context(archive)
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

    statuses, going = [], []
    for job in jobs:
        try:
            stack.enter_context(archive.hold(job.site))
            going.append(_begin(process, command, job, writer))
        except Held as error:
            print(error, file=sys.stderr)
            statuses.append(HELD)
        except (ArchiveError, OSError) as error:
            print(f"{job.site}: {error}", file=sys.stderr)
            return UNWRITABLE
    runs = [one.run for one in going]
    if going:
        _notice(process.settings)
        with progress.shown(runs):
            process.start()
    outcomes = [_end(one) for one in going]
    status = worst([*statuses, *(one.status for one in outcomes if _counts(one))])
    progress.close(runs, outcomes, status, _next_commands(process.settings))
    return status


def _counts(outcome: Outcome) -> bool:
    return outcome.status != DONE


def _begin(process: AsyncCrawlerProcess, command: str, job: Job, writer: Writer) -> _Going:
    from astana_crawl.archive import ledger
    from astana_crawl.run.run import Run

    def enter(db: Any, _: object) -> int:
        ledger.register_site(db, job.site, **job.spider.description(job.arguments))
        ledger.close_crashed(db, job.site, utcnow())
        return ledger.start_run(
            db, site=job.site, command=command, version=__version__, reference_hash=reference.digest(), now=utcnow()
        )

    run_id = writer.do_now(enter)
    crawler = process.create_crawler(job.spider)
    origin = "replay" if process.settings["REPLAY"] else "live"
    run = Run(writer, job.site, run_id, origin, __version__)
    run.belongs_to(crawler)
    return _Going(run, crawler, process.crawl(crawler, **job.arguments))


def _end(one: _Going) -> Outcome:
    from astana_crawl.archive import fatal, ledger

    run, outcome = one.run, one.outcome()
    try:
        run.cut_looks_short()
        counts = dict(run.states) | dict(run.counts) | figures(run)
        run.writer.do_now(
            lambda db, _: ledger.finish_run(
                db, run.id, outcome=outcome.name, exit_status=outcome.status, counts=counts, now=utcnow()
            )
        )
    except Exception as error:
        if not fatal(error):
            raise
        run.broken = error
        return one.outcome()
    return outcome


def _notice(settings: BaseSettings) -> None:
    from astana_crawl.run import progress

    if not settings["REPLAY"] and not settings["CONTACT"] and progress.in_terminal():
        print("No CONTACT is set: say who you are with export ASTANA_CONTACT=you@example.org", file=sys.stderr)


def _next_commands(settings: BaseSettings) -> list[str]:
    replay = f" -s REPLAY={settings['REPLAY']}" if settings["REPLAY"] else ""
    return [f"scrapy search --round 21{replay}", f"scrapy sites{replay}", f"scrapy export articles.csv{replay}"]
