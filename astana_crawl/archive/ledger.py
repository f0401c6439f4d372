"""The ledger: every address a site ever offered, where it stands, and why; the queue of a crawl.

All functions work in the transaction of the connection they are given and take the time from their caller.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from sqlalchemy import bindparam, insert, literal, or_, select, true, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from astana_crawl.archive.models import Address, Sighting, Visit
from astana_crawl.archive.registry import (
    SourceState,
    close_crashed,
    finish_run,
    look,
    register_site,
    source_id,
    source_state,
    start_run,
    tried,
)
from astana_crawl.archive.types import UtcTime
from astana_crawl.identity import url_hash
from astana_crawl.items import Match

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from astana_crawl.items import Found

__all__ = [
    "PAUSES",
    "Due",
    "Offer",
    "Offered",
    "SourceState",
    "close_crashed",
    "due",
    "finish_run",
    "look",
    "offer",
    "register_site",
    "retry_later",
    "settle",
    "source_id",
    "source_state",
    "start_run",
    "tried",
]

PAUSES = (dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(hours=6), dt.timedelta(days=1), dt.timedelta(3))
"""How long an address rests after each failed attempt; after one more it is `failed`."""

_CHUNK = 1000  # SQLite takes 32,766 values in one statement


@dataclass(frozen=True, slots=True)
class Offer:
    """An address that a source offers and the verdict on its hints: `pending`, `off_topic` or `out_of_window`."""

    found: Found
    state: str
    reason: str | None
    expected_on: dt.date | None
    judged_on: str | None


@dataclass(frozen=True, slots=True)
class Offered:
    """How many addresses were offered, how many the ledger did not have (of these: off_topic), and how many it had.

    Of the known ones `reopened` became pending again. Spellings of one address in one batch count once in `new`.
    """

    offered: int
    new: int
    known: int
    off_topic: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """An address to be fetched now, with what its source said of it and what the last answer left."""

    id: int
    url: str
    title_hint: str | None
    published_hint: str | None
    lastmod_hint: str | None
    expected_on: dt.date | None
    found_by: str
    attempts: int
    article_id: int | None
    etag: str | None
    last_modified: str | None


def offer(
    db: Connection,
    site: str,
    source_id: int,
    kind: str,
    found_in: str | None,
    offers: Sequence[Offer],
    now: dt.datetime,
    run_id: int | None,
) -> Offered:
    """Enter what a source offers into the ledger; `kind` is the source's, `found_in` the address of its response.

    A new address gets a row, each route to it a sighting. A known one keeps its state, but that one passed over as
    outside the days asked for, or as off topic by its hints, becomes pending when the offer now says so. Addresses are
    kept as they were offered, without a fragment, for they are to be fetched; what is no web address is left out.
    """
    by_hash = _by_hash(offers)
    known = _known(db, by_hash)
    fresh = {key: one for key, one in by_hash.items() if key not in known}
    if fresh:
        common = {"site": site, "found_by": kind, "found_in": found_in, "found_at": now}
        db.execute(insert(Address), [_row(key, one) | common for key, one in fresh.items()])
    again = [(row, one) for key, row in known.items() if _reopens(row, one := by_hash[key])]
    for row, one in again:
        _reopen(db, row, one)
    _note_states(db, [key for key, one in fresh.items() if one.state != "pending"], now, run_id)
    _note_states(db, [row.url_hash for row, _ in again], now, run_id)
    _note_sightings(db, list(by_hash), source_id, now)
    off_topic = sum(one.state == "off_topic" for one in fresh.values())
    return Offered(len(offers), len(fresh), len(known), off_topic, len(again))


def _by_hash(offers: Sequence[Offer]) -> dict[str, Offer]:
    found: dict[str, Offer] = {}
    for one in offers:
        try:
            found.setdefault(url_hash(one.found.url), one)
        except ValueError:
            continue  # no web address: nothing that could be fetched
    return found


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))


def _known(db: Connection, by_hash: Mapping[str, Offer]) -> dict[str, Row[Any]]:
    columns = (Address.id, Address.url_hash, Address.state, Address.judged_on, Address.expected_on)
    return {
        row.url_hash: row  # type: ignore[misc]
        for keys in _chunks(list(by_hash))
        for row in db.execute(select(*columns).where(Address.url_hash.in_(keys)))
    }


def _row(key: str, one: Offer) -> dict[str, Any]:
    return {
        "url": urldefrag(one.found.url.strip()).url,
        "url_hash": key,
        "title_hint": one.found.title,
        "published_hint": one.found.published,
        "lastmod_hint": one.found.lastmod,
        "expected_on": one.expected_on,
        "state": one.state,
        "reason": one.reason,
        "judged_on": one.judged_on,
    }


def _reopens(row: Row[Any], one: Offer) -> bool:
    passed_over = row.state == "out_of_window" or (row.state == "off_topic" and row.judged_on == "hint")
    return passed_over and one.state == "pending"


def _reopen(db: Connection, row: Row[Any], one: Offer) -> None:
    """The day that a page gave stays: with a narrower window the address is then pending but not due."""
    hints = {
        "title_hint": one.found.title,
        "published_hint": one.found.published,
        "lastmod_hint": one.found.lastmod,
        "expected_on": one.expected_on if row.judged_on == "hint" else row.expected_on or one.expected_on,
    }
    values = {name: hint for name, hint in hints.items() if hint is not None}
    state = {"state": "pending", "reason": None, "judged_on": None, "next_attempt_at": None}
    db.execute(update(Address).where(Address.id == row.id).values(**values, **state))


def _note_states(db: Connection, keys: Sequence[str], now: dt.datetime, run_id: int | None) -> None:
    for some in _chunks(keys):
        states = select(Address.id, literal(run_id), literal(now, UtcTime), Address.state, Address.reason)
        rows = states.where(Address.url_hash.in_(some)).order_by(Address.id)
        db.execute(insert(Visit).from_select(["address_id", "run_id", "at", "state", "reason"], rows))


def _note_sightings(db: Connection, keys: Sequence[str], source_id: int, now: dt.datetime) -> None:
    for some in _chunks(keys):
        rows = select(Address.id, literal(source_id), literal(now, UtcTime)).where(Address.url_hash.in_(some))
        seen = insert_or(Sighting).from_select(["address_id", "source_id", "seen_at"], rows)
        db.execute(seen.on_conflict_do_nothing())


def due(
    db: Connection,
    site: str,
    *,
    now: dt.datetime,
    since: dt.date | None,
    until: dt.date | None,
    limit: int,
    exclude: Collection[int],
) -> list[Due]:
    """Return at most `limit` addresses of a site to fetch now, newest hint first, those without a day last.

    They are pending, due, of a day inside since and until (an unknown one is), and none of `exclude`.
    """
    columns = [getattr(Address, name) for name in Due.__slots__]
    query = select(*columns).where(
        Address.site == site,
        Address.state == "pending",
        or_(Address.next_attempt_at.is_(None), Address.next_attempt_at <= now),
        or_(Address.expected_on.is_(None), Address.expected_on >= since) if since else true(),
        or_(Address.expected_on.is_(None), Address.expected_on <= until) if until else true(),
    )
    if exclude:
        query = query.where(Address.id.not_in(exclude))
    query = query.order_by(Address.expected_on.desc().nulls_last(), Address.id).limit(limit)
    return [Due(*row) for row in db.execute(query)]


def settle(
    db: Connection,
    address_id: int,
    state: str,
    reason: str | None,
    *,
    run_id: int | None,
    now: dt.datetime,
    http_status: int | None = None,
    page_id: int | None = None,
    article_id: int | None = None,
    relevance_score: float | None = None,
    matched_terms: Sequence[str | Match] | None = None,
    judged_on: str | None = None,
    expected_on: dt.date | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    next_attempt_at: dt.datetime | None = None,
    attempts: int | None = None,
) -> None:
    """Give an address its state with the reason, and write the visit down; what is None stays as it is in the row.

    `http_status` says that the address was fetched. An unknown state or address raises sqlalchemy's IntegrityError.
    """
    details = {
        "http_status": http_status,
        "fetched_at": now if http_status is not None else None,
        "article_id": article_id,
        "relevance_score": relevance_score,
        "matched_terms": [terms_row(one) if isinstance(one, Match) else one for one in matched_terms or ()] or None,
        "judged_on": judged_on,
        "expected_on": expected_on,
        "etag": etag,
        "last_modified": last_modified,
        "attempts": attempts,
    }
    values = {name: value for name, value in details.items() if value is not None}
    state_now = {"state": state, "reason": reason, "next_attempt_at": next_attempt_at}
    db.execute(_SETTLE, values | state_now | {"this": address_id})
    visit = {"address_id": address_id, "run_id": run_id, "at": now, "state": state, "reason": reason}
    db.execute(_VISIT, visit | {"http_status": http_status, "page_id": page_id})


_SETTLE = update(Address).where(Address.id == bindparam("this"))
_VISIT = insert(Visit)


def terms_row(match: Match) -> dict[str, Any]:
    """Return a match as matched_terms keeps it."""
    return {"term": match.term, "where": match.where, "start": match.start, "text": match.text}


def retry_later(
    db: Connection,
    address_id: int,
    reason: str,
    *,
    run_id: int | None,
    now: dt.datetime,
    http_status: int | None = None,
    page_id: int | None = None,
    not_before: dt.datetime | None = None,
) -> str:
    """Put an address off after a failed attempt; returns its state: `pending`, or `failed` with its attempts used up.

    The pauses grow as PAUSES says, and are never shorter than the server asked for (`not_before`, from Retry-After).
    """
    tries = db.execute(select(Address.attempts).where(Address.id == address_id)).scalar_one() + 1
    state = "pending" if tries <= len(PAUSES) else "failed"
    pause = now + PAUSES[tries - 1] if state == "pending" else None
    settle(
        db, address_id, state, reason, run_id=run_id, now=now, http_status=http_status, page_id=page_id, attempts=tries,
        next_attempt_at=max(pause, not_before) if pause and not_before else pause,
    )  # fmt: skip
    return state
