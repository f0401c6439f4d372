"""What is covered, how, and how well: the project's spiders joined with what the archive knows of their sites."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from astana_crawl.archive.models import Address, Article, Run, Site, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from astana_crawl.archive import Archive

ANYSITE = "anysite"

HEALTH = {"done": "good", "degraded": "degraded", "held": "busy", None: "running"}
"""A word for how the last run ended; a row that is still open is running, or was killed."""
CONDITIONS = {"paused": "paused", "known_wall": "walled"}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a spider declares of its site; sources and archives as `kind url`."""

    name: str
    outlet: str = ""
    language: str | None = None
    zone: str | None = None
    domains: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    condition: str = "active"
    condition_reason: str | None = None
    unverified_because: str | None = None


def declaration(spider: Any) -> Declared:
    """Return what a spider class declares."""
    return Declared(
        spider.name, spider.outlet, spider.language, spider.zone, tuple(getattr(spider, "allowed_domains", ())),
        tuple(f"{source.kind} {source.url}" for source in spider.sources),
        tuple(f"{source.kind} {source.url}" for source in spider.archives),
        spider.condition, spider.condition_reason, spider.unverified_because,
    )  # fmt: skip


def owner(host: str, declared: Iterable[Declared]) -> str | None:
    """Return the spider whose domains a host lies in, the nearest domain's; None when there is none."""
    own = {domain: one.name for one in declared for domain in one.domains if f".{host}".endswith(f".{domain}")}
    return own[max(own, key=len)] if own else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """One site: what its spider declares and what the archive holds of it.

    `spider` is the spider that reads it: its own, `anysite`, or None when there is none any more. `last_run_at` is the
    start of the last run, `last_outcome` NULL while it is going on (or was killed), `last_reasons` why it was not done.
    `articles` leaves out those that turned out to be about something else. `health` is new, good, running, busy,
    degraded, failing, paused, walled, retired (no spider) or `-` (anysite itself). `unverified_because` says why its
    certificate is not verified.
    """

    site: str
    spider: str | None
    outlet: str
    language: str | None
    zone: str | None
    sources: tuple[str, ...]
    archives: tuple[str, ...]
    condition: str
    condition_reason: str | None
    last_run_at: dt.datetime | None
    last_outcome: str | None
    articles: int
    newest_on: dt.date | None
    pending: int
    health: str
    last_reasons: tuple[str, ...] = ()
    unverified_because: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, times as in the archive (`2024-01-25T09:30:00Z`), days as `2024-01-25`."""
        at = self.last_run_at.strftime("%Y-%m-%dT%H:%M:%SZ") if self.last_run_at else None
        newest_on = self.newest_on.isoformat() if self.newest_on else None
        return asdict(self) | {"last_run_at": at, "newest_on": newest_on}


@dataclass(frozen=True, slots=True)
class _Known:
    site: Any
    run: Any
    articles: int
    newest_on: dt.date | None
    pending: int
    sources: tuple[str, ...]


def coverage(declared: Iterable[Declared], archive: Archive | None) -> list[Coverage]:
    """Return all sites, those of spiders and those that only the archive knows, by name; anysite itself comes last.

    Without an archive every site is new.
    """
    spiders = {one.name: one for one in declared}
    known: dict[str, _Known] = {}
    if archive is not None:
        with archive.reading() as db:
            known = _known(db)
    rows = [_row(name, spiders.get(name), known.get(name)) for name in sorted({*spiders, *known} - {ANYSITE})]
    return [*rows, _any_site(spiders[ANYSITE])] if ANYSITE in spiders else rows


def _row(name: str, spider: Declared | None, known: _Known | None) -> Coverage:
    reader = spider.name if spider else ANYSITE if {".", ":"} & set(name) else None  # only hosts have these
    run, kept = (known.run, known.site) if known else (None, None)
    said: Any = spider or kept
    own_sources = known.sources if known else ()
    condition, reason = _condition(spider, kept)
    return Coverage(
        site=name, spider=reader, outlet=said.outlet, language=said.language,
        zone=spider.zone if spider else None,
        sources=spider.sources if spider else own_sources, archives=spider.archives if spider else (),
        condition=condition, condition_reason=reason,
        last_run_at=run.started_at if run else None, last_outcome=run.outcome if run else None,
        articles=known.articles if known else 0, newest_on=known.newest_on if known else None,
        pending=known.pending if known else 0, health=_health(reader, condition, run),
        last_reasons=tuple((run.counts or {}).get("reasons", ())) if run else (),
        unverified_because=spider.unverified_because if spider else None,
    )  # fmt: skip


def _condition(spider: Declared | None, kept: Any) -> tuple[str, str | None]:
    """Both the spider and the archive can say that a site is not to be crawled; the spider's word comes first."""
    said = [(one.condition, one.condition_reason) for one in (spider, kept) if one is not None]
    return next((pair for pair in said if pair[0] != "active"), said[0])


def _health(reader: str | None, condition: str, run: Any) -> str:
    if reader is None:
        return "retired"
    if condition in CONDITIONS:
        return CONDITIONS[condition]
    return HEALTH.get(run.outcome, "failing") if run else "new"


def _any_site(spider: Declared) -> Coverage:
    return Coverage(
        site=ANYSITE, spider=ANYSITE, outlet="any site without a spider of its own", language=None, zone=None,
        sources=("what the site itself names: feed, WordPress, sitemap",), archives=(), condition=spider.condition,
        condition_reason=spider.condition_reason, last_run_at=None, last_outcome=None, articles=0, newest_on=None,
        pending=0, health="-",
    )  # fmt: skip


def _known(db: Connection) -> dict[str, _Known]:
    newest = select(func.max(Run.id)).group_by(Run.site)
    runs = {run.site: run for run in db.execute(select(*Run.__table__.c).where(Run.id.in_(newest)))}
    kept = select(Article.site, func.count(), func.max(Article.published_on)).where(Article.relevance != "off")
    articles = {site: (count, day) for site, count, day in db.execute(kept.group_by(Article.site))}
    waiting = select(Address.site, func.count()).where(Address.state == "pending").group_by(Address.site)
    pending = {row[0]: row[1] for row in db.execute(waiting)}
    sources = defaultdict(list)
    for row in db.execute(select(Source.site, Source.kind, Source.url).order_by(Source.id)):
        sources[row.site].append(f"{row.kind} {row.url}")
    return {
        site.name: _Known(
            site, runs.get(site.name), *articles.get(site.name, (0, None)), pending.get(site.name, 0),
            tuple(sources[site.name]),
        )
        for site in db.execute(select(*Site.__table__.c))
    }  # fmt: skip
