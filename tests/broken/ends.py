"""Spiders of one outlet that come to an end of their own: as they close, or because something outside them is wrong."""

from __future__ import annotations

import logging
from typing import ClassVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from astana_crawl.discover import Feed, WordPress
from astana_crawl.items import Article
from astana_crawl.newsspider import NewsSpider
from astana_crawl.settings import ITEM_PIPELINES


class Outlet(NewsSpider):
    allowed_domains = ["tass.com"]
    outlet, home = "An outlet", "https://tass.com/"
    sources = (Feed("https://tass.com/rss/v2.xml"),)


class ClosingPipeline:
    def process_item(self, item: Article) -> Article:
        return item

    def close_spider(self) -> None:
        raise RuntimeError("broken on purpose as the pipeline closes")


class BrokenPipelineCloseSpider(Outlet):
    name = "broken_pipeline_close"
    custom_settings = {"ITEM_PIPELINES": {**ITEM_PIPELINES, ClosingPipeline: 900}}


class KeepsNothingSpider(Outlet):
    name = "keeps_nothing"
    custom_settings = {"ITEM_PIPELINES": {}}


class ClosingExtension:
    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ClosingExtension:
        extension = cls()
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_closed(self) -> None:
        raise RuntimeError("broken on purpose as the extension closes")


class BrokenExtensionCloseSpider(Outlet):
    name = "broken_extension_close"
    custom_settings = {"EXTENSIONS": {ClosingExtension: 900}}


class BrokenSignalSpider(Outlet):
    name = "broken_signal"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> BrokenSignalSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.response_received, signals.response_received)
        return spider

    def response_received(self) -> None:
        raise RuntimeError("broken on purpose in a signal handler")


class GivesUpSpider(Outlet):
    name = "gives_up"

    async def read_source(self, response: Response, look: object, depth: int):  # type: ignore[no-untyped-def, override]
        raise CloseSpider("a wall on every page")
        yield


class GrumblesSpider(Outlet):
    """Logs an error of its own that is none of the program's."""

    name = "grumbles"

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        logging.getLogger("some.library").error("a page is odd")


class ExpectsSpider(Outlet):
    name = "expects_more"
    expects: ClassVar[int | None] = 100


class MayBeEmptySpider(Outlet):
    name = "may_be_empty"
    expects: ClassVar[int | None] = 0


class WalledSpider(Outlet):
    name = "walled"
    condition: ClassVar[str] = "known_wall"
    condition_reason: ClassVar[str | None] = "a bot wall since 2025"


class SearchSpider(Outlet):
    name = "searched"
    allowed_domains = ["astanatimes.com"]
    sources = (WordPress("https://astanatimes.com", term="astana"),)
