"""An element's text in blocks: one line each for a paragraph, a heading, a list item, a quote, a table row."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from astana_crawl.extract.page import clean
from astana_crawl.extract.words import words

_LINES = frozenset(
    words(
        """address article aside blockquote body br center dd details dialog div dl dt fieldset figure footer form
        h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul"""
    )
)
_INLINE = frozenset(words("a b i em strong small sup sub u title"))
_FEW_CHILDREN = 8
_SILENT = frozenset(
    words(
        """script style noscript template head iframe svg canvas audio video object button form input select textarea
        nav figcaption aside"""
    )
)


def lines(element: HtmlElement) -> list[str]:
    """The element's text in blocks, in document order, white space collapsed; cells of a row joined by ' | '."""
    return [line for text in _runs(element) if (line := clean(text).strip("|").strip())]


def own_texts(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The elements that hold text directly, each with all of its text where it is a single run."""
    for element in root.iter(etree.Element):
        if element.tag not in _SILENT and element.text and not element.text.isspace() and element.tag not in _INLINE:
            yield element, clean("".join(element.itertext())) if len(element) < _FEW_CHILDREN else clean(element.text)


def _runs(root: HtmlElement) -> Iterator[str]:
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _LINES:
                yield "".join(parts)
                parts.clear()
            if tag in _SILENT:
                walk.skip_subtree()
            elif element.text:
                parts.append(element.text)
        else:
            if tag in _LINES:
                yield "".join(parts)
                parts.clear()
            if tag in ("td", "th"):
                parts.append(" | ")
            if element is not root and element.tail:
                parts.append(element.tail)
    yield "".join(parts)
