"""Revisions: an article read again, what of it is new, and what became of that.

A change of the text is a new revision, another changed field a row in `changes`; what stood before stays readable.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select, text, update

from astana_crawl.archive import articles, stories, ties
from astana_crawl.archive.base import inserted
from astana_crawl.archive.changes import note_change
from astana_crawl.archive.models import Address, Article, Evidence, Page, Revision, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from astana_crawl import items

Cause = Literal["publisher", "reader", "judge"]

JUDGED = ("relevance", "relevance_score")
READ = (
    "subtitle", "language", "authors", "section", "tags", "image_url", "published_at", "published_on",
    "published_precision", "published_zone", "published_text", "published_rule", "modified_at", "original_outlet",
    "original_url", "note", "layout",
)  # fmt: skip
STORY = {"published_on", "original_url"}
"""What, besides the text, an article's story depends on."""
_PUBLISHED = tuple(name for name in READ if name.startswith("published_"))
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Revised:
    """What reading an article again changed: whether its text did, and the names of all fields that did.

    `fields` names title and body too when they are of a new revision, `meetings` and `facets` when those ties changed.
    """

    revision: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Difference:
    """An article as it stands and as it was read again, as the database keeps it; `text`, `fields` name what differs.

    `row` and `ties` are what was read, as rows to be entered.
    """

    old: dict[str, Any]
    new: dict[str, Any]
    row: dict[str, Any]
    ties: dict[str, ties.Rows]
    text: tuple[str, ...]
    fields: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.text or self.fields)


def revise(
    db: Connection,
    article_id: int,
    article: items.Article,
    *,
    cause: Cause,
    run_id: int | None,
    page_id: int | None,
    now: dt.datetime,
    reader_version: str,
) -> Revised:
    """Bring an article up to what was read of it again, in the transaction of `db`; nothing kept is lost.

    `cause` says why it may differ: the `publisher` changed the page, our own `reader` reads it otherwise, or the
    `judge` (words, meetings and names of reference/) does; a judge is asked for relevance and ties alone, and leaves
    `reader_version` as it is. Relevance and ties that differ where text, language and day do not are the judge's too.
    `article` is complete: dated also by its source's hint, judged, with its meetings; `page_id` is the page it was
    read from. Its address is not looked at. Raises ValueError without headline, text or relevance, NoResultFound for
    an unknown article.
    """
    found = _difference(db, article_id, article, cause)
    if found.text:
        _new_revision(db, article_id, found, article, cause, page_id, now)
    elif found.fields and cause != "judge":
        _more_evidence(db, article_id, article, found.fields)
    judge: Cause = cause if found.text or {"language", "published_on"} & {*found.fields} else "judge"
    for name in found.fields:
        by = judge if name in (*JUDGED, *ties.TABLES) else cause
        note_change(db, article_id, name, found.old[name], found.new[name], cause=by, run_id=run_id, now=now)
    for name in ties.TABLES.keys() & {*found.fields}:
        ties.keep_instead(db, article_id, name, found.ties[name])
    _update(db, article_id, found, cause, now, reader_version)
    if found.text or STORY & {*found.fields}:
        stories.place(db, article_id, stories.Occasion(cause, run_id, now))
    return Revised(bool(found.text), (*found.text, *found.fields))


def differs(db: Connection, article_id: int, article: items.Article, cause: Cause) -> bool:
    """Return whether `revise` would change anything."""
    return bool(_difference(db, article_id, article, cause))


def kept_page(db: Connection, article_id: int) -> dict[str, Any] | None:
    """Return the newest page that the article was read from, its row by column; None when none was kept."""
    read = (Visit.state == "archived", Visit.http_status == 200, Visit.reason.is_(None))
    visited = select(Visit.page_id).join(Address, Address.id == Visit.address_id).where(*read)
    of_visits = visited.where(Address.article_id == article_id)
    of_revisions = select(Revision.page_id).where(Revision.article_id == article_id)
    query = select(*Page.__table__.columns).where(Page.id.in_(of_visits.union(of_revisions))).order_by(Page.id.desc())
    row = db.execute(query.limit(1)).one_or_none()
    return None if row is None else row._asdict()


# --- what differs


def _difference(db: Connection, article_id: int, article: items.Article, cause: Cause) -> _Difference:
    row = db.execute(select(*Article.__table__.columns).where(Article.id == article_id)).one()._asdict()
    read = articles.columns(article)
    if cause == "publisher" and _dated_worse(row, read):
        read |= {name: row[name] for name in _PUBLISHED}
    old, new = _as_kept(db, row), _as_kept(db, read)
    tied = ties.rows(article, read["published_on"])
    old |= ties.kept(db, article_id)
    new |= ties.as_texts(tied)
    judged = (*JUDGED, *ties.TABLES)
    names = judged if cause == "judge" else (*READ, *judged)
    fields = tuple(name for name in names if old[name] != new[name])
    same = cause == "judge" or old["content_hash"] == new["content_hash"]
    words = () if same else tuple(name for name in ("title", "body") if old[name] != new[name])
    return _Difference(old, new, read, tied, words, fields)


def _dated_worse(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """A page that gives its date no more, or as "5 hours ago", says nothing against the date it once gave."""
    if old["published_on"] is None or new["published_on"] is None:
        return old["published_on"] is not None
    return new["published_precision"] == "day" and not _YEAR.search(new["published_text"] or "")


def _as_kept(db: Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they lie in the database, so that what is kept alike is alike."""
    types = {column.name: column.type for column in Article.__table__.columns}
    return {name: _bound(types[name], value, db) for name, value in row.items()}


def _bound(kind: Any, value: Any, db: Connection) -> Any:
    to_kept = getattr(kind, "process_bind_param", None)
    return to_kept(value, db.dialect) if to_kept else value


# --- what becomes of it


def _new_revision(
    db: Connection,
    article_id: int,
    found: _Difference,
    article: items.Article,
    cause: Cause,
    page_id: int | None,
    now: dt.datetime,
) -> None:
    """The old text moves into its revision's row; the new one stands in articles, and is found by its own words."""
    old, number = found.old, found.old["revision_count"]
    current = Revision.article_id == article_id, Revision.number == number
    db.execute(update(Revision).where(*current).values(title=old["title"], body=old["body"]))
    row = {"article_id": article_id, "number": number + 1, "seen_at": now, "cause": cause, "page_id": page_id}
    revision_id = inserted(db, Revision, row | {"content_hash": found.new["content_hash"]})
    articles.keep_evidence(db, revision_id, articles.evidence_rows(article.candidates))
    db.execute(_UNINDEX, articles.words_row(article_id, old["title"], old["body"]))
    db.execute(_INDEX, articles.words_row(article_id, found.new["title"], found.new["body"]))


_UNINDEX = text("INSERT INTO articles_fts (articles_fts, rowid, title, body) VALUES ('delete', :id, :title, :body)")
_INDEX = text("INSERT INTO articles_fts (rowid, title, body) VALUES (:id, :title, :body)")


def _more_evidence(db: Connection, article_id: int, article: items.Article, changed: Sequence[str]) -> None:
    """New readings of the changed fields join those of the revision that stands; what now counts is `chosen`."""
    fields = {"published" if name in _PUBLISHED else name.removesuffix("_at") for name in changed}
    latest = select(Revision.id).where(Revision.article_id == article_id).order_by(Revision.number.desc()).limit(1)
    revision_id = db.execute(latest).scalar_one()
    columns = Evidence.id, Evidence.field, Evidence.value, Evidence.chosen
    rows = db.execute(select(*columns).where(Evidence.revision_id == revision_id, Evidence.field.in_(fields)))
    known = {(row.field, row.value): row for row in rows}
    read = {(one["field"], one["value"]): one for one in articles.evidence_rows(article.candidates)}
    new = [one for key, one in read.items() if key not in known and one["field"] in fields]
    articles.keep_evidence(db, revision_id, new)
    for key, row in known.items():
        chosen = read[key]["chosen"] if key in read else 0
        if row.chosen != chosen:
            db.execute(update(Evidence).where(Evidence.id == row.id).values(chosen=chosen))


def _update(
    db: Connection, article_id: int, found: _Difference, cause: Cause, now: dt.datetime, reader_version: str
) -> None:
    names = {*found.text, *found.fields} - ties.TABLES.keys()
    if found.text:
        names |= {"content_hash", "word_count", "matched_terms"}
    elif {*JUDGED} & names:
        names |= {"matched_terms"}
    row = {name: found.row[name] for name in names}
    if found.text:
        row["revision_count"] = found.old["revision_count"] + 1
    if found:
        row["changed_at"] = now
    if cause != "judge":
        row["reader_version"] = reader_version
    if row:
        db.execute(update(Article).where(Article.id == article_id).values(row))
