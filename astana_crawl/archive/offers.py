"""Offering: what a source names goes into the ledger, each address once, with every route that led to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from sqlalchemy import insert, literal, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from astana_crawl.archive.models import Address, Sighting, Visit
from astana_crawl.archive.types import UtcTime
from astana_crawl.identity import url_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from astana_crawl.items import Found

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


def reopen(db: Connection, address_id: int, reason: str, *, run_id: int | None, now: dt.datetime) -> None:
    """Make an address pending that its hints had passed over, and write the change down with its reason."""
    state = {"state": "pending", "reason": reason}
    db.execute(update(Address).where(Address.id == address_id).values(**state, judged_on=None, next_attempt_at=None))
    db.execute(insert(Visit), state | {"address_id": address_id, "run_id": run_id, "at": now})


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
