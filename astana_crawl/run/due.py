"""Which sites an update is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from astana_crawl.fetch.guard import is_own
from astana_crawl.run.sites import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import AsyncCrawlerProcess

    from astana_crawl.newsspider import NewsSpider

ANYSITE = "anysite"


def jobs(process: AsyncCrawlerProcess, named: Sequence[str]) -> list[Job]:
    """A job for each site named, else for every one that is due: those whose condition is active.

    Of a recording the sites without a spider are read too, by anysite, where the front page was recorded.
    """
    spiders = {
        name: cast("type[NewsSpider]", process.spider_loader.load(name)) for name in process.spider_loader.list()
    }
    if named:
        return [Job(spiders[name], {}) for name in named]
    active = [spider for name, spider in sorted(spiders.items()) if name != ANYSITE and spider.condition == "active"]
    if not process.settings["REPLAY"]:
        return [Job(spider, {}) for spider in active]
    fronts = _recorded_fronts(process)
    hosts = {urlsplit(url).hostname or "": url for url in fronts}
    strangers = [url for host, url in sorted(hosts.items()) if not any(is_own(host, s.allowed_domains) for s in active)]
    return [Job(spider, {}) for spider in active] + [Job(spiders[ANYSITE], {"url": url}) for url in strangers]


def _recorded_fronts(process: AsyncCrawlerProcess) -> list[str]:
    from astana_crawl.fetch.replay import recording, recordings

    addresses = recording(tuple(recordings(process.settings["REPLAY"])))
    return [url for url in addresses if urlsplit(url).path in {"", "/"} and not urlsplit(url).query]
