"""What a site declares of itself: the sources of one that has no spider."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from parsel import Selector
from scrapy.http import TextResponse

from astana_crawl.discover.feed import Feed
from astana_crawl.discover.listing import MOST_TAGS
from astana_crawl.discover.sitemap import Sitemap
from astana_crawl.discover.text import absolute, base_of
from astana_crawl.discover.wordpress import WordPress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

    from astana_crawl.discover.source import Source

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_API = "https://api.w.org/"  # developer.wordpress.org/rest-api/using-the-rest-api/discovery
_API_HEADER = re.compile(r"<([^<>]+)>\s*;\s*rel=\"?" + re.escape(_API))
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


def probe(response: Response, terms: tuple[str, ...] = ()) -> tuple[Source, ...]:
    """The sources a front page declares: feeds, a WordPress API asked for `terms` (all posts without), sitemaps.

    Feeds of comments are left out. Empty when the page declares nothing or is none.
    """
    if not isinstance(response, TextResponse) or response.body.count(b"<") > MOST_TAGS:
        return ()
    return tuple(dict.fromkeys((*_feeds(response), *_wordpress(response, terms), *_sitemaps(response))))


def robots_sitemaps(text: str, base: str = "") -> tuple[str, ...]:
    """The addresses of the `Sitemap:` lines of a robots.txt, each once; relative ones need its address as `base`."""
    addresses = (absolute(base, line) for line in _SITEMAP_LINE.findall(text.lstrip("\ufeff")))
    return tuple(dict.fromkeys(address for address in addresses if address))


def guesses(base: str) -> tuple[Source, ...]:
    """Where sitemaps and feeds mostly are, for a site at `base` that declares none."""
    return (
        Sitemap(urljoin(base, "/sitemap.xml")),
        Feed(urljoin(base, "/feed/")),
        Feed(urljoin(base, "/rss.xml")),
    )


def _links(response: TextResponse, rel: str) -> Iterator[tuple[str, str, str]]:
    """Address, type and title of the <link> elements of a relation."""
    base = base_of(response)
    for link in Selector(text=response.text, type="html").css("link[rel][href]"):
        if rel in link.attrib["rel"].lower().split() and (address := absolute(base, link.attrib["href"])):
            yield address, link.attrib.get("type", "").partition(";")[0].strip().lower(), link.attrib.get("title", "")


def _feeds(response: TextResponse) -> Iterator[Source]:
    for address, kind, title in _links(response, "alternate"):
        if kind in _FEED_TYPES and "comment" not in (address + title).lower():
            yield Feed(address)


def _wordpress(response: TextResponse, terms: tuple[str, ...]) -> Iterator[Source]:
    header = b",".join(response.headers.getlist(b"Link")).decode("latin-1")
    declared = [address for address, _, _ in _links(response, _API)] + _API_HEADER.findall(header)
    for address in declared[:1]:
        base, found, _ = address.partition("/wp-json")
        if found:
            yield WordPress(base, terms or None)


def _sitemaps(response: TextResponse) -> Iterator[Source]:
    for address, _, _ in _links(response, "sitemap"):
        yield Sitemap(address)
