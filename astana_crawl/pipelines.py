"""The steps an article takes after it was read, in the order of ITEM_PIPELINES; each a short caller of one module."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

from scrapy.exceptions import DropItem

from astana_crawl import identity
from astana_crawl.archive.revisits import is_another
from astana_crawl.run import reader, revisits
from astana_crawl.run.run import Run
from astana_crawl.run.verdicts import Verdict

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from astana_crawl.items import Article
    from astana_crawl.newsspider import NewsSpider
    from astana_crawl.run.run import Visit


class Dropped(DropItem):
    """Raised by a step when an article goes no further; carries the verdict on its address."""

    def __init__(self, state: str, reason: str, *, keep: bool = False, **details: Any) -> None:
        super().__init__(reason)
        self.verdict = Verdict(state, reason, keep=keep, details=details)


class Step:
    """A step knows the crawl it belongs to."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the step for one crawler."""
        return cls(crawler)

    @property
    def run(self) -> Run:
        """The crawl's side towards the archive."""
        return Run.of(self.crawler)

    @property
    def spider(self) -> NewsSpider:
        """The crawl's spider."""
        return cast("NewsSpider", self.crawler.spider)

    def visit(self, item: Article) -> Visit:
        """The visit that brought the article."""
        assert item.address_id is not None
        return self.run.in_flight[item.address_id]


class NormaliseDates(Step):
    """Adds discovery's hint as the last candidate and decides which date counts."""

    def process_item(self, item: Article) -> Article:
        """Drop what lies outside the days asked for."""
        visit = self.visit(item)
        reader.date(item, visit.due.published_hint, visit.due.found_by, self.spider.ways, visit.at)
        if visit.due.article_id is None and not self.run.window.admits(item.published_on):
            raise Dropped("out_of_window", f"published on {item.published_on}", expected_on=item.published_on)
        return item


class JudgeRelevance(Step):
    """Says whether the article is about the Astana process, by which words, and which meeting it is about."""

    def process_item(self, item: Article) -> Article:
        """Drop what is about something else; its page is kept when a place of ours is named in it."""
        judgment = reader.judge(item)
        if judgment.label == "off" and self.visit(item).due.article_id is None:
            raise Dropped(
                "off_topic", "does not name the Astana process", keep=judgment.places, judged_on="page",
                relevance_score=judgment.score, matched_terms=judgment.terms,
            )  # fmt: skip
        return item


MOST_HEADLINES = 2  # over one and the same text in a run: beyond that it is a template, which no article fills


class DropDuplicates(Step):
    """Drops an article that the archive has under the same address: the SHA-256 of the canonical URL.

    And a text that a run meets under ever other headlines: a wall or regret in words that extract/walls does not know.
    """

    async def process_item(self, item: Article) -> Article:
        """Drop it with the id of the article that stands; at a revisit only another article than the one that stood."""
        if (visit := self.visit(item)).due.article_id is not None:
            if await revisits.is_replaced(self.spider, visit, item):
                raise Dropped("gone", f"gives another article now: {item.title}", keep=True)
            return item
        known = await self.run.known(identity.url_hash(item.url))
        if known is not None and await self._is_another(item, known, visit):
            item.url = visit.due.url
            known = await self.run.known(identity.url_hash(item.url))
        if known is not None:
            raise Dropped("duplicate", "the archive has this article", article_id=known)
        headlines = self.run.headlines[hashlib.blake2b((item.body or "").encode(), digest_size=16).digest()]
        headlines.add(item.title)
        if len(headlines) > MOST_HEADLINES:
            raise Dropped("unreadable", f"its text stood under {len(headlines) - 1} other headlines already", keep=True)
        return item

    async def _is_another(self, item: Article, known: int, visit: Visit) -> bool:
        """Whether a page names the address of another article as its own, as templates with a fixed canonical do."""
        if identity.url_hash(item.url) == identity.url_hash(visit.due.url):
            return False
        return await self.run.do(lambda db, _: is_another(db, known, item))


class Store(Step):
    """Keeps the article, its page, its evidence and its ties in one transaction."""

    async def process_item(self, item: Article) -> Article:
        """Hand the article on as kept."""
        if (visit := self.visit(item)).due.article_id is not None:
            await revisits.revise(self.spider, visit, item)
        else:
            await self.run.store(item)
        return item
