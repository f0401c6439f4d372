"""Which meetings an article is tied to: those it names, and those that its day of publication tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from astana_crawl.items import Tie
from astana_crawl.relevance.counting import NOUNS, Count, counts
from astana_crawl.relevance.meetings import Meeting, group_of_city, load
from astana_crawl.relevance.naming import REACH, is_ours, quote
from astana_crawl.relevance.phrases import CITY, PARTIES, Reading, read

if TYPE_CHECKING:
    from astana_crawl.relevance import Judgment

WINDOW = dt.timedelta(days=7)
ANNOUNCED = dt.timedelta(days=60)
"""So long before a summit or ministerial a sentence in the future tense may mean it; a round half as long."""
REMEMBERED = dt.timedelta(days=400)
"""So long after it `the Tehran summit` is still the last one there."""
KINDS = {
    "summit": ("summit", "presidents"),
    "ministerial": ("ministers",),
    "quadrilateral": ("ministers",),
    "declaration": ("statement", "ministers"),
    "technical": ("technical",),
    "memorandum": ("memorandum",),
    "defence": ("defence_ministers",),
}
"""The groups of terms.toml that speak of a kind of meeting."""


def tie(judgment: Judgment, title: str, body: str, published_on: dt.date | None) -> tuple[Tie, ...]:
    """Return the article's ties: the meetings it names, and for a core article those that its own day tells.

    The day tells the meeting it is about: one whose days, from a week before to a week after, hold the article's
    own, provided that the content fits its kind and city. That one is main unless the headline names another as its
    subject: basis `named` when the text names it, else `dated`, with the first words that made the article core as
    quote; a named one that gives way is mentioned. A named meeting that lies ahead is announced. The day also tells
    which is the next or the previous round, and the summit or ministerial that a sentence places in a city.
    """
    if published_on is None:
        return judgment.meetings
    named = tuple(_as_of(one, published_on) for one in judgment.meetings)
    if judgment.label != "core":
        return named
    reading = read(title, body)
    ties = list(_with_dated(replace(judgment, meetings=named), reading, published_on))
    for one in chain(_in_the_row(reading, ties, published_on), _placed(reading, ties, published_on)):
        if all(one.meeting_id != other.meeting_id for other in ties):
            ties.append(one)
    return tuple(ties)


def _as_of(one: Tie, day: dt.date) -> Tie:
    """Return the tie as that day can know it: a meeting to come is announced, and main only in the week before."""
    starts_on = next(meeting.starts_on for meeting in load() if meeting.id == one.meeting_id)
    to_come = starts_on > (day + WINDOW if one.role == "main" else day)
    return replace(one, role="announced") if to_come else one


def _with_dated(judgment: Judgment, reading: Reading, day: dt.date) -> tuple[Tie, ...]:
    main = _main(judgment.meetings)
    dated = _of_that_day(reading, day) or (None if main else _on_its_days(judgment.meetings, day))
    if dated is None or (main is not None and (main.meeting_id == dated.id or main.quote in reading.title)):
        return judgment.meetings
    ties = tuple(_with_main(one, dated.id) for one in judgment.meetings)
    if any(one.meeting_id == dated.id for one in ties):
        return ties
    return (Tie(dated.id, "main", "dated", judgment.terms[0].text), *ties)


def _main(ties: Sequence[Tie]) -> Tie | None:
    return next((one for one in ties if one.role == "main"), None)


def _with_main(one: Tie, main: str) -> Tie:
    role = "main" if one.meeting_id == main else "mentioned" if one.role == "main" else one.role
    return replace(one, role=role)


def _of_that_day(reading: Reading, day: dt.date) -> Meeting | None:
    """Return the meeting nearest to the day among those whose week before or after holds it and whose content fits."""
    near = [one for one in load() if one.starts_on - WINDOW <= day <= one.ends_on + WINDOW and _fits(reading, one, day)]
    return min(near, key=lambda one: max((one.starts_on - day).days, (day - one.ends_on).days, 0), default=None)


def _on_its_days(ties: Sequence[Tie], day: dt.date) -> Meeting | None:
    """Return the one meeting named whose days, or the day after, hold the article's own."""
    named = {one.meeting_id for one in ties}
    held = [one for one in load() if one.id in named and one.starts_on <= day <= one.ends_on + dt.timedelta(days=1)]
    return held[0] if len(held) == 1 else None


def _fits(reading: Reading, meeting: Meeting, day: dt.date) -> bool:
    """Whether headline and lead speak of such a meeting: a round by its city, another by its kind and city or parties.

    On its very days, or the day after, the parties in its city are enough.
    """
    lead = reading.lead
    city = group_of_city(meeting)
    kind_fits = any(reading.has(group, lead) for group in KINDS.get(meeting.kind, ()))
    if meeting.kind == "round":
        of_another_kind = reading.has("summit", lead) or reading.has("ministers", lead)
        talks = "talks" in reading.at or "round" in reading.at
        return (CITY in reading.at or city in reading.at) and (talks or not of_another_kind)
    parties = all(reading.has(party, lead) for party in PARTIES)
    in_city = city is not None and reading.has(city, lead)
    same_day = meeting.starts_on <= day <= meeting.ends_on + dt.timedelta(days=1)
    return (kind_fits and (parties or in_city)) or (meeting.kind in KINDS and same_day and parties and in_city)


def _in_the_row(reading: Reading, ties: Sequence[Tie], day: dt.date) -> Iterator[Tie]:
    """Yield the next round as announced and the previous one as mentioned, where the text speaks of them so.

    In the month before a round, talks in its city that a lead puts in the future are that round as well.
    """
    rounds = [one for one in load() if one.kind == "round"]
    main = next((one for one in rounds if (first := _main(ties)) and one.id == first.meeting_id), None)
    later = [one for one in rounds if one.starts_on > day]
    earlier = [one for one in rounds if one.ends_on < (main.starts_on if main else day)]
    soon = later and later[0].starts_on - day <= ANNOUNCED / 2
    if later and (span := _spoken_of(reading, "next_round") or (_to_come(reading, later[0]) if soon else None)):
        yield Tie(later[0].id, "announced", "dated", quote(reading, *span))
    # After the round that it is about, an article may mean by "the last round" that one or the one before.
    if earlier and (main is None or day <= main.ends_on) and (span := _spoken_of(reading, "previous_round")):
        yield Tie(earlier[-1].id, "mentioned", "dated", quote(reading, *span))


def _to_come(reading: Reading, meeting: Meeting) -> tuple[int, int] | None:
    """Return the first word of the lead that puts talks or a meeting in the meeting's city in the future."""
    for place in reading.places("next", reading.lead):
        sentence = reading.sentence(place)
        city = group_of_city(meeting) or CITY
        there = reading.has(city, sentence) or (city == CITY and reading.has("kazakh", sentence))
        if there and any(reading.has(noun, sentence) for noun in NOUNS) and not reading.has("other_rounds", sentence):
            return place, place + 1
    return None


def _spoken_of(reading: Reading, group: str) -> tuple[int, int] | None:
    """Return the first words of the group that mean a round of ours and stand beside no number that counts one."""
    if group not in reading.at:
        return None
    counted = {place for one in counts(reading) for place in range(one.first - 2, one.past + 2)}
    for first, past in reading.at[group].items():
        if counted.isdisjoint(range(first, past)) and is_ours(reading, Count("round", 0, first, past), core=True):
            return first, past
    return None


def _placed(reading: Reading, ties: Sequence[Tie], day: dt.date) -> Iterator[Tie]:
    """Yield the summits and ministerials that a sentence places in a city: the coming one there, or the last one.

    `ties` grows by what was yielded, so that only the first of them can be the main one.
    """
    lead_end = reading.lead.stop
    for kind in ("summit", "ministerial"):
        for place in reading.at.get(KINDS[kind][0], ()):
            sentence = reading.sentence(place)
            if not _is_of_the_three(reading, sentence if place >= reading.title_words else range(lead_end)):
                continue
            if reading.has("next", range(max(place - REACH, sentence.start), min(place + REACH, sentence.stop))):
                coming = [one for one in load() if one.kind == kind and day < one.starts_on <= day + ANNOUNCED]
                fitting, role = [one for one in coming if _near(reading, one, place, len(sentence))][:1], "announced"
            else:
                gone = [one for one in load() if one.kind == kind and day - REMEMBERED <= one.ends_on <= day]
                fitting = [one for one in gone if _near(reading, one, place, 2)][-1:]
                role = "mentioned" if _main(ties) or place >= reading.title_words else "main"
            for one in fitting:
                yield Tie(one.id, role, "dated", quote(reading, place, place + 1))


def _is_of_the_three(reading: Reading, sentence: range) -> bool:
    """Whether the sentence names the guarantors or two of them, and no year, which would say itself which it is."""
    years = any(len(reading.words[n].text) == 4 and reading.words[n].text.isdecimal() for n in sentence)
    parties = sum(reading.has(one, sentence) for one in PARTIES)
    return not years and (parties > 1 or reading.has("guarantor", sentence))


def _near(reading: Reading, meeting: Meeting, place: int, within: int) -> bool:
    """Whether the meeting's city stands within so many words of the place, in its sentence."""
    city, sentence = group_of_city(meeting), reading.sentence(place)
    return city is not None and any(abs(one - place) <= within for one in reading.places(city, sentence))
