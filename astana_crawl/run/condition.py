"""A person's word on a site: paused, behind a known wall, or active again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from astana_crawl.fetch.answers import utcnow
from astana_crawl.run.due import ANYSITE, kept_sites
from astana_crawl.run.environment import UnknownName, archive_url, pages_dir, refuse_unknown

if TYPE_CHECKING:
    from scrapy.settings import Settings
    from scrapy.spiderloader import SpiderLoaderProtocol

    from astana_crawl.newsspider import NewsSpider

DONE = {
    "paused": "{} is paused: updates leave it out until scrapy sites --resume {}",
    "known_wall": "{} is crawled on, and its failures do not count in the status of updates until scrapy sites "
    "--resume {}",
    "active": "{} is active: updates crawl it, and its failures count",
}


class NotSettable(ValueError):
    """Raised when a condition cannot be set, for an unknown site or one whose spider declares another."""


def set_condition(settings: Settings, loader: SpiderLoaderProtocol, site: str, condition: str, why: str | None) -> str:
    """Write the condition of a site into the archive, which is made when there is none; returns what was done.

    The day is kept with the reason. A site that was never crawled is entered as its spider describes it. Raises
    NotSettable, and ArchiveError when the archive cannot be written.
    """
    from astana_crawl.archive import Archive, registry

    kind: Literal["live", "replay"] = "replay" if settings["REPLAY"] else "live"
    names = set(loader.list()) - {ANYSITE}
    if site not in names and not _archived(settings):
        _refuse(site, names)
    with Archive.open(archive_url(settings), kind=kind, pages_dir=pages_dir(settings)) as archive:
        kept = kept_sites(archive)
        _refuse(site, names | kept.keys())
        spider = cast("type[NewsSpider]", loader.load(site)) if site in names else None
        if spider and spider.condition not in {"active", condition}:
            raise NotSettable(f"the spider of {site} declares that it is {spider.condition}: change it there")
        with archive.writing() as db:
            if spider and site not in kept:
                registry.register_site(db, site, **spider.description({}))
            registry.set_condition(db, site, condition, f"{why} ({utcnow():%Y-%m-%d})" if why else None)
    return DONE[condition].format(site, site)


def _archived(settings: Settings) -> bool:
    from astana_crawl.archive.opening import path_of

    return path_of(archive_url(settings)).exists()


def _refuse(site: str, names: set[str]) -> None:
    try:
        refuse_unknown([site], names, "site")
    except UnknownName as error:
        raise NotSettable(str(error)) from None
