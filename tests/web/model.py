"""What the small web is made of: stories read from articles/*.toml, and what is served and expected of them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; `body` is as served, so it is content-encoded when the headers say so."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Expected:
    """What an archive must hold of one article: the truth that whole archives are compared with.

    `url` is the address as the page's rel=canonical spells it (compare it through `canonical_url`), `also` are other
    spellings of it that a source offers, `published` is ISO 8601 with the offset the page carries, `relevance`
    core|related|off, `meeting` the meeting the article is chiefly about (round-21, summit-2, ministerial-2018-03-16;
    None when it is about none or several), `paragraphs` the whole text without sub-headings, `note` what is odd.
    """

    site: str
    url: str
    language: str
    title: str
    published: str
    relevance: str
    meeting: str | None
    note: str | None
    paragraphs: tuple[str, ...] = field(repr=False)
    also: tuple[str, ...] = ()
    original_outlet: str | None = None

    @property
    def round(self) -> int | None:
        """The number of the round, None when the article is not chiefly about one."""
        kind, _, number = (self.meeting or "").partition("-")
        return int(number) if kind == "round" else None

    @property
    def first(self) -> str:
        """The first sentence of the text."""
        return sentences(self.paragraphs[0])[0]

    @property
    def last(self) -> str:
        """The last sentence of the text."""
        return sentences(self.paragraphs[-1])[-1]


@dataclass(frozen=True)
class Stray:
    """An offered address that gives no article of its own: what is duplicate|gone|unreadable|disallowed."""

    site: str
    url: str
    what: str
    article: str | None = None


@dataclass(frozen=True)
class Story:
    """One article as its author wrote it; `path` is below the outlet's host, `feed_link` the spelling in the feed."""

    path: str
    title: str
    published: dt.datetime
    relevance: str
    text: str
    language: str
    meeting: str | None = None
    caption: str | None = None
    lead: str | None = None
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    original_outlet: str | None = None
    original_url: str | None = None
    feed_link: str | None = None
    note: str | None = None
    dateline: str | None = None

    @property
    def blocks(self) -> tuple[str, ...]:
        """Paragraphs and sub-headings (these begin with '## ')."""
        return tuple(" ".join(block.split()) for block in self.text.strip().split("\n\n"))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(block for block in self.blocks if not block.startswith("## "))


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph of ours (which has no abbreviation with a full stop)."""
    return re.split(r"(?<=[.!?؟])\s+|(?<=[.!?؟][”»])\s+", paragraph)


@cache
def stories(name: str) -> tuple[Story, ...]:
    """The stories of articles/<name>.toml, newest first; top-level keys are defaults, paths may be in any script."""
    data = tomllib.loads((HERE / "articles" / f"{name}.toml").read_text(encoding="utf-8"))
    rows = [{**{k: v for k, v in data.items() if k != "article"}, **row} for row in data["article"]]
    made = [Story(**row | {"path": quote(row["path"], "/%"), "tags": tuple(row.get("tags", ()))}) for row in rows]
    return tuple(sorted(made, key=lambda story: story.published, reverse=True))


def expect(site: str, base: str, story: Story) -> Expected:
    """The truth about one story of a site at `base`."""
    url = base + story.path
    also = (story.feed_link,) if story.feed_link and story.feed_link != url else ()
    return Expected(
        site,
        url,
        story.language,
        story.title,
        story.published.isoformat(),
        story.relevance,
        story.meeting,
        story.note,
        story.paragraphs,
        also,
        story.original_outlet,
    )
