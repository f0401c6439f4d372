"""Which sites an update is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from sqlalchemy import select

from astana_crawl.archive.models import Site
from astana_crawl.fetch.guard import is_own
from astana_crawl.run.environment import refuse_unknown
from astana_crawl.run.sites import Job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scrapy.crawler import AsyncCrawlerProcess, CrawlerProcessBase

    from astana_crawl.archive import Archive
    from astana_crawl.newsspider import NewsSpider

ANYSITE = "anysite"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the archive keeps of a site: its front page, and a person's word on it."""

    home: str | None
    condition: str
    condition_reason: str | None


def is_host(name: str) -> bool:
    """Whether a site's name is that of a host, so that anysite reads it."""
    return bool({".", ":"} & set(name))


def refuse_unknown_names(process: CrawlerProcessBase, named: Iterable[str]) -> None:
    """Raise UnknownName, with the nearest, for a name that no spider has; that of a host the archive may know."""
    refuse_unknown((name for name in named if not is_host(name)), _sites(process), "site")


def kept_sites(archive: Archive) -> dict[str, Kept]:
    """The sites that the archive knows, by name."""
    with archive.reading() as db:
        rows = db.execute(select(Site.name, Site.home, Site.condition, Site.condition_reason))
        return {row.name: Kept(row.home, row.condition, row.condition_reason) for row in rows}


def jobs(process: AsyncCrawlerProcess, named: Sequence[str], archive: Archive) -> list[Job]:
    """A job for each site named, else for every one: those of spiders, and hosts once read by anysite.

    Of a recording the hosts are those whose front page was recorded. Raises UnknownName for a name nobody knows.
    """
    spiders = {name: cast("type[NewsSpider]", process.spider_loader.load(name)) for name in _sites(process)}
    kept = kept_sites(archive)
    own = [domain for spider in spiders.values() for domain in spider.allowed_domains]
    fronts = _recorded(process) if process.settings["REPLAY"] else _known(kept)
    hosts = [url for host, url in sorted(fronts.items()) if not is_own(host, own)]
    stranger = cast("type[NewsSpider]", process.spider_loader.load(ANYSITE)) if hosts else None
    made = [_job(spiders[name], {}, kept) for name in sorted(spiders)]
    made += [_job(stranger, {"url": url}, kept) for url in hosts if stranger]
    refuse_unknown(named, [job.site for job in made], "site")
    return [job for job in made if not named or job.site in named]


def condition_of(spider: type[NewsSpider], kept: Kept | None) -> tuple[str, str | None]:
    """The condition of a site and why: what its spider declares, or else what a person said."""
    if spider.condition != "active" or kept is None:
        return spider.condition, spider.condition_reason
    return kept.condition, kept.condition_reason


def _job(spider: type[NewsSpider], arguments: dict[str, str], kept: Mapping[str, Kept]) -> Job:
    return Job(spider, arguments, *condition_of(spider, kept.get(spider.site_of(arguments))))


def _sites(process: CrawlerProcessBase) -> list[str]:
    return [name for name in process.spider_loader.list() if name != ANYSITE]


def _known(kept: Mapping[str, Kept]) -> dict[str, str]:
    return {urlsplit(site.home).hostname or "": site.home for name, site in kept.items() if is_host(name) and site.home}


def _recorded(process: AsyncCrawlerProcess) -> dict[str, str]:
    from astana_crawl.fetch.replay import recording, recordings

    addresses = recording(tuple(recordings(process.settings["REPLAY"])))
    fronts = [url for url in addresses if urlsplit(url).path in {"", "/"} and not urlsplit(url).query]
    return {urlsplit(url).hostname or "": url for url in fronts}
