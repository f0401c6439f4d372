"""A bound for what a server sends before a page's body: Twisted keeps status lines and headers without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.python.failure import Failure

if TYPE_CHECKING:
    from twisted.internet.interfaces import IAddress

LARGEST_HEAD = 256 * 1024  # bytes; browsers and servers take 8 to 256 KiB


class HeadTooLarge(ValueError):
    """Raised for an answer whose headers do not end."""


class _Bounded(_LenientHTTP11ClientProtocol):
    received = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Take what the server sent; give up an answer that is all head."""
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._parser is None or self._parser.state not in {"STATUS", "HEADER"}:
            self.received = 0
            return
        self.received += len(data)
        if self.received > LARGEST_HEAD:
            error = HeadTooLarge(f"its headers are larger than {LARGEST_HEAD // 1024} KiB")
            self._giveUp(Failure(error))  # type: ignore[no-untyped-call]
            self.transport.abortConnection()  # type: ignore[union-attr]


class BoundedHeads(_LenientHTTP11ClientFactory):
    """Scrapy's factory of connections, with the bound; for `HTTPConnectionPool._factory`, as Scrapy itself sets it."""

    def buildProtocol(self, addr: IAddress | None) -> _Bounded:  # noqa: N802
        """A connection."""
        return _Bounded(self._quiescentCallback)  # type: ignore[no-untyped-call]
