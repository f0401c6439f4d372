"""Three spiders of one outlet, each broken in another place."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence

from scrapy import Request
from scrapy.http import Response

from astana_crawl.discover import Feed, Source
from astana_crawl.items import Article
from astana_crawl.newsspider import NewsSpider
from astana_crawl.run.verdicts import Verdict


class Broken(NewsSpider):
    allowed_domains = ["tass.com"]
    outlet, home = "Broken", "https://tass.com/"
    sources = (Feed("https://tass.com/rss/v2.xml"),)


class BrokenCallbackSpider(Broken):
    name = "broken_callback"

    def read(self, response: Response, fetched_at: dt.datetime) -> Article | Verdict:
        raise RuntimeError("broken on purpose in callback")


class BrokenStartSpider(Broken):
    name = "broken_start"

    async def reads(self) -> Sequence[Source]:
        raise RuntimeError("broken on purpose in start")

    async def start(self) -> AsyncIterator[Request]:
        await self.reads()
        yield Request("https://tass.com/")


class BrokenPipeline:
    def process_item(self, item: Article) -> Article:
        raise RuntimeError("broken on purpose in pipeline")


class BrokenPipelineSpider(Broken):
    name = "broken_pipeline"
    custom_settings = {"ITEM_PIPELINES": {BrokenPipeline: 1}}
