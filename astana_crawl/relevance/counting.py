"""The numbers in a text that count meetings: `Astana-21`, `the 21st round`, `двадцать первый раунд`, `21. tur` …"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from astana_crawl.relevance.meetings import load
from astana_crawl.relevance.phrases import CITY, Hit, Reading

ROMAN = {"i": 1, "v": 5, "x": 10}
NOUNS = ("round", "meeting", "talks")
EASTERN = "\u0590"
"""From here on, scripts that set the ordinal after its noun."""
CYRILLIC = "\u0400"
ARTICLES = ("ال", "ה")
"""What a script may set before digits: الـ21."""
GOALS = 4
"""A club of the city seldom scores more."""
QUOTES = tuple("\"'“”„«‘’")


class Number(NamedTuple):
    """A number in the text: its value, its words, and how it is written: word, mark (21st, 21-й), roman or digits."""

    value: int
    first: int
    past: int
    form: str


class Count(NamedTuple):
    """A meeting that a number counts: its kind, its number, and the words from the first to the last that say so."""

    kind: str
    number: int
    first: int
    past: int


def counts(reading: Reading) -> Iterator[Count]:
    """Yield what the numbers of the text count, be it of ours or not."""
    for number in _numbers(reading):
        if meant := _meant(reading, number):
            yield Count(meant[0], number.value, *meant[1:])


def numbered(reading: Reading) -> Iterator[Hit]:
    """Yield the places where the city's name with a number stands for a meeting: Astana-21, أستانا16, “Astana XXI”."""
    last = max(one.number or 0 for one in load())
    for number in _numbers(reading) if CITY in reading.at else ():
        named = _meant(reading, number) == ("round", number.first - 1, number.past)
        if named and 1 < number.value <= last and _is_name(reading, number):
            yield Hit("Astana and a number", number.first - 1, number.past)


def _is_name(reading: Reading, number: Number) -> bool:
    """Whether the number hangs on the word before it, quotes begin there, or nothing that it could count follows."""
    start = reading.words[number.first - 1].start
    quoted = start > 0 and reading.source(number.first)[start - 1] in QUOTES
    joined = reading.words[number.first].between in ("", "-")
    return number.form != "word" and (quoted or joined or _stands_alone(reading, number))


def _stands_alone(reading: Reading, number: Number) -> bool:
    """Whether a colon or the end follows: `Astana 21: …`, `to Astana 5`; at the end no goals of a match."""
    if number.past < len(reading.words) and _same(reading, number.past):
        return reading.words[number.past].between.strip().startswith((":", ";", "؛"))
    return number.value > GOALS


def _numbers(reading: Reading) -> Iterator[Number]:
    longest: dict[int, Number] = {}
    for hit in reading.find(reading.rules.numbers):
        if hit.past > longest.get(hit.first, hit).past or hit.first not in longest:
            longest[hit.first] = Number(int(hit.term), hit.first, hit.past, "word")
    inside = {place for one in longest.values() for place in range(one.first + 1, one.past)}
    yield from (one for one in longest.values() if one.first not in inside)
    for place, word in enumerate(reading.words):
        if word.text.isdecimal() and len(word.text) <= 2:
            marked = _joined(reading, place + 1) and reading.has("ordinal", (place + 1,))
            yield Number(int(word.text), place, place + 1 + marked, "mark" if marked else "digits")
        elif word.text[0] in "ivx" and ROMAN.keys() >= set(word.text) and reading.quote(place, place + 1).isupper():
            yield Number(_roman(word.text), place, place + 1, "roman")


def _roman(text: str) -> int:
    values = [ROMAN[letter] for letter in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _joined(reading: Reading, place: int) -> bool:
    """Whether this word hangs on the one before: 21st, 21-й, 16'ıncı."""
    return place < len(reading.words) and reading.words[place].between in ("", "-", "'") and _same(reading, place)


def _same(reading: Reading, place: int) -> bool:
    """Whether this word stands in the sentence of the one before."""
    return 0 < place < len(reading.words) and reading.words[place].sentence == reading.words[place - 1].sentence


def _meant(reading: Reading, number: Number) -> tuple[str, int, int] | None:
    """Return the kind of meeting that the number counts, with the words from the first to the last that say so."""
    if _is_date(reading, number):
        return None
    if number.form != "word" and _same(reading, number.first) and _city_before(reading, number):
        counts_else = _same(reading, number.past) and reading.has("part", (number.past,))  # Astana'da 18. kez
        return None if counts_else else ("round", number.first - 1, number.past)
    if number.form == "roman" and number.value == 1:
        return None
    if number.form == "word" and reading.words[number.first].text[0] > EASTERN and _of_a_part(reading, number):
        return None
    noun = _noun_after(reading, number)
    if noun is None:
        noun = _noun_before(reading, number)
    if noun is None:
        return None
    first, past = min(number.first, noun), max(number.past, noun + 1)
    summit = reading.has("summit", range(noun, min(noun + 4, reading.sentence(noun).stop)))
    in_astana = reading.has(CITY, range(first, past))  # a round that the text calls a summit: 16. Astana zirvesi
    return "summit" if summit and not in_astana else "round", first, past


def _of_a_part(reading: Reading, number: Number) -> bool:
    """Whether the word before is what the number counts, in scripts that set it so: روز دوم, اليوم الثاني."""
    return _same(reading, number.first) and reading.has("part", (number.first - 1,))


def _is_date(reading: Reading, number: Number) -> bool:
    """Whether the number is a day of a month (23 January, January 23, 14-16 June), a time or a share."""
    if number.form == "roman":
        return False
    if number.form == "word":
        return reading.has("month", (number.first - 1,))
    counts = number.form == "mark" and any(reading.has(noun, (number.past,)) for noun in NOUNS)
    around = (number.past,) if counts else (number.first - 1, number.past)
    after = number.past < len(reading.words) and reading.words[number.past]
    ranged = after and after.text.isdecimal() and after.between.strip() in ("-", "и", "و", ":", ".", "")
    return reading.has("month", around) or bool(ranged)


def _city_before(reading: Reading, number: Number) -> bool:
    """Astana-21, Astana 21, Astana (21), Astana XXI, أستانا الـ21, Astana 20 and 21; not `Astana, 21` or `Astana I`."""
    first = number.first
    if first > 2 and reading.has("and", (first - 1,)) and reading.words[first - 2].text.isdecimal():
        return _city_before(reading, number._replace(first=first - 2))
    ends = reading.at.get(CITY, {}).values()
    if first and reading.words[first - 1].text in ARTICLES and first - 1 in ends:
        return True
    between = reading.words[first].between.strip("\"' ")
    single = number.form == "roman" and number.value == 1
    return first in ends and (between == "-" if single else between in ("", "-", "("))


def _noun_after(reading: Reading, number: Number) -> int | None:
    """The 21st round, двадцать первая встреча, 21. tur, 6-раунд: an ordinal, and the noun within three words."""
    nouns: tuple[str, ...] = NOUNS
    reach = 1 if number.form == "word" and reading.words[number.first].text[0] > EASTERN else 4
    if number.form == "digits":
        if number.past >= len(reading.words) or not _same(reading, number.past):
            return None
        between = reading.words[number.past].between
        if between == "-" and reading.words[number.past].text[0] < CYRILLIC:
            return number.past if reading.has("round", (number.past,)) else None
        if between == "-":  # Kazakh: 21-раунд, 17-халықаралық кездесу
            reach = 2
        elif between.startswith("."):
            nouns = ("dotted",)
        else:
            return None
    for place in range(number.past, min(number.past + reach, len(reading.words))):
        if not _same(reading, place) or reading.has("part", (place,)):
            return None
        if any(reading.has(noun, (place,)) for noun in nouns):
            return place
    return None


def _noun_before(reading: Reading, number: Number) -> int | None:
    """Round 21, الجولة الـ21, الاجتماع الدولي الثاني والعشرين, görüşmelerinin 16'ıncısı."""
    word = reading.words[number.first]
    eastern = number.form == "word" and word.text[0] > EASTERN
    article = number.first > 0 and reading.words[number.first - 1].text in ARTICLES
    back = 3 if eastern else 2 if article else 1
    nouns = NOUNS if eastern or article or number.form == "mark" else ("round",)
    for place in range(number.first - 1, max(number.first - back, 0) - 1, -1):
        if not _same(reading, place + 1):
            return None
        if any(reading.has(noun, (place,)) for noun in nouns):
            return place
    return None
