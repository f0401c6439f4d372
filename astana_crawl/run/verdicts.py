"""What an answer means for its address when it is no article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy.http import Response


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
        return Verdict("pending", f"status {status}")
    return Verdict("failed", f"status {status}")
