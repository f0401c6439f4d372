"""The meetings of the process, and which of them an article is about or names."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from astana_crawl import reference
from astana_crawl.items import Tie
from astana_crawl.reference import FOLDERS, Mistake
from astana_crawl.relevance.phrases import CITY, PARTIES, Reading, read

if TYPE_CHECKING:
    from astana_crawl.relevance import Judgment

WINDOW = dt.timedelta(days=7)


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


def tie(judgment: Judgment, title: str, body: str, published_on: dt.date | None) -> tuple[Tie, ...]:
    """Return the article's ties: the meetings it names, and for a core article the one whose days hold its own day.

    A meeting's days are those from a week before to a week after. Unless the headline names another as its subject,
    such a meeting is the main one, provided that the content fits its kind and city: basis `named` when the text names
    it, else `dated`, with the first words that made the article core as quote. A named one that gives way is mentioned.
    """
    if judgment.label != "core" or published_on is None:
        return judgment.meetings
    dated = _of_that_day(read(title, body), published_on)
    main = next((one for one in judgment.meetings if one.role == "main"), None)
    if dated is None or (main is not None and (main.meeting_id == dated.id or main.quote in title)):
        return judgment.meetings
    ties = tuple(_with_main(one, dated.id) for one in judgment.meetings)
    if any(one.meeting_id == dated.id for one in ties):
        return ties
    return (Tie(dated.id, "main", "dated", judgment.terms[0].text), *ties)


def _with_main(one: Tie, main: str) -> Tie:
    role = "main" if one.meeting_id == main else "mentioned" if one.role == "main" else one.role
    return replace(one, role=role)


def _of_that_day(reading: Reading, day: dt.date) -> Meeting | None:
    """Return the meeting nearest to the day among those whose week before or after holds it and whose content fits."""
    near = [one for one in load() if one.starts_on - WINDOW <= day <= one.ends_on + WINDOW and _fits(reading, one)]
    return min(near, key=lambda one: max((one.starts_on - day).days, (day - one.ends_on).days, 0), default=None)


def _fits(reading: Reading, meeting: Meeting) -> bool:
    """Whether headline and lead speak of such a meeting: its kind, and its city or all parties; a round: the city."""
    lead = range(reading.title_words + int(reading.rules.score["lead_words"]))
    city = group_of_city(meeting)
    if meeting.kind == "round":
        return CITY in reading.at or city in reading.at
    groups = {"summit": ("summit", "presidents"), "ministerial": ("ministers",), "technical": ("technical",)}
    kind_fits = any(reading.has(group, lead) for group in groups.get(meeting.kind, ()))
    parties = all(reading.has(party, lead) for party in PARTIES)
    return kind_fits and (parties or (city is not None and reading.has(city, lead)))
