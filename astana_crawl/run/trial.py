"""A trial: one page of one site is fetched and read as a crawl would, and nothing is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request

from astana_crawl.fetch.answers import LARGEST_PAGE, reason_of, utcnow
from astana_crawl.identity import url_hash
from astana_crawl.newsspider import NewsSpider
from astana_crawl.reference import PROJECT
from astana_crawl.run import reader
from astana_crawl.run.verdicts import Verdict, verdict_of_status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator
    from pathlib import Path

    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from astana_crawl.items import Article


@dataclass(slots=True)
class Trial:
    """What came of it: an article, or the verdict on its address; and the page's bytes, decoded as it was read."""

    url: str
    article: Article | None = None
    verdict: Verdict | None = None
    html: bytes = field(default=b"", repr=False)


def trial(process: AsyncCrawlerProcess, spider: type[NewsSpider], url: str, arguments: dict[str, str]) -> Trial:
    """Fetch and read one page with the site's spider, its manners included."""
    made = Trial(url)
    crawler = process.create_crawler(_on_trial(spider, made))
    crawler.settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    task = process.crawl(crawler, **arguments)
    process.start()
    if task.done() and (error := task.exception()):
        raise error
    if made.article is None and made.verdict is None:
        made.verdict = Verdict("pending", "interrupted")
    return made


def _on_trial(spider: type[NewsSpider], made: Trial) -> type[NewsSpider]:
    async def start(self: NewsSpider) -> AsyncIterator[Request]:
        yield Request(made.url, self.parse, errback=failed, dont_filter=True, meta={"download_maxsize": LARGEST_PAGE})

    def parse(self: NewsSpider, response: Response) -> None:
        made.html = response.body
        fetched_at = utcnow()
        read = verdict_of_status(response) or self.read(response, fetched_at)
        if isinstance(read, Verdict):
            made.verdict = read
        else:
            made.article = _judged(read, fetched_at, self)

    def failed(failure: Failure) -> None:
        state = getattr(failure.value, "state", "pending")
        made.verdict = Verdict(state, reason_of(failure.value))

    members: dict[str, Any] = {"start": start, "parse": parse, "__module__": spider.__module__}
    return cast("type[NewsSpider]", type(spider.__name__, (spider,), members))


def _judged(article: Article, fetched_at: dt.datetime, spider: NewsSpider) -> Article:
    reader.date(article, None, "", spider.ways, fetched_at)
    reader.judge(article)
    article.site = spider.name
    return article


def save(made: Trial, folder: Path = PROJECT / "tests" / "pages") -> Path:
    """Write the page and the article into the site's folder of test pages; returns the path of the page."""
    from astana_crawl.ask.page import saved_article

    assert made.article is not None
    words = re.sub(r"[^a-z0-9]+", "-", (made.article.title or "").lower()).strip("-")[:60]
    path = folder / str(made.article.site) / f"{words or url_hash(made.url)[:12]}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.html)
    path.with_suffix(".json").write_text(saved_article(made.article), encoding="utf-8")
    return path
