"""Who wrote the article as the page says: persons first, freed of "By" and cities; else the agency or the outlet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from astana_crawl.extract.blocks import lines
from astana_crawl.extract.head import Head, is_elsewhere, is_marked, own_text
from astana_crawl.extract.headline import once
from astana_crawl.extract.jsonld import Thing, same, texts
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.page import Page, clean, find, select, text_of
from astana_crawl.extract.words import words
from astana_crawl.items import Candidate

_BY = re.compile(
    r"^(?:(?:written|reported|reporting|report|interview|story|words|posted|published|submitted|text)\s+by|by|от"
    r"|автор[ыа]?|текст|авторы|опубликовал[аи]?|yazar|yazan|haber|gönderen|(?:verfasst|geschrieben)\s+von"
    r"|(?:publié|écrit|rédigé)\s+par|author|بقلم|كتبه?|إعداد|الكاتب|(?:مرسلة|نشرت?)\s+بواسطة|نویسنده|خبرنگار)\b\s*:?\s*",
    re.IGNORECASE,
)
_SHOWN_BY = re.compile(r"^(?:von|par|por|di|av|af|door|na)(?:\s+|$)", re.IGNORECASE)
_LABELLED_BY = re.compile(r"^[^A-ZÀ-Þ]{1,30}\s(?:by|von|par|por)\s+(?=[A-ZÀ-Þ])")  # "politics by Jane Doe"
_OFFICE = re.compile(r"\s+(?:기자|특파원|記者)$")
_BETWEEN = re.compile(
    r"\s*(?:[,;،؛|/•·&]|\s[-–—]\s|\s(?:and|und|et|y|e|и|ve|och|og|en|with)\s)\s*",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^[^:]{2,30}\s*:\s*")
_LONGEST_BYLINE = 120
_FROM = re.compile(r"\sin\s[A-Z][\w.-]+(?:\s[A-Z][\w-]+)?(?=\sand\s|,|;|$)")  # "Jane Doe in Ankara and …"
_FEW, _SIGNED = 6, 2
_CITIES = frozenset(
    words(
        """london riyadh moscow damascus ankara istanbul beirut cairo amman astana nursultan tehran baghdad geneva
        newyork washington brussels paris jeddah dubai aleppo idlib sochi erbil gaza jerusalem vienna doha
        لندن الرياض موسكو دمشق أنقرة إسطنبول بيروت القاهرة عمان أستانا آستانة طهران بغداد جنيف نيويورك واشنطن
        باريس جدة دبي
        москва дамаск анкара стамбул астана нурсултан тегеран женева вашингтон брюссель"""
    )
)
_NOT_A_PERSON = re.compile(
    r"\.(?:com|net|org|ru|kz|tr|de)\b|\d{2}|^(?:editors?|redaktion|redazione|redacci[oó]n|red|agenturen"
    r"|staff|agencies|agency|(?:our )?correspondent|(?:[a-z]+ ){1,2}(?:editor|correspondent)|wires?|news ?desk)$"
    r"|\b(?:staff|newsroom|news desk|web desk|agenc(?:y|ies)|editorial|redaktion|news team|reporters?)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"https?:|www\.|@|©|\d{5}|^(?:admin|administrator|unknown|null|none|guest|author|name|share|follow|submitted)$",
    re.IGNORECASE,
)
_AGENCIES = frozenset(
    words(
        """reuters ap afp dpa tass sana irna anadolu aa interfax ria rianovosti associatedpress agencefrancepresse
        bloomberg pa upi efe ansa kyodo xinhua тасс рианoвости интерфакс
        kazinform sputnik apa sid"""
    )
)
_OUTLETS = frozenset(words("asharqalawsat الشرقالأوسط"))
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
SHOWN = ("byline", "rel:author", "head:link", "head:byline", "text:byline")
_BYLINE_TAGS = ("a", "span", "div", "p")


def author_candidates(page: Page, layout: Layout | None, head: Head) -> Iterator[Candidate]:
    """Names as the page gives them, one candidate a name, the surest places first."""
    if layout and layout.authors:
        for element in select(page.tree, layout.authors):
            yield from _names(text_of(element), "layout:authors")
    yield from _from_json_ld(page)
    others = (name for name, _ in page.metas if name not in _METAS and _AUTHOR_META.search(name))
    for name, content in page.meta(*_METAS, *dict.fromkeys(others)):
        yield from _names(content, f"meta:{name}")
    yield from _from_microdata(page)
    yield from _from_bylines(page)
    yield from _from_head(head)


def _from_json_ld(page: Page) -> Iterator[Candidate]:
    by_id = {thing["@id"]: thing for thing in page.things if isinstance(thing.get("@id"), str) and thing.get("name")}
    for key in ("author", "creator"):
        for value in _listed(page.thing.get(key)):
            for name in _thing_names(value, by_id):
                yield from _names(name, f"json-ld:{key}")


def _from_microdata(page: Page) -> Iterator[Candidate]:
    """Authors in microdata, of the first article that has any: teasers further down have theirs too."""
    boxes: list[HtmlElement | None] = []
    for element in (element for element, name in page.itemprops if name in ("author", "creator")):
        if element.tag == "meta":
            continue
        boxes.append(next((box for box in element.iterancestors() if box.get("itemscope") is not None), None))
        if boxes[-1] is boxes[0]:
            for one in find(element, ".//*[@itemprop='name']") or [element]:
                yield from _names(one.get("content") or text_of(one), "microdata:author")


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
                yield from _names(text, rule)


def _from_head(head: Head) -> Iterator[Candidate]:
    """Beside the headline: links to an author's page, addresses, and texts like "By Jane Doe"."""
    for element in head.beside:
        text = text_of(element) if element.tag == "a" else own_text(element)
        if not 0 < len(text) <= _LONGEST_BYLINE:
            continue
        said = [*_credited(element, text)]
        if said and not is_elsewhere(element, head):
            for rule, line in said:
                yield from _names(line, rule)


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
    place = _PLACE.match(said) if is_marked(element) else None
    few = place is not None and 1 < len(said[place.end() :].split()) <= 4
    return place if few and same(said[: said.find(":")]) in _CITIES else None


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
    apart = len(parts) > 1 and all(1 < len(part.split()) <= 4 and _is_person(part) for part in parts)
    return parts if apart else [text_of(element)]


def signed(lines: list[str], outlets: set[str]) -> Iterator[Candidate]:
    """The name behind the outlet's own in one of a text's first lines: "Daily Star – Jane Doe".

    `outlets` are the page's own names as `jsonld.same` gives them.
    """
    for line in lines[:_SIGNED]:
        outlet, dash, name = (part.strip() for part in re.sub(r"\s[-–—]\s", " – ", line, count=1).partition(" – "))
        if dash and same(outlet) in outlets and 1 < len(name.split()) <= 4 and _is_person(name):
            yield Candidate("authors", name, "text:byline", line[:300])


def choose_authors(page: Page, candidates: list[Candidate]) -> list[str]:
    """The credits of the first place that names a person, in its order, each once; marked as chosen.

    Agencies credited beside a person stay. Where no place names a person, the first that names anybody: the agency,
    the newsroom or the outlet itself, as it says (the truth on 26 of 30 such pages of the corpus).
    """
    outlet = outlet_names(page)
    named = [one for one in candidates if _is_somebody(one.value)]
    persons = [one for one in named if _is_person(one.value) and not _is_outlet(one.value, outlet)]
    first = next(iter(persons or named), None)
    chosen: dict[str, Candidate] = {}
    for one in named if first else ():
        fits = one in persons or _is_agency(one.value) if persons else True
        if first and one.rule == first.rule and fits:
            chosen.setdefault(same(one.value), one).chosen = True
    return [one.value for one in chosen.values()]


def _is_outlet(name: str, outlet: set[str]) -> bool:
    first = same(name.split()[0])
    return same(name) in outlet or (len(first) > 2 and first in outlet)


def _names(raw: str, rule: str) -> Iterator[Candidate]:
    if "://" in raw or re.match(r"(?:editor|photo|foto|фото)\s*:", raw.strip(), re.IGNORECASE):
        return
    text = _BY.sub("", clean(re.sub(r"<[^>]*>|(?<=\w\s)\([^()]*\)", " ", raw)))
    if rule in SHOWN:
        text = _SHOWN_BY.sub("", _LABELLED_BY.sub("", text))
        text = _FROM.sub("", text)
        text = re.split(r"\s(?:in|on|am|stand:)\s|\s(?:le\s)?\d|\s@", text, flags=re.IGNORECASE)[0]
    for part in _BETWEEN.split(text):
        name = once(_OFFICE.sub("", _BY.sub("", _PLACE.sub("", clean(part))))).strip(' -–—:.,*()«»"“”')
        if 1 < len(name) <= 80:
            yield Candidate("authors", name, rule, raw[:300])


def _is_somebody(name: str) -> bool:
    return sum(map(str.isalpha, name)) > 1 and same(name) not in _CITIES and not _NOBODY.search(name)


def _is_person(name: str) -> bool:
    plain = not _NOT_A_PERSON.search(name) and not name.islower() and len(name.split()) <= 6
    return plain and _is_somebody(name) and not _is_agency(name)


def _is_agency(name: str) -> bool:
    return same(re.split(r"\s+in\s+", name)[0]) in _AGENCIES


def outlet_names(page: Page) -> set[str]:
    """What the page calls its own outlet, as `jsonld.same` gives it."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    names = [content for _, content in page.meta("og:site_name", "application-name")] + [host, *host.split(".")]
    for thing in page.things:
        names += texts(thing.get("publisher"))
    title = text_of(next(iter(page.tree.iter("title")), None))
    names += [re.split(r"\s+[-–—|]\s+", title)[-1]] if re.search(r"\s[-–—|]\s", title) else []
    return {same(name) for name in names} | _OUTLETS


def _listed(value: Any) -> Iterable[Any]:
    return value[:50] if isinstance(value, list) else [value] if value else []


def _thing_names(value: Any, by_id: dict[str, Thing]) -> list[str]:
    if isinstance(value, dict) and not value.get("name"):
        value = by_id.get(str(value.get("@id")), {})
    if isinstance(value, dict):
        return texts(value.get("name"))
    return texts(value)
