"""Kept pages, read as the crawl read them: with today's reader and judge, at the time they were fetched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scrapy.http import Headers
from scrapy.responsetypes import responsetypes
from sqlalchemy import select

from astana_crawl.archive.models import Address, Article, Evidence, Page, Revision, Visit
from astana_crawl.archive.pages import payload, read_page
from astana_crawl.run import reader
from astana_crawl.run.verdicts import Verdict, verdict_of_status

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from scrapy.http import Response
    from sqlalchemy import Connection

    from astana_crawl import items
    from astana_crawl.archive.pages import Served
    from astana_crawl.run.reader import Ways

DECODED = {"content-encoding", "transfer-encoding"}
RAW_LENGTH = 300  # of the raw text in evidence
_YEAR = re.compile(r"\d{4}")


def response_of(served: Served) -> Response:
    """The response as the spider saw it: decoded; ArchiveError when its content cannot be decoded."""
    body, headers = payload(served), Headers()
    for name, value in served.headers:
        if name.lower() not in DECODED:
            headers.appendlist(name, value.encode("latin-1"))
    kind = responsetypes.from_args(headers=headers, url=served.url, body=body)
    return kind(url=served.url, status=served.status, headers=headers, body=body)


def read_kept(
    pages_dir: Path, page: dict[str, Any], hint: str | None, found_by: str, site: str, ways: Ways
) -> items.Article | Verdict:
    """The article on a kept page (its row by column), dated and judged, or why there is none.

    `hint` is what the source `found_by` said of its date. Raises ArchiveError, which names the file, when the page is
    missing or torn.
    """
    fetched_at: dt.datetime = page["fetched_at"]
    response = response_of(read_page(pages_dir, page["warc_file"], page["warc_offset"]))
    read = verdict_of_status(response) or reader.read_response(response, ways, fetched_at)
    if not isinstance(read, Verdict):
        reader.date(read, hint, found_by, ways, fetched_at)
        reader.judge(read)
        read.site = site
    return read


def read_again(
    db: Connection, pages_dir: Path, article_id: int, page: dict[str, Any], site: str, ways: Ways
) -> items.Article | Verdict:
    """The article that the archive has, as a page kept of it reads today; raises ArchiveError as read_kept does."""
    read = read_kept(pages_dir, page, *hint_of(db, article_id, page["id"]), site, ways)
    if not isinstance(read, Verdict):
        _keep_date(db, article_id, page["id"], read)
    return read


def hint_of(db: Connection, article_id: int, page_id: int) -> tuple[str | None, str]:
    """What a source said of the date of the article that a page gave, and the kind of source."""
    columns = Address.published_hint, Address.found_by
    led = select(*columns).join(Visit, Visit.address_id == Address.id).order_by(Visit.id).limit(1)
    row = db.execute(led.where(Address.article_id == article_id, Visit.page_id == page_id)).one_or_none()
    return (row[0], row[1]) if row else (None, "")


def _keep_date(db: Connection, article_id: int, page_id: int, article: items.Article) -> None:
    """A page that says less of the date takes nothing from the date that another page of the article gave."""
    names = ("published_on", "published_precision", "published_zone", "published_text", "published_rule")
    columns = (Article.published_at, *(getattr(Article, name) for name in names))
    old = db.execute(select(*columns).where(Article.id == article_id)).one()
    ago = article.published_precision == "day" and not _YEAR.search(article.published_text or "")
    if old.published_on is None or (article.published_on is not None and not ago):
        return
    read = select(Evidence.id).join(Revision, Revision.id == Evidence.revision_id).where(Revision.page_id == page_id)
    raw = (old.published_text or "")[:RAW_LENGTH]
    if db.execute(read.where(Evidence.field == "published", Evidence.raw == raw).limit(1)).scalar() is None:
        article.published = old.published_at
        for name in names:
            setattr(article, name, getattr(old, name))
        reader.judge(article)


def page_of(db: Connection, address_id: int) -> dict[str, Any] | None:
    """The page that the last visit of an address kept, its row by column; None when it kept none."""
    last = select(Visit.page_id).where(Visit.address_id == address_id).order_by(Visit.id.desc()).limit(1)
    row = db.execute(select(*Page.__table__.columns).where(Page.id == last.scalar_subquery())).one_or_none()
    return row._asdict() if row else None
