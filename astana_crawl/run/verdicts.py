"""What an answer means for its address when it is no article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.http import TextResponse

from astana_crawl.fetch.answers import UNRECORDED, retry_after

if TYPE_CHECKING:
    from scrapy.http import Response

    from astana_crawl.archive.ledger import Due


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state an address takes and why; `keep` stores the page, `details` go into the address's row."""

    state: str
    reason: str
    keep: bool = False
    details: dict[str, Any] = field(default_factory=dict)


def verdict_of_status(response: Response) -> Verdict | None:
    """The verdict that the status alone gives; None for 200, where the page decides."""
    status = response.status
    if status == 200:
        return None
    if status in {404, 410}:
        return Verdict("gone", f"status {status}")
    if status in {401, 402, 403, 407, 451}:
        return Verdict("blocked", f"status {status}", keep=True)
    if status >= 500 or status in _FOR_NOW or status < 200:
        return Verdict("pending", f"status {status}", details={"not_before": retry_after(response)})
    leads = (response.headers.get(b"Location") or b"").decode("latin-1")[:200]
    return Verdict("failed", f"status {status}" + (f", leads to {leads}" if leads else ""))


_FOR_NOW = {202, 206, 304, 408, 421, 423, 425, 429}
"""Statuses that say nothing of the page: not ready yet, a part or a change nobody asked for, not on this connection."""

MOST_TAGS = 300_000  # a tag takes up to 150 bytes of memory


def verdict_of_body(response: Response) -> Verdict | None:
    """The verdict that the bytes alone give: nothing there, cut off, no web page; None where the page decides."""
    body, kind = response.body, (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    if not body.strip(b"\0\t\r\n "):
        return Verdict("pending", "the answer is empty")
    if file := next((name for mark, name in _FILES.items() if body.startswith(mark)), None):
        return Verdict("unreadable", f"no web page but {file}", keep=True)
    main = kind.partition(";")[0].strip().lower()
    if not isinstance(response, TextResponse) or (_OTHER.match(main) and main not in _PAGES):
        return Verdict("unreadable", f"no web page: content type {main or 'none'}", keep=True)
    if body.count(b"<") > MOST_TAGS:
        return Verdict("unreadable", f"more than {MOST_TAGS:,} tags", keep=True)
    if _breaks_off(body):
        return Verdict("pending", "the page breaks off in the middle, without </body> or </html>")
    return None


_FILES = {
    b"%PDF-": "a PDF file", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image",
    b"PK\x03\x04": "a ZIP or office file", b"\xd0\xcf\x11\xe0": "an office file",
}  # fmt: skip
_OTHER = re.compile(r"(?:image|audio|video|font|application)/")
_PAGES = {"application/xhtml+xml", "application/xml", "application/octet-stream"}


def _breaks_off(body: bytes) -> bool:
    """Whether a page that began its body neither closes it nor ends with a tag; Content-Length is not always true."""
    end = body.rstrip()
    if end.endswith(b">") or b"\0" in body[:200]:
        return False
    small = body.lower()
    return b"<body" in small and b"</body" not in small and b"</html" not in small


def only_if_changed(due: Due) -> dict[str, str]:
    """The headers of a request that is to be answered only when the article's page changed."""
    named = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
    return {name: value for name, value in named.items() if value and due.article_id is not None}


def verdict_of_revisit(response: Response, due: Due) -> Verdict | None:
    """The verdict on a revisit that needs no reading: nothing changed, or the address leads to the home page now."""
    if due.article_id is None:
        return None
    if UNRECORDED in response.flags:
        return Verdict("pending", UNRECORDED)
    if response.status == 304:
        return Verdict("unchanged", "")
    if response.status == 200 and _is_home(response.url) and not _is_home(due.url):
        return Verdict("gone", f"leads to the home page now: {response.url}", keep=True)
    return None


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query
