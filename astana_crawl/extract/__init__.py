"""A page to an article: headline, text, authors, dates, with every candidate kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from astana_crawl.extract.layout import Layout
from astana_crawl.extract.version import reader_version

if TYPE_CHECKING:
    from astana_crawl.items import Article

__all__ = ["Layout", "read_article", "reader_version"]


def read_article(
    html: bytes | str,
    url: str,
    layout: Layout | Sequence[Layout] | None = None,
    *,
    language: str | None = None,
    zone: str | None = None,
    fetched_at: dt.datetime | None = None,
    content_type: str | None = None,
    charset: str | None = None,
) -> Article:
    """Read one page; what it says alone decides, and all candidates are kept.

    Args:
        html: the page as served, or its text.
        url: its address.
        layout: the site's layouts, tried in order; without one that fits, the general reader reads the page.
        language: the site's language, for pages that declare none and for reading date texts.
        zone: the site's time zone (IANA name), for clock times without an offset.
        fetched_at: when the page was fetched; dates after it are refused.
        content_type: the Content-Type header that the bytes came with.
        charset: that of the site's pages which name none, or a wrong one.

    Returns:
        The article. `body` has one line a block (paragraph, sub-heading, list item, quote, table row), joined by a
        newline. `published` is the moment with the page's own offset; where only the day is known it is that day's
        midnight in the known zone, else UTC, and `published_precision` is 'day'. `unreadable` names the reason where
        the page gives no article, and `refused` the state its address takes; then `body` is None, or the teaser that
        a page shows of what is paid for.

    Raises:
        ValueError: a selector of the layout is not CSS.
    """
    from astana_crawl.extract.reading import read  # a site's declaration needs Layout, not all of this room

    return read(
        html, url, layout, language=language, zone=zone, fetched_at=fetched_at, content_type=content_type,
        charset=charset,
    )  # fmt: skip
