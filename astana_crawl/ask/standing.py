"""What is known of an address and of its article, as plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """A page on disk: the WARC file (relative to PAGES_DIR), the offset in it, when it was fetched, from where.

    `rights` is what it reserves.
    """

    file: str
    offset: int
    fetched_at: dt.datetime
    origin: str
    rights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A source that offered the address, and when it did so first."""

    at: dt.datetime
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Visited:
    """One fetch of the address or one change of its state."""

    at: dt.datetime
    http_status: int | None
    state: str
    reason: str | None
    page: Kept | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One value that a field could have, by which rule, from which raw text."""

    value: str
    rule: str
    raw: str
    chosen: bool


LISTS = ("authors", "tags")
"""Fields that have several values at once."""


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """All readings of one field, the chosen one first; `disagree` when they mean different things."""

    field: str
    readings: tuple[Reading, ...]

    @property
    def meanings(self) -> int:
        """How many different things the readings say: one moment is the same with any offset, and is of its day."""
        values = {reading.value for reading in self.readings}
        if self.field in LISTS:
            rules = {rule for reading in self.readings for rule in reading.rule.split(", ")}
            return len(
                {frozenset(one.value for one in self.readings if rule in one.rule.split(", ")) for rule in rules}
            )
        if self.field not in ("published", "modified"):
            return len(values)
        days = {value[:10] for value in values if "T" in value}
        moments = {dt.datetime.fromisoformat(value) for value in values if "T" in value}
        return len(moments) + len({value for value in values if "T" not in value} - days)

    @property
    def disagree(self) -> bool:
        """Whether the readings mean different things."""
        return self.meanings > 1


@dataclass(frozen=True, slots=True)
class Meets:
    """The article's tie to a meeting, with the words that decided."""

    meeting_id: str
    name: str
    role: str
    basis: str
    quote: str | None
    phase: str | None
    day_offset: int | None


@dataclass(frozen=True, slots=True)
class Names:
    """A party, person or topic (`kind`) that the article names, with the words that name it."""

    kind: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revised:
    """One state of the article's text: its headline, and the text itself where there is more than one state."""

    number: int
    seen_at: dt.datetime
    cause: str
    title: str
    page: Kept | None
    body: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class InStory:
    """Another article of the same story: a copy or translation, or the one that this is a copy of."""

    key: str
    outlet: str
    published: dt.datetime | dt.date | None
    title: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Another field that moved."""

    at: dt.datetime
    field: str
    old: str | None
    new: str | None
    cause: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """An article, without its text, and what it rests on; `row` are its columns by name."""

    row: dict[str, Any]
    story: tuple[InStory, ...]
    meetings: tuple[Meets, ...]
    facets: tuple[Names, ...]
    revisions: tuple[Revised, ...]
    changes: tuple[Changed, ...]
    evidence: tuple[FieldEvidence, ...]
    other_addresses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an address stands: its row in the ledger by column (None for an article without one), and the rest."""

    address: dict[str, Any] | None
    seen: tuple[Seen, ...]
    visits: tuple[Visited, ...]
    article: Dossier | None
