"""JSON-LD as pages really carry it: wrapped in comments, with stray control characters, escaped, cut short."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lxml.html import HtmlElement

Thing = dict[str, Any]

_ARTICLE_TYPE = re.compile(r"\w*article|blogposting|liveblogposting|socialmediaposting|report", re.IGNORECASE)
_OPENING = re.compile(r"(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)(?:\s*\*/)?")
_CLOSING = ("*/", "-->", "]]>", "//", "/*", ";")
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*[^*]{0,2000}\*/)[ \t]*$", re.MULTILINE)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_STRING_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|inLanguage|articleSection)"\s*:\s*"((?:[^"\\]|\\.){1,2000})"'
)
_BETWEEN = re.compile(r"[\W_]+")
_MANY = 20_000
_LONGEST = 2_000_000


def read_things(tree: HtmlElement) -> Iterator[Thing]:
    """Every JSON-LD object of the page, outer before inner; scripts that cannot be read give what can be saved."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            text = script.text_content()
            values = _load(text) if len(text) <= _LONGEST else []
            if values:
                for value in values:
                    yield from _objects(value)
            elif saved := _salvage(text[:_LONGEST]):
                yield saved


def types_of(thing: Thing) -> set[str]:
    """The object's @type names in lower case, without a namespace."""
    return {re.split(r"[/#:]", name)[-1].lower() for name in _texts(thing.get("@type"))}


def article_thing(things: Iterable[Thing], url: str, shown: set[str]) -> Thing:
    """The object that describes this page's article, {} where none does.

    Of several the one naming the page's own address wins, then one whose headline the page shows (`shown`, as
    `same` gives them), then the first with a headline and a date.
    """
    articles = [thing for thing in things if any(map(_ARTICLE_TYPE.fullmatch, types_of(thing)))]
    own = [thing for thing in articles if _same_page(thing, url)]
    own = own or [thing for thing in articles if any(same(text) in shown for text in texts(thing.get("headline")))]
    full = [thing for thing in own or articles if thing.get("headline") and thing.get("datePublished")]
    return (full or own or articles or [{}])[0]


def same(text: str) -> str:
    """What two spellings of one headline share: letters and digits, the case ignored (İ folds to two characters)."""
    return _BETWEEN.sub("", text.casefold())


def texts(value: Any) -> list[str]:
    """The texts of a value: a text, a list of them, or objects with a name or @value."""
    return [found for text in _texts(value) if (found := html.unescape(text).strip())]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value[:200]:
            if not isinstance(item, list):
                yield from _texts(item)
    elif isinstance(value, dict):
        for key in ("name", "@value", "url"):
            if isinstance(value.get(key), str):
                yield value[key]
                return


def _same_page(thing: Thing, url: str) -> bool:
    def path(address: str) -> str:
        return re.sub(r"^https?://(?:www\.|m\.|amp\.)?|[?#].*$|/+$", "", address).lower()

    named = (thing.get(key) for key in ("url", "mainEntityOfPage", "@id"))
    addresses = (value.get("@id") if isinstance(value, dict) else value for value in named)
    return any(isinstance(address, str) and path(address) == path(url) for address in addresses)


def _load(text: str) -> list[Any]:
    text = _unwrapped(text)
    repairs: tuple[Callable[[str], str], ...] = (
        str,
        lambda text: _COMMENT.sub("", text),
        lambda text: _TRAILING_COMMA.sub(r"\1", text),
        html.unescape,
    )
    for repair in repairs:
        try:
            return _decode_all(repair(text))
        except (ValueError, RecursionError):
            continue
    return []


def _unwrapped(text: str) -> str:
    """The text without the comment or CDATA marks around it."""
    text = _OPENING.sub("", text.strip(), count=1) if text.strip()[:1] in ("<", "/") else text.strip()
    while text.endswith(_CLOSING):
        text = text.removesuffix(next(mark for mark in _CLOSING if text.endswith(mark))).rstrip()
    return text


def _decode_all(text: str) -> list[Any]:
    """All values of the text: some pages put several objects one after the other into one script."""
    decoder, values, at, text = json.JSONDecoder(strict=False), [], 0, text.strip()
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        values.append(value)
        at = next((i for i in range(at, len(text)) if not (text[i].isspace() or text[i] in ",;")), len(text))
    return values


def _objects(value: Any) -> Iterator[Thing]:
    waiting, left = [value], _MANY
    while waiting and left:
        left -= 1
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(inner for inner in reversed(value.values()) if isinstance(inner, dict | list))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _salvage(text: str) -> Thing:
    """The plain fields of an article object whose JSON is beyond repair (unescaped quotes inside a description)."""
    found: Thing = {}
    for name, value in _STRING_FIELD.findall(text):
        try:
            found.setdefault(name, json.loads(f'"{value}"', strict=False))
        except ValueError:
            found.setdefault(name, value)
    kind = re.search(r'"@type"\s*:\s*"(\w*(?:Article|BlogPosting))"', text)
    return {"@type": kind.group(1), **found} if kind and found else {}
