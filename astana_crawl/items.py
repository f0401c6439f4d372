"""The things that flow along the path: an address that was found, and an article that was read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Found:
    """An address that a source offered, with what the source said of it (raw texts, None where it said nothing)."""

    url: str
    title: str | None = None
    published: str | None = None
    lastmod: str | None = None


@dataclass(slots=True)
class Candidate:
    """One reading of one field: what it would be, by which rule, from which raw text.

    `value` is the text to keep; for `published` and `modified` it is ISO 8601, a day (`2024-01-25`) or a moment
    with its offset (`2024-01-25T09:30:00+03:00`). `rule` names the place (`json-ld:datePublished`, `meta:og:title`,
    `layout:date`, `time`, `url`, `hint:feed`). `zone` is the zone name or offset a moment was read with.
    """

    field: str
    value: str
    rule: str
    raw: str
    zone: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A word or phrase of ours in a text: the term's name, where ('title' or 'body'), its first character, the text."""

    term: str
    where: str
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Tie:
    """An article's tie to a meeting: role main|mentioned|announced, basis named|dated, the words that decided."""

    meeting_id: str
    role: str
    basis: str
    quote: str


@dataclass(frozen=True, slots=True)
class Facet:
    """What an article names: kind party|person|topic, the name by which we know it, the words of the text."""

    kind: str
    name: str
    words: tuple[str, ...]


@dataclass(slots=True)
class Article:
    """One article as read from one page; the pipelines fill in what the page alone cannot say.

    `published` is an aware datetime with the page's own offset, None unless the precision is 'minute';
    `published_on` is the outlet's local day. `unreadable` is the reason why the page gives no article, else None;
    `refused` is then the state of its address: unreadable, or blocked (a wall), gone, pending (out of order).
    `cut` is what was taken off the page's text as not the article's.
    """

    url: str
    title: str | None = None
    subtitle: str | None = None
    body: str | None = field(default=None, repr=False)
    language: str | None = None
    authors: list[str] = field(default_factory=list)
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    image_url: str | None = None
    published: dt.datetime | None = None
    published_on: dt.date | None = None
    published_precision: str | None = None
    published_zone: str | None = None
    published_text: str | None = None
    published_rule: str | None = None
    modified: dt.datetime | None = None
    original_outlet: str | None = None
    original_url: str | None = None
    note: str | None = field(default=None, repr=False)
    layout: str | None = None
    canonical: str | None = None
    unreadable: str | None = None
    refused: str | None = None
    cut: list[str] = field(default_factory=list, repr=False)
    candidates: list[Candidate] = field(default_factory=list, repr=False)

    address_id: int | None = None
    site: str | None = None
    relevance: str | None = None
    relevance_score: float | None = None
    matched_terms: list[Match] = field(default_factory=list, repr=False)
    meetings: list[Tie] = field(default_factory=list, repr=False)
    facets: list[Facet] = field(default_factory=list, repr=False)
