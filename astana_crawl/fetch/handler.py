"""The handler for http and https: where a request leaves, and every guard has its last word."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, DownloadFailedError
from scrapy.utils.httpobj import urlparse_cached

from astana_crawl.fetch import Refused
from astana_crawl.fetch.certificates import Named, Untrusted, untrusted
from astana_crawl.fetch.guard import REFUSALS, allowed_hosts, is_public, literal
from astana_crawl.fetch.heads import BoundedHeads
from astana_crawl.fetch.pausing import Pauses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class Guarded(HTTP11DownloadHandler):
    """Scrapy's handler, which tells why the guard refused a host, keeps pauses, and uses no proxy but ours.

    A proxy looks names up by itself, past the guard; of what goes through PROXY only literal addresses are checked.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedHeads
        if crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            self._contextFactory = Named(self._contextFactory)  # type: ignore[assignment]
        self._proxy: str | None = crawler.settings["PROXY"]
        self._allowed = allowed_hosts(crawler.settings)
        self._pauses = Pauses.of(crawler)

    async def download_request(self, request: Request) -> Response:
        """The response; Refused when host, certificate, size or the request's own proxy are not to be had."""
        host = urlparse_cached(request).hostname or ""
        request = self._through_proxy(request, host)
        await self._pauses.keep(host)  # here, where the host's turn is: nothing that waits for it goes out before
        with _told(host, request.meta.get("download_maxsize", self._default_maxsize)):
            response = await super().download_request(request)
        self._pauses.note(host, response)
        return response

    def _through_proxy(self, request: Request, host: str) -> Request:
        if request.meta.get("proxy") not in {None, self._proxy}:
            raise Refused("failed", "it asks for a proxy of its own; only the setting PROXY may name one")
        if self._proxy is None:
            return request
        address = literal(host)
        if address and not is_public(address) and not {host, address} & self._allowed:
            raise Refused("failed", f"{host} is not public (ALLOW_PRIVATE_HOSTS={host} allows it)")
        return request.replace(meta={**request.meta, "proxy": self._proxy})


@contextmanager
def _told(host: str, most: int) -> Iterator[None]:
    """Say in words why there is no response.

    A name may have another address tomorrow (a hotel's network answers for every name), an address may not.
    """
    try:
        yield
    except CannotResolveHostError:
        if reason := REFUSALS.get(host):
            raise Refused("failed" if literal(host) else "pending", reason) from None
        raise
    except DownloadCancelledError:
        raise Refused("failed", f"larger than {most / 2**20:g} MiB") from None
    except DownloadFailedError as error:
        if reason := untrusted(error):
            raise Untrusted("failed", f"{host}: {reason}") from None
        raise
