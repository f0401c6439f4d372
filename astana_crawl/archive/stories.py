"""Stories: an article with its copies and translations, so that one story told by ten outlets can be counted as one.

An article joins the story of the text it resembles most, when it is a copy of it as archive/likeness.py says. Only
texts that are no copies themselves are compared with (they alone have rows in story_bands): every copy of a story
resembles the same first text, and a chain of ever less similar ones makes no story. Two stories become one only where
an article names the address of another one as its original, which also ties translations.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, insert, select, text, update
from sqlalchemy.orm import aliased

from astana_crawl import identity
from astana_crawl.archive import likeness
from astana_crawl.archive.changes import note_change
from astana_crawl.archive.fold import fold
from astana_crawl.archive.models import Address, Article, Fingerprint, StoryLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

MOST_CANDIDATES = 20
"""So many, those with the most bands in common, are looked at."""
MOST_COMPARED = 5
"""Of them the texts of so many, those most alike by their signatures, are compared."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why an article is put into its story: the cause and run of the change, where it has had another one, and when."""

    cause: str
    run_id: int | None
    now: dt.datetime


def place(db: Connection, article_id: int, occasion: Occasion) -> int:
    """Put an article, as it stands in the archive, into its story, and return the story: the id of its first article.

    For a new article, one whose text, day or original is another one now, and one without a fingerprint. One that
    others are copies of keeps them. An article that is moved to another story gets a row in `changes`.
    """
    row = db.execute(_ROW, {"this": article_id}).one()
    here = likeness.text(fold(row.title), fold(row.body), row.published_on)
    signature = likeness.signature(here)
    bands = json.dumps(likeness.bands(signature))
    if row.signature is not None:
        _forget(db, article_id, row.signature)
    like = None if row.copied else _most_alike(db, here, signature, bands)
    _keep(db, article_id, row.original_url, signature, bands if like is None else None)
    stories = {like or article_id, *filter(None, _linked(db, article_id, row.original_url, row.named))}
    first = min(*stories, article_id)
    for story in stories - {first}:
        for moved in db.execute(_MEMBERS, {"story": story, "this": article_id}).scalars().all():
            _move(db, moved, story, first, occasion)
    _move(db, article_id, row.story_id, first, occasion)
    return first


def _move(db: Connection, article_id: int, old: int | None, new: int, occasion: Occasion) -> None:
    if old == new:
        return
    db.execute(_PLACE, {"this": article_id, "story": new})
    if old is not None:
        note_change(
            db, article_id, "story_id", old, new, cause=occasion.cause, run_id=occasion.run_id, now=occasion.now
        )


# --- by the text


def _most_alike(db: Connection, here: likeness.Text, signature: bytes, bands: str) -> int | None:
    """Return the story of the text that this one is a copy of; None for none."""
    found = db.execute(_CANDIDATES, {"bands": bands, "version": likeness.VERSION, "most": MOST_CANDIDATES})
    alike = [(likeness.estimate(signature, row.signature), -row.article_id) for row in found]
    for share, minus_id in sorted(alike, reverse=True)[:MOST_COMPARED]:
        if share < likeness.MAYBE:
            return None
        other = db.execute(_ROW, {"this": -minus_id}).one()
        if likeness.is_copy(here, likeness.text(fold(other.title), fold(other.body), other.published_on)):
            return int(other.story_id)
    return None


def _keep(db: Connection, article_id: int, original: str | None, signature: bytes, bands: str | None) -> None:
    version = likeness.VERSION
    db.execute(_FINGERPRINT, {"article_id": article_id, "version": version, "signature": signature})
    if bands:
        db.execute(_BANDS, {"bands": bands, "this": article_id})
    if named := _hash(original):
        db.execute(_LINK, {"url_hash": named, "article_id": article_id})


def _forget(db: Connection, article_id: int, signature: bytes) -> None:
    """Take out what an earlier text left."""
    db.execute(_UNBAND, {"bands": json.dumps(likeness.bands(signature)), "this": article_id})
    db.execute(_UNSIGN, {"this": article_id})
    db.execute(_UNLINK, {"this": article_id})


# --- by the address of the original


def _linked(db: Connection, article_id: int, original: str | None, named: bool) -> Iterator[int | None]:
    """Yield the stories of the article that this one names as its original, and of those that name this one, if any."""
    if url_hash := _hash(original):
        yield from db.execute(_ORIGINAL, {"url_hash": url_hash}).scalars()
    if named:
        yield from db.execute(_NAMED_BY, {"this": article_id}).scalars()


def _hash(url: str | None) -> str | None:
    try:
        return identity.url_hash(url) if url else None
    except ValueError:
        return None


# Built once, as a statement costs more to build than to run.
_this = Article.id == bindparam("this")
_copy, _own = aliased(Article), aliased(Article)
_addresses = (
    select(_own.url_hash)
    .where(_own.id == bindparam("this"))
    .union(select(Address.url_hash).where(Address.article_id == bindparam("this")))
)
_naming = select(StoryLink.article_id).where(StoryLink.url_hash.in_(_addresses))
_ROW = (
    select(Article.title, Article.body, Article.published_on, Article.original_url, Article.story_id)
    .add_columns(Fingerprint.signature)
    .add_columns(exists().where(_copy.story_id == Article.id, _copy.id != Article.id).label("copied"))
    .add_columns(_naming.exists().label("named"))
    .outerjoin(Fingerprint, Fingerprint.article_id == Article.id)
    .where(_this)
)
_MEMBERS = select(Article.id).where(Article.story_id == bindparam("story"), Article.id != bindparam("this"))
_PLACE = update(Article).where(_this).values(story_id=bindparam("story"))
_FINGERPRINT, _LINK = insert(Fingerprint), insert(StoryLink)
_CANDIDATES = text(
    """
    SELECT article_id, signature FROM (
        SELECT article_id, count(*) AS shared FROM story_bands
        WHERE band IN (SELECT value FROM json_each(:bands)) GROUP BY article_id
        ORDER BY shared DESC, article_id LIMIT :most
    ) JOIN fingerprints USING (article_id) WHERE version = :version"""
)
_BANDS = text("INSERT OR IGNORE INTO story_bands (band, article_id) SELECT value, :this FROM json_each(:bands)")
_UNBAND = text("DELETE FROM story_bands WHERE band IN (SELECT value FROM json_each(:bands)) AND article_id = :this")
_UNSIGN = text("DELETE FROM fingerprints WHERE article_id = :this")
_UNLINK = text("DELETE FROM story_links WHERE article_id = :this")
_ORIGINAL = text(
    """
    SELECT story_id FROM articles WHERE url_hash = :url_hash UNION SELECT story_id FROM articles WHERE id IN
    (SELECT article_id FROM addresses WHERE url_hash = :url_hash)"""
)
_NAMED_BY = select(Article.story_id).where(Article.id.in_(_naming))
