"""Where a key of a TOML file stands: tomllib gives values without their lines."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")

Keys = Sequence[str | int]
"""The way to a key: names of tables and keys; after an array of tables, the number of the table in it, from 1."""


class Spot(NamedTuple):
    """A line, and how many of the keys asked for (one more with the value asked for) it was found by."""

    depth: int
    line: int


def find(text: str, at: Keys, value: str | None = None) -> Spot:
    """Return the line of the key `at`, or of the nearest table above it; of the string `value` in it when it is there.

    Line 1 with depth 0 where nothing of it stands in the file.
    """
    best, inside = Spot(0, 1), False
    for number, line, path in _lines(text):
        if path is not None:
            inside = path == tuple(at)
            if len(path) > best.depth and path == tuple(at[: len(path)]):
                best = Spot(len(path), number)
        if inside and value and f'"{value}"' in line:
            return Spot(len(at) + 1, number)
    return best


def _lines(text: str) -> Iterator[tuple[int, str, tuple[str | int, ...] | None]]:
    """Yield each line with its number and the keys that it sets or opens; None where it goes on with a value."""
    table: tuple[str | int, ...] = ()
    arrays: Counter[tuple[str | int, ...]] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _keys(header[2])
            if header[1] == "[[":
                arrays[table] += 1
                table = (*table, arrays[table])
            yield number, line, table
        else:
            keys = _keys(line.partition("=")[0])
            yield number, line, (*table, *keys) if keys else None


def _keys(text: str) -> tuple[str, ...]:
    """Return the keys that a dotted TOML key names; () when it is none."""
    try:
        table = tomllib.loads(f"{text} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    found: list[str] = []
    while isinstance(table, dict) and table:
        name, table = next(iter(table.items()))
        found.append(name)
    return tuple(found)
