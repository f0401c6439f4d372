"""Certificates: whether one names the host, and why a connection failed that was opened, when it was for that."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from astana_crawl.fetch import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from OpenSSL.crypto import X509
    from twisted.protocols.tls import TLSMemoryBIOProtocol


class Untrusted(Refused):
    """Raised for a site whose certificate nobody vouches for."""


@implementer(IPolicyForHTTPS)
class Named:
    """A policy for HTTPS with the names of certificates checked by us.

    Twisted 26.10 takes a certificate whose names cannot be read, or that has none, for any host's: of the errors of
    service_identity it catches VerificationError alone.
    """

    def __init__(self, policy: Any) -> None:
        self._policy = policy

    def creatorForNetloc(self, hostname: bytes, port: int) -> _NamedConnections:  # noqa: N802
        """What makes connections to a host."""
        return _NamedConnections(self._policy.creatorForNetloc(hostname, port), hostname.decode("ascii"))


@implementer(IOpenSSLClientConnectionCreator)
class _NamedConnections:
    def __init__(self, creator: Any, host: str) -> None:
        self._creator, self._host = creator, host

    def clientConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802
        """A connection that fails unless a name of the certificate is the host's."""
        made: SSL.Connection = self._creator.clientConnectionForTLS(protocol)
        waiting = [protocol]  # let go of with the leaf, as the connection must not keep its protocol alive

        def verify(_: SSL.Connection, certificate: X509, __: int, depth: int, ok: int) -> bool:
            if depth or not ok:
                return bool(ok)
            try:
                _check_name(certificate, self._host)
            except Exception:
                waiting.pop().failVerification(Failure())  # type: ignore[no-untyped-call]
                return False
            return True

        made.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, verify)
        return made


VERIFY = "certificate verify failed"  # OpenSSL's words, whatever the fault


def untrusted(error: BaseException | None) -> str | None:
    """What is wrong with the certificate, from the error of a download; None when that is about something else."""
    for cause in _causes(error):
        if isinstance(cause, VerificationError):
            return "its certificate is another host's"
        if isinstance(cause, CertificateError):
            return "its certificate names no host in a way that can be read"
        if isinstance(cause, SSL.Error) and VERIFY in str(cause):
            return "its certificate cannot be verified: it is out of date, self-signed or of an unknown authority"
    return None


def _check_name(certificate: X509, host: str) -> None:
    """Raise VerificationError or CertificateError unless the certificate names the host (RFC 9525)."""
    try:
        wanted: IPAddress_ID | DNS_ID = IPAddress_ID(str(ipaddress.ip_address(host.strip("[]"))))
    except ValueError:
        wanted = DNS_ID(host)
    verify_service_identity(extract_patterns(certificate), [wanted], [])


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """What Twisted gives as the reasons of a failed connection, and what Scrapy made of it."""
    while error is not None:
        yield error
        for reason in getattr(error, "reasons", ()):
            yield reason.value
        error = error.__cause__
