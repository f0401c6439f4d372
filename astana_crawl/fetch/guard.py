"""No connection where it does not belong: only public addresses, only the site's own hosts.

The check stands where a name becomes an address, so that start addresses, links, redirects and robots.txt all pass it.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

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
    from scrapy.settings import BaseSettings
    from twisted.internet.base import ReactorBase


class NotPublic(DNSLookupError):
    """Raised when a host's address is not a public one and the user has not allowed it."""


REFUSALS: dict[str, str] = {}
"""Why hosts were refused, by name: Twisted keeps of a failed look-up only that it failed."""


EMBEDDING = (ipaddress.ip_network("::/96"), ipaddress.ip_network("64:ff9b::/96"))
"""Where the last 32 bits are an IPv4 address: RFC 4291, 2.5.5.1, and the translation of RFC 6052."""


GLOBAL = ipaddress.ip_network("2000::/3")
"""All that IANA gives out of IPv6 to be routed globally (RFC 4291, 2.4); Python calls much of the rest global too."""

NOT_GLOBAL = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "3fff::/20"))
)
"""What Python 3.11 calls global: protocols (RFC 6890), 6to4 relays (RFC 7526), Azure's own, examples (RFC 9637)."""


def is_public(address: str) -> bool:
    """Whether an IP address may be connected to by anyone: globally routable, no multicast, no such one in disguise."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if inner := _embedded(ip):
            return is_public(inner)
        if ip not in GLOBAL:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in NOT_GLOBAL)


def _embedded(ip: ipaddress.IPv6Address) -> str | None:
    """The IPv4 address that an IPv6 address stands for, None when it stands for itself."""
    if any(ip in network for network in EMBEDDING):
        return str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
    return str(inner) if inner else None


def literal(host: str) -> str | None:
    """The IP address that a host is, however it is spelled (0x7f.1, 2130706433, [::1]); None for a name."""
    for read in (ipaddress.ip_address, _as_old_programs_read):
        try:
            return str(read(host.strip("[]").rstrip(".")))
        except (ValueError, OSError):
            continue
    return None


def _as_old_programs_read(host: str) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(socket.inet_aton(host))


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver that refuses addresses that are not public, but for the hosts in ALLOW_PRIVATE_HOSTS.

    It is made once for the process from the process's settings, so that a spider cannot widen it. The address that it
    gives is the one that is connected to: a name that changes its address between two look-ups gains nothing.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, allowed: frozenset[str]) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Take the time-out, the cache's size and what is allowed from the process's settings."""
        settings = crawler.settings
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"), allowed_hosts(settings))

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> defer.Deferred[str]:  # noqa: N802
        """The address of a host; fails with NotPublic when it may not be connected to."""
        REFUSALS.pop(name, None)
        address = literal(name)
        found = defer.succeed(address) if address else self.look_up(name, timeout)
        return found.addCallback(self._check, name)

    def look_up(self, name: str, timeout: Sequence[int]) -> defer.Deferred[str]:
        """The address that the name service gives, whatever it is."""
        return super().getHostByName(name, timeout)

    def _check(self, address: str, name: str) -> str:
        if is_public(address) or name.lower() in self.allowed or address in self.allowed:
            return address
        allow = f"ALLOW_PRIVATE_HOSTS={name} allows it"
        REFUSALS[name] = f"{name} has the address {address}, which is not public ({allow})"
        raise NotPublic(REFUSALS[name])


def allowed_hosts(settings: BaseSettings) -> frozenset[str]:
    """The hosts that need no public address: those of ALLOW_PRIVATE_HOSTS, and the proxy."""
    hosts = [host.strip().lower() for host in settings.getlist("ALLOW_PRIVATE_HOSTS")]
    return frozenset(filter(None, [*hosts, urlsplit(settings["PROXY"] or "").hostname]))


class Elsewhere(Refused):
    """Raised for an address of another site."""


class OwnHosts:
    """Refuses requests that lead off the spider's allowed_domains, after a redirect for example, and says so.

    A robots.txt may stand elsewhere (RFC 9309, 2.3.1.2), where Scrapy asks for it as such. An address with a user's
    name is refused too: `http://news.example@other.example/` hides where it leads.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it for one crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Elsewhere when the host is none of the site's, Refused for an address with a user's name."""
        domains: Any = getattr(self.crawler.spider, "allowed_domains", ())
        url = urlparse_cached(request)
        if url.username is not None:
            raise Refused("failed", f"its address holds a user's name: {request.url[:200]}")
        if not request.meta.get("dont_obey_robotstxt") and not is_own(url.hostname or "", domains):
            raise Elsewhere("failed", f"leads to another site: {request.url[:200]}")


def is_own(host: str, domains: Sequence[str]) -> bool:
    """Whether the host is one of the domains, with or without www.; other names below a domain are other editions.

    https://english.aawsat.com is not the Arabic edition at https://aawsat.com.
    """
    return host.removeprefix("www.") in {domain.removeprefix("www.") for domain in domains}
