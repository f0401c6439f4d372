"""The sites, their sources and their runs, as the ledger keeps them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from astana_crawl.archive.base import inserted
from astana_crawl.archive.models import OUTCOMES, Address, Look, Pause, Run, Site, Source, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection


def register_site(
    db: Connection,
    name: str,
    *,
    outlet: str,
    title: str,
    home: str | None,
    country: str | None,
    language: str | None,
    party: str | None,
    condition: str = "active",
    condition_reason: str | None = None,
) -> None:
    """Enter a site, or bring its description up to date; the condition of a known one is a person's, and stays."""
    row = {"outlet": outlet, "title": title, "home": home, "country": country, "language": language, "party": party}
    columns = [Site.outlet, Site.title, Site.home, Site.country, Site.language, Site.party]
    known = db.execute(select(*columns).where(Site.name == name)).one_or_none()
    if known is None:
        more = {"name": name, "condition": condition, "condition_reason": condition_reason}
        db.execute(insert(Site), row | more)
    elif known._asdict() != row:
        db.execute(update(Site).where(Site.name == name), row)


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of a source: what a conditional request needs, how it last went, and whether it was read in full.

    `last_complete` is of the last look at it that had no window; False when there was none.
    """

    id: int
    etag: str | None
    last_modified: str | None
    cursor: str | None
    last_tried_at: dt.datetime | None
    last_ok_at: dt.datetime | None
    reason: str | None
    last_complete: bool


def source_id(db: Connection, site: str, kind: str, url: str) -> int:
    """Return the id of a source of a site, entering it when it is new."""
    here = (Source.site == site, Source.kind == kind, Source.url == url)
    known = db.execute(select(Source.id).where(*here)).scalar()
    return known or inserted(db, Source, {"site": site, "kind": kind, "url": url})


def source_state(db: Connection, source_id: int) -> SourceState:
    """Return the state of a source."""
    columns = [getattr(Source, name) for name in SourceState.__slots__[:-1]]
    row = db.execute(select(*columns).where(Source.id == source_id)).one()
    whole = (Look.source_id == source_id, Look.since_on.is_(None), Look.until_on.is_(None))
    last = select(Look.complete).where(*whole).order_by(Look.id.desc()).limit(1)
    return SourceState(**row._asdict(), last_complete=bool(db.execute(last).scalar()))


def tried(
    db: Connection,
    source_id: int,
    *,
    now: dt.datetime,
    ok: bool,
    reason: str | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    cursor: str | None = None,
) -> None:
    """Write down how asking a source went; validators and cursor that are None stay as they were."""
    given = {"last_ok_at": now if ok else None, "etag": etag, "last_modified": last_modified, "cursor": cursor}
    row = {name: value for name, value in given.items() if value is not None}
    db.execute(update(Source).where(Source.id == source_id), row | {"last_tried_at": now, "reason": reason})


def look(
    db: Connection,
    *,
    run_id: int | None,
    source_id: int,
    since_on: dt.date | None,
    until_on: dt.date | None,
    offered: int,
    new: int,
    passed_over: int,
    newest_at: dt.datetime | dt.date | None,
    complete: bool,
    reason: str | None,
) -> int:
    """Write down one reading of a source; returns its id. A bare day in `newest_at` counts from its midnight, UTC."""
    if newest_at is not None and not isinstance(newest_at, dt.datetime):
        newest_at = dt.datetime.combine(newest_at, dt.time(), dt.UTC)
    counts = {"offered": offered, "new": new, "passed_over": passed_over, "complete": int(complete)}
    window = {"since_on": since_on, "until_on": until_on, "newest_at": newest_at, "reason": reason}
    return inserted(db, Look, {"run_id": run_id, "source_id": source_id} | window | counts)


def start_run(
    db: Connection, *, site: str | None, command: str, version: str, reference_hash: str | None, now: dt.datetime
) -> int:
    """Open a run; returns its id."""
    row = {"site": site, "command": command, "version": version, "reference_hash": reference_hash}
    return inserted(db, Run, row | {"started_at": now})


def finish_run(
    db: Connection,
    run_id: int,
    *,
    outcome: str,
    exit_status: int,
    counts: Mapping[str, int],
    now: dt.datetime,
    reasons: Sequence[str] = (),
) -> None:
    """Close a run. `counts` with the name of a column (found, new, off_topic …) go there, the others into `counts`.

    So do the `reasons` for its outcome, as a list under that name. `now` is when the site was done with.
    """
    own = {name: counts.get(name, 0) for name in _COUNTED}
    rest: dict[str, Any] = {name: count for name, count in counts.items() if name not in own}
    if reasons:
        rest["reasons"] = list(reasons)
    end = {"outcome": outcome, "exit_status": exit_status, "finished_at": now, "counts": rest}
    db.execute(update(Run).where(Run.id == run_id), own | end)


_COUNTED = ("found", "new", "off_topic", "duplicates", "unreadable", "failed")


def close_crashed(db: Connection, site: str, now: dt.datetime) -> int:
    """Close the runs of a site that a kill left open, as interrupted; returns how many. Only for who holds the site."""
    end = {"outcome": "interrupted", "exit_status": OUTCOMES["interrupted"], "finished_at": now}
    return db.execute(update(Run).where(Run.site == site, Run.finished_at.is_(None)), end).rowcount


def pauses(db: Connection, now: dt.datetime) -> dict[str, dt.datetime]:
    """Return until when hosts asked to be left alone, by host, where that is still to come."""
    rows = db.execute(select(Pause.host, Pause.not_before).where(Pause.not_before > now))
    return {row.host: row.not_before for row in rows}


def keep_pauses(db: Connection, until: Mapping[str, dt.datetime]) -> None:
    """Write down until when hosts asked to be left alone."""
    for host, not_before in until.items():
        new = insert_or(Pause).values(host=host, not_before=not_before)
        db.execute(new.on_conflict_do_update(index_elements=[Pause.host], set_={"not_before": not_before}))


def offered_before(
    db: Connection, source_id: int, *, since: dt.date | None, until: dt.date | None, any_window: bool, most: int
) -> list[int]:
    """Return how many entries a source offered in its last `most` looks that went well and offered any, newest first.

    Only looks for days inside since and until count: at least as much must be offered now. A look without `since`, for
    what is new, stops at known ground and is like others without only. With `any_window` all looks are alike.
    """
    query = select(Look.offered).where(Look.source_id == source_id, Look.reason.is_(None), Look.offered > 0)
    if not any_window:
        query = query.where(Look.since_on >= since if since else Look.since_on.is_(None))
    if not any_window and until:
        query = query.where(Look.until_on <= until)
    return list(db.execute(query.order_by(Look.id.desc()).limit(most)).scalars())


def pages_before(db: Connection, site: str, most: int) -> list[str]:
    """Return the states that the last `most` fetches of pages of a site gave, newest first, each address once."""
    last = select(func.max(Visit.id).label("id")).join(Address, Address.id == Visit.address_id)
    last = last.where(Address.site == site, Visit.http_status.is_not(None)).group_by(Visit.address_id)
    newest = last.order_by(func.max(Visit.id).desc()).limit(most).subquery()
    query = select(Visit.state).join(newest, newest.c.id == Visit.id).order_by(Visit.id.desc())
    return list(db.execute(query).scalars())


def set_condition(db: Connection, site: str, condition: str, reason: str | None) -> None:
    """Write down a person's word on a site: `active`, `paused` or `known_wall`, and why."""
    db.execute(update(Site).where(Site.name == site), {"condition": condition, "condition_reason": reason})
