"""Which meetings a text names, by number, by name, or by city and year, and as what: its subject, past or to come."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from astana_crawl.items import Tie
from astana_crawl.relevance.counting import Count, counts
from astana_crawl.relevance.meetings import Meeting, group_of_city, load
from astana_crawl.relevance.phrases import CITY, PARTIES, Reading

REACH = 8
"""How many words before or after a number may say when the meeting is, and what it is of."""


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


def _tie(reading: Reading, id_: str, found: list[Named], main: bool) -> Tie:
    present = [one for one in found if one.tense != "next"]
    one = next((one for one in present if not one.tense), (present or found)[0])
    role = "main" if main else "mentioned" if present else "announced"
    return Tie(id_, role, "named", quote(reading, one.first, one.past))


def quote(reading: Reading, first: int, past: int) -> str:
    """Return the words with those around them in their sentence, as written, at most 200 characters."""
    sentence = reading.sentence(first)
    whole = reading.quote(max(first - REACH, sentence.start), min(past + REACH, sentence.stop), limit=1000)
    return whole if len(whole) <= 200 else reading.quote(first, past)


def _main(reading: Reading, by_id: dict[str, list[Named]]) -> str | None:
    """Return the meeting that headline or lead name as taking place; the headline's first, then the oftenest.

    A headline that names none takes some away from those that only the lead names: all, where its subject is another
    gathering; the rounds, where it speaks of ministers or presidents. Where it looks ahead, the lead may look back at
    the one before: only one that has just ended is then the subject.
    """
    titled, lead_end = reading.title_words, reading.lead.stop
    now = {id_: [one for one in found if not one.tense] for id_, found in by_id.items()}
    leading = {id_: found for id_, found in now.items() if found and found[0].first < lead_end}
    if all(one.first >= titled for one in chain(*by_id.values())):
        if any(map(reading.in_title, (*reading.rules.other_subjects, *reading.rules.background))):
            return None
        if any(map(reading.in_title, ("ministers", "presidents", "summit"))):
            leading = {id_: found for id_, found in leading.items() if not id_.startswith("round-")}
    if reading.in_title("next") and all(found[0].first >= titled for found in leading.values()):
        leading = {id_: found for id_, found in leading.items() if _has_ended(reading, found[0])}
    order = {id_: (found[0].first >= titled, -len(found), found[0].first) for id_, found in leading.items()}
    return min(order, key=lambda id_: order[id_], default=None)


def _has_ended(reading: Reading, one: Named) -> bool:
    sentence = reading.sentence(one.first)
    return reading.has("closing", range(max(one.first - 4, sentence.start), min(one.past + 4, sentence.stop)))


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
    table = {(one.kind, one.number): one for one in load() if one.number}
    for count in counts(reading):
        meeting = table.get((count.kind, count.number))
        if meeting and is_ours(reading, count, core, group_of_city(meeting)):
            yield Named(meeting.id, count.first, count.past, "")


def is_ours(reading: Reading, count: Count, core: bool, city: str | None = None) -> bool:
    """Whether the counted meeting is of the process: its name, or its city's, is nearer than another gathering's."""
    first, past, sentence = count.first, count.past, reading.sentence(count.first)
    names = {CITY, "guarantor", city or CITY}
    ours = [abs(place - first) for group in names for place in reading.places(group, sentence)]
    others = [abs(place - first) for place in reading.places("other_rounds", sentence)]
    if others and min(others) <= min(ours, default=99):
        return False
    if count.kind == "summit":
        return core and (bool(ours) or sum(reading.has(one, sentence) for one in PARTIES) > 1)
    if reading.has("round", range(first, past)):
        return bool(ours) or core
    around = range(max(first - 3, sentence.start), min(past + 4, sentence.stop))
    return bool(ours) or (core and reading.has("syria", around))


def _tense(reading: Reading, one: Named, begins: dict[int, str]) -> str:
    """Return next or past when such a word stands near and no other round is nearer to it or follows it, else ''."""
    first, past, sentence = one.first, one.past, reading.sentence(one.first)
    near = sentence
    if first >= reading.title_words:
        near = range(max(first - REACH, sentence.start), min(past + REACH, sentence.stop))
    found = []
    for tense in ("next", "past"):
        for place in reading.places(tense, near):
            if _is_month(reading, place):
                continue
            elsewhere = not first - 1 <= place + 1 <= past and reading.has("round", (place + 1,))
            distance = 0 if first <= place < past else min(abs(place - first), abs(place - past + 1))
            nearer = any(
                begins.get(other, one.meeting_id) != one.meeting_id
                for other in range(place - distance + 1, place + distance)
            )
            if not elsewhere and not nearer:
                found.append((distance, tense))
    tense = min(found, default=(0, ""))[1]
    over = reading.has("after", (*range(max(first - 3, sentence.start), first), past))
    return "" if tense == "next" and over else tense


def _is_month(reading: Reading, place: int) -> bool:
    """Whether the word is a month beside a day, as in 15 May."""
    around = (place - 1, place + 1)
    days = (reading.words[other].text.isdecimal() for other in around if 0 <= other < len(reading.words))
    return reading.has("month", (place,)) and any(days)


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
