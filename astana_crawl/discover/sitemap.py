"""Sitemaps: lists, indexes of lists, news sitemaps; XML, plain text or a feed, packed or not."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from astana_crawl.discover.feed import read_feed
from astana_crawl.discover.parts import read_in_parts
from astana_crawl.discover.source import EVER, Reading, Window
from astana_crawl.discover.text import absolute, plain, unaddressed
from astana_crawl.discover.xml import Document, local
from astana_crawl.items import Found

if TYPE_CHECKING:
    from lxml import etree
    from scrapy.http import Response

_ZONES = dt.timedelta(days=1)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap, or an index of sitemaps, at `url`.

    `only`, a regular expression, is looked for in the addresses that the document at `url` lists: the children of an
    index, the entries of a list. A child whose own address matches is read whole.
    """

    url: str
    only: str | None = None

    kind: ClassVar[str] = "sitemap"
    bulk: ClassVar[bool] = True
    topical: ClassVar[bool] = False
    newest_first: ClassVar[bool] = False

    def __post_init__(self) -> None:
        try:
            re.compile(self.only or "")
        except re.error as error:
            raise ValueError(f"Sitemap({self.url!r}): only={self.only!r} is no regular expression: {error}") from None

    def asks(self, window: Window = EVER) -> tuple[str, ...]:
        """The sitemap's own address; the window prunes what it lists."""
        return (self.url,)

    def read(self, response: Response, window: Window = EVER) -> Reading:
        """Entries and children; what the window, `only` or a child's host excludes is counted in `passed_over`.

        A day is excluded only when it is more than a day outside the window, as its zone is not known.
        """
        return read_in_parts(response, lambda text: self._read(text, response.url, window))

    def _read(self, text: str, url: str, window: Window) -> Reading:
        if text.lstrip().startswith(("http://", "https://")):
            return self._chosen(_lines(text), url)
        document = Document(text)
        if document.root == "sitemapindex":
            return self._children(document, url, window)
        if document.root == "urlset":
            return self._entries(document, url, window)
        return self._chosen(read_feed(text, url), url)

    def _wants(self, address: str, listed_in: str) -> bool:
        if self.only is None or re.search(self.only, address):
            return True
        return listed_in != self.url and re.search(self.only, listed_in) is not None

    def _chosen(self, reading: Reading, url: str) -> Reading:
        found = tuple(entry for entry in reading.found if self._wants(entry.url, url))
        return Reading(found, passed_over=len(reading.found) - len(found), problem=reading.problem)

    def _entries(self, document: Document, url: str, window: Window) -> Reading:
        found, total, missing = [], 0, 0
        for element in document.entries():
            total += 1
            entry = _entry(element, url)
            if entry is None:
                missing += 1
            elif _inside(entry, window) and self._wants(entry.url, url):
                found.append(entry)
        passed_over = total - missing - len(found)
        return Reading(tuple(found), (), passed_over, document.problem or unaddressed(missing, total))

    def _children(self, document: Document, url: str, window: Window) -> Reading:
        children = [_child(element, url) for element in document.entries()]
        listed = {found.url: found for found in children if found and found.url != url}
        hosts = {_host(self.url), _host(url)}
        near = [found for found in listed.values() if _host(found.url) in hosts]
        wanted = [found for found in near if self._wants(found.url, url)]
        more = tuple(found.url for found in wanted if _inside(found, window) and _mark(found) not in window.settled)
        stated = tuple((_mark(found), day) for found in wanted if (day := _day(found.lastmod)))
        problem = document.problem or unaddressed(children.count(None), len(children))
        if listed and not near:
            problem = problem or f"all {len(listed)} sitemaps listed are on other hosts, as {next(iter(listed))}"
        elif near and not wanted:
            problem = problem or f"none of the {len(near)} sitemaps listed matches only={self.only!r}"
        return Reading(more=more, passed_over=len(listed) - len(more), problem=problem, listed=stated)


def _lines(text: str) -> Reading:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    addresses = [address for line in lines if line.startswith("http") and (address := absolute("", line))]
    return Reading(tuple(map(Found, addresses)), problem=unaddressed(len(lines) - len(addresses), len(lines)))


def _entry(element: etree._Element, url: str) -> Found | None:
    texts = _texts(element)
    address = absolute(url, texts.get("loc"))
    if address is None:
        return None
    news = next((child for child in element if isinstance(child.tag, str) and local(child) == "news"), None)
    story = {} if news is None else _texts(news)
    return Found(
        address, plain(story.get("title")), story.get("publication_date") or None, texts.get("lastmod") or None
    )


def _child(element: etree._Element, url: str) -> Found | None:
    """A child of an index; some write its address without the <loc>."""
    texts = _texts(element)
    address = absolute(url, texts.get("loc") or (element.text or "").strip())
    return Found(address, lastmod=texts.get("lastmod") or None) if address else None


def _mark(child: Found) -> str:
    """What tells a child that changed from one that did not; short, for large indexes have thousands."""
    return hashlib.sha256(f"{child.url} {child.lastmod}".encode()).hexdigest()[:16]


def _texts(element: etree._Element) -> dict[str, str]:
    """The texts of the children by name; the first of a name counts."""
    texts: dict[str, str] = {}
    for child in element:
        if isinstance(child.tag, str):
            texts.setdefault(local(child), (child.text or "").strip())
    return texts


def _inside(found: Found, window: Window) -> bool:
    """Whether it may hold something of the window: lastmod bounds a text's newest state, publication its first."""
    published, modified = _day(found.published), _day(found.lastmod)
    latest = published or modified
    if window.since and latest and latest < window.since - _ZONES:
        return False
    return not (window.until and published and published > window.until + _ZONES)


def _day(text: str | None) -> dt.date | None:
    """The day a W3C date begins with; None for a bare month, another form or nothing."""
    match = _DAY.match(text or "")
    try:
        return dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
