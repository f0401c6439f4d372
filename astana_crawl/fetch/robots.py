"""robots.txt as RFC 9309 has it: 4xx allows all, 5xx, 429 or no answer nothing; Crawl-delay is kept, up to a minute."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, cast

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from astana_crawl.fetch import Refused
from astana_crawl.fetch.answers import reason_of
from astana_crawl.fetch.guard import Elsewhere

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

LONGEST_CRAWL_DELAY = 60.0  # seconds
LARGEST = 512 * 1024  # bytes, as much as RFC 9309 (2.5) asks a crawler to read at least

_VERSION = re.compile(rb"(?im)^([ \t]*user-agent[ \t]*:[ \t]*[\w-]+)/[\w.]+")
"""The version behind a robot's name, which is no part of its token: RFC 9309, 2.2.1."""

# Scrapy logs a traceback for every robots.txt that cannot be had; the closing table says it in a line.
logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, which by itself crawls on when robots.txt cannot be read."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreadable: dict[str, Refused] = {}

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Refuse what robots.txt forbids (disallowed), and everything while it cannot be read (pending)."""
        itself = request.meta.get("dont_obey_robotstxt")  # as Scrapy asks for it; also where it was redirected to
        if itself or urlparse_cached(request).path == "/robots.txt":
            return
        rules = await self.robot_parser(request)
        netloc = urlparse_cached(request).netloc
        if why := self._unreadable.get(netloc):
            raise why.with_traceback(None)
        agent = str(self._robotstxt_useragent or self._default_useragent)
        if rules is not None and not rules.allowed(request.url, agent):
            raise Refused("disallowed", f"robots.txt of {netloc} forbids it")
        self._slow_down(request, rules, agent)

    def _slow_down(self, request: Request, rules: RobotParser | None, agent: str) -> None:
        wanted = rules.crawl_delay(agent) if rules is not None else None
        if not wanted:
            return
        slot = self.crawler.engine.downloader.slots.get(self.crawler.engine.downloader.get_slot_key(request))
        asked = min(float(wanted), LONGEST_CRAWL_DELAY)
        if (
            slot is not None and slot.delay and slot.delay * (1 - slot.jitter) < asked
        ):  # none is for a server of one's own
            slot.delay, slot.jitter = max(slot.delay, asked), 0.0

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            raise IgnoreRequest(f"status {response.status}")
        if response.status >= 400:
            response = response.replace(body=b"")
        else:
            response = response.replace(body=_VERSION.sub(rb"\1", response.body[:LARGEST]))
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        told = f"robots.txt of {netloc} could not be read: {reason_of(exc)}"
        ours = isinstance(exc, Refused) and not isinstance(exc, Elsewhere)
        state = "failed" if isinstance(exc, ValueError) else "pending"  # a host that no name can be
        self._unreadable[netloc] = cast("Refused", exc) if ours else Refused(state, told)
        super()._robots_error(exc, netloc)
