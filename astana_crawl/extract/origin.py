"""The outlet a text was taken from and the address of the original, where the page names them; never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from astana_crawl import identity
from astana_crawl.extract.credits import agencies
from astana_crawl.extract.jsonld import same
from astana_crawl.extract.page import Page, clean, text_of
from astana_crawl.extract.words import words
from astana_crawl.items import Candidate

_LABELS = "source|original source|original article|المصدر|источник|kaynak|منبع|дереккөз|quelle"
SOURCE_LINE = re.compile(rf"^(?:{_LABELS})\s*:\s*(?P<name>[^:]{{2,60}}?)\.?$", re.IGNORECASE)
_LABEL = re.compile(rf"\s*(?:{_LABELS})\b", re.IGNORECASE)
_TAGS = ("p", "div", "span", "li", "strong", "em", "small", "footer")
_UP = 5
_NAME = r"(?:the )?[A-Z][\w'’&-]*(?: [A-Z][\w'’&-]*){0,4}"
_PUBLISHED_BY = re.compile(
    rf"(?:originally|first) (?:published|appeared) (?:in|by|on|at) (?P<name>{_NAME})"
    rf"|translated from (?P<from>{_NAME})(?=[.,;]|$)"
)
_LANGUAGE_NAMES = frozenset(words("arabic english russian turkish persian farsi kazakh french german hebrew kurdish"))
_SEVERAL = re.compile(r"^(?:news )?agencies$|وكالات|агентств|ajans|,|;|،|/|\band\b|\s\+\s", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"\boriginal (?:article|story|report|text|version|post|here)\b|\boriginally (?:published|appeared)"
    r"|\btranslat(?:ed|ion) (?:from|of)\b|\bin the original\b"
    r"|\b(?:original|read (?:it|this)) in (?:arabic|english|russian|turkish|persian|farsi|kazakh|french|german)\b"
    r"|оригинал(?:а|ьн\w+)? (?:статьи|текста?|материала|на)|читать в оригинале|перевод(?: статьи)? с |переведено с"
    r"|المقال الأصلي|النص الأصلي|الخبر الأصلي|المادة الأصلية|ترجمة عن|مترجم عن"
    r"|haberin (?:aslı|orijinali)|orijinal (?:haber|metin|makale)|متن اصلی|اصل خبر|түпнұсқа"
    r"|original(?:artikel|text|beitrag)\b|article original|texte original|version originale",
    re.IGNORECASE,
)
_NEAR = 80
_PICTURE = re.compile(r"caption|credit|photo|image", re.IGNORECASE)


def origin_candidates(page: Page, outlets: set[str]) -> Iterator[tuple[Candidate, str | None]]:
    """(candidate for original_outlet, address of the original or None): source lines of the page.

    `outlets` are the page's own names as `jsonld.same` gives them: an outlet is not its own source.
    """
    for element in _labelled(page):
        if (found := _source_line(element)) and same(found) not in outlets and not _in_picture(element):
            link = next((a for a in element.iter("a") if a.get("href")), None)
            name = agencies().get(same(found), found)
            yield Candidate("original_outlet", name, "source-line", text_of(element)[:300]), _elsewhere(page, link)


def original_addresses(page: Page) -> Iterator[Candidate]:
    """Candidates for original_url: what the page declares it is a translation or copy of, then links that say so."""
    for key in ("translationOfWork", "isBasedOn"):
        value = page.thing.get(key)
        address = (value.get("url") or value.get("@id")) if isinstance(value, dict) else value
        yield from _address(page, address, f"json-ld:{key}", str(address))
    for name, content in page.meta("original-source", "syndication-source"):
        yield from _address(page, content, f"meta:{name}", content)
    for link in page.tree.iter("a"):
        words = f"{_before(link)} {text_of(link)}" if link.get("href") else ""
        if len(words) <= 2 * _NEAR and _ORIGINAL.search(words) and not _in_picture(link):
            yield from _address(page, link.get("href"), "link", words)


def _before(link: HtmlElement) -> str:
    """The words on the link's line before it."""
    before, parent = link.getprevious(), link.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else None
    return clean(text)[-_NEAR:]


def _address(page: Page, href: object, rule: str, raw: str) -> Iterator[Candidate]:
    """The address when it leads to another page than this one, and not to a site's front page."""
    try:
        address = urljoin(page.url, clean(href)) if isinstance(href, str) else ""
        if urlsplit(address).path.strip("/") and identity.url_hash(address) != identity.url_hash(page.url):
            yield Candidate("original_url", address, rule, raw[:300])
    except ValueError:
        return


def _labelled(page: Page) -> list[HtmlElement]:
    """The elements that begin with a label, and those they stand at the head of, in the order of the page."""
    found: dict[HtmlElement, None] = {}
    for element in page.elements:
        for holder, text in ((element, element.text), (element.getparent(), element.tail)):
            if text and isinstance(holder, HtmlElement) and _LABEL.match(text):
                for box in reversed([holder, *islice(holder.iterancestors(), _UP)]):
                    if box.tag in _TAGS:
                        found.setdefault(box)
    return list(found)


def origin_in_note(note: str | None, outlets: set[str]) -> Candidate | None:
    """The outlet a closing note says the text was first published by."""
    for match in _PUBLISHED_BY.finditer(note or ""):
        name = match["name"] or match["from"]
        if same(name) not in outlets and same(name) not in _LANGUAGE_NAMES:
            return Candidate("original_outlet", name, "note", match.group()[:300])
    return None


def _source_line(element: HtmlElement) -> str | None:
    if sum(1 for _ in zip(element.iter(etree.Element), range(8), strict=False)) > 6:
        return None
    match = SOURCE_LINE.match(text_of(element))
    return None if match is None or _SEVERAL.search(match["name"]) else clean(match["name"]).strip('«»"“” ')


def _in_picture(element: HtmlElement) -> bool:
    boxes = [element, *element.iterancestors()][:5]
    return any(box.tag in ("figure", "figcaption") or _PICTURE.search(box.get("class") or "") for box in boxes)


def _elsewhere(page: Page, link: HtmlElement | None) -> str | None:
    try:
        address = urljoin(page.url, clean(link.get("href"))) if link is not None else ""
        return None if not address.startswith("http") or identity.same_site(page.url, address) else address
    except ValueError:
        return None
