"""Feeds: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from astana_crawl.discover.parts import read_in_parts
from astana_crawl.discover.source import EVER, Reading, Window
from astana_crawl.discover.text import UnreadableError, absolute, plain, unaddressed
from astana_crawl.discover.xml import Document, inner_text, local, space
from astana_crawl.items import Found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree
    from scrapy.http import Response

_DUBLIN = ("http://purl.org/dc/", "dc", "dcterms")
_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "atom")
_PUBLISHED = ("pubDate", "published", "issued", "date", "created")
_MODIFIED = ("updated", "modified")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed at `url`, its newest entries only: the pages WordPress adds to one are not followed."""

    url: str

    kind: ClassVar[str] = "feed"
    bulk: ClassVar[bool] = False
    topical: ClassVar[bool] = False
    newest_first: ClassVar[bool] = True

    def asks(self, window: Window = EVER) -> tuple[str, ...]:
        """The feed's own address, whatever the window."""
        return (self.url,)

    def read(self, response: Response, window: Window = EVER) -> Reading:
        """All entries, in the feed's order; their dates are raw texts, so the window is not looked at."""
        return read_in_parts(response, lambda text: read_feed(text, response.url))


def read_feed(text: str, url: str) -> Reading:
    """The entries of a feed's text; `url` is where it was read. Raises UnreadableError for what is not a feed."""
    if text.lstrip().startswith("{"):
        return _reading([_json_entry(item, url) for item in _json_items(text)], None)
    document = Document(text)
    if document.root not in ("rss", "RDF", "feed"):
        raise UnreadableError(f"a sitemap ({document.root}), not a feed")
    entries = _entries(document, url)
    if document.tangled:
        document = Document(text, naked=True)
        entries = _entries(document, url)
    return _reading(entries, document.problem)


def _entries(document: Document, url: str) -> list[Found | None]:
    """All entries but those that others quote (thr:in-reply-to)."""
    return [_entry(element, url) for element in document.entries() if not _quoted(element)]


def _reading(entries: list[Found | None], problem: str | None) -> Reading:
    found = tuple(entry for entry in entries if entry)
    return Reading(found=found, problem=problem or unaddressed(len(entries) - len(found), len(entries)))


def _quoted(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) == "in-reply-to"


def _entry(element: etree._Element, url: str) -> Found | None:
    """One RSS item or Atom entry; None without an address. Only children in its own or a plain namespace count."""
    own = ("", space(element), *_ATOM)
    children = [child for child in element if isinstance(child.tag, str)]
    core = [child for child in children if space(child) in own]
    address = _original(children, url) or _address(core, url) or _about(element, url)
    if address is None:
        return None
    dated = core + [child for child in children if space(child).startswith(_DUBLIN)]
    return Found(
        address,
        title=_title(core) or _title(dated),
        published=_first(dated, _PUBLISHED),
        lastmod=_first(dated, _MODIFIED),
    )


def _original(children: Iterable[etree._Element], url: str) -> str | None:
    """feedburner:origLink: the publisher's own address where `link` is a counting redirect."""
    return next((absolute(url, child.text) for child in children if local(child) == "origLink"), None)


def _address(core: list[etree._Element], url: str) -> str | None:
    links = [child for child in core if local(child) == "link" and child.get("rel", "alternate") == "alternate"]
    pages = [link for link in links if "html" in link.get("type", "html")]
    for link in (*pages, *links):
        href = link.get("href") or (link.text or "").strip() or _trailing(link)
        if address := absolute(_base(link, url), href):
            return address
    return _permalink(core, url)


def _trailing(link: etree._Element) -> str | None:
    """The address behind an empty tag, as HTML tools write it: `<link/>https://…`."""
    tail = (link.tail or "").strip()
    return tail if tail.startswith("http") else None


def _permalink(core: Iterable[etree._Element], url: str) -> str | None:
    """The guid, unless it says that it is no address, or Atom's id where that is one."""
    for guid in core:
        if local(guid) in ("guid", "id") and guid.get("isPermaLink", "true").strip().lower() != "false":
            text = (guid.text or "").strip()
            return absolute(_base(guid, url), text) if text.lower().startswith(("http", "/")) else None
    return None


def _about(element: etree._Element, url: str) -> str | None:
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
    return absolute(url, about) if about.startswith("http") else None


def _base(element: etree._Element, url: str) -> str:
    """Where a link is resolved: the feed's address under the xml:base of the element and those around it."""
    try:
        return urljoin(url, element.base or "")
    except ValueError:
        return url


def _title(children: Iterable[etree._Element]) -> str | None:
    """The first title as plain text. RSS titles are HTML; Atom's say by `type`, and are literal when they do not."""
    for child in children:
        if local(child) == "title":
            escaped = "html" in child.get("type", "text") and not len(child)
            return plain(inner_text(child), markup=escaped or space(child) not in _ATOM)
    return None


def _first(children: list[etree._Element], names: tuple[str, ...]) -> str | None:
    """The text of the first non-empty child of these names, in the order of the names."""
    texts = ((child.text or "").split() for name in names for child in children if local(child) == name)
    return next((" ".join(words) for words in texts if words), None)


def _json_items(text: str) -> list[Any]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("JSON that cannot be read") from None
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise UnreadableError("JSON, but not a JSON Feed")
    return list(feed["items"])


def _json_entry(item: Any, url: str) -> Found | None:
    fields = {key: value for key, value in item.items() if isinstance(value, str)} if isinstance(item, dict) else {}
    address = absolute(url, fields.get("url") or fields.get("external_url"))
    if address is None:
        return None
    dates = fields.get("date_published"), fields.get("date_modified")
    return Found(address, plain(fields.get("title"), markup=False), *dates)
