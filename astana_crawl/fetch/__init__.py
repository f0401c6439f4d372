"""Manners towards the web and caution of it: whom to connect to, what robots.txt says, pages as served, recordings."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """Raised when we ourselves do not send a request; carries the state its address takes and why."""

    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason
