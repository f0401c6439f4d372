"""A source as it is read in one run, and what the archive keeps of that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from astana_crawl.archive import ledger
from astana_crawl.fetch.answers import utcnow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from astana_crawl.archive.ledger import SourceState
    from astana_crawl.discover import Source, Window
    from astana_crawl.run.memory import Memory


@dataclass(slots=True)
class Look:
    """One source as it is read in this run, over all of its pages.

    `problem` is why it was not read in full; with `failed` it gave nothing, else some of its entries were no use.
    """

    source: Source
    id: int
    state: SourceState
    memory: Memory
    asked: set[str] = field(default_factory=set)
    open: int = 0
    closed: bool = False
    unchanged: bool = False
    offered: int = 0
    new: int = 0
    passed_over: int = 0
    newest_at: dt.datetime | None = None
    problem: str | None = None
    failed: bool = False
    validators: dict[str, Any] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    repeated: int = 0

    def fail(self, problem: str) -> None:
        """Note that the source could not be read."""
        self.problem, self.failed = problem, True

    def repeats(self, urls: Iterable[str]) -> int:
        """How many pages in a row, with this one, named only addresses that earlier pages of the look named."""
        told = {hash(url) for url in urls}
        self.repeated = 0 if told - self.named else self.repeated + 1
        self.named |= told
        return self.repeated

    def write(self, db: Connection, run_id: int, window: Window, reason: str | None) -> None:
        """Write down how the reading went; without a `reason` the source was read to its end."""
        ok = reason is None
        ledger.look(
            db, run_id=run_id, source_id=self.id, since_on=window.since, until_on=window.until, offered=self.offered,
            new=self.new, passed_over=self.passed_over, newest_at=self.newest_at, complete=ok, reason=reason,
        )  # fmt: skip
        ledger.tried(db, self.id, now=utcnow(), ok=ok, reason=reason, **(self.validators if ok else {}))
