"""What `why` found, in plain words."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from astana_crawl.ask.difference import difference
from astana_crawl.ask.show import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from astana_crawl.ask.standing import Changed, Dossier, FieldEvidence, Kept, Meets, Revised, Seen, Standing, Visited

STATES = {
    "pending": "waits to be fetched",
    "archived": "in the archive",
    "off_topic": "not kept: it is about something else",
    "duplicate": "not kept a second time: the archive has this article",
    "unreadable": "fetched, but no article could be read from the page",
    "blocked": "not to be had: the site puts up a wall",
    "gone": "the site has it no more",
    "failed": "given up after repeated attempts",
    "disallowed": "not fetched: robots.txt forbids it",
    "out_of_window": "outside the days that the runs so far asked for",
    "withheld": "withheld by a person",
}

LONGEST_VALUE = 300


def account(standing: Standing, pages_dir: Path) -> Iterator[str]:
    """Yield the lines of an account of an address and of its article; `pages_dir` is where the page files lie."""
    if standing.address:
        yield from _address(standing.address, standing.article)
        yield from _section("Found", _seen(standing.address, standing.seen))
        yield from _section("Visits", _visits(standing.visits, pages_dir))
    if standing.article:
        yield from _article(standing.article, pages_dir)


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield a title and its lines, two blanks in; nothing without lines."""
    if found := list(lines):
        yield from ("", title)
        yield from (f"  {line}" for line in found)


def _pairs(pairs: Sequence[tuple[str, Any]]) -> Iterator[str]:
    """Yield `name  value` for what is known."""
    known = [(name, _text(value)) for name, value in pairs if value not in (None, "", [])]
    width = max((len(name) for name, _ in known), default=0)
    return (f"{name:<{width}}  {value}" for name, value in known)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return ", ".join(map(_text, value)) if isinstance(value, list) else str(value)


def _rows(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Yield rows aligned without a head."""
    texts = [["" if value is None else _text(value) for value in row] for row in rows]
    return (line for number, line in enumerate(aligned([""] * len(texts[0]), texts)) if number) if texts else iter(())


# --- the address


def _address(address: dict[str, Any], article: Dossier | None) -> Iterator[str]:
    judged = " (judged by its address and headline, not fetched)" if address["judged_on"] == "hint" else ""
    yield address["url"]
    yield from _pairs(
        [
            ("state", f"{address['state']}: {STATES[address['state']]}{judged}"),
            ("reason", address["reason"]),
            ("article", article and article.row["key"]),
            ("site", address["site"]),
            ("next attempt", _next_attempt(address)),
            ("attempts", address["attempts"] or None),
            ("last fetched", address["fetched_at"]),
            ("status", address["http_status"]),
            ("relevance", None if article else address["relevance_score"]),
            ("words found", None if article else terms(address["matched_terms"])),
        ]
    )


def _next_attempt(address: dict[str, Any]) -> Any:
    if address["state"] == "pending":
        return address["next_attempt_at"] or "with the next run"
    return address["next_attempt_at"]


def _seen(address: dict[str, Any], seen: Sequence[Seen]) -> Iterator[str]:
    yield from _rows([(one.at, one.kind, one.url) for one in seen])
    yield from _pairs(
        [
            ("first", f"{_text(address['found_at'])} by {address['found_by']}"),
            ("in", address["found_in"]),
            ("headline there", address["title_hint"]),
            ("published there", address["published_hint"]),
            ("modified there", address["lastmod_hint"]),
        ]
    )


def _visits(visits: Sequence[Visited], pages_dir: Path) -> Iterator[str]:
    return _rows([(one.at, one.http_status, one.state, _with_page(one.reason, one.page, pages_dir)) for one in visits])


def _with_page(text: str | None, page: Kept | None, pages_dir: Path) -> str:
    return "; ".join(filter(None, [text, f"page kept: {place(page, pages_dir)}" if page else None]))


def place(page: Kept, pages_dir: Path) -> str:
    """Where a kept page lies, from where it came when not from the live web, and what it reserves."""
    origin = f" ({page.origin})" if page.origin != "live" else ""
    reserves = f", which reserves {', '.join(page.rights)}" if page.rights else ""
    return f"{pages_dir / page.file} at byte {page.offset}{origin}{reserves}"


# --- the article


def _article(article: Dossier, pages_dir: Path) -> Iterator[str]:
    yield from _section(f"Article {article.row['key']}", _pairs(_facts(article)))
    yield from _section("Meetings", _rows([_tie(meets) for meets in article.meetings]))
    yield from _section("The same story", _rows([(s.published, s.outlet, s.key, s.title) for s in article.story]))
    yield from _section("Names", _rows([(one.kind, one.name, ", ".join(one.words)) for one in article.facets]))
    for evidence in article.evidence:
        yield from _section(_title(evidence), _readings(evidence))
    yield from _section("Revisions", _revisions(article.revisions, pages_dir))
    yield from _section("Changes", _rows([_change(change) for change in article.changes]))
    yield from _section("Other addresses of it", _rows(article.other_addresses))


def _facts(article: Dossier) -> list[tuple[str, Any]]:
    row = article.row
    return [
        ("title", row["title"]), ("subtitle", row["subtitle"]), ("authors", row["authors"]), ("url", row["url"]),
        ("site", row["site"]), ("language", row["language"]),
        ("published", _published(row)), ("by the rule", row["published_rule"]), ("as written", row["published_text"]),
        ("modified", row["modified_at"]),
        ("relevance", _relevance(row)), ("by the words", terms(row["matched_terms"])),
        ("taken from", row["original_outlet"]), ("original at", row["original_url"]), ("note", row["note"]),
        ("words", row["word_count"]), ("layout", row["layout"]),
        ("first seen", row["first_seen_at"]), ("last seen", row["last_seen_at"]), ("changed", row["changed_at"]),
        ("gone since", row["gone_at"]),
    ]  # fmt: skip


def _published(row: dict[str, Any]) -> str:
    if row["published_on"] is None:
        return "unknown: the page does not say it clearly"
    if row["published_at"] is None:
        return f"{row['published_on']} (the day only)"
    zone = f", read in the zone {row['published_zone']}" if row["published_zone"] else ""
    return f"{row['published_on']}, at {_text(row['published_at'])}{zone}"


def _relevance(row: dict[str, Any]) -> str:
    score = f", score {row['relevance_score']:g}" if row["relevance_score"] is not None else ""
    return f"{row['relevance']}{score}"


def terms(kept: list[Any] | None) -> list[str]:
    """What decided: each term once, with the fewest words that stand for it; terms with the same words together."""
    shortest: dict[str, Any] = {}
    for one in kept or []:
        term = one["term"] if isinstance(one, dict) else str(one)
        if term not in shortest or len(one["text"]) < len(shortest[term]["text"]):
            shortest[term] = one
    by_words: dict[tuple[str, str], list[str]] = {}
    for term, one in shortest.items():
        words = (one["text"], one["where"]) if isinstance(one, dict) else (term, "")
        by_words.setdefault(words, []).append(term)
    return [f"{text} ({'; '.join(named)}, {where})" if where else text for (text, where), named in by_words.items()]


def _tie(tie: Meets) -> tuple[Any, ...]:
    when = f"{tie.phase}, day {tie.day_offset:+d}" if tie.phase and tie.day_offset is not None else tie.phase
    quote = f"“{tie.quote}”" if tie.quote else None
    return tie.role, tie.meeting_id, tie.basis, when, quote


def _title(evidence: FieldEvidence) -> str:
    return f"Evidence for {evidence.field}" + (f": {evidence.meanings} values disagree" if evidence.disagree else "")


def _readings(evidence: FieldEvidence) -> Iterator[str]:
    return _rows(
        [
            ("*" if one.chosen else " ", one.value, one.rule, f"“{one.raw}”" if one.raw != one.value else None)
            for one in evidence.readings
        ]
    )


def _revisions(revisions: Sequence[Revised], pages_dir: Path) -> Iterator[str]:
    """Each revision, and below it what changed in it, word by word."""
    rows = _rows([(one.number, one.seen_at, one.cause, _with_page(None, one.page, pages_dir)) for one in revisions])
    for row, one, before in zip(rows, revisions, (None, *revisions), strict=False):
        yield row
        if before:
            yield from (f"     headline: {text}" for text in difference(before.title, one.title))
            yield from (f"     {text}" for text in difference(before.body, one.body))


def _change(change: Changed) -> tuple[Any, ...]:
    old, new = (_value(change.field, value) for value in (change.old, change.new))
    return change.at, change.field, f"{old} -> {new}", change.cause


def _value(field: str, kept: str | None) -> str:
    if kept is None:
        return "(nothing)"
    text = ", ".join(map(_TIED[field], json.loads(kept))) if field in _TIED else kept
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _tied(tie: dict[str, Any]) -> str:
    quote = f" “{tie['quote']}”" if tie["quote"] else ""
    return f"{tie['meeting_id']} ({tie['role']}, {tie['basis']}){quote}"


def _named(facet: dict[str, Any]) -> str:
    return f"{facet['kind']} {facet['name']} “{', '.join(facet['words'] or ())}”"


_TIED = {"meetings": _tied, "facets": _named}
