"""What older versions did not keep of an article, filled in when an archive is opened to be written: stories and names.

An archive that was upgraded lacks them, and signatures of another version have to be made anew. A hundred articles at a
time, each group in a transaction of its own, so that what a kill leaves undone is done at the next opening.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from astana_crawl import items
from astana_crawl.archive import likeness, stories, ties
from astana_crawl.archive.models import Article, Fingerprint

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from astana_crawl.archive.archive import Archive

GROUP = 100


def fill(archive: Archive) -> None:
    """Give every article that lacks them its fingerprint, its place in a story and the names in its text."""
    while not _is_full(archive):
        with archive.writing() as db:
            for article_id, version in _lacking(db):
                stories.place(db, article_id, stories.Occasion("reader", None, dt.datetime.now(dt.UTC)))
                if version is None:
                    _name(db, article_id)


def _is_full(archive: Archive) -> bool:
    with archive.reading() as db:
        current = select(func.count()).where(Fingerprint.version == likeness.VERSION)
        return db.execute(current).scalar() == db.execute(select(func.count()).select_from(Article)).scalar()


def _lacking(db: Connection) -> list[tuple[int, int | None]]:
    """The next articles, the first ones first, with the version of the signature they have."""
    query = select(Article.id, Fingerprint.version).outerjoin(Fingerprint, Fingerprint.article_id == Article.id)
    lacking = or_(Fingerprint.version.is_(None), Fingerprint.version != likeness.VERSION)
    return [(row.id, row.version) for row in db.execute(query.where(lacking).order_by(Article.id).limit(GROUP))]


def _name(db: Connection, article_id: int) -> None:
    from astana_crawl.relevance.facets import facets

    row = db.execute(select(Article.title, Article.body, Article.relevance).where(Article.id == article_id)).one()
    if row.relevance != "off":
        named = items.Article("", facets=list(facets(row.title, row.body)))
        ties.keep_instead(db, article_id, "facets", ties.rows(named, None)["facets"])
