"""Who wrote the article: persons as the page names them, freed of "By", cities and agencies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from astana_crawl.extract.jsonld import Thing, same, texts
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.page import Page, clean, find, select, text_of
from astana_crawl.extract.words import words
from astana_crawl.items import Candidate

_BY = re.compile(
    r"^(?:(?:written|reported|posted|published|text)\s+by|by|от|автор[ыа]?|текст|авторы|yazar|yazan|haber"
    r"|بقلم|كتبه?|إعداد|نویسنده)\b\s*:?\s*",
    re.IGNORECASE,
)
_SHOWN_BY = re.compile(r"^(?:von|par|por|di|av|af|door|na)(?:\s+|$)", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s*(?:[,;،؛|/•·&]|\s[-–—]\s|\s(?:and|und|et|y|e|и|ve|och|og|en|with)\s)\s*",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^[^:]{2,30}\s*:\s*")
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
    r"https?:|www\.|@|\.(?:com|net|org|ru|kz|tr|de)\b|\d{2}"
    r"|^(?:admin|administrator|editors?|redaktion|redazione|redacci[oó]n|unknown|null|none|guest|author|name|share|follow|red|agenturen"
    r"|staff|agencies|agency|(?:our )?correspondent|wires?|news ?desk)$"
    r"|\b(?:staff|newsroom|news desk|web desk|agenc(?:y|ies)|editorial|redaktion|news team|reporters?)\b",
    re.IGNORECASE,
)
_AGENCIES = frozenset(
    words(
        """reuters ap afp dpa tass sana irna anadolu aa interfax ria rianovosti associatedpress agencefrancepresse
        bloomberg pa upi efe ansa kyodo xinhua тасс рианoвости интерфакс
        kazinform sputnik apa"""
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
_BYLINES = (
    ("rel:author", '//*[@rel="author" or contains(concat(" ", @rel, " "), " author ")]'),
    ("byline", '//*[contains(concat(" ", @class, " "), " byline ")]'),
    (
        "byline",
        "//*[self::a or self::span or self::div or self::p][contains(@class, 'author') or contains(@class, 'byline')]",
    ),
)


def author_candidates(page: Page, layout: Layout | None) -> Iterator[Candidate]:
    """Names as the page gives them, one candidate a name, the surest places first."""
    if layout and layout.authors:
        for element in select(page.tree, layout.authors):
            yield from _names(text_of(element), "layout:authors")
    yield from _from_json_ld(page)
    for name, content in page.meta(*_METAS):
        yield from _names(content, f"meta:{name}")
    yield from _from_microdata(page)
    yield from _from_bylines(page)


def _from_json_ld(page: Page) -> Iterator[Candidate]:
    by_id = {thing["@id"]: thing for thing in page.things if isinstance(thing.get("@id"), str) and thing.get("name")}
    for key in ("author", "creator"):
        for value in _listed(page.thing.get(key)):
            for name in _thing_names(value, by_id):
                yield from _names(name, f"json-ld:{key}")


def _from_microdata(page: Page) -> Iterator[Candidate]:
    """Authors in microdata, of the first article that has any: teasers further down have theirs too."""
    boxes: list[HtmlElement | None] = []
    for element in find(page.tree, "//*[@itemprop='author' or @itemprop='creator'][not(self::meta)]"):
        boxes.append(next((box for box in element.iterancestors() if box.get("itemscope") is not None), None))
        if boxes[-1] is boxes[0]:
            for one in find(element, ".//*[@itemprop='name']") or [element]:
                yield from _names(one.get("content") or text_of(one), "microdata:author")


def _from_bylines(page: Page) -> Iterator[Candidate]:
    for rule, path in _BYLINES:
        for element in find(page.tree, path)[:3]:
            text = text_of(element)
            if 0 < len(text) <= 120:
                yield from _names(text, rule)


def choose_authors(page: Page, candidates: list[Candidate]) -> list[str]:
    """The persons of the first place that names any, in its order, each once; their candidates marked as chosen.

    Where no person is named, the agencies credited; the outlet's own name is no author.
    """
    outlet = outlet_names(page)
    for suits in (_is_person, _is_agency):
        for rule in dict.fromkeys(one.rule for one in candidates):
            chosen: dict[str, Candidate] = {}
            for one in candidates:
                if one.rule == rule and same(one.value) not in outlet and suits(one.value):
                    chosen.setdefault(same(one.value), one)
            if chosen:
                for one in chosen.values():
                    one.chosen = True
                return [one.value for one in chosen.values()]
    return []


def _names(raw: str, rule: str) -> Iterator[Candidate]:
    if "://" in raw or re.match(r"(?:editor|photo|foto|фото)\s*:", raw.strip(), re.IGNORECASE):
        return
    text = _BY.sub("", clean(re.sub(r"<[^>]*>", " ", raw)))
    if rule in ("byline", "rel:author"):
        text = re.split(r"\s(?:in|on)\s", _SHOWN_BY.sub("", text))[0]
    for part in _BETWEEN.split(text):
        name = _BY.sub("", _PLACE.sub("", clean(part))).strip(' -–—:.,*()«»"“”')
        if 1 < len(name) <= 80:
            yield Candidate("authors", name, rule, raw[:300])


def _is_person(name: str) -> bool:
    letters = sum(map(str.isalpha, name))
    return (
        letters > 1
        and not _is_agency(name)
        and same(name) not in _CITIES
        and not _NOT_A_PERSON.search(name)
        and len(name.split()) <= 6
    )


def _is_agency(name: str) -> bool:
    return same(name) in _AGENCIES


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
