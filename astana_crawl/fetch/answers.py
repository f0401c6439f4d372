"""What an answer, or its absence, says beside its content."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, IgnoreRequest, ResponseDataLossError

from astana_crawl.fetch import Refused

if TYPE_CHECKING:
    from scrapy.http import Response

UNRECORDED = "not in the recording"
"""The flag of a replayed answer to an address that was not recorded: it says nothing of the site."""


def utcnow() -> dt.datetime:
    """The time now, aware, in whole seconds."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def validators(response: Response) -> dict[str, Any]:
    """What a later request may ask with whether anything changed."""
    return {
        name: value.decode("latin-1") if (value := response.headers.get(header)) else None
        for name, header in (("etag", b"ETag"), ("last_modified", b"Last-Modified"))
    }


LARGEST_PAGE = 10 * 2**20
"""Bytes of a page for people, unpacked; the longest live blogs have three million."""

LONGEST_PAUSE = dt.timedelta(days=30)


def retry_after(response: Response) -> dt.datetime | None:
    """The time before which the server does not want to be asked again, at most LONGEST_PAUSE from now.

    Retry-After holds seconds or a date (RFC 9110, 10.2.3).
    """
    text, latest = (response.headers.get(b"Retry-After") or b"").decode("latin-1").strip(), utcnow() + LONGEST_PAUSE
    if text.isascii() and text.isdigit():  # one second more, as our time is cut to whole ones
        return latest if len(text) > 9 else min(utcnow() + dt.timedelta(seconds=int(text) + 1), latest)
    try:
        return min(parsedate_to_datetime(text).astimezone(dt.UTC), latest) if text else None
    except (ValueError, OverflowError):
        return None


def _cause(error: DownloadFailedError) -> str:
    """What Twisted met: the error itself says it as the repr of a list of failures."""
    reasons = getattr(error.__cause__, "reasons", None) or [error]
    last = getattr(reasons[-1], "value", reasons[-1])
    return " ".join(" ".join(str(part) for part in last.args or [last]).split())


def reason_of(error: BaseException | None) -> str:
    """An error in one line."""
    if isinstance(error, DownloadTimeoutError):
        return "no answer in time"
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, ResponseDataLossError):
        return "the answer was cut short"
    if isinstance(error, DownloadFailedError):
        return f"no valid answer: {_cause(error)}"[:300]
    text = " ".join(str(error).split())
    if isinstance(error, IgnoreRequest) and text:
        return text[:300]
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__
