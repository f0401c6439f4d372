"""The ledger: every address a site ever offered, where it stands, and why; the queue of a crawl.

All functions work in the transaction of the connection they are given and take the time from their caller.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, or_, select, true, update

from astana_crawl.archive.models import Address, Article, Visit
from astana_crawl.archive.offers import Offer, Offered, offer
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
from astana_crawl.items import Match

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

__all__ = [
    "AGAIN",
    "PAUSES",
    "REVISITS",
    "Due",
    "Offer",
    "Offered",
    "SourceState",
    "close_crashed",
    "due",
    "finish_run",
    "look",
    "next_revisit",
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

_LATER = (dt.timedelta(days=1), dt.timedelta(days=7), dt.timedelta(days=30))
AGAIN = {"blocked": _LATER, "failed": _LATER, "gone": (dt.timedelta(days=3),)}
"""When an address that gave nothing is looked at again, after each time that it did: walls come down, servers come
back, and a page is gone once it was found so twice. After the last time its state is final."""

REVISITS = (dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=7), dt.timedelta(days=30))
"""How long after it was first seen an article is fetched again, to see what became of it."""

RECENT = dt.timedelta(days=30)
"""Articles published longer ago than this when they are first seen are history, and not revisited."""


def next_revisit(first_seen_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Return when an article is to be fetched again; None when the last time has passed."""
    return next((first_seen_at + step for step in REVISITS if first_seen_at + step > now), None)


@dataclass(frozen=True, slots=True)
class Due:
    """An address to be fetched now, with what its source said of it and what the last answer left.

    `article_id` is the article that it already gave, if it is `archived` and fetched again to see what became of that.
    Another `state` than these, of those in AGAIN, is one in which it is looked at again.
    """

    id: int
    url: str
    state: str
    title_hint: str | None
    published_hint: str | None
    lastmod_hint: str | None
    expected_on: dt.date | None
    found_by: str
    attempts: int
    article_id: int | None
    etag: str | None
    last_modified: str | None


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

    They are pending, due, of a day inside since and until (an unknown one is), and none of `exclude`. After them come
    the others that are to be fetched again, longest due first: archived ones and those of AGAIN.
    """
    columns = [getattr(Address, name) for name in Due.__slots__]
    query = select(*columns).where(
        Address.site == site,
        or_(Address.expected_on.is_(None), Address.expected_on >= since) if since else true(),
        or_(Address.expected_on.is_(None), Address.expected_on <= until) if until else true(),
    )
    if exclude:
        query = query.where(Address.id.not_in(exclude))
    waits = or_(Address.next_attempt_at.is_(None), Address.next_attempt_at <= now)
    first = query.where(Address.state == "pending", waits)
    first = first.order_by(Address.expected_on.desc().nulls_last(), Address.id).limit(limit)
    found = [Due(*row) for row in db.execute(first)]
    again = query.where(Address.state.in_(("archived", *AGAIN)), Address.next_attempt_at <= now)
    again = again.order_by(Address.next_attempt_at, Address.id).limit(limit - len(found))
    return [*found, *(Due(*row) for row in db.execute(again))] if len(found) < limit else found


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

    `http_status` says that the address was fetched. A state of AGAIN gets the time of its next look from there. An
    unknown state or address raises sqlalchemy's IntegrityError.
    """
    if state in AGAIN:
        attempts, next_attempt_at = _again(db, address_id, state, now)
    told = _told(
        http_status=http_status, fetched_at=now if http_status is not None else None, article_id=article_id,
        relevance_score=relevance_score, matched_terms=_terms(matched_terms), judged_on=judged_on,
        expected_on=expected_on, etag=etag, last_modified=last_modified, attempts=attempts,
    )  # fmt: skip
    state_now = {"state": state, "reason": reason, "next_attempt_at": next_attempt_at}
    db.execute(_SETTLE, told | state_now | {"this": address_id})
    visit = {"address_id": address_id, "run_id": run_id, "at": now, "state": state, "reason": reason}
    db.execute(_VISIT, visit | {"http_status": http_status, "page_id": page_id})


def _again(db: Connection, address_id: int, state: str, now: dt.datetime) -> tuple[int, dt.datetime | None]:
    """How often in a row an address gave nothing in this way, and when it is looked at again; None: never."""
    before = db.execute(select(Address.state, Address.attempts).where(Address.id == address_id)).one_or_none()
    times = before.attempts + 1 if before and before.state == state else 1
    return times, now + AGAIN[state][times - 1] if times <= len(AGAIN[state]) else None


_SETTLE = update(Address).where(Address.id == bindparam("this"))
_VISIT = insert(Visit)


def _told(**details: object) -> dict[str, object]:
    return {name: value for name, value in details.items() if value is not None}


def _terms(terms: Sequence[str | Match] | None) -> list[Any] | None:
    return [terms_row(one) if isinstance(one, Match) else one for one in terms or ()] or None


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
    counted: bool = True,
) -> str:
    """Put an address off after a failed attempt; returns its state: `pending`, or `failed` with its attempts used up.

    The pauses grow as PAUSES says, and are never shorter than the server asked for (`not_before`, from Retry-After). An
    attempt that is not `counted`, because the whole site did not answer, uses up none. An archived address stays
    `archived`: with its attempts used up it waits for its next turn in REVISITS; one of AGAIN stays as it is.
    """
    columns = Address.attempts, Address.state, Article.first_seen_at
    stands = select(*columns).outerjoin(Article, Article.id == Address.article_id).where(Address.id == address_id)
    tries, state, first_seen_at = db.execute(stands).one()
    pause = now + PAUSES[tries] if tries < len(PAUSES) else None if counted else now + PAUSES[-1]
    tries += counted
    if state == "archived":
        pause, tries = (pause, tries) if pause else (next_revisit(first_seen_at, now), 0)
    elif state in AGAIN:
        reason = f"looked at again: {reason}"
    else:
        state = "pending" if pause else "failed"
    settle(
        db, address_id, state, reason, run_id=run_id, now=now, http_status=http_status, page_id=page_id, attempts=tries,
        next_attempt_at=max(pause, not_before) if pause and not_before else pause,
    )  # fmt: skip
    return str(state)
