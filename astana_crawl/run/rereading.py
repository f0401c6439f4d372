"""A rereading from its beginning to its end: the archive, the sites held, the row in `runs`, what a person is told."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy import select, update

from astana_crawl import __version__, reference
from astana_crawl.archive import Archive, ArchiveError, Held, fatal, ledger, opening
from astana_crawl.archive.models import Run, Site
from astana_crawl.ask.filters import unknown_site
from astana_crawl.ask.show import lines, printing, say
from astana_crawl.fetch.answers import utcnow
from astana_crawl.run.environment import archive_url, pages_dir
from astana_crawl.run.outcome import (
    DEGRADED,
    DONE,
    ERROR,
    FEWEST_UNREADABLE,
    HELD,
    INTERRUPTED,
    NAMES,
    SHARE_UNREADABLE,
    UNWRITABLE,
    worst,
)
from astana_crawl.run.reader import Ways, ready
from astana_crawl.run.reread import Reread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.settings import Settings
    from scrapy.spiderloader import SpiderLoaderProtocol

    from astana_crawl.run.moved import Moved

COMMAND = "reread"
MOST_TROUBLES = 10
KINDS = (
    "entered", "left", "title", "body", "date", "meeting", "beside", "names", "relevance", "pending", "duplicate",
    "off_topic", "other",
)  # fmt: skip
"""The kinds of change, in the order in which they are summed up."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the sites (none: all of the archive), whether to judge only, whether only to show."""

    sites: Sequence[str] = ()
    judge_only: bool = False
    dry_run: bool = False


def reread(settings: Settings, spiders: SpiderLoaderProtocol, wish: Wish) -> int:
    """Read the archive again as wished, say what changed, and return the exit status."""
    path = opening.path_of(archive_url(settings))
    if not path.exists():
        say(f"there is no archive at {path} yet; make one with: scrapy crawl SITE")
        return ERROR
    try:
        ready()
        kind = None if wish.dry_run else cast("Literal['live', 'replay']", opening.kind_of(path))
        with Archive.open(archive_url(settings), must_exist=True, kind=kind, pages_dir=pages_dir(settings)) as archive:
            if problem := next(filter(None, (unknown_site(archive, s, spiders.list()) for s in wish.sites)), None):
                say(problem)
                return ERROR
            return _Rereading(archive, spiders, wish).run()
    except (ArchiveError, OSError, reference.ReferenceFileError) as error:
        say(str(error))
        return ERROR if isinstance(error, reference.ReferenceFileError) else UNWRITABLE


@dataclass(slots=True)
class _Rereading:
    archive: Archive
    spiders: SpiderLoaderProtocol
    wish: Wish
    statuses: list[int] = field(default_factory=list)

    def run(self) -> int:
        """Work through the sites and close the row in `runs`, however it ends."""
        with ExitStack() as stack:
            run_id = None if self.wish.dry_run else self._begin(stack)
            work = Reread(self.archive, run_id, self.wish.judge_only, self.wish.dry_run, _show)
            ended = INTERRUPTED
            try:
                self._sites(work)
                ended = DONE
            except KeyboardInterrupt:
                say("stopped before its end; what was changed by then is kept")
            except Exception as error:
                ended = UNWRITABLE if isinstance(error, ArchiveError) or fatal(error) else ERROR
                raise
            finally:
                status = worst([ended, *self.statuses, *self._met(work)])
                self._end(work, status)
            _sum_up(work)
            return status

    def _begin(self, stack: ExitStack) -> int:
        """Open the row; those that a kill left open are closed, unless another rereading is at work."""
        with self.archive.writing() as db:
            try:
                stack.enter_context(self.archive.hold(f".{COMMAND}"))
            except Held:
                pass
            else:
                crashed = {"outcome": NAMES[INTERRUPTED], "exit_status": INTERRUPTED, "finished_at": utcnow()}
                db.execute(update(Run).where(Run.command == COMMAND, Run.finished_at.is_(None)), crashed)
            return ledger.start_run(
                db, site=None, command=COMMAND, version=__version__, reference_hash=reference.digest(), now=utcnow()
            )

    def _sites(self, work: Reread) -> None:
        with self.archive.reading() as db:
            known = db.execute(select(Site.name, Site.outlet).order_by(Site.name)).all()
        for site in known:
            if self.wish.sites and site.name not in self.wish.sites:
                continue
            try:
                with self.archive.hold(site.name):
                    work.site(site.name, self._ways(site.name, site.outlet))
            except Held as error:
                say(str(error))
                self.statuses.append(HELD)

    def _ways(self, site: str, outlet: str) -> Ways | None:
        """How a site's pages are read; a host that anysite crawled declares nothing."""
        if site in self.spiders.list():
            spider = self.spiders.load(site)
            return Ways(spider.layouts, spider.language, spider.zone, spider.charset)  # type: ignore[attr-defined]
        if site == outlet:
            return Ways()
        if not self.wish.judge_only:
            say(f"{site} has no spider any more: its articles are only judged")
        return None

    def _met(self, work: Reread) -> list[int]:
        unreadable = work.counts["unreadable"]
        many = unreadable >= FEWEST_UNREADABLE and unreadable >= SHARE_UNREADABLE * work.counts["pages"]
        return [ERROR] * bool(work.errors) + [DEGRADED] * (many or work.counts["pages_lost"] > 0)

    def _end(self, work: Reread, status: int) -> None:
        if work.run_id is None:
            return
        with self.archive.writing() as db:
            ledger.finish_run(
                db, work.run_id, outcome=NAMES[status], exit_status=status, counts=_figures(work), now=utcnow()
            )


def _figures(work: Reread) -> dict[str, int]:
    """The counts by the columns of `runs` where they mean the same, the others by their own names."""
    columns = {"entered": "new", "duplicate": "duplicates"}
    return {columns.get(name, name): count for name, count in work.counts.items()}


def _show(changes: Sequence[Moved]) -> None:
    with printing():
        lines(map(str, changes))


def _sum_up(work: Reread) -> None:
    for trouble in work.troubles[:MOST_TROUBLES]:
        say(trouble)
    if len(work.troubles) > MOST_TROUBLES:
        say(f"… and {len(work.troubles) - MOST_TROUBLES} more")
    counts = work.counts
    done = f"{counts['articles']} articles, {counts['pages']} pages read"
    if not counts["changed"]:
        say(f"nothing {'would change' if work.dry_run else 'changed'} ({done})")
        return
    told = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
    say(f"{counts['changed']} {'would change' if work.dry_run else 'changed'}: {told} ({done})")
