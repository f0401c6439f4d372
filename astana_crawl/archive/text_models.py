"""The tables of what is kept: articles, their revisions and evidence, meetings and the articles' ties to them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from astana_crawl.archive.base import ArticleId, Base, Id, List, PageId, RunId, SiteName, flag, one_of


class Article(Base):
    """A kept text, with what is known of it now."""

    __tablename__ = "articles"
    __table_args__ = (
        one_of("published_precision", "minute", "day"),
        one_of("relevance", "core", "related", "off"),
        CheckConstraint("(published_on IS NULL) = (published_precision IS NULL)", name="dated_or_not"),
        CheckConstraint("(coalesce(published_precision, '') = 'minute') = (published_at IS NOT NULL)", name="instant"),
        # it covers counting and ordering, which would otherwise read all texts
        Index("articles_published", "published_on", "site", "relevance", "language", "key"),
        Index("articles_key", "key"),
        Index("articles_story", "story_id"),
    )
    id: Mapped[Id]
    key: Mapped[str]
    url: Mapped[str]
    url_hash: Mapped[str] = mapped_column(unique=True)
    site: Mapped[SiteName]
    title: Mapped[str]
    subtitle: Mapped[str | None]
    body: Mapped[str]
    language: Mapped[str | None]
    authors: Mapped[List | None]
    section: Mapped[str | None]
    tags: Mapped[List | None]
    image_url: Mapped[str | None]
    published_at: Mapped[dt.datetime | None]
    published_on: Mapped[dt.date | None]
    published_precision: Mapped[str | None]
    published_zone: Mapped[str | None]
    published_text: Mapped[str | None]
    published_rule: Mapped[str | None]
    modified_at: Mapped[dt.datetime | None]
    relevance: Mapped[str]
    relevance_score: Mapped[float | None]
    matched_terms: Mapped[List | None]
    original_outlet: Mapped[str | None]
    original_url: Mapped[str | None]
    note: Mapped[str | None]
    word_count: Mapped[int]
    content_hash: Mapped[str]
    layout: Mapped[str | None]
    reader_version: Mapped[str]
    revision_count: Mapped[int]
    story_id: Mapped[ArticleId | None]
    first_seen_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime | None]
    gone_at: Mapped[dt.datetime | None]
    run_id: Mapped[RunId | None]


class Revision(Base):
    """One state of an article's text; title and body are NULL while current, when they stand in articles."""

    __tablename__ = "revisions"
    __table_args__ = (one_of("cause", "first", "publisher", "reader"), UniqueConstraint("article_id", "number"))
    id: Mapped[Id]
    article_id: Mapped[ArticleId]
    number: Mapped[int]
    seen_at: Mapped[dt.datetime]
    title: Mapped[str | None]
    body: Mapped[str | None]
    content_hash: Mapped[str]
    cause: Mapped[str]
    page_id: Mapped[PageId | None]


class Change(Base):
    """Another field of an article that moved."""

    __tablename__ = "changes"
    __table_args__ = (one_of("cause", "publisher", "reader", "judge", "person"), Index("changes_article", "article_id"))
    id: Mapped[Id]
    article_id: Mapped[ArticleId]
    field: Mapped[str]
    old: Mapped[str | None]
    new: Mapped[str | None]
    at: Mapped[dt.datetime]
    run_id: Mapped[RunId | None]
    cause: Mapped[str]


class Evidence(Base):
    """A reading of a field of a revision: what it would be, by which rules, from which raw text."""

    __tablename__ = "evidence"
    __table_args__ = (
        flag("chosen"),
        CheckConstraint("length(raw) <= 300", name="raw_short"),
        CheckConstraint("field <> 'body'", name="no_body"),
        Index("evidence_revision", "revision_id"),
    )
    id: Mapped[Id]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    field: Mapped[str]
    value: Mapped[str]
    rule: Mapped[str]
    raw: Mapped[str]
    chosen: Mapped[int]


class Meeting(Base):
    """A meeting of the process, or one cited with it, as reference/meetings.toml has it."""

    __tablename__ = "meetings"
    __table_args__ = (
        one_of("certainty", "high", "medium"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    number: Mapped[int | None]
    name: Mapped[str]
    city: Mapped[str | None]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    certainty: Mapped[str]
    source: Mapped[str]
    statement_url: Mapped[str | None]


class ArticleMeeting(Base):
    """An article's tie to a meeting, with the words that decided."""

    __tablename__ = "article_meetings"
    __table_args__ = (
        one_of("role", "main", "mentioned", "announced"),
        one_of("basis", "named", "dated"),
        one_of("phase", "before", "during", "after"),
        Index("article_meetings_main", "article_id", unique=True, sqlite_where=text("role = 'main'")),
        Index("article_meetings_meeting", "meeting_id"),
        {"sqlite_with_rowid": False},
    )
    article_id: Mapped[ArticleId] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    role: Mapped[str]
    basis: Mapped[str]
    quote: Mapped[str | None]
    day_offset: Mapped[int | None]
    phase: Mapped[str | None]


class Facet(Base):
    """A party, person or topic that an article names, with the words that name it."""

    __tablename__ = "facets"
    __table_args__ = (one_of("kind", "party", "person", "topic"), {"sqlite_with_rowid": False})
    article_id: Mapped[ArticleId] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[List | None]


class Fingerprint(Base):
    """The signature of an article's text (archive/likeness.py), by which copies of it are found."""

    __tablename__ = "fingerprints"
    __table_args__ = (Index("fingerprints_version", "version"),)
    article_id: Mapped[ArticleId] = mapped_column(primary_key=True)
    version: Mapped[int]
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class StoryBand(Base):
    """A band of the signature of a text that is no copy of another one; a copy has one in common with it."""

    __tablename__ = "story_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)
    band: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(primary_key=True)  # no foreign key: 32 look-ups for each article


class StoryLink(Base):
    """The address that an article names as that of its original, whether the archive has it or not."""

    __tablename__ = "story_links"
    __table_args__ = (Index("story_links_article", "article_id"), {"sqlite_with_rowid": False})
    url_hash: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[ArticleId] = mapped_column(primary_key=True)
