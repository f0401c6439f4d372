"""Which meetings a text names: `Astana-21`, `the 21st round`, `двадцать первый раунд`, `الجولة الـ21`, `21. tur` …"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from astana_crawl.items import Tie
from astana_crawl.relevance.meetings import Meeting, group_of_city, load
from astana_crawl.relevance.phrases import CITY, PARTIES, Hit, Reading

ROMAN = {"i": 1, "v": 5, "x": 10}
NOUNS = ("round", "meeting", "talks")
EASTERN = "\u0590"
"""From here on, scripts that set the ordinal after its noun."""
QUOTES = tuple("\"'“”„«‘’")
REACH = 8
"""How many words before or after a number may say when the meeting is, and what it is of."""


class Number(NamedTuple):
    """A number in the text: its value, its words, and how it is written: word, mark (21st, 21-й), roman or digits."""

    value: int
    first: int
    past: int
    form: str


class Named(NamedTuple):
    """A meeting that the text names, with the words that do; its tense is past, next or ''."""

    meeting_id: str
    first: int
    past: int
    tense: str


def named(reading: Reading, core: bool) -> tuple[Tie, ...]:
    """Return the meetings that the text names, one tie each, at most one of them main (and none unless `core`)."""
    by_id: dict[str, list[Named]] = {}
    for one in sorted(_all_named(reading, core), key=lambda one: one.first):
        by_id.setdefault(one.meeting_id, []).append(one)
    main = _main(reading, by_id) if core else None
    return tuple(_tie(reading, id_, found, id_ == main) for id_, found in by_id.items())


def numbered(reading: Reading) -> Iterator[Hit]:
    """Yield the places where the city's name with a number stands for a meeting: Astana-21, أستانا16, “Astana XXI”."""
    last = max(one.number or 0 for one in load())
    for number in _numbers(reading) if CITY in reading.at else ():
        named = _meant(reading, number) == ("round", number.first - 1, number.past)
        if named and 1 < number.value <= last and _is_name(reading, number):
            yield Hit("Astana and a number", number.first - 1, number.past)


def _is_name(reading: Reading, number: Number) -> bool:
    """Whether the number hangs on the word before it, or quotes begin there."""
    start = reading.words[number.first - 1].start
    quoted = start > 0 and reading.source(number.first)[start - 1] in QUOTES
    return number.form != "word" and (quoted or reading.words[number.first].between in ("", "-"))


def _tie(reading: Reading, id_: str, found: list[Named], main: bool) -> Tie:
    present = [one for one in found if one.tense != "next"]
    one = next((one for one in present if not one.tense), (present or found)[0])
    role = "main" if main else "mentioned" if present else "announced"
    return Tie(id_, role, "named", _quote(reading, one.first, one.past))


def _quote(reading: Reading, first: int, past: int) -> str:
    """Return the words with those around them in their sentence, as written, at most 200 characters."""
    sentence = reading.sentence(first)
    whole = reading.quote(max(first - REACH, sentence.start), min(past + REACH, sentence.stop), limit=1000)
    return whole if len(whole) <= 200 else reading.quote(first, past)


def _main(reading: Reading, by_id: dict[str, list[Named]]) -> str | None:
    """Return the meeting that headline or lead name as taking place; the headline's first, then the oftenest.

    None where the headline speaks of a meeting to come and names none: the lead then looks back at the one before.
    """
    lead_end = reading.title_words + int(reading.rules.score["lead_words"])
    now = {id_: [one.first for one in found if not one.tense] for id_, found in by_id.items()}
    if reading.in_title("next") and not any(one.first < reading.title_words for one in chain(*by_id.values())):
        return None
    leading = [id_ for id_, places in now.items() if places and places[0] < lead_end]
    return min(leading, key=lambda id_: (now[id_][0] >= reading.title_words, -len(now[id_]), now[id_]), default=None)


def _all_named(reading: Reading, core: bool) -> Iterator[Named]:
    for hit in reading.find(reading.rules.called):
        yield Named(hit.term, hit.first, hit.past, "")
    yield from _by_city_and_year(reading)
    counted = list(_counted(reading, core))
    begins = {one.first: one.meeting_id for one in counted}
    for one in counted:
        yield one._replace(tense=_tense(reading, one, begins))


def _counted(reading: Reading, core: bool) -> Iterator[Named]:
    """Yield the meetings named by their number, as yet without a tense."""
    ids = {(one.kind, one.number): one.id for one in load() if one.number}
    for number in _numbers(reading):
        found = _meant(reading, number)
        if found is None or not _ours(reading, *found, core):
            continue
        if id_ := ids.get((found[0], number.value)):
            yield Named(id_, found[1], found[2], "")


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
        return "round", number.first - 1, number.past
    if number.form == "roman" and number.value == 1:
        return None
    noun = _noun_after(reading, number)
    if noun is None:
        noun = _noun_before(reading, number)
    if noun is None:
        return None
    kind = "summit" if reading.has("summit", range(noun, min(noun + 4, reading.sentence(noun).stop))) else "round"
    return kind, min(number.first, noun), max(number.past, noun + 1)


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
    """Astana-21, Astana 21, Astana (21), Astana XXI; not `Astana, 21`, and `Astana I` only with a dash."""
    between = reading.words[number.first].between.strip("\"' ")
    ends = reading.at.get(CITY, {}).values()
    single = number.form == "roman" and number.value == 1
    return number.first in ends and (between == "-" if single else between in ("", "-", "("))


def _noun_after(reading: Reading, number: Number) -> int | None:
    """The 21st round, двадцать первая встреча, 21. tur, 6-раунд: an ordinal, and the noun within three words."""
    nouns: tuple[str, ...] = NOUNS
    reach = 1 if number.form == "word" and reading.words[number.first].text[0] > EASTERN else 4
    if number.form == "digits":
        if number.past >= len(reading.words) or not _same(reading, number.past):
            return None
        between = reading.words[number.past].between
        if between == "-":
            return number.past if reading.has("round", (number.past,)) else None
        if not between.startswith("."):
            return None
        nouns = ("dotted",)
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
    article = number.first > 0 and reading.words[number.first - 1].text in ("ال", "ה")
    back = 3 if eastern else 2 if article else 1
    nouns = NOUNS if eastern or article or number.form == "mark" else ("round",)
    for place in range(number.first - 1, max(number.first - back, 0) - 1, -1):
        if not _same(reading, place + 1):
            return None
        if any(reading.has(noun, (place,)) for noun in nouns):
            return place
    return None


def _ours(reading: Reading, kind: str, first: int, past: int, core: bool) -> bool:
    """Whether the counted meeting is one of the process: its name stands nearer than another gathering's."""
    sentence = reading.sentence(first)
    ours = [abs(place - first) for group in (CITY, "guarantor") for place in reading.places(group, sentence)]
    others = [abs(place - first) for place in reading.places("other_rounds", sentence)]
    if others and min(others) <= min(ours, default=99):
        return False
    if kind == "summit":
        return core and (bool(ours) or sum(reading.has(one, sentence) for one in PARTIES) > 1)
    if reading.has("round", range(first, past)):
        return bool(ours) or core
    return bool(ours) or (core and reading.has("syria", range(first, min(past + 4, sentence.stop))))


def _tense(reading: Reading, one: Named, begins: dict[int, str]) -> str:
    """Return next or past when such a word stands near and no other round is nearer to it or follows it, else ''."""
    first, past, sentence = one.first, one.past, reading.sentence(one.first)
    near = range(max(first - REACH, sentence.start), min(past + REACH, sentence.stop))
    found = []
    for tense in ("next", "past"):
        for place in reading.places(tense, near):
            elsewhere = not first - 1 <= place + 1 <= past and reading.has("round", (place + 1,))
            distance = 0 if first <= place < past else min(abs(place - first), abs(place - past + 1))
            nearer = any(
                begins.get(other, one.meeting_id) != one.meeting_id
                for other in range(place - distance + 1, place + distance)
            )
            if not elsewhere and not nearer:
                found.append((distance, tense))
    return min(found, default=(0, ""))[1]


def _by_city_and_year(reading: Reading) -> Iterator[Named]:
    """Yield summits and ministerials that a sentence names by city and year, where that city had one that year."""
    for place, word in enumerate(reading.words):
        if len(word.text) == 4 and word.text.isdecimal():
            sentence = reading.sentence(place)
            fitting = [
                one for one in load() if str(one.starts_on.year) == word.text and _spoken_of(reading, one, sentence)
            ]
            if len(fitting) == 1:
                city = reading.nearest(group_of_city(fitting[0]) or "", place)
                ends = sorted((place, place if city is None else city))
                yield Named(fitting[0].id, ends[0], ends[1] + 1, "")


def _spoken_of(reading: Reading, meeting: Meeting, sentence: range) -> bool:
    wanted = ({"summit": "summit", "ministerial": "ministers"}.get(meeting.kind), group_of_city(meeting))
    parties = sum(reading.has(one, sentence) for one in PARTIES)
    ours = parties > 1 or reading.has("guarantor", sentence)
    return ours and all(group is not None and reading.has(group, sentence) for group in wanted)
