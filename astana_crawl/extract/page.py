"""One parsed page: the bytes decoded once, one tree, its meta elements and its JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import lxml.html
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from astana_crawl.charset import Decoded, decode
from astana_crawl.extract.jsonld import Thing, article_thing, read_things, same

_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# One such reference in a text, and trafilatura reads nothing of it.
_UNUSABLE_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])(?!\d)|[xX]0*(?:[0-8bBcCeEfF]|1[\da-fA-F]|[dD][89a-fA-F][\da-fA-F]{2})(?![\da-fA-F]));?"
)
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)  # lxml.html's own asks Python for every element
_SILENT = ("script", "style", "template")
_TABLE = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")
_STORY = 500
_MOST_ELEMENTS = 20_000
_LONGEST_TEXT = 500_000
_LONGEST_TAG, _MOST_ATTRIBUTES = 20_000, 2000
_LONG_TAG = re.compile(rf"(<[a-zA-Z][\w:-]*)[^<>]{{{_LONGEST_TAG},}}>?")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the steps of reading share it.

    `metas` are (name, content) with the name in lower case, in document order; `things` all JSON-LD objects;
    `thing` the one that describes the article ({} where none does); `classed` and `itemprops` the elements with such an
    attribute, and it. `elements` holds all, so that lxml makes the object of each only once. `decoded` says how the
    page's bytes were read, None where it was a text.
    """

    url: str
    tree: HtmlElement
    metas: tuple[tuple[str, str], ...]
    things: tuple[Thing, ...]
    thing: Thing
    elements: tuple[etree._Element, ...] = ()
    classed: tuple[tuple[HtmlElement, str], ...] = ()
    itemprops: tuple[tuple[HtmlElement, str], ...] = ()
    decoded: Decoded | None = None

    def named(self, pattern: re.Pattern[str]) -> list[HtmlElement]:
        """The elements with a class in which the pattern finds something, in document order."""
        # asked once for each class, of which a page has five times fewer than elements
        telling = set(filter(pattern.search, {name for _, name in self.classed}))
        return [element for element, name in self.classed if name in telling] if telling else []

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """(name, content) of the metas so named, in the order of the names."""
        for name in names:
            yield from ((key, content) for key, content in self.metas if key == name)


def parse(
    html: bytes | str,
    url: str,
    *,
    language: str | None = None,
    content_type: str | None = None,
    charset: str | None = None,
) -> Page:
    """The page for the served bytes or text; anything at all is read, in the worst case as an empty page.

    The others tell the charset of bytes, see astana_crawl.charset. Of pages larger than any article's (20,000 elements,
    half a million characters in one) the first part is read.
    """
    read = decode(html, content_type, hint=charset, language=language) if isinstance(html, bytes) else None
    text = _UNUSABLE_REFERENCE.sub("", _UNUSABLE.sub("", read.text if read else str(html)))
    tree = _tree(_bare(text))
    elements = _bounded(tree)
    _unroll_tables(tree)
    if len(text) > _LONGEST_TEXT:
        _shorten(elements)
    things, metas = tuple(read_things(tree)), tuple(_metas(tree))
    shown = {same(content) for name, content in metas if name == "og:title"} | {
        same(text_of(h)) for h in tree.iter("h1")
    }
    thing = article_thing(things, url, shown)
    return Page(url, tree, metas, things, thing, elements, _with(tree, "class"), _with(tree, "itemprop"), read)


def clean(text: str | None) -> str:
    """The text on one line: white space collapsed, invisible characters of layout gone."""
    if not text:
        return ""
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def text_of(element: etree._Element | None) -> str:
    """The element's own text on one line, without that of scripts and styles."""
    if element is None or not isinstance(element.tag, str) or element.tag in _SILENT:
        return ""
    if not len(element):
        return clean(element.text)
    if next(element.iter(*_SILENT), None) is None:
        return clean(" ".join(element.itertext()))
    parts = element.xpath(".//text()[not(parent::script or parent::style or parent::template)]")
    return clean(" ".join(part for part in parts if isinstance(part, str)) if isinstance(parts, list) else "")


def find(tree: etree._Element, path: str) -> list[HtmlElement]:
    """The elements an XPath names, in document order."""
    found = tree.xpath(path)
    return [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []


def _with(tree: HtmlElement, attribute: str) -> tuple[tuple[HtmlElement, str], ...]:
    return tuple((element, element.get(attribute) or "") for element in find(tree, f"//*[@{attribute}]"))


def select(tree: etree._Element, selector: str) -> list[HtmlElement]:
    """The elements a CSS selector names, in document order.

    Raises:
        ValueError: the selector is not CSS; the message quotes it.
    """
    found = _compiled(selector)(tree)
    return [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except Exception as problem:
        raise ValueError(f"the layout's selector {selector!r} is not CSS: {problem}") from problem


def _bare(text: str) -> str:
    """The text with the attributes of monstrous tags gone: parsing takes the square of their number."""
    if max(map(len, text.split("<"))) < _LONGEST_TAG:
        return text
    return _LONG_TAG.sub(
        lambda tag: tag[0] if len(tag[0].split(None, _MOST_ATTRIBUTES)) <= _MOST_ATTRIBUTES else tag[1] + ">", text
    )


def _tree(text: str) -> HtmlElement:
    # Without comments: trafilatura loses the text behind one inside a paragraph, and some sites write them there.
    parser = lxml.html.HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return lxml.html.document_fromstring("<html><body></body></html>")
    return tree


def _bounded(tree: HtmlElement) -> tuple[etree._Element, ...]:
    """All elements of the tree, those beyond the most that are read taken off (news pages have 800 to 8,000)."""
    elements = tuple(islice(tree.iter(), _MOST_ELEMENTS + 1))
    if len(elements) <= _MOST_ELEMENTS:
        return elements
    for element in (elements[-1], *elements[-1].iterancestors()):
        if (parent := element.getparent()) is not None:
            del parent[parent.index(element) + 1 :]
    return elements


def _unroll_tables(tree: HtmlElement) -> None:
    """Make boxes of tables that lay out a page: a cell with a headline, several paragraphs, a long text or a table."""
    for table in list(tree.iter("table")):
        if any(_lays_out(cell) for cell in table.iter("td")):
            for part in list(table.iter(*_TABLE)):
                part.tag = "div"


def _lays_out(cell: HtmlElement) -> bool:
    if next(cell.iter("h1", "table"), None) is not None or len(list(islice(cell.iter("p"), 3))) > 1:
        return True
    return len(list(islice(cell.iter("br"), 4))) > 3 and len(text_of(cell)) > _STORY


def _shorten(elements: tuple[etree._Element, ...]) -> None:
    """Cut texts that no article has; those of scripts have bounds of their own where they are read."""
    for element in elements:
        if element.tag not in _SILENT and element.text and len(element.text) > _LONGEST_TEXT:
            element.text = element.text[:_LONGEST_TEXT]
        if element.tail and len(element.tail) > _LONGEST_TEXT:
            element.tail = element.tail[:_LONGEST_TEXT]


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        content = clean(meta.get("content"))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = meta.get(attribute)
            if name and content:
                prefix = "itemprop:" if attribute == "itemprop" else ""
                yield prefix + name.strip().lower(), content
