"""A text cut into words, with the words, groups and phrases of our rules found in it."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from astana_crawl.relevance.lists import listed
from astana_crawl.relevance.scripts import words
from astana_crawl.relevance.terms import Phrase, Phrases, Rules, Together, rules

CITY = "astana"
"""The group that false friends speak of: inside one of their phrases its words do not count."""
PARTIES = ("russia", "turkey", "iran")
"""The groups of the three guarantor states."""


DATELINE = re.compile(
    r"\s*[^\W\d_][^\W\d_’'. -]{2,24}(?:[ -][^\W\d_]+)?(?:,[^.\n–—]{3,25})?\.?\s*"
    r"(?:[–—]\s|/[^/\n]{3,20}/|KAZINFORM\b)"
)
"""How a text begins that says where it was written: "ASTANA – ", "NUR-SULTAN, July 8. /TASS/", "АСТАНА, 22 янв — "."""


class Hit(NamedTuple):
    """A phrase found: the name of its rule and the words from `first` up to, without, `past`."""

    term: str
    first: int
    past: int
    full: bool = True
    """False where the rule alone makes an article related at most."""


class Reading:
    """A headline and a body as one row of words; `at[group]` maps each word of a group to the word after it, rising.

    `beside` are the groups of words that do not count, in the dateline and in lists of links. Words have the numbers
    0 … ; those below `title_words` are the headline's.
    """

    __slots__ = ("_rising", "at", "beside", "body", "rules", "title", "title_words", "words")

    def __init__(self, rules: Rules, title: str, body: str) -> None:
        self.rules, self.title, self.body = rules, title, body
        head = words(title, rules.splitter)
        self.title_words = len(head)
        self.words = head + words(body, rules.splitter, head[-1].sentence + 1 if head else 0)
        self.at: dict[str, dict[int, int]] = {}
        self._rising: dict[str, list[int]] = {}
        self._sort_words()
        self.beside = self._set_aside(listed(self))
        for group, phrases in rules.groups.items():
            self._add_group(group, phrases)
        if CITY in self.at:
            self._hide_false_friends()

    def _sort_words(self) -> None:
        groups, at = self.rules.lexicon.groups, self.at
        for number, word in enumerate(self.words):
            for group, capital in groups(word.text):
                if not capital or self.source(number)[word.start].isupper():
                    at.setdefault(group, {})[number] = number + 1

    def _add_group(self, group: str, phrases: Phrases) -> None:
        found = {hit.first: hit.past for hit in self.find({group: phrases})}
        if found:
            self.at[group] = dict(sorted({**self.at.get(group, {}), **found}.items()))

    def _set_aside(self, listed: set[int]) -> set[str]:
        """Let these words, of lists beside the text, belong to no group any more; return the groups they were of."""
        at, self.at, beside = self.at, {}, set()
        for group, places in at.items():
            left = {number: past for number, past in places.items() if number not in listed}
            if left:
                self.at[group] = left
            if len(left) < len(places):
                beside.add(group)
        return beside

    def _hide_false_friends(self) -> None:
        hidden = [number for hit in self.find(self.rules.false_friends) for number in range(hit.first, hit.past)]
        for number in hidden:
            self.at[CITY].pop(number, None)
        for number in self._dateline():
            if self.at[CITY].pop(number, None):
                self.beside.add(CITY)
        if not self.at[CITY]:
            del self.at[CITY]

    def _dateline(self) -> Iterator[int]:
        """Yield the words of the text's dateline: where a report was written is not what it is about."""
        if line := DATELINE.match(self.body):
            number = self.title_words
            while number < len(self.words) and self.words[number].start < line.end():
                yield number
                number += 1

    @property
    def lead(self) -> range:
        """The words of the headline and the first `lead_words` ([score] in terms.toml) of the body."""
        return range(min(len(self.words), self.title_words + int(self.rules.score["lead_words"])))

    @property
    def sentences(self) -> int:
        """How many sentences the body has."""
        if self.title_words == len(self.words):
            return 0
        return self.words[-1].sentence - self.words[self.title_words].sentence + 1

    def source(self, number: int) -> str:
        """Return the text that the word stands in: the headline or the body."""
        return self.title if number < self.title_words else self.body

    def quote(self, first: int, past: int, limit: int = 200) -> str:
        """Return the text as written from word `first` up to, without, `past`, cut to `limit` characters."""
        return self.source(first)[self.words[first].start : self.words[past - 1].end][:limit].rstrip()

    def sentence(self, number: int) -> range:
        """Return the words of the sentence that the word stands in."""
        first, past, mark = number, number + 1, self.words[number].sentence
        while first > 0 and self.words[first - 1].sentence == mark:
            first -= 1
        while past < len(self.words) and self.words[past].sentence == mark:
            past += 1
        return range(first, past)

    def has(self, group: str, places: Iterable[int]) -> bool:
        """Whether one of these words belongs to the group."""
        found = self.at.get(group)
        return found is not None and any(number in found for number in places)

    def in_title(self, group: str) -> bool:
        """Whether a word of the group stands in the headline."""
        return any(number < self.title_words for number in self.at.get(group, ()))

    def places(self, group: str, within: range) -> list[int]:
        """Return the words of the group within the range."""
        found = self.at.get(group)
        return [number for number in within if number in found] if found else []

    def nearest(self, group: str, number: int) -> int | None:
        """Return the word of the group that is nearest to word `number`, None when the text has none."""
        places = self._rising.get(group)
        if places is None:
            places = self._rising[group] = list(self.at.get(group, ()))
        cut = bisect.bisect_left(places, number)
        if not 0 < cut < len(places):
            return places[min(cut, len(places) - 1)] if places else None
        before, after = places[cut - 1], places[cut]
        return before if number - before <= after - number else after

    def find(self, rules: Mapping[str, Phrases]) -> Iterator[Hit]:
        """Yield every place where a phrase of these rules stands; `rules` maps terms to phrases."""
        present = set(self.at)
        for term, phrases in rules.items():
            for phrase in phrases:
                if phrase.needs <= present:
                    yield from self._places(term, phrase)

    def _places(self, term: str, phrase: Phrase) -> Iterator[Hit]:
        for first in tuple(self.at[str(phrase.parts[0])]):
            past = self._follow(phrase.parts, 0, first)
            if past:
                yield Hit(term, first, past)

    def _follow(self, parts: tuple[str | int, ...], part: int, number: int) -> int:
        """Return the word after the phrase whose `part` is to stand at word `number`, or 0."""
        group = parts[part]
        if isinstance(group, int):
            for place in range(number, min(number + group + 1, len(self.words))):
                if self.words[place].sentence != self.words[number].sentence:
                    break
                if past := self._follow(parts, part + 1, place):
                    return past
            return 0
        if group.startswith("!"):
            goes_on = number < len(self.words) and self.words[number].sentence == self.words[number - 1].sentence
            return number if goes_on and number not in self.at.get(group[1:], ()) else 0
        past = self.at[group].get(number, 0)
        if not past or part + 1 == len(parts):
            return past
        if past >= len(self.words) or self.words[past].sentence != self.words[number].sentence:
            return 0
        return self._follow(parts, part + 1, past)

    def together(self, rule: Together) -> Iterator[Hit]:
        """Yield the places where the groups of the rule stand near one another, one a word of its first group."""
        if not self.at.keys() >= set(rule.all) or (rule.any and self.at.keys().isdisjoint(rule.any)):
            return
        if any(self.has(group, self.lead) for group in rule.unless):
            return
        for number in self.at[rule.all[0]]:
            others = [place for group in rule.unless if (place := self.nearest(group, number)) is not None]
            if any(abs(place - number) <= 3 * rule.within for place in others):
                continue
            wanted = [[self.nearest(group, number)] for group in rule.all]
            wanted += [[self.nearest(group, number) for group in rule.any]] if rule.any else []
            near = [self._closest(rule, number, places) for places in wanted]
            found = [place for place in near if place is not None]
            if len(found) == len(near):
                first, past = min(found), max(found) + 1
                if first < self.title_words < past:
                    past = self.title_words
                yield Hit(rule.term, first, past, not rule.related)

    def _closest(self, rule: Together, number: int, places: list[int | None]) -> int | None:
        """Return the place nearest to word `number` that is as near as the rule wants, None when none is."""
        near = [place for place in places if place is not None and abs(place - number) <= rule.within]
        if rule.sentence:
            near = [place for place in near if self.words[place].sentence == self.words[number].sentence]
        return min(near, key=lambda place: abs(place - number), default=None)


@functools.lru_cache(maxsize=1)
def read(title: str, body: str) -> Reading:
    """Read an article by the rules of terms.toml; the last one is kept, as judge and meetings both ask for it."""
    return Reading(rules(), title, body)
