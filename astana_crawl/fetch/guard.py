"""No connection where it does not belong: only public addresses, only the site's own hosts.

The check stands where a name becomes an address, so that start addresses, links, redirects and robots.txt all pass it.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from astana_crawl.fetch import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.base import ReactorBase


class NotPublic(DNSLookupError):
    """Raised when a host's address is not a public one and the user has not allowed it."""


REFUSALS: dict[str, str] = {}
"""Why hosts were refused, by name: Twisted keeps of a failed look-up only that it failed."""


def is_public(address: str) -> bool:
    """Whether an IP address may be connected to by anyone: globally routable, and no multicast."""
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    return is_public(str(mapped)) if mapped else ip.is_global and not ip.is_multicast


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver that refuses addresses that are not public, but for the hosts in ALLOW_PRIVATE_HOSTS.

    It is made once for the process from the process's settings, so that a spider cannot widen it.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, allowed: frozenset[str]) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Take the time-out, the cache's size and ALLOW_PRIVATE_HOSTS from the process's settings."""
        settings = crawler.settings
        allowed = frozenset(host.strip().lower() for host in settings.getlist("ALLOW_PRIVATE_HOSTS") if host.strip())
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"), allowed)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> defer.Deferred[str]:  # noqa: N802
        """The address of a host; fails with NotPublic when it may not be connected to."""
        return self.look_up(name, timeout).addCallback(self._check, name)

    def look_up(self, name: str, timeout: Sequence[int]) -> defer.Deferred[str]:
        """The address that the name service gives, whatever it is."""
        return super().getHostByName(name, timeout)

    def _check(self, address: str, name: str) -> str:
        if is_public(address) or name.lower() in self.allowed or address in self.allowed:
            return address
        allow = f"ALLOW_PRIVATE_HOSTS={name} allows it"
        REFUSALS[name] = f"{name} has the address {address}, which is not public ({allow})"
        raise NotPublic(REFUSALS[name])


class Guarded(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, which tells why the guard refused a host."""

    async def download_request(self, request: Request) -> Response:
        """The response; Refused when the host's address is not public."""
        try:
            return await super().download_request(request)
        except CannotResolveHostError:
            if reason := REFUSALS.get(urlparse_cached(request).hostname or ""):
                raise Refused("failed", reason) from None
            raise


class OwnHosts:
    """Refuses requests that lead off the spider's allowed_domains, after a redirect for example, and says so."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it for one crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Refused when the host is none of the site's."""
        domains: Any = getattr(self.crawler.spider, "allowed_domains", ())
        if not is_own(urlparse_cached(request).hostname or "", domains):
            raise Refused("failed", f"leads to another site: {request.url[:200]}")


def is_own(host: str, domains: Sequence[str]) -> bool:
    """Whether the host is one of the domains, with or without www.; other names below a domain are other editions.

    https://english.aawsat.com is not the Arabic edition at https://aawsat.com.
    """
    return host.removeprefix("www.") in {domain.removeprefix("www.") for domain in domains}
