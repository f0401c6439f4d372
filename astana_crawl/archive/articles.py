"""Articles: storing one with its evidence, its ties to meetings and its words, and finding it again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, or_, select, text

from astana_crawl import identity
from astana_crawl.archive import stories, ties
from astana_crawl.archive.base import inserted
from astana_crawl.archive.fold import fold
from astana_crawl.archive.ledger import RECENT, next_revisit, settle, terms_row
from astana_crawl.archive.models import Address, Article, Evidence, Revision
from astana_crawl.archive.types import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from astana_crawl import items

__all__ = ["Stored", "article", "clean_text", "find", "store"]

RAW_LENGTH = 300
KEY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Stored:
    """The article that an address led to; `created` is False when the archive had it already."""

    article_id: int
    key: str
    created: bool


def store(
    db: Connection,
    article: items.Article,
    *,
    address_id: int,
    run_id: int | None,
    page_id: int | None,
    now: dt.datetime,
    reader_version: str,
    http_status: int | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    revisits: bool = True,
) -> Stored:
    """Keep an article under the address it has by `article.url`, and settle the address that led to it.

    All rows of it: revision, evidence, ties, words for the search, its place in a story. When `article.url` is another
    address than the one fetched, that one is `duplicate`, and the canonical one is entered and settled `archived`. An
    article that is there already is not touched; with `revisits` a recent one is asked for again, as REVISITS says.
    Raises ValueError without site, headline, text or relevance.
    """
    url_hash = identity.url_hash(article.url)
    address = db.execute(_ADDRESS, {"this": address_id}).one()
    article_id = find(db, url_hash)
    created = article_id is None
    if article_id is None:
        article_id = _insert(db, article, url_hash, run_id, page_id, now, reader_version)
    own = address.url_hash == url_hash
    visit: dict[str, Any] = {"run_id": run_id, "now": now, "http_status": http_status, "page_id": page_id}
    visit |= _judged(article) | {"article_id": article_id}
    state, reason = ("archived", None) if own else ("duplicate", f"the same article as {article.url}")
    again = next_revisit(now, now) if revisits and created and _recent(article, address, now) else None
    given: dict[str, Any] = {"etag": etag, "last_modified": last_modified, "next_attempt_at": again if own else None}
    settle(db, address_id, state, reason, **given, **visit)
    if created:
        if not own:
            other = _canonical_address(db, article, url_hash, address.url, now)
            settle(db, other, "archived", f"named as its address by {address.url}", next_attempt_at=again, **visit)
        stories.place(db, article_id, stories.Occasion("reader", run_id, now))
    return Stored(article_id, url_hash[:KEY_LENGTH], created)


def _recent(article: items.Article, address: Any, now: dt.datetime) -> bool:
    """A feed names what is new, also where nobody says of which day it is."""
    day: dt.date | None = article.published_on or address.expected_on
    return address.found_by == "feed" if day is None else day >= (now - RECENT).date()


def _judged(article: items.Article) -> dict[str, Any]:
    return {
        "relevance_score": article.relevance_score,
        "matched_terms": article.matched_terms,
        "judged_on": "page",
        "expected_on": article.published_on,
    }


def _insert(
    db: Connection,
    article: items.Article,
    url_hash: str,
    run_id: int | None,
    page_id: int | None,
    now: dt.datetime,
    reader_version: str,
) -> int:
    row = columns(article) | {"key": url_hash[:KEY_LENGTH], "url_hash": url_hash, "url": article.url}
    row |= {"site": article.site, "run_id": run_id, "reader_version": reader_version}
    row |= {"first_seen_at": now, "last_seen_at": now, "revision_count": 1}
    article_id = inserted(db, Article, row)
    first: dict[str, Any] = {
        "article_id": article_id,
        "number": 1,
        "seen_at": now,
        "cause": "first",
        "page_id": page_id,
    }
    revision_id = inserted(db, Revision, first | {"content_hash": row["content_hash"]})
    keep_evidence(db, revision_id, evidence_rows(article.candidates))
    for name, rows in ties.rows(article, article.published_on).items():
        ties.keep(db, article_id, name, rows)
    db.execute(_WORDS, words_row(article_id, row["title"], row["body"]))
    return article_id


def keep_evidence(db: Connection, revision_id: int, evidence: Sequence[dict[str, Any]]) -> None:
    """Enter evidence, as evidence_rows gives it, for a revision."""
    if evidence:
        db.execute(_EVIDENCE, [{"revision_id": revision_id} | one for one in evidence])


def words_row(article_id: int, title: str, body: str) -> dict[str, Any]:
    """Return the row of articles_fts for a text; the same text gives the same row, as its removal needs it."""
    return {"id": article_id, "title": fold(title), "body": fold(body)}


# Built once, as a statement costs more to build than to run.
_ADDRESS = select(Address.url, Address.url_hash, Address.expected_on, Address.found_by).where(
    Address.id == bindparam("this")
)
_FIND = select(Article.id).where(Article.url_hash == bindparam("url_hash"))
_EVIDENCE = insert(Evidence)
_WORDS = text("INSERT INTO articles_fts (rowid, title, body) VALUES (:id, :title, :body)")


def columns(article: items.Article) -> dict[str, Any]:
    """Return what an article's row says of its text, by column: all but its address, its run and its history."""
    if not (article.site and article.title and article.body and article.relevance):
        raise ValueError(f"an article needs site, headline, text and relevance: {article!r}")
    title, body = clean_text(article.title), clean_text(article.body)
    return _same_named(article) | {
        "title": title,
        "body": body,
        **_published(article),
        "modified_at": article.modified,
        "matched_terms": [terms_row(match) for match in article.matched_terms],
        "word_count": len(body.split()),
        "content_hash": identity.content_hash(title, body),
    }


_SAME_NAMED = (
    "subtitle", "language", "authors", "section", "tags", "image_url", "published_zone",
    "published_text", "published_rule", "relevance", "relevance_score", "original_outlet", "original_url", "note",
    "layout",
)  # fmt: skip


def _same_named(article: items.Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in _SAME_NAMED}


def _published(article: items.Article) -> dict[str, Any]:
    """The instant counts only with the precision of a minute, and no precision without a day."""
    if article.published_on is None:
        return {"published_at": None, "published_on": None, "published_precision": None}
    exact = article.published is not None and article.published_precision == "minute"
    return {
        "published_at": article.published if exact else None,
        "published_on": article.published_on,
        "published_precision": "minute" if exact else "day",
    }


def evidence_rows(candidates: Iterable[items.Candidate]) -> list[dict[str, Any]]:
    """One row for each field and value, with the rules that agree on it; the raw text is the first one's."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for one in candidates:
        if one.field == "body":
            continue
        value = clean_text(one.value)
        start = {"field": one.field, "value": value, "rule": "", "raw": clean_text(one.raw)[:RAW_LENGTH], "chosen": 0}
        row = rows.setdefault((one.field, value), start)
        rules = [*filter(None, row["rule"].split(", ")), one.rule]
        row["rule"] = ", ".join(dict.fromkeys(rules))
        row["chosen"] |= int(one.chosen)
    return list(rows.values())


def _canonical_address(db: Connection, article: items.Article, url_hash: str, led_by: str, now: dt.datetime) -> int:
    known = db.execute(select(Address.id).where(Address.url_hash == url_hash)).scalar()
    found = {"found_by": "canonical", "found_at": now, "found_in": led_by, "state": "archived"}
    row: dict[str, Any] = {
        "url": article.url,
        "url_hash": url_hash,
        "site": article.site,
        "expected_on": article.published_on,
    }
    return known or inserted(db, Address, row | found)


def find(db: Connection, url_hash: str) -> int | None:
    """Return the id of the article that is kept under an address, None when there is none."""
    return db.execute(_FIND, {"url_hash": url_hash}).scalar()


def article(db: Connection, key_or_url: str) -> dict[str, Any] | None:
    """Return the row of an article, by column, for its key or any address known to lead to it; None for neither."""
    try:
        url_hash = identity.url_hash(key_or_url)
    except ValueError:
        here = Article.key == key_or_url.strip().lower()
    else:
        led = select(Address.article_id).where(Address.url_hash == url_hash).scalar_subquery()
        here = or_(Article.url_hash == url_hash, Article.id == led)
    row = db.execute(select(*Article.__table__.columns).where(here).order_by(Article.id).limit(1)).one_or_none()
    return None if row is None else row._asdict()
