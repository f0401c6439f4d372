"""A run judged by the site's own past: what its sources offered, and whether its pages could be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astana_crawl.archive import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from astana_crawl.discover import Source, Window

MOST_LOOKS = 10
COLLAPSE = 5  # offering less than this part of the leanest look is no quiet day: feeds are as long on any day
FEWEST_LOOKS = 3  # before their leanest tells what is lean
SHORT = 4  # fewer results of a search than these may all go, one by one

MOST_PAGES = 60
RARE = 1e-4  # so many pages in a row without an article, by chance, once in ten thousand: something has changed
LOST = {"unreadable", "blocked", "gone"}


def shortfall_of(
    db: Connection, source: Source, source_id: int, *, offered: int, window: Window, expects: int | None
) -> str | None:
    """Why a source that was read without a problem offered too little; None when it did not.

    `offered` are the entries in its list, new or not: a quiet day shortens no list. `expects` is the spider's word on
    the fewest; it is for readings without a window.
    """
    if window.since is None and expects is not None:
        return f"offered {entries(offered)}; at least {expects} are expected" if offered < expects else None
    before = registry.offered_before(
        db, source_id, since=window.since, until=window.until, any_window=source.kind == "feed", most=MOST_LOOKS
    )
    return shortfall(offered, before, topical=source.topical, bulk=source.bulk)


def shortfall(offered: int, before: Sequence[int], *, topical: bool = False, bulk: bool = False) -> str | None:
    """Why `offered` entries are too few after the comparable looks `before` (how many entries each offered).

    None at all are too few where there always were some; but a short search result (`topical`) may run empty. Some are
    too few when they are less than a fifth of the leanest of at least three looks, but for a `bulk` list: of an index
    only what changed is read.
    """
    if not before or offered * COLLAPSE >= (leanest := min(before)):
        return None
    quiet = bulk or len(before) < FEWEST_LOOKS if offered else topical and leanest < SHORT
    return None if quiet else f"offered {entries(offered)}; {_looks(before)}"


def turned(states: Sequence[str]) -> str | None:
    """Why a site's pages can no longer be read; None when they can. `states` are of its last pages, newest first.

    This is for the site that brings a page or two a day, so that no single run has enough of them to tell. The more
    pages there were before, and the fewer of them were lost, the shorter the row that is no chance: three after sixty.
    """
    streak = next((number for number, state in enumerate(states) if state not in LOST), len(states))
    earlier = states[streak:]
    lost = sum(state in LOST for state in earlier)
    if ((lost + 1) / (len(earlier) + 2)) ** streak >= RARE:  # the rule of succession, for sites with few pages yet
        return None
    if not earlier:
        return f"none of the last {streak} pages could be read"
    return f"the last {streak} pages could not be read, of the {len(earlier)} before them {len(earlier) - lost} could"


def entries(count: int) -> str:
    """A number of entries, in words for a report."""
    return "1 entry" if count == 1 else f"{count} entries"


def _looks(before: Sequence[int]) -> str:
    last = "the last look" if len(before) == 1 else f"the last {len(before)} looks"
    low, high = min(before), max(before)
    return f"{last} offered {low}" if low == high else f"{last} offered {low} to {high}"
