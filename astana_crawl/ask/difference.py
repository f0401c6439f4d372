"""What changed between two states of a text, word by word: `[-taken out-]` and `{+put in+}`, the rest cut short."""

from __future__ import annotations

import os
import re
import sys
from difflib import SequenceMatcher
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AROUND = 8  # words shown before and after a change
LONGEST = 120  # words of one change that are shown in full
MOST = 2000  # paragraphs, and words of a passage, that are compared one by one: time grows with their square
PASSAGES = 20  # that are shown

_MARKED = re.compile(r"(\[-.*?-\])|\{\+.*?\+\}")


def difference(old: str, new: str) -> Iterator[str]:
    """Yield a text for each changed passage (paragraphs in a row), its words marked; nothing where no word changed."""
    found = (passage for before, after in _passages(old, new) if (passage := _passage(_words(before), _words(after))))
    yield from islice(found, PASSAGES)
    if more := sum(1 for _ in found):
        yield f"… and in {more} more passages"


def _passages(old: str, new: str) -> Iterator[tuple[list[str], list[str]]]:
    before, after = old.split("\n"), new.split("\n")
    if max(len(before), len(after)) > MOST:
        yield before, after
        return
    for kind, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if kind != "equal":
            yield before[a:b], after[c:d]


def _words(paragraphs: Sequence[str]) -> list[str]:
    return " ¶ ".join(paragraphs).split()


def _passage(old: list[str], new: list[str]) -> str:
    if old == new:
        return ""
    start, end = _shared(old, new), 0
    if start < min(len(old), len(new)):
        end = _shared(old[start:][::-1], new[start:][::-1])
    first, last = old[:start], old[len(old) - end :]
    parts = list(_parts(old[start : len(old) - end], new[start : len(new) - end]))
    shown = [_cut(first, -AROUND), *parts, _cut(last, AROUND)]
    return " ".join(filter(None, shown))


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(old), len(new)))


def _parts(old: list[str], new: list[str]) -> Iterator[str]:
    if max(len(old), len(new)) > MOST:
        yield from _changed(old, new)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield _short(old[a:b], AROUND)
        else:
            yield from _changed(old[a:b], new[c:d])


def _changed(old: list[str], new: list[str]) -> Iterator[str]:
    if old:
        yield f"[-{_short(old, LONGEST // 2)}-]"
    if new:
        yield f"{{+{_short(new, LONGEST // 2)}+}}"


def _short(words: list[str], around: int) -> str:
    """The words, their middle left out when they are more than twice `around`."""
    if len(words) <= 2 * around + 1:
        return " ".join(words)
    return " ".join([*words[:around], f"… {len(words) - 2 * around} words …", *words[-around:]])


def _cut(words: list[str], most: int) -> str:
    """The first words, or with a negative number the last ones."""
    if len(words) <= abs(most):
        return " ".join(words)
    return " ".join([*words[:most], "…"] if most > 0 else ["…", *words[most:]])


def coloured(line: str) -> str:
    """Colour what is marked, red what was taken out and green what was put in: in a terminal that wants colours."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):  # https://no-color.org
        return line
    return _MARKED.sub(lambda found: f"\x1b[{31 if found[1] else 32}m{found[0]}\x1b[0m", line)
