"""An article that the served page holds only as data for its scripts: JSON in script elements, not in paragraphs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from astana_crawl.extract.blocks import lines
from astana_crawl.extract.jsonld import same
from astana_crawl.extract.page import clean

_OPENED = re.compile(r"[=(,]\s*(?=[\[{]+\s*\")")
_TRIES = 5
_FLIGHT = re.compile(r"__next_f\.push\((?=\[)")
_FLIGHT_ROW = re.compile(r"^[0-9a-f]+:(?=[\[{])", re.MULTILINE)
_TITLE = re.compile(r"\w*(?<!sub)(?:title|headline)", re.IGNORECASE)
_TEXT_KEY = re.compile(r"text|html|content|body|value|paragraph|children|nodes|data|blocks", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"date_?published|published(?:_?(?:at|on|date|time))?|(?:first_?)?publi(?:sh|cation)_?(?:date|time)"
    r"|first_?published(?:_?(?:at|on|date))?|pub_?date|(?:deploy|publish|regist)_?dt",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?؟۔。…][\s\"'”»)]*$")
_MARKUP = re.compile(r"<(?:p|br|div|h\d)\b", re.IGNORECASE)
_SHORTEST = 40
_TELLING = 15
_MANY = 50_000
_DEPTH = 6
_MOST_SCRIPT = 4_000_000


@dataclass(slots=True)
class State:
    """What the scripts' data says under the page's own headline: the text's lines, the raw dates of publication."""

    lines: list[str] = field(default_factory=list)
    published: list[tuple[str, str]] = field(default_factory=list)


def read_state(tree: HtmlElement, headlines: list[str]) -> State:
    """The longest text, and the dates, that stand in the scripts' data in or under an object with the page's headline.

    Read are JSON scripts (`__NEXT_DATA__`), values given to a name or a function (`window.__STATE__ = {…}`) and
    the pushed rows of Next.js; data that is no JSON is passed over.
    """
    own, state, best = {same(text) for text in headlines} - {""}, State(), 0
    for key, value in _named(_values(tree), own):
        if isinstance(value, str) and key and _PUBLISHED.fullmatch(key):
            state.published.append((key, value[:300]))
        found = _lines(value)
        if (length := _prose(found)) > best:
            state.lines, best = found, length
    return state


def _values(tree: HtmlElement) -> Iterator[Any]:
    flight = []
    for script in tree.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if "ld+json" in kind or len(text) < 2 * _SHORTEST or len(text) > _MOST_SCRIPT:
            continue
        if "json" in kind:
            yield from _decoded(text.strip(), 0)
        elif pushed := _FLIGHT.search(text):
            flight += [part for row in _decoded(text, pushed.end()) for part in row if isinstance(part, str)]
        else:
            for opened in islice(_OPENED.finditer(text), _TRIES):
                yield from _decoded(text, opened.end())
    rows = "".join(flight)
    for row in _FLIGHT_ROW.finditer(rows):
        yield from _decoded(rows, row.end())


def _decoded(text: str, at: int) -> list[Any]:
    try:
        return [json.JSONDecoder(strict=False).raw_decode(text, at)[0]]
    except (ValueError, RecursionError):
        return []


def _named(values: Iterator[Any], own: set[str]) -> Iterator[tuple[str, Any]]:
    """(key, value) of everything in an object that has one of the headlines as a title, and in what such one holds."""
    waiting: list[tuple[str, Any, bool]] = [("", value, False) for value in values]
    for _ in range(_MANY):
        if not waiting:
            return
        key, value, named = waiting.pop()
        if isinstance(value, dict):
            named = _is_own(value, own, named)
            waiting += [(name, inner, named) for name, inner in value.items() if isinstance(inner, str | dict | list)]
        elif isinstance(value, list):
            waiting += [(key, inner, named) for inner in value if isinstance(inner, dict | list)]
        if named and isinstance(value, str | list):
            yield key, value


def _is_own(thing: dict[str, Any], own: set[str], named: bool) -> bool:
    """Whether the object is of the page's article: by its own title, else as the object that holds it."""
    titles = [same(text) for name, text in thing.items() if isinstance(text, str) and _TITLE.fullmatch(name)]
    return any(_begins(title, own) for title in titles) or (
        named and not any(len(title) >= _TELLING for title in titles)
    )


def _begins(text: str, own: set[str]) -> bool:
    """Whether the text is one of the headlines, or what stands in it before a site's or section's name."""
    return text in own or (len(text) >= _TELLING and any(headline.startswith(text) for headline in own))


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return _lines_of(value) if len(value) > 4 * _SHORTEST else []
    if not isinstance(value, list) or len(value) < 2:
        return []
    return [line for item in value for line in _lines_of("".join(_texts(item, 0)))]


def _lines_of(text: str) -> list[str]:
    if not _MARKUP.search(text):
        return [line for raw in re.sub(r"<[^>]{0,500}>", "", text).splitlines() if (line := clean(raw))]
    try:
        return lines(lxml.html.fragment_fromstring(text, create_parent="div"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []


def _texts(item: Any, depth: int) -> Iterator[str]:
    """The texts of one block of an editor's tree, joined as they stand."""
    if isinstance(item, str):
        yield item
    elif depth < _DEPTH and isinstance(item, list):
        for inner in item:
            yield from _texts(inner, depth + 1)
    elif depth < _DEPTH and isinstance(item, dict):
        for key, inner in item.items():
            if _TEXT_KEY.search(key):
                yield from _texts(inner, depth + 1)


def _prose(found: list[str]) -> int:
    """How many characters of sentences the lines hold."""
    return sum(len(line) for line in found if len(line) >= _SHORTEST and _SENTENCE.search(line))
