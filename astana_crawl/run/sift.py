"""What to do with an address before it is fetched, judged by what its source says of it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from astana_crawl.archive.ledger import Offer
from astana_crawl.dates import read_date
from astana_crawl.fetch.guard import is_own
from astana_crawl.relevance import plausible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astana_crawl.discover import Source, Window
    from astana_crawl.items import Found

_ZONES = dt.timedelta(days=1)
URL_DAY = re.compile(r"/(20[0-4]\d)(/?)(0[1-9]|1[0-2])\2([0-2]\d|3[01])(?=/)")  # /2024/01/25/ or /20240125/, no id


class Site(Protocol):
    """What of a spider the verdict depends on."""

    allowed_domains: list[str]
    language: str | None
    zone: str | None
    window: Window


def sift(found: Found, source: Source, site: Site) -> Offer | None:
    """The state with which an address enters the ledger; None when it gets no row (another site, a bulk list's rest).

    Only what a headline or address says in words is judged: one that cannot be judged is fetched.
    """
    parts = urlsplit(found.url)
    if parts.scheme not in {"http", "https"} or not is_own(parts.hostname or "", site.allowed_domains):
        return None
    if is_trap(found.url):
        return None if source.bulk else Offer(found, "failed", "its path repeats itself, or is endless", None, "hint")
    day = expected_on(found, site)
    if not (_admits(day, site) and _may_be_as_late(found, site)):
        return None if source.bulk else Offer(found, "out_of_window", "outside the days asked for", day, "hint")
    if not source.topical and plausible(found.url, found.title) is False:
        return None if source.bulk else Offer(found, "off_topic", "neither headline nor address names it", day, "hint")
    return Offer(found, "pending", None, day, None)


LONGEST_URL, MOST_PARTS, MOST_ALIKE = 2000, 30, 3


def is_trap(url: str) -> bool:
    """Whether an address can only be the work of links that lead ever deeper: /news/2024/news/2024/news/2024/."""
    if len(url) <= LONGEST_URL and url.count("/") < 3 + MOST_ALIKE:
        return False
    parts = Counter(part for part in urlsplit(url).path.split("/") if part)
    return len(url) > LONGEST_URL or parts.total() > MOST_PARTS or max(parts.values(), default=0) > MOST_ALIKE


def expected_on(found: Found, site: Site) -> dt.date | None:
    """The day an article is expected to be of: from its source's date, else from its address."""
    moment = read_date(found.published, language=site.language, zone=site.zone) if found.published else None
    if moment is not None:
        return moment.on
    try:
        match = URL_DAY.search(found.url)
        return dt.date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None


def newest(founds: Iterable[Found], site: Site) -> dt.datetime | None:
    """The latest date of publication that a source states, a bare day as its midnight in UTC."""
    moments = [
        read_date(found.published, language=site.language, zone=site.zone) for found in founds if found.published
    ]
    return max(
        (moment.at or dt.datetime.combine(moment.on, dt.time(), dt.UTC) for moment in moments if moment), default=None
    )


def _admits(day: dt.date | None, site: Site) -> bool:
    """Whether the window may hold the day; where the outlet's zone is not known, the page's own day may be the next."""
    near = [day] if day is None or site.zone else [day - _ZONES, day, day + _ZONES]
    return any(map(site.window.admits, near))


def _may_be_as_late(found: Found, site: Site) -> bool:
    """A page last changed before the window cannot be of it (later changes say nothing)."""
    if site.window.since is None or found.lastmod is None:
        return True
    changed = read_date(found.lastmod, zone=site.zone)
    return changed is None or changed.on >= site.window.since - _ZONES
