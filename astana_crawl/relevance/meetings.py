"""The meetings of the process: the table of reference/meetings.toml."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astana_crawl import reference
from astana_crawl.reference import FOLDERS, Mistake
from astana_crawl.relevance.phrases import CITY


@dataclass(frozen=True, slots=True)
class Meeting:
    """One row of reference/meetings.toml; the columns of the archive's table `meetings`."""

    id: str
    kind: str
    number: int | None
    name: str
    city: str | None
    starts_on: dt.date
    ends_on: dt.date
    certainty: str
    source: str
    statement_url: str | None


_KINDS: dict[str, tuple[type, bool]] = {
    "kind": (str, True),
    "number": (int, False),
    "name": (str, True),
    "city": (str, False),
    "starts_on": (dt.date, True),
    "ends_on": (dt.date, True),
    "certainty": (str, True),
    "source": (str, True),
    "statement_url": (str, False),
}


@functools.cache
def load(folders: tuple[Path, ...] = FOLDERS) -> tuple[Meeting, ...]:
    """Return all meetings by their first day, from meetings.toml and the file of that name in data/reference.

    Raises ReferenceFileError, naming file, line and key, for an unknown key or a value of the wrong kind.
    """
    with reference.placing("meetings", folders):
        rows = [_meeting(id_, row) for id_, row in reference.load("meetings", folders).items()]
    return tuple(sorted(rows, key=lambda one: (one.starts_on, one.id)))


def _meeting(id_: str, row: Any) -> Meeting:
    if not isinstance(row, dict):
        raise Mistake((id_,), "must be a table, as [round-1]")
    for key in row.keys() - _KINDS.keys():
        raise Mistake((id_, key), "no such key")
    for key, (kind, needed) in _KINDS.items():
        if key not in row and needed:
            raise Mistake((id_, key), "is missing")
        if key in row and type(row[key]) is not kind:
            raise Mistake((id_, key), f"must be a {kind.__name__}, not {row[key]!r}")
    if row["certainty"] not in ("high", "medium"):
        raise Mistake((id_, "certainty"), f"must be high or medium, not {row['certainty']!r}")
    if row["ends_on"] < row["starts_on"]:
        raise Mistake((id_, "ends_on"), "lies before starts_on")
    values: dict[str, Any] = {key: row.get(key) for key in _KINDS}
    return Meeting(id=id_, **values)


def group_of_city(meeting: Meeting) -> str | None:
    """Return the group of terms.toml that holds the names of the meeting's city."""
    return meeting.city and {"Nur-Sultan": CITY}.get(meeting.city, meeting.city.lower())


def phase(meeting: Meeting, published_on: dt.date) -> tuple[int, str]:
    """Return the days from the meeting's first day (negative before it), and before, during or after."""
    days = (published_on - meeting.starts_on).days
    return days, "before" if days < 0 else "during" if published_on <= meeting.ends_on else "after"
