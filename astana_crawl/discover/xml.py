"""Feeds and sitemaps as elements, however badly they are written, and without ever reading a DOCTYPE."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING

from lxml import etree

from astana_crawl.discover.text import UnreadableError, keepable

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = 64 * 1024
_START = re.compile(
    r"<!--.*?(?:-->|\Z)|(?P<html><(?i:!doctype\s+html|html)\b)|(?P<doctype><!(?i:doctype|entity)\b)"
    r"|<(?:[\w.-]+:)?(?P<root>rss|RDF|feed|urlset|sitemapindex)(?=[\s/>])",
    re.DOTALL,
)
_LOOSE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(?![\w/!?])|&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z]\w{0,31};)?",
    re.DOTALL,
)
_STOPPED = ("RESOURCE_LIMIT", "INTERNAL_ERROR", "NO_MEMORY", "NAME_TOO_LONG")


class Document:
    """An XML document whose root we know; raises UnreadableError for any other.

    `root` is its name (rss, RDF, feed, urlset, sitemapindex), `problem` why it could not be read to its end; that
    is settled once all elements have been taken.
    """

    def __init__(self, text: str) -> None:
        self.root, text = _from_root(text)
        ended = re.search(rf"</(?:[\w.-]+:)?{self.root}\s*>|\A<[^<>]*/>", text)
        self.problem = None if ended else f"cut short: it does not end with </{self.root}>"
        self._bytes = _LOOSE.sub(_escaped, keepable(text)).encode()

    def elements(self, *names: str) -> Iterator[etree._Element]:
        """The elements of these local names, in any namespace, each whole; emptied when the next is asked for."""
        tags = [f"{{*}}{name}" for name in names]
        parser = etree.iterparse(
            io.BytesIO(self._bytes),
            events=("end",),
            tag=tags,
            recover=True,
            huge_tree=False,
            no_network=True,
            load_dtd=False,
            resolve_entities=False,
        )
        try:
            for _, element in parser:
                yield element
                element.clear(keep_tail=True)
        except etree.XMLSyntaxError as error:
            self.problem = self.problem or f"broken XML: {error.msg}"
        for entry in parser.error_log:
            if entry.type_name.endswith(_STOPPED):
                self.problem = self.problem or f"broken XML: {entry.message}"


def _from_root(text: str) -> tuple[str, str]:
    """The root's name and the text from its tag on: what stands before is declaration, comment or a server's notice."""
    for match in _START.finditer(text, 0, _HEAD):
        if match["root"]:
            return match["root"], text[match.start() :]
        if match["html"]:
            raise UnreadableError("an HTML page, neither a feed nor a sitemap")
        if match["doctype"]:
            raise UnreadableError("it has a DOCTYPE, which is not read: entities can be made to fill the memory")
    raise UnreadableError("neither RSS, RDF, Atom, JSON Feed nor a sitemap")


def _escaped(match: re.Match[str]) -> str:
    """A stray `&` or `<` escaped; HTML's entities, which XML does not know, as the characters they mean."""
    found = match[0]
    if found.startswith(("<!", "&amp;", "&lt;", "&gt;", "&quot;")):
        return found
    return html.escape(keepable(html.unescape(found)) if found.endswith(";") else found)


def local(element: etree._Element) -> str:
    """The name without namespace, also where the prefix was never declared (`dc:date` -> `date`)."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def space(element: etree._Element) -> str:
    """The namespace, or the prefix when it was never declared; empty for none."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else tag.rpartition(":")[0]


def inner_text(element: etree._Element) -> str:
    """All text inside, comments and processing instructions left out."""
    return "".join(element.itertext(etree.Element)) if len(element) else element.text or ""
