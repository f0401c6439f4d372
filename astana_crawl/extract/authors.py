"""Who wrote the article as the page says: persons first, freed of "By" and cities; else the agency or the outlet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from astana_crawl.extract.blocks import lines
from astana_crawl.extract.head import Head, is_elsewhere, is_marked, own_text
from astana_crawl.extract.jsonld import Thing, same, texts
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.names import CITIES, PLACE, is_agency, is_outlet, is_person, is_somebody, names, outlet_names
from astana_crawl.extract.page import Page, clean, find, select, text_of
from astana_crawl.extract.words import words
from astana_crawl.items import Candidate

_LONGEST_BYLINE = 120
_FEW, _SIGNED = 6, 2
_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
    "article:author_name",
    "itemprop:author",
    "dcterms.creator",
    "article.author",
    "cxenseparse:author",
)
_AUTHOR_META = re.compile(r"(?<!smartbanner)(?:[.:_-]|article)authors?$|(?<=[.:])byline$|written by$")
_BYLINE = re.compile(r"(?<!\S)byline(?!\S)")
_BYLINE_PART = re.compile(r"author|byline|autor|submitted|(?<![a-z])writer|createdby")
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|profiles?|profils?|yazar(?:lar)?|avtor|writers?|contributors?|journalists?"
    r"|reporters?|kateb|people)/[^/?#]",
    re.IGNORECASE,
)
_SAYS_BY = re.compile(
    r"(?:(?:(?:written|reporting|interview|story)\s+)?by|von|par|por|автор|текст|yazan|haber|بقلم|كتب|کاتب|نویسنده|خبرنگار)"
    r"\s*:?\s+(?=\S)|(?:author|autore?|auteur|yazar|الكاتب)\s*:\s*(?=\S)",
    re.IGNORECASE,
)
_SMALL = frozenset(words("and und et y e и ve och og de del al el van von der bin ibn"))
_BYLINE_TAGS = ("a", "span", "div", "p")


def author_candidates(page: Page, layout: Layout | None, head: Head) -> Iterator[Candidate]:
    """Names as the page gives them, one candidate a name, the surest places first."""
    if layout and layout.authors:
        for element in select(page.tree, layout.authors):
            yield from names(text_of(element), "layout:authors")
    yield from _from_json_ld(page)
    others = (name for name, _ in page.metas if name not in _METAS and _AUTHOR_META.search(name))
    for name, content in page.meta(*_METAS, *dict.fromkeys(others)):
        yield from names(content, f"meta:{name}")
    yield from _from_microdata(page)
    yield from _from_bylines(page)
    yield from _from_head(head)


def _from_json_ld(page: Page) -> Iterator[Candidate]:
    by_id = {thing["@id"]: thing for thing in page.things if isinstance(thing.get("@id"), str) and thing.get("name")}
    for key in ("author", "creator"):
        for value in _listed(page.thing.get(key)):
            for name in _thing_names(value, by_id):
                yield from names(name, f"json-ld:{key}")


def _from_microdata(page: Page) -> Iterator[Candidate]:
    """Authors in microdata, of the first article that has any: teasers further down have theirs too."""
    boxes: list[HtmlElement | None] = []
    for element in (element for element, name in page.itemprops if name in ("author", "creator")):
        if element.tag == "meta":
            continue
        boxes.append(next((box for box in element.iterancestors() if box.get("itemscope") is not None), None))
        if boxes[-1] is boxes[0]:
            for one in find(element, ".//*[@itemprop='name']") or [element]:
                yield from names(one.get("content") or text_of(one), "microdata:author")


def _from_bylines(page: Page) -> Iterator[Candidate]:
    for rule, elements in (
        (
            "rel:author",
            [element for element in find(page.tree, "//*[@rel]") if "author" in element.get("rel", "").split()],
        ),
        ("byline", page.named(_BYLINE)),
        ("byline", [element for element in page.named(_BYLINE_PART) if element.tag in _BYLINE_TAGS]),
    ):
        for element in _together(elements):
            for text in _told_apart(element):
                yield from names(text, rule)


def _from_head(head: Head) -> Iterator[Candidate]:
    """Beside the headline: links to an author's page, addresses, and texts like "By Jane Doe"."""
    for element in head.beside:
        text = text_of(element) if element.tag == "a" else own_text(element)
        if not 0 < len(text) <= _LONGEST_BYLINE:
            continue
        said = [*_credited(element, text)]
        if said and not is_elsewhere(element, head):
            for rule, line in said:
                yield from names(line, rule)


def _credited(element: HtmlElement, text: str) -> Iterator[tuple[str, str]]:
    """(rule, text) of what an element of the head says of authors."""
    if element.tag == "a" and _AUTHOR_PAGE.search(element.get("href") or ""):
        yield "head:link", text
        return
    if element.tag == "address":
        yield "head:byline", text
        return
    for said in _statements(element, text):
        by = _SAYS_BY.match(said) or _placed(said, element)
        if by and _are_names(said[by.end() :]):
            yield "head:byline", said


def _placed(said: str, element: HtmlElement) -> re.Match[str] | None:
    """The city before a name, as Arabic dailies write it: "Beirut: Jane Doe"."""
    place = PLACE.match(said) if is_marked(element) else None
    few = place is not None and 1 < len(said[place.end() :].split()) <= 4
    return place if few and same(said[: said.find(":")]) in CITIES else None


def _statements(element: HtmlElement, text: str) -> list[str]:
    """What a line of the head says one after the other: "Posted on: 14 May | Author: Jane Doe | Views: 12"."""
    said = lines(element) if next(element.iter("br"), None) is not None else [text]
    return [part for line in said for part in re.split(r"\s*[|•·]\s*", line)]


def _are_names(text: str) -> bool:
    """Whether no word up to the first figure begins with a small letter, as those of a sentence would."""
    said = re.split(r"\s\d", text)[0].split()
    return not any(word[0].islower() and word not in _SMALL for word in said)


def _together(elements: list[HtmlElement]) -> list[HtmlElement]:
    """The first of the bylines that says something and those beside it; teasers further down have theirs too."""
    said = [element for element in elements[:_FEW] if 0 < len(text_of(element)) <= _LONGEST_BYLINE]
    boxes = set(islice(said[0].iterancestors(), 3)) if said else set()
    return [one for one in said if one is said[0] or not boxes.isdisjoint(islice(one.iterancestors(), 3))]


def _told_apart(element: HtmlElement) -> list[str]:
    """The byline's text; where each of its parts is a full name, the names."""
    parts = [text for part in element.itertext() if (text := clean(part))]
    apart = len(parts) > 1 and all(1 < len(part.split()) <= 4 and is_person(part) for part in parts)
    return parts if apart else [text_of(element)]


def signed(lines: list[str], outlets: set[str]) -> Iterator[Candidate]:
    """The name behind the outlet's own in one of a text's first lines: "Daily Star – Jane Doe".

    `outlets` are the page's own names as `jsonld.same` gives them.
    """
    for line in lines[:_SIGNED]:
        outlet, dash, name = (part.strip() for part in re.sub(r"\s[-–—]\s", " – ", line, count=1).partition(" – "))
        if dash and same(outlet) in outlets and 1 < len(name.split()) <= 4 and is_person(name):
            yield Candidate("authors", name, "text:byline", line[:300])


def choose_authors(page: Page, candidates: list[Candidate]) -> list[str]:
    """The credits of the first place that names a person, in its order, each once; marked as chosen.

    Agencies credited beside a person stay. Where no place names a person, the first that names anybody: the agency,
    the newsroom or the outlet itself, as it says (right on 26 of 30 such pages).
    """
    outlet = outlet_names(page)
    named = [one for one in candidates if is_somebody(one.value)]
    persons = [one for one in named if is_person(one.value) and not is_outlet(one.value, outlet)]
    first = next(iter(persons or named), None)
    chosen: dict[str, Candidate] = {}
    for one in named if first else ():
        fits = one in persons or is_agency(one.value) if persons else True
        if first and one.rule == first.rule and fits:
            chosen.setdefault(same(one.value), one).chosen = True
    return [one.value for one in chosen.values()]


def _listed(value: Any) -> Iterable[Any]:
    return value[:50] if isinstance(value, list) else [value] if value else []


def _thing_names(value: Any, by_id: dict[str, Thing]) -> list[str]:
    if isinstance(value, dict) and not value.get("name"):
        value = by_id.get(str(value.get("@id")), {})
    if isinstance(value, dict):
        return texts(value.get("name"))
    return texts(value)
