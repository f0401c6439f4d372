"""Dates a page only shows: short texts beside the headline, where no machine-readable place gives one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from astana_crawl.extract.jsonld import same
from astana_crawl.extract.page import clean, text_of

_LONGEST = 120
_FAR = 60
_YEAR = re.compile(r"(?:19|20|1[34])\d\d|[٠-٩۰-۹]{4}")
_MARKED = re.compile(r"date|time|publish|posted|stamp|byline|meta|info", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|aktualisiert|güncel|обновлен|تحديث|stand:", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:published|posted|created|date|first published|by|veröffentlicht"
    r"|publié|publicado|опубликовано|дата|yayın\w*|giriş"
    r"|نشر|نُشر|تاريخ النشر|تاریخ انتشار)\b(?:\s+(?:on|am|le|el|в|في))?\s*:?\s*",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"relat|sidebar|latest|recommend|most-|teaser|comment|footer|copyright|menu|nav", re.IGNORECASE)


def shown_dates(tree: HtmlElement, headlines: list[str]) -> Iterator[str]:
    """Short texts with a year near the headline, those in elements marked as a date first, in the order of the page."""
    own = {same(headline) for headline in headlines}
    elements = [element for element in tree.iter(etree.Element) if isinstance(element, HtmlElement)]
    at = next((i for i, e in enumerate(elements) if e.tag in ("h1", "h2", "h3") and same(text_of(e)) in own), None)
    if at is None:
        at = next((i for i, e in enumerate(elements) if e.tag == "h1" and text_of(e)), None)
    if at is None:
        return
    near = elements[at + 1 : at + _FAR] + elements[max(0, at - _FAR // 3) : at]
    around = {elements[at], *elements[at].iterancestors()}
    found = [(e, text) for e in near if _YEAR.search(text := _own_text(e)) and not _elsewhere(e, around)]
    found.sort(key=lambda pair: not _MARKED.search(f"{pair[0].get('class')} {pair[0].get('id')}"))
    for element, text in found:
        if not _CHANGED.search(text):
            yield from _parts(text)
            if (unlinked := _unlinked(element)) != text:
                yield from _parts(unlinked)


def _own_text(element: HtmlElement) -> str:
    """The text of an element that holds little else, '' for longer ones."""
    if element.tag in ("script", "style", "a", "li", "title") or len(list(islice(element.iter(), 13))) > 12:
        return ""
    text = text_of(element)
    return text if len(text) <= _LONGEST else ""


def _elsewhere(element: HtmlElement, around: set[HtmlElement]) -> bool:
    """Whether the element stands in a box for other things; a box that holds the headline too is none."""
    return any(
        box.tag in ("aside", "nav", "footer", "li", "figure") or _ELSEWHERE.search(box.get("class") or "")
        for box in (element, *element.iterancestors())
        if box not in around
    )


def _unlinked(element: HtmlElement) -> str:
    """The element's text but that of its links, which name the author, the source or the section."""
    parts = element.xpath(".//text()[not(ancestor::a)]")
    return clean(" ".join(map(str, parts)) if isinstance(parts, list) else "").strip(" ,;|·•-–—")


def _parts(text: str) -> Iterator[str]:
    for part in (text, *re.split(r"\s*[|•·]\s*|\s+(?:[-–—]|by)\s+", text)):
        if _YEAR.search(part) and (cleaned := _LABEL.sub("", clean(part))):
            yield cleaned
