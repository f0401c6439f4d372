"""Whether the headline that a page declares is that of the text it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]{4,}")
_FEWEST = 3


def disagreement(declared: Iterable[str], shown: Iterable[str], body: str) -> str | None:
    """The reason why a page is no article: its text follows another headline than the one it declares; else None.

    `declared` are the headlines of JSON-LD, meta elements and title, `shown` those of the page's h1. Said only when no
    shown headline resembles a declared one and the text bears out the shown one clearly better. Words are compared
    by their first five letters, so that inflected languages agree with themselves.
    """
    text = _words(body)
    said = [words for words in map(_words, declared) if len(words) >= _FEWEST]
    seen = [(words, headline) for headline in shown if len(words := _words(headline)) >= _FEWEST]
    if not said or not seen or any(_share(one, other) >= 0.5 for one in said for other, _ in seen):
        return None
    best_said = max(_share(words, text) for words in said)
    best_seen, headline = max((_share(words, text), headline) for words, headline in seen)
    if best_said > 0.5 or best_seen < best_said + 0.25:
        return None
    return f"the page declares another headline than the one above its text ({headline[:100]!r})"


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:5] for word in _WORD.findall(text.casefold()))


def _share(words: frozenset[str], among: frozenset[str]) -> float:
    return len(words & among) / len(words)
