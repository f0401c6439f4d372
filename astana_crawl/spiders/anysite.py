"""Any site: one without a spider of its own; finds its feed, its WordPress API and its sitemaps by itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import TextResponse

from astana_crawl.discover import Sitemap, Source, guesses, probe, robots_sitemaps
from astana_crawl.discover.text import absolute
from astana_crawl.fetch.answers import LARGEST_PAGE
from astana_crawl.newsspider import NewsSpider
from astana_crawl.run.arguments import BadArgument

# As front pages, posts and feeds of our languages name it; the judge decides afterwards.
TERMS = ("astana", "syria", "астан", "сири", "أستانا", "Suriye")


def front_page(url: str | None) -> str:
    """The front page of the site that an address belongs to; BadArgument when it is no web address."""
    parts = urlsplit(absolute("", url) or "")
    if not parts.hostname or parts.username is not None:
        raise BadArgument(f"url={url or ''} is no web address; give one with -a url=https://site.example")
    return f"{parts.scheme}://{parts.netloc.lower()}/"


class AnysiteSpider(NewsSpider):
    name = "anysite"
    outlet, home = "", ""
    arguments = ("url", *NewsSpider.arguments)

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.front = front_page(arguments.get("url"))
        self.allowed_domains = [urlsplit(self.front).hostname or ""]

    @classmethod
    def site_of(cls, arguments: Mapping[str, str]) -> str:
        return urlsplit(front_page(arguments.get("url"))).netloc.removeprefix("www.")

    @classmethod
    def description(cls, arguments: Mapping[str, str]) -> dict[str, Any]:
        host = cls.site_of(arguments)
        return {**super().description(arguments), "outlet": host, "title": host, "home": front_page(arguments["url"])}

    async def reads(self) -> Sequence[Source]:
        robots, page = await self.text_at(f"{self.front}robots.txt"), await self.text_at(self.front)
        found = probe(page, terms=TERMS) if page else ()
        if robots:
            found += tuple(Sitemap(url) for url in robots_sitemaps(robots.text, robots.url))
        return found or guesses(self.front)

    async def text_at(self, url: str) -> TextResponse | None:
        try:
            response = await self.crawler.engine.download_async(Request(url, meta={"download_maxsize": LARGEST_PAGE}))
        except Exception:  # whatever keeps the site from answering, the sources guessed will meet it and say so
            return None
        return response if isinstance(response, TextResponse) and response.status == 200 else None
