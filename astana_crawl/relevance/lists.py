"""Links to other articles and lists of keywords inside a text: what they name is not what the article is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astana_crawl.relevance.phrases import Hit, Reading

_MOST = 40
"""A list of links or keywords on one line is cut after so many words."""
_LONGEST_LINK = 20
_COLON = re.compile(r"\s*[:|»›>→]")
_MENU = re.compile(r"(?:[^|•·\n]{1,25}[|•·]){4,}[^|•·\n]{0,25}")
"""A site's sections in a row: home | world | Syria | sport | …"""
_FULL_STOP = re.compile(r"[\"'’”»)\]]*[.!?؟。…։]")


def listed(reading: Reading) -> set[int]:
    """Return the words of the text that belong to such a list, by the phrases of [link_lists] in terms.toml."""
    found = set(_of_menus(reading))
    for hit in reading.find(reading.rules.link_lists):
        if hit.first in found or not _begins(reading, hit.first):
            continue
        if hit.term == "opening" or _is_alone(reading, hit.past):
            found.update(range(hit.first, _end(reading, hit)))
    return found


def _of_menus(reading: Reading) -> Iterator[int]:
    if sum(map(reading.body.count, "|•·")) < 4:  # most texts have none, and the search is slow
        return
    for menu in _MENU.finditer(reading.body):
        for number in range(reading.title_words, len(reading.words)):
            if menu.start() <= reading.words[number].start < menu.end():
                yield number


def _gap(reading: Reading, number: int) -> str:
    """Return what stands before the word; headline and body are told apart, and the text ends, with a line end."""
    if number in (0, reading.title_words):
        return "\n"
    after = reading.words[number].start if number < len(reading.words) else None
    gap = reading.source(number - 1)[reading.words[number - 1].end : after]
    return gap if after is not None else f"{gap}\n"


def _begins(reading: Reading, number: int) -> bool:
    """Whether a line or a sentence begins with the word."""
    return "\n" in _gap(reading, number) or reading.words[number].sentence != reading.words[number - 1].sentence


def _is_alone(reading: Reading, past: int) -> bool:
    gap = _gap(reading, past)
    return "\n" in gap or _COLON.match(gap) is not None


def _end(reading: Reading, hit: Hit) -> int:
    """Return the word after the list: at the end of its line (or sentence, where it begins within a line), or below."""
    whole_line = "\n" in _gap(reading, hit.first)
    past = hit.past
    if "\n" in _gap(reading, past):
        return _below(reading, past)
    while past < min(len(reading.words), hit.first + _MOST) and "\n" not in _gap(reading, past):
        if not whole_line and reading.words[past].sentence != reading.words[past - 1].sentence:
            break
        past += 1
    return past


def _below(reading: Reading, number: int) -> int:
    """Return the word after the headlines that follow: short lines without a full stop."""
    while number not in (reading.title_words, len(reading.words)):
        past = number + 1
        while "\n" not in _gap(reading, past):
            past += 1
        if past - number > _LONGEST_LINK or _FULL_STOP.match(_gap(reading, past)):
            break
        number = past
    return number
