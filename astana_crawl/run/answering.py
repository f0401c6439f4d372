"""Whether a site answers in a run, and when it is to be left alone until the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astana_crawl.fetch.pausing import Paused

MOST_SILENT = 10


@dataclass(slots=True)
class Answering:
    """How a site answers: `ever`, at all, so that a page without an answer is at fault itself; `silent` pages in a row.

    `stopped` says why no more pages are asked for, `failure` the same where that is new.
    """

    ever: bool = False
    silent: int = 0
    stopped: str | None = None
    failure: str | None = None

    def answered(self, status: int) -> None:
        """Note an answer; errors of the server and refusals of the moment are none."""
        if status < 500 and status != 429:
            self.ever, self.silent = True, 0

    def no_answer(self) -> None:
        """Note that a page gave none."""
        self.silent += 1
        if self.silent == MOST_SILENT and not self.stopped:
            self.stopped = self.failure = (
                f"{MOST_SILENT} pages in a row gave no answer: the others wait for the next run"
            )

    def pause(self, paused: Paused | None) -> None:
        """Note that the site wants to be left alone."""
        if paused and not self.stopped:
            self.stopped = f"{paused.reason}: its pages wait"
            self.failure = self.stopped if paused.news else None
