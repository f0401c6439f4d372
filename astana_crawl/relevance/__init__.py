"""Is an article about the Astana process? The judge gives a label, a score and the words that decided."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

from astana_crawl.items import Match, Tie
from astana_crawl.relevance.counting import numbered
from astana_crawl.relevance.naming import named
from astana_crawl.relevance.phrases import PARTIES, Hit, Reading, read
from astana_crawl.relevance.terms import rules


@dataclass(frozen=True, slots=True)
class Judgment:
    """What the judge says of one article.

    `label` is core (about the process), related (another subject, naming the process) or off; `score` goes from 0 to 1.
    `terms` are the deciding words with their places in the text as given, `meetings` the meetings that the text names.
    `places`: whether any place or Syria word of ours ([places] in terms.toml) stands in it; such a page is kept.
    """

    label: str
    score: float
    terms: tuple[Match, ...]
    meetings: tuple[Tie, ...]
    places: bool


def judge(title: str, body: str, language: str | None = None) -> Judgment:  # noqa: ARG001
    """Judge an article by its headline and text, by the rules of reference/terms.toml.

    The words decide, each in its own language, whatever `language` says: outlets label their pages wrongly.
    Raises ReferenceFileError when the rules cannot be read.
    """
    reading = read(title, body)
    hits = _hits(reading)
    if not hits:
        places = not (reading.at.keys() | reading.beside).isdisjoint(reading.rules.places)
        return Judgment("off", 0.05 if places else 0.0, (), (), places)
    score = _score(reading, hits)
    core = score >= reading.rules.score["core"] and any(hit.full for hit in hits)
    return Judgment("core" if core else "related", score, _matches(reading, hits), named(reading, core), places=True)


def _hits(reading: Reading) -> list[Hit]:
    """Return the places that name the process, in the order of the text."""
    hits = [*reading.find(reading.rules.names), *_loose(reading)]
    for rule in reading.rules.together:
        hits += reading.together(rule)
    return sorted(set(hits), key=lambda hit: (hit.first, hit.past, hit.term))  # a set has no order of its own


def _loose(reading: Reading) -> Iterator[Hit]:
    """Yield the loose names: not where another subject is beside, in the headline or the same sentence.

    Where nothing else vouches for the process, only in a short text whose lead speaks of no other subject.
    """
    vouched = not reading.at.keys().isdisjoint(reading.rules.vouching)
    if not vouched and len(reading.words) >= reading.rules.score["short"]:
        return
    for hit in (*reading.find(reading.rules.loose_names), *numbered(reading)):
        near = {*range(reading.title_words), *(reading.sentence(hit.first) if vouched else reading.lead)}
        if not any(reading.has(group, near) for group in reading.rules.loose_unless):
            yield hit


def _score(reading: Reading, hits: list[Hit]) -> float:
    """Weigh where the process is named: headline, first words of the text, later sentences (weights in [score])."""
    weight, start = reading.rules.score, reading.title_words
    lead_end = start + int(weight["lead_words"])
    where = {hit.past <= start or hit.first < start for hit in hits}
    lead = {reading.words[hit.first].sentence for hit in hits if start <= hit.first < lead_end}
    later = {reading.words[hit.first].sentence for hit in hits if hit.first >= lead_end}
    score = weight["later"] * min(len(later), weight["later_most"])
    aside = _is_aside(reading)
    if True in where and not aside:
        score += weight["title"]
    elif not start or (any(map(reading.in_title, reading.rules.near_title)) and not aside):
        score += weight["near_title"]
    if lead:
        score += weight["lead"] + (weight["lead_again"] if len(lead) > 1 else 0)
    if 2 * len(lead | later) >= max(1, reading.sentences):
        score += weight["half"]
    if aside or any(map(reading.in_title, reading.rules.other_subjects)):
        score += weight["other_title"]
    return round(min(1.0, max(0.1, score)), 3)


def _is_aside(reading: Reading) -> bool:
    """Whether the headline tells of something else, to which the talks are the background."""
    told = any(map(reading.in_title, reading.rules.background))
    return told and not any(map(reading.in_title, reading.rules.naming))


def _matches(reading: Reading, hits: list[Hit]) -> tuple[Match, ...]:
    found: dict[tuple[str, str, int], Match] = {}
    for hit in hits:
        where = "title" if hit.first < reading.title_words else "body"
        start = reading.words[hit.first].start
        found.setdefault((hit.term, where, start), Match(hit.term, where, start, reading.quote(hit.first, hit.past)))
    return tuple(found.values())


def plausible(url: str, title: str | None) -> bool | None:
    """Say by address and headline alone whether an article may be ours.

    True: a word of [plausible] stands there, or two of the guarantor states. False: there are words to judge by (a
    headline, or a part of the path with at least three words), and none is ours. None: there is nothing to judge by.
    """
    path = urllib.parse.unquote(re.sub(r"^\w+://[^/?#]*|#.*", "", url))
    slugs = re.sub(r"[/?&]", " \n\n ", re.sub(r"[-_+.=%]+", " ", path))
    reading = Reading(rules(), title or "", slugs)
    if any(reading.find(reading.rules.plausible)) or len(reading.at.keys() & set(PARTIES)) > 1:
        return True
    counts = [sum(len(word) > 1 and word.isalpha() for word in slug.split()) for slug in slugs.split("\n\n")]
    return False if reading.title_words or max(counts) >= 3 else None
