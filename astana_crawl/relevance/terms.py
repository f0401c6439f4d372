"""The rules of reference/terms.toml, checked and made ready for matching."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from astana_crawl import reference
from astana_crawl.reference import FOLDERS, Mistake
from astana_crawl.reference.lines import Keys
from astana_crawl.relevance.scripts import fold, splitter

_PHRASES = ("groups", "false_friends", "link_lists", "names", "loose_names", "numbers", "called", "plausible")
_SCORE = {"title", "lead", "lead_again", "later", "later_most", "half", "near_title", "other_title", "core"} | {
    *("lead_words", "short")
}
_KNOWN = {
    "headline": {"near", "other_subjects", "background", "naming"},
    "link_lists": {"opening", "alone"},
    "places": {"groups"},
    "plausible": {"words"},
    "vouching": {"groups", "unless"},
}
_ARABIC = ("", *"وفبلكس", "ال", "لل", "بال", "كال", "وال", "فال", "وب", "ول", "وبال", "ولل", "فلل")
_HEBREW = ("", *"הבלמוש")
_MOST_SEEN = 200_000
_LONGEST = 40
"""No word of ours is longer."""

Groups = tuple[tuple[str, bool], ...]
"""Names of groups, each with whether the word must stand with a capital."""


class Phrase(NamedTuple):
    """Groups (literal words are groups of their own) in a row; a number stands for that many other words at most."""

    parts: tuple[str | int, ...]
    needs: frozenset[str]


Phrases = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Groups that name the process only near one another; see [[together]] in the file."""

    term: str
    all: tuple[str, ...]
    within: int
    any: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    related: bool = False
    sentence: bool = False


@dataclass(slots=True)
class Lexicon:
    """Which groups a word belongs to."""

    exact: dict[str, Groups] = field(default_factory=dict)
    endings: dict[str, Groups] = field(default_factory=dict)
    _seen: dict[str, Groups] = field(default_factory=dict)

    def add(self, group: str, word: str) -> None:
        """Let `word` (folded, `*` for any ending, `^` for a capital) belong to the group."""
        capital, text = word.startswith("^"), word.lstrip("^")
        table = self.endings if text.endswith("*") else self.exact
        text = text.rstrip("*")
        if (group, capital) not in table.get(text, ()):
            table[text] = (*table.get(text, ()), (group, capital))

    def groups(self, word: str) -> Groups:
        """Return the groups of the folded `word`."""
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) > _MOST_SEEN:
                self._seen.clear()
            found = self._seen[word] = tuple(dict.fromkeys(self._look_up(word)))
        return found

    def _look_up(self, word: str) -> Iterator[tuple[str, bool]]:
        for form in _without_prefixes(word):
            yield from self.exact.get(form, ())
            for length in range(1, min(len(form), _LONGEST) + 1):
                yield from self.endings.get(form[:length], ())


def _without_prefixes(word: str) -> Iterator[str]:
    """Yield the word, and what is left of it without each Arabic or Hebrew prefix it may begin with."""
    prefixes = _ARABIC if "\u0600" <= word[0] <= "\u06ff" else _HEBREW if "\u0590" <= word[0] <= "\u05ff" else ("",)
    for prefix in prefixes:
        if word.startswith(prefix) and (not prefix or len(word) - len(prefix) >= 3):
            yield word[len(prefix) :]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything in terms.toml. The mappings go from a name (a group, a false friend, a term …) to its phrases.

    What is left out holds nothing: the lists of another file need their words and phrases only.
    """

    lexicon: Lexicon
    splitter: re.Pattern[str]
    groups: Mapping[str, Phrases] = field(default_factory=dict)
    false_friends: Mapping[str, Phrases] = field(default_factory=dict)
    link_lists: Mapping[str, Phrases] = field(default_factory=dict)
    names: Mapping[str, Phrases] = field(default_factory=dict)
    loose_names: Mapping[str, Phrases] = field(default_factory=dict)
    numbers: Mapping[str, Phrases] = field(default_factory=dict)
    called: Mapping[str, Phrases] = field(default_factory=dict)
    plausible: Mapping[str, Phrases] = field(default_factory=dict)
    together: tuple[Together, ...] = ()
    score: Mapping[str, float] = field(default_factory=dict)
    near_title: tuple[str, ...] = ()
    other_subjects: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    naming: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    vouching: tuple[str, ...] = ()
    loose_unless: tuple[str, ...] = ()


@functools.cache
def rules(folders: tuple[Path, ...] = FOLDERS) -> Rules:
    """Return the rules, read once from terms.toml and the file of that name in data/reference.

    Raises ReferenceFileError, naming file, line and key, for an unknown key or a value of the wrong kind.
    """
    with reference.placing("terms", folders):
        return _compiled(reference.load("terms", folders))


def _compiled(table: Mapping[str, Any]) -> Rules:
    _check_sections(table)
    lexicon, known = Lexicon(), {*table["words"], *table["groups"]}
    for group, listed in table["words"].items():
        for word in listed:
            lexicon.add(group, fold(word))
    made = {
        section: {
            key: tuple(phrase(text, (section, key), known, lexicon) for text in listed)
            for key, listed in table[section].items()
        }
        for section in _PHRASES
    }
    return Rules(
        lexicon=lexicon,
        splitter=splitter({word for word in (*lexicon.exact, *lexicon.endings) if word > "\u3040"}),
        together=tuple(_together(number, entry, known) for number, entry in enumerate(table["together"], 1)),
        score=_scores(table["score"]),
        near_title=_groups(table, "headline", "near", known),
        other_subjects=_groups(table, "headline", "other_subjects", known),
        background=_groups(table, "headline", "background", known),
        naming=_groups(table, "headline", "naming", known),
        vouching=_groups(table, "vouching", "groups", known),
        loose_unless=_groups(table, "vouching", "unless", known),
        places=_groups(table, "places", "groups", known),
        **made,
    )


def _check_sections(table: Mapping[str, Any]) -> None:
    lists = {"words", "headline", "places", "vouching", *_PHRASES}
    for section in table.keys() - lists - {"together", "score"}:
        raise Mistake((section,), "no such section")
    for section in (*lists, "together", "score"):
        wanted = list if section == "together" else dict
        if not isinstance(table.get(section), wanted):
            raise Mistake((section,), "this section is missing" if section not in table else "must be a section")
    for section in sorted(lists):
        for key, listed in table[section].items():
            if key not in _KNOWN.get(section, {key}):
                raise Mistake((section, key), "no such key")
            if not isinstance(listed, list) or not all(isinstance(text, str) and text.strip("*^ ") for text in listed):
                raise Mistake((section, key), "must be a list of words in quotes")


def phrase(text: str, key: Keys, known: set[str], lexicon: Lexicon) -> Phrase:
    """Turn a phrase as a file writes it into groups and gaps; its literal words are added to the lexicon.

    `known` are the groups there are; raises a Mistake, at the key, for a faulty phrase.
    """
    parts: list[str | int] = []
    for word in text.replace("-", " ").split():
        if set(word) == {"~"}:
            parts.append(2 * len(word))
        elif word.startswith("{!"):
            parts += [f"!{name}" for name in _known([word.strip("{!}")], key, known, text)]
        elif word.startswith("{"):
            parts += _known([word.strip("{}")], key, known, text)
        else:
            parts.append(f"={fold(word)}")
            lexicon.add(f"={fold(word)}", fold(word))
    if not parts or isinstance(parts[0], int) or isinstance(parts[-1], int) or parts[0].startswith("!"):
        raise Mistake(key, f"the phrase {text!r} must begin and end with a word", text)
    needs = frozenset(part for part in parts if isinstance(part, str) and not part.startswith("!"))
    return Phrase(tuple(parts), needs)


def _known(names: Iterable[str], key: Keys, known: set[str], text: str | None = None) -> tuple[str, ...]:
    """Return the names; a Mistake, at the string `text` (or the name itself) in the key, when one is of no group."""
    for name in names:
        if name not in known:
            raise Mistake(key, f"no group {name!r} in [words] or [groups]", text or name)
    return tuple(names)


def _groups(table: Mapping[str, Any], section: str, key: str, known: set[str]) -> tuple[str, ...]:
    return _known(table[section].get(key, []), (section, key), known)


def _together(number: int, entry: Mapping[str, Any], known: set[str]) -> Together:
    kinds = {"term": str, "all": list, "any": list, "unless": list, "within": int, "related": bool, "sentence": bool}
    where = ("together", number)
    for key, value in entry.items():
        if key not in kinds:
            raise Mistake((*where, key), "no such key")
        if not isinstance(value, kinds[key]):
            raise Mistake((*where, key), f"must be a {kinds[key].__name__}, not {value!r}")
    for key in ("term", "all", "within"):
        if not entry.get(key):
            raise Mistake((*where, key), "is missing")
    lists = {key: _known(entry.get(key, []), (*where, key), known) for key in ("all", "any", "unless")}
    related, sentence = entry.get("related", False), entry.get("sentence", False)
    return Together(entry["term"], within=entry["within"], related=related, sentence=sentence, **lists)


def _scores(table: Mapping[str, Any]) -> dict[str, float]:
    for key in table.keys() ^ _SCORE:
        raise Mistake(("score", key), "no such key" if key in table else "is missing")
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Mistake(("score", key), f"must be a number, not {value!r}")
    return dict(table)
