"""How a run ended: its outcome, its exit status, and the figures of the closing table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astana_crawl.run.run import Run

DONE, ERROR, REFUSED, DEGRADED, HELD, INTERRUPTED, UNWRITABLE = range(7)
WORST_FIRST = (UNWRITABLE, ERROR, INTERRUPTED, DEGRADED, HELD, DONE)

NAMES = {
    DONE: "done",
    ERROR: "error",
    DEGRADED: "degraded",
    HELD: "held",
    INTERRUPTED: "interrupted",
    UNWRITABLE: "unwritable",
}
COLUMNS = ("found", "new", "off_topic", "duplicates", "unreadable", "failed")

FEWEST_UNREADABLE = 3  # pages, and at least
SHARE_UNREADABLE = 0.2  # of a run's pages: then the site has changed its layout or put up a wall


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit status of a run, its name in runs.outcome, and why it is not 0."""

    status: int
    reason: str | None = None

    @property
    def name(self) -> str:
        """The outcome as runs.outcome keeps it."""
        return NAMES[self.status]


def outcome_of(run: Run, finish_reason: str | None, program_errors: int) -> Outcome:
    """Judge an ended run; `finish_reason` is Scrapy's, None when the spider never closed."""
    if run.broken is not None:
        return Outcome(UNWRITABLE, f"the archive cannot be written: {run.broken}")
    if program_errors or run.errors or finish_reason == "start_error":
        return Outcome(ERROR, f"{program_errors + run.errors or 1} program error(s), see the log")
    if finish_reason != "finished":
        return Outcome(INTERRUPTED, f"ended early: {finish_reason or 'killed'}")
    if failed := run.counts["sources_failed"]:
        return Outcome(DEGRADED, f"{failed} source(s) could not be read")
    refused = run.states["unreadable"] + run.states["blocked"]
    if refused >= FEWEST_UNREADABLE and refused >= SHARE_UNREADABLE * pages_of(run):
        return Outcome(DEGRADED, f"{refused} of {pages_of(run)} pages unreadable or blocked")
    return Outcome(DONE)


def pages_of(run: Run) -> int:
    """How many addresses of articles the run fetched or tried to."""
    return run.states.total() - run.states["off_topic_by_hint"]


def figures(run: Run) -> dict[str, int]:
    """The figures of the closing table and of the row in `runs`, by column."""
    states = run.states
    return {
        "found": run.counts["found"],
        "new": states["archived"],
        "off_topic": states["off_topic"] + states["off_topic_by_hint"],
        "duplicates": states["duplicate"],
        "unreadable": states["unreadable"] + states["blocked"],
        "failed": states["failed"] + states["gone"] + states["disallowed"],
    }


def worst(statuses: Iterable[int]) -> int:
    """The status of several runs together, in the order 6, 1, 5, 3, 4, 0."""
    given = set(statuses)
    return next((status for status in WORST_FIRST if status in given), DONE)
