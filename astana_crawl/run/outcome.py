"""How a run ended: its outcome, its exit status, and the figures of the closing table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from astana_crawl.run.history import LOST

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
NOTHING = ("gone", "failed", "put_off", "disallowed")  # ways for an address to give nothing, some only for now
COLUMNS = ("found", "new", "off_topic", "duplicates", "unreadable", "failed")

FEWEST_UNREADABLE = 3  # pages, and at least
SHARE_UNREADABLE = 0.2  # of a run's pages: then the site has changed its layout or put up a wall
SHARE_LOST = 0.8  # of a run's pages: single articles are withdrawn, whole lists of them are not

BUDGETS = {
    "closespider_pagecount": "CLOSESPIDER_PAGECOUNT is reached",
    "closespider_itemcount": "CLOSESPIDER_ITEMCOUNT is reached",
    "closespider_timeout": "CLOSESPIDER_TIMEOUT is over",
    "memusage_exceeded": "the program used more memory than MEMUSAGE_LIMIT_MB",
    "shutdown": "it was told to stop",
    None: "it was killed",
}
"""Scrapy's reasons for closing a spider before its end, in words."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit status of a run, its name in runs.outcome, and why it is not 0."""

    status: int
    reasons: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The outcome as runs.outcome keeps it."""
        return NAMES[self.status]


@dataclass(frozen=True, slots=True)
class Ended:
    """A run and its outcome; `counts` says whether the outcome enters the status of the command."""

    run: Run
    outcome: Outcome
    counts: bool = True

    @property
    def attention(self) -> bool:
        """Whether somebody should look at it."""
        return self.counts and self.outcome.status != DONE


def outcome_of(
    run: Run, finish_reason: str | None, program_errors: int, *, without_answer: int = 0, turned: str | None = None
) -> Outcome:
    """Judge an ended run.

    `finish_reason` is Scrapy's, None when the spider never closed; `program_errors` are those in the log,
    `without_answer` requests of the spider's own that failed and that it did not ask about; `turned` why the site's
    pages, over several runs, can no longer be read.
    """
    if run.broken is not None:
        return Outcome(UNWRITABLE, (f"the archive cannot be written: {run.broken}",))
    if (errors := max(program_errors, run.errors)) or finish_reason == "start_error":
        return Outcome(ERROR, (f"{errors or 1} program error(s), see the log",))
    if finish_reason != "finished":
        return Outcome(INTERRUPTED, (f"ended early: {BUDGETS.get(finish_reason, finish_reason)}",))
    reasons = [f"{name}: {look.problem}" for name, look in run.looks.items() if look.failed]
    if without_answer:
        reasons.append(f"{without_answer} request(s) of the spider without an answer, see the log")
    if run.answering.failure:
        reasons.append(run.answering.failure)
    if lost := _lost(run) or (turned if run.states.keys() & LOST else None):
        reasons.append(lost)
    return Outcome(DEGRADED if reasons else DONE, tuple(reasons))


def _lost(run: Run) -> str | None:
    pages, refused = pages_of(run), run.states["unreadable"] + run.states["blocked"]
    if refused >= FEWEST_UNREADABLE and refused >= SHARE_UNREADABLE * pages:
        return f"{refused} of {pages} pages unreadable or blocked"
    gone = {state: run.states[state] for state in NOTHING if run.states[state]}
    lost = refused + sum(gone.values())
    if lost >= FEWEST_UNREADABLE and lost >= SHARE_LOST * pages:
        each = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in gone.items())
        return f"{lost} of {pages} pages gave nothing: {each}"
    return None


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
        "failed": sum(states[state] for state in NOTHING),
    }


def worst(statuses: Iterable[int]) -> int:
    """The status of several runs together, in the order 6, 1, 5, 3, 4, 0."""
    given = set(statuses)
    return next((status for status in WORST_FIRST if status in given), DONE)
