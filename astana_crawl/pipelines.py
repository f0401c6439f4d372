"""The steps an article takes after it was read, in the order of ITEM_PIPELINES; each a short caller of one module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from astana_crawl import dates, identity, relevance
from astana_crawl.items import Candidate
from astana_crawl.relevance import meetings
from astana_crawl.run.run import Run
from astana_crawl.run.verdicts import Verdict

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from astana_crawl.items import Article
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

    def visit(self, item: Article) -> Visit:
        """The visit that brought the article."""
        assert item.address_id is not None
        return self.run.in_flight[item.address_id]


class NormaliseDates(Step):
    """Adds discovery's hint as the last candidate and decides which date counts."""

    def process_item(self, item: Article) -> Article:
        """Drop what lies outside the days asked for."""
        visit = self.visit(item)
        language, zone = (getattr(self.crawler.spider, name, None) for name in ("language", "zone"))
        if (hint := visit.due.published_hint) and (
            moment := dates.read_date(hint, language=language, zone=zone, now=visit.at)
        ):
            item.candidates.append(
                Candidate("published", moment.value, f"hint:{visit.due.found_by}", hint, moment.zone)
            )
        dates.date_article(item, fetched_at=visit.at, zone=zone)
        if not self.run.window.admits(item.published_on):
            raise Dropped("out_of_window", f"published on {item.published_on}", expected_on=item.published_on)
        return item


class JudgeRelevance(Step):
    """Says whether the article is about the Astana process, by which words, and which meeting it is about."""

    def process_item(self, item: Article) -> Article:
        """Drop what is about something else; its page is kept when a place of ours is named in it."""
        title, body = item.title or "", item.body or ""
        judgment = relevance.judge(title, body, item.language)
        if judgment.label == "off":
            keep = relevance.names_place(f"{title}\n{body}")
            raise Dropped(
                "off_topic", "does not name the Astana process", keep=keep, judged_on="page",
                relevance_score=judgment.score, matched_terms=judgment.terms,
            )  # fmt: skip
        item.relevance, item.relevance_score = judgment.label, judgment.score
        item.matched_terms = list(judgment.terms)
        item.meetings = list(meetings.tie(judgment, title, body, item.published_on))
        return item


class DropDuplicates(Step):
    """Drops an article that the archive has under the same address: the SHA-256 of the canonical URL."""

    async def process_item(self, item: Article) -> Article:
        """Drop it with the id of the article that stands."""
        known = await self.run.known(identity.url_hash(item.url))
        if known is not None:
            raise Dropped("duplicate", "the archive has this article", article_id=known)
        return item


class Store(Step):
    """Keeps the article, its page, its evidence and its ties in one transaction."""

    async def process_item(self, item: Article) -> Article:
        """Hand the article on as kept."""
        await self.run.store(item)
        return item
