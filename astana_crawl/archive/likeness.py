"""How alike two texts are: signatures that find what may be a copy in an archive of any size, and what decides.

A signature is a MinHash (Broder 1997) of a text's triples of words. Instead of hashing each triple 96 times it is
hashed once: the hashes are points on a ring, three times in another order, and of each ring the points next to 32 fixed
places are taken. Two texts have the same point there as often as is the share of triples they have in common. In plain
Python that takes 0.3 ms a page; a compiled MinHash would halve it, which is no reason to depend on one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import struct
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

VERSION = 1
"""Of signatures: two are only compared when they are of one version. Stories are found anew when it changes."""

BANDS, ROWS = 32, 3
"""Texts may be copies when a band, three rows, is the same: with half of their triples in common 986 in 1,000 are."""
MAYBE = 0.3
"""The share of triples, as signatures tell it, from which on the texts themselves are compared."""

SHORT = 50
"""Texts of fewer words are copies only when all words are the same, headline included."""

LIKE = 0.45
"""The share of pairs of words that a copy has in common with the first text: 8 % changed words leave about 0.7."""
PARTS, PART_LIKE = 3, 0.5
"""No third of the shorter text may be its own by half: two texts with the same background are no copies."""
NEAR = dt.timedelta(days=7)
NEARLY_THE_SAME = 0.8
"""What is run again after more than a week must be nearly the same: statements come back every round."""
FIGURES = 3
"""On another day no more than two figures, or half of them, may be others, nor all of several: daily bulletins differ
in little else. After more than a week all must be the same: so do the statements of two rounds (the 20th, the 21st)."""

_PRIME = (1 << 30) - 35  # numbers below it are those that Python sorts and compares fastest
_FIRST, _SECOND, _RING = 0x1E3779B9, 0x32B2AE3D, 0x2545F491
_BAND, _BITS = 0xA0761D6478BD642F, 64
_PLACES = [place * _PRIME // BANDS for place in range(BANDS)]
_ROW = struct.Struct(f"<{BANDS * ROWS}I")
_SPACELESS = re.compile("([\u3040-\u30ff\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class Text:
    """What tells whether an article is a copy: its headline and words, folded (archive/fold.py), and its day."""

    title: str
    words: Sequence[str]
    on: dt.date | None = None


def text(title: str, body: str, on: dt.date | None = None) -> Text:
    """Return the Text of a folded headline and body; letters of scripts without blanks are words of their own."""
    return Text(title, (body if body.isascii() else _SPACELESS.sub(r" \1 ", body)).split(), on)


def signature(one: Text) -> bytes:
    """Return the signature of a text: 32 times 3 numbers of 32 bits, or 8 bytes over all words of a short one."""
    if len(one.words) < SHORT:
        return hashlib.blake2b("\n".join([one.title, *one.words]).encode(), digest_size=8).digest()
    numbers = list(map(_numbers.__getitem__, one.words))
    triples = zip(numbers, numbers[1:], numbers[2:], strict=False)
    points = list({(a * _FIRST + b * _SECOND + c) % _PRIME for a, b, c in triples})
    rows: list[int] = []
    for _ in range(ROWS):
        ring = sorted(points)
        rows += [ring[bisect_left(ring, place) % len(ring)] for place in _PLACES]
        points = [point * _RING % _PRIME for point in ring]
    return _ROW.pack(*rows)


class _Numbers(dict[str, int]):
    """A number for each word; words come again, so that they are kept."""

    def __missing__(self, word: str) -> int:
        if len(self) > 1 << 17:
            self.clear()
        digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
        self[word] = number = int.from_bytes(digest, "big") % _PRIME
        return number


_numbers = _Numbers()


def bands(signature: bytes) -> list[int]:
    """Return the bands of a signature as signed numbers of 64 bits; copies nearly always have one in common."""
    if len(signature) != _ROW.size:
        return [int.from_bytes(signature, "big", signed=True)]
    rows = _ROW.unpack(signature)
    sums = (
        (rows[band] * _FIRST + rows[band + BANDS] * _SECOND + rows[band + 2 * BANDS] + (band << 59)) * _BAND
        for band in range(BANDS)
    )
    half = 1 << _BITS - 1
    return sorted((number + half) % (1 << _BITS) - half for number in sums)


def estimate(one: bytes, other: bytes) -> float:
    """Return the share of triples that two signatures say their texts have in common, 0 to 1."""
    if len(one) != len(other):
        return 0.0
    if len(one) != _ROW.size:
        return float(one == other)
    return sum(map(int.__eq__, _ROW.unpack(one), _ROW.unpack(other))) / (BANDS * ROWS)


def is_copy(one: Text, other: Text) -> bool:
    """Whether two texts tell the same story in the same words, by the rules that the constants above state."""
    apart = abs(one.on - other.on) if one.on and other.on else dt.timedelta()
    shorter, longer = sorted((one, other), key=lambda text: len(text.words))
    if len(shorter.words) < SHORT:
        same = (shorter.title, list(shorter.words)) == (longer.title, list(longer.words))
        return same and apart <= NEAR
    pairs, others = set(pairwise(shorter.words)), set(pairwise(longer.words))
    if _share(pairs, others) < (LIKE if apart <= NEAR else NEARLY_THE_SAME):
        return False
    changed, figures = _figures(shorter.words, longer.words)
    if apart > NEAR:
        return changed == 0 and _no_part_of_its_own(shorter.words, others)
    same = changed < max(FIGURES, figures / 2) and (changed < figures or figures < 2)
    return _no_part_of_its_own(shorter.words, others) and (not apart or same)


def _share(some: set[tuple[str, str]], others: set[tuple[str, str]]) -> float:
    return len(some & others) / len(some | others)


def _no_part_of_its_own(words: Sequence[str], others: set[tuple[str, str]]) -> bool:
    cuts = [len(words) * part // PARTS for part in range(PARTS + 1)]
    parts = (set(pairwise(words[start:end])) for start, end in pairwise(cuts))
    return all(len(part & others) >= PART_LIKE * len(part) for part in parts)


def _figures(words: Sequence[str], others: Sequence[str]) -> tuple[int, int]:
    """Return how many figures of the first text (2024, 21st) are not in the other, and how many it has."""
    some, rest = ({word for word in listed if any(map(str.isdecimal, word))} for listed in (words, others))
    return len(some - rest), len(some)
