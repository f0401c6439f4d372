"""Revisits: what a crawl does with the address of an article that the archive has, asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astana_crawl.archive import ArchiveError, revisions
from astana_crawl.archive.revisits import reader_of, replaced, revisited
from astana_crawl.fetch.answers import reason_of, utcnow
from astana_crawl.run.environment import pages_dir
from astana_crawl.run.kept import read_again
from astana_crawl.run.verdicts import Verdict

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection

    from astana_crawl.items import Article
    from astana_crawl.newsspider import NewsSpider
    from astana_crawl.run.run import Visit

GONE = {"gone", "blocked"}
"""The verdicts by which a revisited article is gone; others (an empty page, robots.txt) do not tell."""


async def settle(spider: NewsSpider, visit: Visit, verdict: Verdict) -> None:
    """End a revisit that gave no article; the address stays archived, and the article as it is."""
    run, article_id = spider.run, visit.due.article_id
    assert article_id is not None
    unchanged = verdict.state == "unchanged"
    if unchanged:
        try:
            await _read_kept_again(spider, visit, article_id)
        except Exception as error:
            await run.put_off(visit.due.id, f"program error: {reason_of(error)}")
            raise
    shown_a_wall = verdict.state == "blocked" and visit.status == 200  # behind it the article may well be there
    there = True if unchanged else False if verdict.state in GONE and not shown_a_wall else None

    def work(db: Connection, page_id: int | None) -> None:
        revisited(
            db, visit.due.id, article_id, verdict.reason or None, there=there, page_id=page_id, **_of(spider, visit)
        )

    await run.end(visit.due.id, verdict.state, verdict.reason, work, keep=verdict.keep)


async def revise(spider: NewsSpider, visit: Visit, article: Article) -> None:
    """End a revisit that gave an article: what our own reader changed is told from what the publisher changed."""
    run, article_id = spider.run, visit.due.article_id
    assert article_id is not None
    await _read_kept_again(spider, visit, article_id)
    differs = await run.do(lambda db, _: revisions.differs(db, article_id, article, "publisher"))

    def work(db: Connection, page_id: int | None) -> None:
        revisions.revise(
            db, article_id, article, cause="publisher", run_id=run.id, page_id=page_id, now=utcnow(),
            reader_version=run.version,
        )  # fmt: skip
        revisited(db, visit.due.id, article_id, None, there=True, page_id=page_id, **_of(spider, visit))

    await run.end(visit.due.id, "revised" if differs else "unchanged", "", work, keep=differs)


async def is_replaced(spider: NewsSpider, visit: Visit, article: Article) -> bool:
    """Whether the address gives another article now."""
    article_id = visit.due.article_id
    assert article_id is not None
    return await spider.run.do(lambda db, _: replaced(db, article_id, article))


def _of(spider: NewsSpider, visit: Visit) -> dict[str, Any]:
    return {"run_id": spider.run.id, "now": utcnow(), "http_status": visit.status, **visit.validators}


# --- a reader that is another one than the one which read the article


async def _read_kept_again(spider: NewsSpider, visit: Visit, article_id: int) -> None:
    """Bring an article that another reader read up to what today's reads in the page that is kept of it."""
    run, folder = spider.run, pages_dir(spider.settings)

    def work(db: Connection, _: object) -> str | None:
        if reader_of(db, article_id) == run.version or (page := revisions.kept_page(db, article_id)) is None:
            return None
        try:
            again = read_again(db, folder, article_id, page, run.site, spider.ways)
        except ArchiveError as error:
            return str(error)
        if isinstance(again, Verdict):
            return again.reason
        revisions.revise(
            db, article_id, again, cause="reader", run_id=run.id, page_id=page["id"], now=utcnow(),
            reader_version=run.version,
        )  # fmt: skip
        return None

    if problem := await run.do(work):
        spider.logger.warning("The page kept of %s could not be read again: %s", visit.due.url, problem)
