"""What a whole reading of a source lets the next one leave out; kept in sources.cursor.

What was left out by a narrower window, other words of ours or another declaration of the site is no part of it: then
the source is read as if for the first time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from astana_crawl import __version__, reference
from astana_crawl.discover import EVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from astana_crawl.discover import Reading, Source, Window
    from astana_crawl.run.sift import Site

WHOLE_EVERY = dt.timedelta(days=7)  # some sites do not keep lastmod up to date: an address is late, never lost
MARGIN = dt.timedelta(days=1)  # a child that states today may change again today, and its zone is not known


@dataclass(slots=True)
class Memory:
    """The memory of one source in one run.

    `by` names what decides which entries get a row. `whole_on` is the day since which the children of an index were all
    read, `settled` their marks; `valid` says that a whole reading stands, so that a conditional request loses nothing.
    """

    by: str
    today: dt.date
    window: Window
    whole_on: dt.date
    settled: set[str] = field(default_factory=set)
    valid: bool = False

    def note(self, reading: Reading) -> bool:
        """Take in what an index lists but for what was changed lately; True when some of it was left out as settled."""
        self.settled |= {mark for mark, day in reading.listed if day < self.today - MARGIN}
        return any(mark in self.window.settled for mark, _ in reading.listed)

    def kept(self, validators: Mapping[str, str | None]) -> dict[str, str | None]:
        """The columns of `sources` once it was read to its end; none after a narrower window: it is not the whole."""
        if self.window.since or self.window.until:
            return {}
        told = {"by": self.by, "whole_on": str(self.whole_on), "settled": sorted(self.settled)}
        return {**validators, "cursor": json.dumps(told)}


def recall(cursor: str | None, source: Source, site: Site, today: dt.date) -> Memory:
    """The memory that `cursor` keeps of a source; an empty one when it does not hold for this run."""
    by, told = _judged_by(source, site), _told(cursor)
    if told.get("by") != by or site.window != EVER:
        return Memory(by, today, site.window, today)
    whole_on = dt.date.fromisoformat(told["whole_on"])
    if not today - WHOLE_EVERY < whole_on <= today:
        return Memory(by, today, site.window, today)
    settled = set(told["settled"])
    return Memory(by, today, replace(site.window, settled=frozenset(settled)), whole_on, settled, valid=True)


def _told(cursor: str | None) -> dict[str, Any]:
    try:
        told = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _judged_by(source: Source, site: Site) -> str:
    parts = (__version__, reference.digest(), repr(source), sorted(site.allowed_domains), site.language, site.zone)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
