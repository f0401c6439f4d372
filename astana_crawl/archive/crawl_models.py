"""The tables of a crawl: sites, their sources, the ledger of addresses, pages on disk, runs."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from astana_crawl.archive.base import (
    AddressId,
    ArticleId,
    Base,
    Id,
    List,
    PageId,
    RunId,
    SiteName,
    SourceId,
    flag,
    one_of,
)

STATES = (
    "pending", "archived", "off_topic", "duplicate", "unreadable", "blocked", "gone", "failed", "disallowed",
    "out_of_window", "withheld",
)  # fmt: skip
OUTCOMES = {"done": 0, "error": 1, "degraded": 3, "held": 4, "interrupted": 5, "unwritable": 6}
"""How a run can end, with its exit status."""


class Site(Base):
    """One language edition of an outlet; its condition is set by a person, never by a run."""

    __tablename__ = "sites"
    __table_args__ = (one_of("condition", "active", "paused", "known_wall"),)
    name: Mapped[str] = mapped_column(primary_key=True)
    outlet: Mapped[str]
    title: Mapped[str]
    home: Mapped[str | None]
    country: Mapped[str | None]
    language: Mapped[str | None]
    party: Mapped[str | None]
    condition: Mapped[str]
    condition_reason: Mapped[str | None]


class Source(Base):
    """A route by which a site offers addresses."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("site", "kind", "url"),)
    id: Mapped[Id]
    site: Mapped[SiteName]
    kind: Mapped[str]
    url: Mapped[str]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    cursor: Mapped[str | None]
    last_tried_at: Mapped[dt.datetime | None]
    last_ok_at: Mapped[dt.datetime | None]
    reason: Mapped[str | None]


class Look(Base):
    """One reading of one source in one run."""

    __tablename__ = "looks"
    __table_args__ = (flag("complete"), Index("looks_source", "source_id"), Index("looks_run", "run_id"))
    id: Mapped[Id]
    run_id: Mapped[RunId | None]
    source_id: Mapped[SourceId]
    since_on: Mapped[dt.date | None]
    until_on: Mapped[dt.date | None]
    offered: Mapped[int]
    new: Mapped[int]
    passed_over: Mapped[int]
    newest_at: Mapped[dt.datetime | None]
    complete: Mapped[int]
    reason: Mapped[str | None]


class Address(Base):
    """An address in the ledger: what is known of it, where it stands and why."""

    __tablename__ = "addresses"
    __table_args__ = (one_of("state", *STATES), one_of("judged_on", "page", "hint"))
    id: Mapped[Id]
    url: Mapped[str]
    url_hash: Mapped[str] = mapped_column(unique=True)
    site: Mapped[SiteName]
    found_by: Mapped[str]
    found_at: Mapped[dt.datetime]
    found_in: Mapped[str | None]
    title_hint: Mapped[str | None]
    published_hint: Mapped[str | None]
    lastmod_hint: Mapped[str | None]
    expected_on: Mapped[dt.date | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_attempt_at: Mapped[dt.datetime | None]
    fetched_at: Mapped[dt.datetime | None]
    http_status: Mapped[int | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    relevance_score: Mapped[float | None]
    matched_terms: Mapped[List | None]
    judged_on: Mapped[str | None]
    article_id: Mapped[ArticleId | None]


Index("addresses_due", Address.site, Address.state, Address.next_attempt_at)
Index("addresses_newest", Address.site, Address.state, Address.expected_on.desc())
Index("addresses_article", Address.article_id)


class Sighting(Base):
    """A route that offered an address, and when it did so first."""

    __tablename__ = "sightings"
    __table_args__ = ({"sqlite_with_rowid": False},)
    address_id: Mapped[AddressId] = mapped_column(primary_key=True)
    source_id: Mapped[SourceId] = mapped_column(primary_key=True)
    seen_at: Mapped[dt.datetime]


class Visit(Base):
    """One fetch of an address, or one change of its state."""

    __tablename__ = "visits"
    __table_args__ = (one_of("state", *STATES), Index("visits_address", "address_id"))
    id: Mapped[Id]
    address_id: Mapped[AddressId]
    run_id: Mapped[RunId | None]
    at: Mapped[dt.datetime]
    http_status: Mapped[int | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    page_id: Mapped[PageId | None]


class Page(Base):
    """A raw response on disk."""

    __tablename__ = "pages"
    __table_args__ = (one_of("origin", "live", "wayback", "warc", "replay"),)
    id: Mapped[Id]
    url: Mapped[str]
    fetched_at: Mapped[dt.datetime]
    http_status: Mapped[int]
    origin: Mapped[str]
    origin_url: Mapped[str | None]
    warc_file: Mapped[str]
    warc_offset: Mapped[int]
    digest: Mapped[str]
    rights: Mapped[List | None]


class Pause(Base):
    """A host that asked to be left alone for a while, until when."""

    __tablename__ = "pauses"
    host: Mapped[str] = mapped_column(primary_key=True)
    not_before: Mapped[dt.datetime]


class Run(Base):
    """One run of one site: what it was, how it ended and what it counted."""

    __tablename__ = "runs"
    __table_args__ = (
        one_of("outcome", *OUTCOMES),
        CheckConstraint("(outcome IS NULL) = (finished_at IS NULL)", name="finished"),
        Index("runs_site", "site"),
    )
    id: Mapped[Id]
    site: Mapped[SiteName | None]
    command: Mapped[str]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    outcome: Mapped[str | None]
    exit_status: Mapped[int | None]
    found: Mapped[int] = mapped_column(server_default=text("0"))
    new: Mapped[int] = mapped_column(server_default=text("0"))
    off_topic: Mapped[int] = mapped_column(server_default=text("0"))
    duplicates: Mapped[int] = mapped_column(server_default=text("0"))
    unreadable: Mapped[int] = mapped_column(server_default=text("0"))
    failed: Mapped[int] = mapped_column(server_default=text("0"))
    counts: Mapped[List | None]
    version: Mapped[str]
    reference_hash: Mapped[str | None]
