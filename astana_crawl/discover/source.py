"""What every source has in common: it asks for addresses and reads what comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from astana_crawl.items import Found

if TYPE_CHECKING:
    from scrapy.http import Response


@dataclass(frozen=True, slots=True)
class Window:
    """The days a run is about, both included; None is open.

    `settled` are the marks of an index's children that need not be asked for again, as an earlier Reading listed them.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    settled: frozenset[str] = frozenset()

    def admits(self, day: dt.date | None) -> bool:
        """Whether the day lies inside; an unknown day does, as only the page can tell."""
        return day is None or ((self.since is None or day >= self.since) and (self.until is None or day <= self.until))


EVER = Window()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one response of a source gave.

    `found` are the articles' addresses in the order of the source, `more` further addresses of the same source to ask
    (children of an index, the next page), `passed_over` how many entries were left out as outside the window or as
    settled, `problem` why the response could not be read in full (None when it could). `listed` are the children of an
    index that state when they were last changed: a mark of child and statement, and the day.
    """

    found: tuple[Found, ...] = ()
    more: tuple[str, ...] = ()
    passed_over: int = 0
    problem: str | None = None
    listed: tuple[tuple[str, dt.date], ...] = ()


class Source(Protocol):
    """A route by which a site offers addresses: a frozen value object.

    `kind` is kept in sources.kind and addresses.found_by. `bulk` lists are so long that entries naming nothing of ours
    are counted, not kept. A `topical` source was asked for our subject, so that its entries need not name it.
    `newest_first` sources are paged from the newest: once a page brings nothing new, or only
    what is older than the window, the rest need not be asked for.
    """

    kind: ClassVar[str]
    bulk: ClassVar[bool]
    newest_first: ClassVar[bool]

    @property
    def topical(self) -> bool:
        """Whether the site itself chose the entries by terms of ours."""

    @property
    def url(self) -> str:
        """The address the source is known by."""

    def asks(self, window: Window = EVER) -> tuple[str, ...]:
        """The first addresses to ask for."""

    def read(self, response: Response, window: Window = EVER) -> Reading:
        """What the response offers; never raises for bad content, which is a `problem`."""
