"""A response to an article, its date and its judgment: the one way in which a crawl, a trial and a reread do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from astana_crawl import dates, relevance
from astana_crawl.items import Candidate
from astana_crawl.relevance import meetings, ties
from astana_crawl.relevance.facets import directory, facets
from astana_crawl.run.verdicts import Verdict, verdict_of_body

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from scrapy.http import Response

    from astana_crawl.extract import Layout
    from astana_crawl.items import Article
    from astana_crawl.relevance import Judgment


@dataclass(frozen=True, slots=True)
class Ways:
    """What a site declares of its pages: layouts, language, time zone, and the charset of old ones that name none."""

    layouts: Sequence[Layout] = ()
    language: str | None = None
    zone: str | None = None
    charset: str | None = None


def ready() -> None:
    """Read all tables of reference/ before any page: ReferenceFileError names file, line and key of a mistake."""
    from astana_crawl.extract.credits import agencies

    directory()
    meetings.load()
    agencies()


def read_response(response: Response, ways: Ways, fetched_at: dt.datetime) -> Article | Verdict:
    """The article on a page, or the verdict that there is none."""
    from astana_crawl.extract import read_article

    if verdict := verdict_of_body(response):
        return verdict
    content_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    article = read_article(
        response.body, response.url, ways.layouts, language=ways.language, zone=ways.zone, fetched_at=fetched_at,
        content_type=content_type, charset=ways.charset,
    )  # fmt: skip
    return Verdict(article.refused or "unreadable", article.unreadable, keep=True) if article.unreadable else article


def date(article: Article, hint: str | None, found_by: str, ways: Ways, fetched_at: dt.datetime) -> None:
    """Add what a source said of the date as the last candidate, and decide which one counts."""
    moment = dates.read_date(hint, language=ways.language, zone=ways.zone, now=fetched_at) if hint else None
    if hint and moment:
        article.candidates.append(Candidate("published", moment.value, f"hint:{found_by}", hint, moment.zone))
    dates.date_article(article, fetched_at=fetched_at, zone=ways.zone)


def judge(article: Article) -> Judgment:
    """Say whether the article is about the process, by which words, which meeting, and who and what it names."""
    title, body = article.title or "", article.body or ""
    judgment = relevance.judge(title, body, article.language)
    article.relevance, article.relevance_score = judgment.label, judgment.score
    article.matched_terms = list(judgment.terms)
    article.meetings = list(ties.tie(judgment, title, body, article.published_on))
    article.facets = list(facets(title, body)) if judgment.label != "off" else []
    return judgment
