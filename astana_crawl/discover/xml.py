"""Feeds and sitemaps as elements, however badly they are written, and without ever reading a DOCTYPE."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from lxml import etree

from astana_crawl.discover.text import UnreadableError, keepable

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = 64 * 1024
_TAGS_LIMIT = 500_000  # in a part of a document; a tag takes up to 150 bytes of memory
_ENTRY = {"rss": "item", "RDF": "item", "feed": "entry|item", "urlset": "url", "sitemapindex": "sitemap"}
_START = re.compile(
    r"<!--.*?(?:-->|\Z)|(?P<html><(?i:!doctype\s+html|html)\b)|(?P<doctype><!(?i:doctype|entity)\b)"
    r"|<(?:[\w.-]+:)?(?P<root>" + "|".join(_ENTRY) + r")(?=[\s/>])",
    re.DOTALL,
)
_LOOSE = (  # both halves begin with a letter of their own, or the search takes twice as long
    r"<(?:!\[CDATA\[.*?(?:\]\]>|\Z)|!--.*?(?:-->|\Z)|(?P<stray>)<*(?![\w/?])|(?P<entry>)(?:[\w.-]++:)?(?:%s)(?=[\s/>])%s)"
    r"|&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z]\w{0,31};|&*(?=&))?"
)
_HTML = (
    "a|b|big|blockquote|br|center|code|div|em|embed|figure|font|h[1-6]|hr|i|iframe|img|input|li|nobr|o:p|object|ol|p"
)
_NAKED = rf"|(?P<naked>)/?(?i:{_HTML}|pre|s|script|small|span|strong|style|su[bp]|t[drh]|table|tbody|u|ul)(?=[\s/>])"


class Document:
    """An XML document whose root we know; raises UnreadableError for any other.

    `root` is its name (rss, RDF, feed, urlset, sitemapindex), `problem` why it could not be read to its end, which
    is settled once all entries have been taken. With `naked`, tags of HTML count as text: for feeds that put a
    page's markup into a description as it is, with tags that are never closed.
    """

    def __init__(self, text: str, *, naked: bool = False) -> None:
        self.root, text = _from_root(text)
        self.tangled = False
        if text.count("<") > _TAGS_LIMIT:
            raise UnreadableError(f"more than {_TAGS_LIMIT:,} tags")
        ended = re.search(rf"</(?:[\w.-]+:)?{self.root}\s*>|\A<[^<>]*/>", text)
        self.problem = None if ended else f"cut short: it does not end with </{self.root}>"
        self._stated = 0
        loose = re.compile(_LOOSE % (_ENTRY[self.root], _NAKED if naked else ""), re.DOTALL)
        self._bytes = loose.sub(self._repaired, keepable(text)).encode()

    def entries(self) -> Iterator[etree._Element]:
        """The items, entries, urls or sitemaps in the document's order, in any namespace."""
        names, taken = _ENTRY[self.root], 0
        # not iterparse, which takes a time that grows with the square of a tag's length
        parser = etree.XMLParser(
            recover=True, huge_tree=False, no_network=True, load_dtd=False, resolve_entities=False, remove_comments=True
        )
        root = etree.fromstring(self._bytes, parser)
        if root is not None:
            for element in root.iter([f"{{*}}{name}" for name in names.split("|")]):
                taken += 1
                yield element
        self.tangled = any(entry.type_name == "ERR_TAG_NAME_MISMATCH" for entry in parser.error_log)
        if taken < self._stated:
            self.problem = self.problem or f"broken XML: {taken} of {self._stated} <{names}> could be read"

    def _repaired(self, match: re.Match[str]) -> str:
        """A stray `&` or `<` escaped; HTML's entities, which XML does not know, as the characters they mean."""
        found = match[0]
        if match.lastgroup == "entry":
            self._stated += 1
            return found
        if match.lastgroup in ("stray", "naked"):
            return html.escape(found)
        if found.startswith("<!") and not found.endswith("]]>" if found.startswith("<![") else "-->"):
            self.problem = self.problem or "cut short: it ends inside a comment or CDATA"
        if found.startswith(("<!", "&amp;", "&lt;", "&gt;", "&quot;")):
            return found
        return html.escape(keepable(html.unescape(found)) if found.endswith(";") else found)


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
