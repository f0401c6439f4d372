"""A host that asks for a pause gets it: 429 and 503 with Retry-After, in seconds or as a date (RFC 9110, 10.2.3)."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary

from astana_crawl.fetch import Refused
from astana_crawl.fetch.answers import retry_after, utcnow
from astana_crawl.fetch.guard import is_own

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response

LONGEST_WAIT = dt.timedelta(minutes=2)
"""Longer pauses are not waited for within a run."""
UNSAID = dt.timedelta(minutes=1)
"""The pause after a 429 that names none; it doubles each time."""


class Paused(Refused):
    """Raised instead of asking a host that wants to be left alone until `until`; `news` if it said so in this run."""

    def __init__(self, host: str, until: dt.datetime, *, news: bool) -> None:
        super().__init__("pending", f"{host} asked for a pause until {until:%Y-%m-%dT%H:%M:%SZ}")
        self.until, self.news = until, news


class Pauses:
    """The pauses that hosts asked for, of a crawl and those before it: until when, by host."""

    _of: ClassVar[WeakKeyDictionary[Crawler, Pauses]] = WeakKeyDictionary()

    def __init__(self) -> None:
        self.until: dict[str, dt.datetime] = {}
        self._news: set[str] = set()
        self._unsaid = UNSAID

    @classmethod
    def of(cls, crawler: Crawler) -> Pauses:
        """The pauses of a crawler."""
        return cls._of.setdefault(crawler, cls())

    def recall(self, until: Mapping[str, dt.datetime]) -> None:
        """Keep what earlier runs were asked for."""
        self.until.update(until)

    def note(self, host: str, response: Response) -> None:
        """Take in what an answer of the host asks for."""
        if response.status not in {429, 503}:
            return
        until = retry_after(response)
        if until is None and response.status == 429:
            until, self._unsaid = utcnow() + self._unsaid, 2 * self._unsaid
        if until is not None:
            self.until[host] = max(until, self.until.get(host, until))
            self._news.add(host)

    def of_site(self, domains: Sequence[str]) -> Paused | None:
        """The first pause of one of the site's hosts that is too long to be waited for."""
        return next((long for host in self.until if is_own(host, domains) and (long := self._long(host))), None)

    def _long(self, host: str) -> Paused | None:
        until = self.until.get(host)
        if until is None or until - utcnow() <= LONGEST_WAIT:
            return None
        return Paused(host, until, news=host in self._news)

    async def keep(self, host: str) -> None:
        """Wait until the host may be asked; raises Paused when that is too long."""
        if long := self._long(host):
            raise long
        if host in self.until:
            await asyncio.sleep((self.until[host] - dt.datetime.now(dt.UTC)).total_seconds())
