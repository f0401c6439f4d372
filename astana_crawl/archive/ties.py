"""What a judge ties an article to, in tables of their own: meetings, and the parties, people and topics it names."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from astana_crawl.archive.models import ArticleMeeting, Facet
from astana_crawl.archive.types import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from astana_crawl import items
    from astana_crawl.archive.base import Base

    Rows = Sequence[Mapping[str, Any]]

TABLES: Mapping[str, tuple[type[Base], tuple[str, ...]]] = {
    "meetings": (ArticleMeeting, ("meeting_id", "role", "basis", "quote", "day_offset", "phase")),
    "facets": (Facet, ("kind", "name", "words")),
}
"""By the name that `changes` has for them: the table, and its columns beside article_id."""
_INSERT = {name: insert(table) for name, (table, _) in TABLES.items()}


def rows(article: items.Article, on: dt.date | None) -> dict[str, Rows]:
    """Return an article's rows for each of TABLES; `on` is its day, from which the meetings' days are counted."""
    return {"meetings": _meetings(article, on), "facets": _facets(article)}


def _meetings(article: items.Article, on: dt.date | None) -> Rows:
    from astana_crawl.relevance import meetings

    known = {meeting.id: meeting for meeting in meetings.load()} if article.meetings else {}
    found: list[dict[str, Any]] = []
    for tie in article.meetings:
        day_offset, phase = meetings.phase(known[tie.meeting_id], on) if on else (None, None)
        row = {"meeting_id": tie.meeting_id, "role": tie.role, "basis": tie.basis, "quote": tie.quote}
        found.append(row | {"day_offset": day_offset, "phase": phase})
    return found


def _facets(article: items.Article) -> Rows:
    return [{"kind": one.kind, "name": one.name, "words": list(one.words)} for one in article.facets]


def keep(db: Connection, article_id: int, name: str, rows: Rows) -> None:
    """Enter an article's rows of one of TABLES."""
    if rows:
        db.execute(_INSERT[name], [{"article_id": article_id, **row} for row in rows])


def keep_instead(db: Connection, article_id: int, name: str, rows: Rows) -> None:
    """Put rows in the place of those that an article has in one of TABLES."""
    table, _ = TABLES[name]
    db.execute(delete(table).where(table.__table__.c.article_id == article_id))
    keep(db, article_id, name, rows)


def kept(db: Connection, article_id: int) -> dict[str, str | None]:
    """Return what an article is tied to, as texts for `changes`."""
    found: dict[str, Rows] = {}
    for name, (table, columns) in TABLES.items():
        query = select(*(getattr(table, column) for column in columns))
        query = query.where(table.__table__.c.article_id == article_id)
        found[name] = [row._asdict() for row in db.execute(query)]
    return as_texts(found)


def as_texts(rows: Mapping[str, Rows]) -> dict[str, str | None]:
    """Return rows by table as texts for `changes`: JSON, the same for the same rows; None for none."""
    return {name: _text(found, TABLES[name][1]) for name, found in rows.items()}


def _text(rows: Rows, columns: Sequence[str]) -> str | None:
    clean = [{name: _clean(row[name]) for name in columns} for row in rows]
    clean.sort(key=lambda row: [str(row[name]) for name in columns[:2]])
    return json.dumps(clean, ensure_ascii=False) if clean else None


def _clean(value: Any) -> Any:
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return clean_text(value) if isinstance(value, str) else value
