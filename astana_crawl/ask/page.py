"""One article as it was just read, for a person to look at before it is trusted."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from astana_crawl.ask.show import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astana_crawl.items import Article, Candidate

SHOWN = (
    "url", "title", "subtitle", "authors", "language", "section", "tags", "image_url", "published", "published_on",
    "published_precision", "published_zone", "published_text", "published_rule", "modified", "original_outlet",
    "original_url", "note", "layout", "relevance", "relevance_score",
)  # fmt: skip
NOT_SAVED = {"candidates", "cut", "address_id", "relevance", "relevance_score", "matched_terms", "meetings"}


def show_article(article: Article) -> Iterator[str]:
    """The lines to print: the fields that have a value, the body, what was cut, and the evidence, the chosen marked."""
    for name in SHOWN:
        if (value := getattr(article, name)) not in (None, "", []):
            yield f"{name:<20} {clean(', '.join(value) if isinstance(value, list) else str(value))}"
    words = dict.fromkeys(match.text for match in article.matched_terms)
    yield from (f"{'matched_terms':<20} {clean(', '.join(words))}",) if words else ()
    for tie in article.meetings:
        yield f"{'meeting':<20} {tie.meeting_id} {tie.role} {tie.basis}: {clean(tie.quote)}"
    yield from ("", *(clean(line) for line in (article.body or "").split("\n")), "")
    yield from (f"cut: {clean(text)}" for text in article.cut)
    for candidate in sorted(article.candidates, key=lambda one: (one.field, not one.chosen)):
        yield _evidence(candidate)


def _evidence(one: Candidate) -> str:
    raw = f"  from {clean(one.raw)!r}" if one.raw != one.value else ""
    return f"{'*' if one.chosen else ' '} {one.field:<16} {one.rule:<28} {clean(one.value)}{raw}"


def saved_article(article: Article) -> str:
    """The article as tests/pages keeps it beside the page: JSON of what was read from the page, evidence left out."""
    values = {one.name: _plain(getattr(article, one.name)) for one in fields(article) if one.name not in NOT_SAVED}
    return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
