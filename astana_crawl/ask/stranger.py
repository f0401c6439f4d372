"""What can be said of an address that the archive does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astana_crawl.ask.sites import ANYSITE, owner
from astana_crawl.identity import host
from astana_crawl.relevance import plausible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from astana_crawl.ask.sites import Declared

HINTS = {
    True: "Its address names something of ours, so it would be fetched once a source offers it.",
    False: "Its address names nothing of ours: a long list that offers it would pass it over.",
    None: "Its address alone does not tell what it is about, so it would be fetched once a source offers it.",
}


def stranger(url: str, declared: Sequence[Declared]) -> Iterator[str]:
    """Yield what is known of a web address that the archive has not: whose it is, what its words say, how to see it."""
    yield f"{url} is not in the archive: no source has offered it."
    spider = owner(host(url), declared)
    if spider is None:
        yield f"No site of ours has the host {host(url)}; {ANYSITE} would read it."
    else:
        yield f"Its host belongs to the site {spider}."
    yield HINTS[plausible(url, None)]
    yield f"See what the page gives with: scrapy try {spider or ANYSITE} {url}"
