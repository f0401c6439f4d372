"""What an answer means for its address when it is no article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

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
    if status == 429 or status >= 500:
        return Verdict("pending", f"status {status}", details={"not_before": retry_after(response)})
    leads = (response.headers.get(b"Location") or b"").decode("latin-1")[:200]
    return Verdict("failed", f"status {status}" + (f", leads to {leads}" if leads else ""))


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
