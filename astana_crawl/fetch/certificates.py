"""Why a connection failed that was opened, when it was for the site's certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from OpenSSL import SSL
from service_identity import VerificationError

from astana_crawl.fetch import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator


class Untrusted(Refused):
    """Raised for a site whose certificate nobody vouches for."""


VERIFY = "certificate verify failed"  # OpenSSL's words, whatever the fault


def untrusted(error: BaseException | None) -> str | None:
    """What is wrong with the certificate, from the error of a download; None when that is about something else."""
    for cause in _causes(error):
        if isinstance(cause, VerificationError):
            return "its certificate is another host's"
        if isinstance(cause, SSL.Error) and VERIFY in str(cause):
            return "its certificate cannot be verified: it is out of date, self-signed or of an unknown authority"
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """What Twisted gives as the reasons of a failed connection, and what Scrapy made of it."""
    while error is not None:
        yield error
        for reason in getattr(error, "reasons", ()):
            yield reason.value
        error = error.__cause__
