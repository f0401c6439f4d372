"""One spelling for many: folds texts of all scripts and cuts them into words with positions."""

from __future__ import annotations

import bisect
import re
import sys
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

# Not letters to a reader: tashkeel, tatweel, joiners, marks of direction, soft hyphen, combining accents.
_DROPPED = re.compile(
    "[\u00ad\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0591-\u05c7\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LETTERS = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ةۀۂھہە", "ه"),
    **dict.fromkeys("ىیئېے", "ي"),
    "ؤ": "و",
    **dict.fromkeys("کڪ", "ك"),
    "ı": "i",
    "ø": "o",
    "ł": "l",
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("’‘‚‛`´ʼʹ′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u3000", " "),
}


def _table() -> dict[int, str]:
    """One character for one character, so that positions in the folded text are those of the original."""
    table = {ord(old): new for old, new in _LETTERS.items()}
    for code in range(0xC0, min(0x2000, sys.maxunicode)):
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter)[0]
        if letter.isalpha() and base != letter and code not in table and base.isalpha():
            table[code] = _LETTERS.get(base, base).lower()
        elif letter.isdecimal():
            table[code] = str(unicodedata.decimal(letter))
        elif len(letter.lower()) == 1 and letter != letter.lower():
            table[code] = letter.lower()
    return table | {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}


_TABLE = _table()


def fold(text: str) -> str:
    """Return `text` in the spelling used for comparing: lower case, no accents, one alef, one dash, ASCII digits.

    Arabic: alef variants, ta marbuta and final ya as alef, ha and ya, without tashkeel and tatweel; Persian ya and kaf
    as the Arabic ones, without the zero-width joiners; Turkish dotted and dotless i, ё and е, й and и as one.
    """
    return _DROPPED.sub("", text).translate(_TABLE)


class Word(NamedTuple):
    """One word or number of a text: folded, where it stands in the original, and in which sentence."""

    text: str
    start: int
    end: int
    sentence: int
    between: str
    """What stands between the word before (of the same sentence) and this one, folded."""


# Letters of scripts that write no spaces are words of their own unless a known word begins there.
_SPACELESS = "\u3040-\u30ff\u3400-\u9fff"
_MOST_WORDS = 200
"""A sentence is cut after so many words: lists and tables have no full stops."""
_LONG = 60
"""A longer stretch without a word ends a sentence whatever it is; this also bounds the search of _STOP."""
_ORDINAL = re.compile(r"\w|\d\d|[ivx]{2,5}")
_STOP = re.compile(r"[.!?؟۔。…]+[\"')\]]*(?:\s|$)|[。؟]|\n\s*\n")


def splitter(known: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern that cuts folded text into words; `known` are the words of scripts without spaces."""
    spaceless = sorted((re.escape(word) for word in known), key=len, reverse=True)
    letter = rf"[^\W\d_{_SPACELESS}]"
    return re.compile("|".join([*spaceless, rf"[{_SPACELESS}]", r"\d+", rf"{letter}+(?:'{letter}+)?"]))


def words(text: str, pattern: re.Pattern[str], sentence: int = 0) -> list[Word]:
    """Cut `text` into words, counting sentences from `sentence`.

    What follows an apostrophe is dropped (Astana'da), and what stands before it when it is short (d'Astana).
    """
    folded = fold(text)
    marks = len(text) - len(folded)
    gaps = [match.start() - number for number, match in enumerate(_DROPPED.finditer(text))] if marks else []
    found: list[Word] = []
    last, previous, room = 0, "", _MOST_WORDS
    for match in pattern.finditer(folded):
        start, end = match.span()
        word, between, last = folded[start:end], folded[last:start], end
        room -= 1
        if not room or (between != " " and between and _ends(between, previous)):
            sentence, between, room = sentence + 1, "", _MOST_WORDS
        if "'" in word:
            head, _, tail = word.partition("'")
            word, start, end = (tail, end - len(tail), end) if len(head) <= 2 else (head, start, start + len(head))
        if gaps:
            first, past = start + bisect.bisect_right(gaps, start), end + bisect.bisect_left(gaps, end)
        else:
            first, past = start, end
        found.append(Word(word, first, past, sentence, between))
        previous = word
    return found


def _ends(between: str, previous: str) -> bool:
    """Whether a sentence ends here; a dot may be that of an ordinal (16. tur, XX. tur) or an initial."""
    if len(between) > _LONG:
        return True
    return _STOP.search(between) is not None and not (between.startswith(".") and _ORDINAL.fullmatch(previous))
