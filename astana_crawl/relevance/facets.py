"""Who takes part and what is spoken of: the parties, people and topics that an article names, by lists of names."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astana_crawl import reference
from astana_crawl.items import Facet
from astana_crawl.reference import FOLDERS, Mistake
from astana_crawl.reference.lines import Keys
from astana_crawl.relevance.phrases import Hit, Reading
from astana_crawl.relevance.scripts import fold, splitter
from astana_crawl.relevance.terms import Lexicon, Phrase, Phrases, Rules, phrase, rules

FILES = {"party": "parties", "person": "people", "topic": "topics"}
"""The file of reference/ that lists each kind."""
LISTS = ("names", "short", "beside", "never")
MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of such a file: what it lists, and the phrases of each of LISTS."""

    kind: str
    name: str
    names: Phrases
    short: Phrases
    beside: Phrases
    never: Phrases


@dataclass(frozen=True, slots=True)
class Directory:
    """All entries of all files, with the words they are made of."""

    rules: Rules
    entries: tuple[Entry, ...]


def facets(title: str, body: str, folders: tuple[Path, ...] = FOLDERS) -> tuple[Facet, ...]:
    """Return what a headline and a text name, by kind and name, with the words that name it as written, first to last.

    A name of the list `names` counts by itself; one of `short` only where a name stands somewhere in the text, or one
    of `beside` (an office, a body). Neither counts inside a phrase of `never`, nor in a list of links.
    Raises ReferenceFileError when a file in `folders` cannot be read.
    """
    known = directory(folders)
    reading = Reading(known.rules, title, body)
    found = ((entry, _hits(reading, entry)) for entry in known.entries)
    return tuple(Facet(entry.kind, entry.name, _words(reading, hits)) for entry, hits in found if hits)


def _hits(reading: Reading, entry: Entry) -> list[Hit]:
    never = {number for hit in reading.find({"": entry.never}) for number in range(hit.first, hit.past)}
    names, short = (
        [hit for hit in reading.find({"": phrases}) if never.isdisjoint(range(hit.first, hit.past))]
        for phrases in (entry.names, entry.short)
    )
    if short and (names or any(reading.find({"": entry.beside}))):
        names += short
    return sorted(set(names), key=lambda hit: (hit.first, hit.past))


def _words(reading: Reading, hits: list[Hit]) -> tuple[str, ...]:
    words = dict.fromkeys(reading.quote(hit.first, hit.past) for hit in hits)
    return tuple(words)[:MOST_WORDS]


def named(kind: str, text: str) -> str:
    """Return the name that a list has for what a person wrote, in any spelling it knows or a part of its name.

    Raises ValueError, with what is near or all that there is, when no entry of the kind or more than one is meant.
    """
    entries = [entry for entry in directory().entries if entry.kind == kind]
    wanted = fold(text).split()
    whole = [entry.name for entry in entries if fold(entry.name).split() == wanted]
    parts = [entry.name for entry in entries if wanted and set(wanted) <= set(fold(entry.name).split())]
    spelled = [one.name for one in facets(text, "") if one.kind == kind]
    meant = whole or parts or spelled
    if len(meant) == 1:
        return meant[0]
    names = [entry.name for entry in entries]
    if meant:
        raise ValueError(f"{text} may be {' or '.join(meant)}: which {kind}?")
    near = difflib.get_close_matches(text, names, 1, 0.5)
    raise ValueError(f"there is no {kind} {text}; " + (f"did you mean {near[0]}?" if near else _all(names)))


def _all(names: list[str]) -> str:
    return f"known are {', '.join(names)}"


# --- the lists


@functools.cache
def directory(folders: tuple[Path, ...] = FOLDERS) -> Directory:
    """Return all entries, read once from the three files and those of their names in data/reference.

    Raises ReferenceFileError, naming file, line and key, for an unknown key or a value of the wrong kind.
    """
    lexicon, entries = Lexicon(), list[Entry]()
    for kind, file in FILES.items():
        with reference.placing(file, folders):
            entries += [_entry(kind, name, row, lexicon) for name, row in reference.load(file, folders).items()]
    spaceless = {word for word in (*lexicon.exact, *lexicon.endings) if word > "\u3040"}
    return Directory(Rules(lexicon, splitter(spaceless), link_lists=_link_lists(lexicon, folders)), tuple(entries))


def _link_lists(lexicon: Lexicon, folders: tuple[Path, ...]) -> Mapping[str, Phrases]:
    """The phrases of terms.toml that begin a list of links, which names what the article is not about."""
    lists = rules(folders).link_lists
    for part in {part for phrases in lists.values() for one in phrases for part in one.needs if part.startswith("=")}:
        lexicon.add(part, part[1:])
    return lists


def _entry(kind: str, name: str, row: Any, lexicon: Lexicon) -> Entry:
    if not isinstance(row, dict):
        raise Mistake((name,), f"must be a table, as [{name!r}]")
    for key in row.keys() - {*LISTS}:
        raise Mistake((name, key), f"no such key; there are {', '.join(LISTS)}")
    if not row.get("names"):
        raise Mistake((name, "names"), "is missing")
    return Entry(kind, name, *(tuple(_phrases(row.get(key, []), (name, key), lexicon)) for key in LISTS))


def _phrases(listed: Any, at: Keys, lexicon: Lexicon) -> Iterator[Phrase]:
    if not isinstance(listed, list) or not all(isinstance(text, str) and text.strip("*^ ") for text in listed):
        raise Mistake(at, "must be a list of words in quotes")
    for text in listed:
        yield phrase(text, at, set(), lexicon)
