"""The project's reference tables (TOML files a non-programmer can edit): how they are found, joined and named."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from astana_crawl.reference.lines import Keys, Spot, find

PROJECT = Path(__file__).resolve().parent.parent.parent
"""The project folder: the one that holds scrapy.cfg."""

FOLDERS = (Path(__file__).resolve().parent, PROJECT / "data" / "reference")
"""Where the tables are read from, the package's own first; later folders add to earlier ones or override them."""


class ReferenceFileError(ValueError):
    """A reference file is missing, cannot be read, or says what it may not; the message names the file and line."""


class Mistake(ValueError):
    """What is wrong with a key, or with the string `value` in it; `placing` adds the file and the line."""

    def __init__(self, at: Keys, what: str, value: str | None = None) -> None:
        super().__init__(f"{'.'.join(map(str, at))}: {what}")
        self.at, self.value = at, value


@functools.cache
def load(name: str, folders: tuple[Path, ...] = FOLDERS) -> dict[str, Any]:
    """Return the table `name` (as `addresses`), read from `<folder>/<name>.toml` of every folder that has it.

    A later file adds to an earlier one: tables are joined key by key, lists are extended, and any other value takes the
    place of the earlier one. `key = {replace = [...]}` puts a list in the place of a list. The result is cached and
    shared: do not change it. Raises ReferenceFileError when no folder has the file, or one is faulty.
    """
    paths = _paths(name, folders)
    if not paths:
        raise ReferenceFileError(f"no reference file {name}.toml in {' or '.join(map(str, folders))}")
    table: dict[str, Any] = {}
    for path in paths:
        table = _joined(table, _read(path), path, ())
    return table


def _paths(name: str, folders: tuple[Path, ...]) -> list[Path]:
    return [path for folder in folders if (path := folder / f"{name}.toml").is_file()]


@contextmanager
def placing(name: str, folders: tuple[Path, ...] = FOLDERS) -> Iterator[None]:
    """Turn a Mistake made while the table `name` is checked into a ReferenceFileError with its file and line."""
    try:
        yield
    except Mistake as mistake:
        path, line = _place(name, mistake.at, mistake.value, folders)
        raise ReferenceFileError(f"{path}, line {line}: {mistake}") from mistake


def _place(name: str, at: Keys, value: str | None, folders: tuple[Path, ...]) -> tuple[Path, int]:
    """Return the file and line that say it; of several the last, as it has the last word."""
    best, where = Spot(-1, 1), Path(f"{name}.toml")
    for path in _paths(name, folders):
        spot = find(path.read_text(encoding="utf-8"), at, value)
        if spot.depth >= best.depth:
            best, where = spot, path
        if len(at) > 1 and isinstance(at[1], int):  # the tables of an array are counted on from file to file
            at = (at[0], at[1] - len(_read(path).get(str(at[0]), ())), *at[2:])
    return where, best.line


def clear() -> None:
    """Forget what was read, so that the next `load` reads the files again."""
    load.cache_clear()


def digest(folders: tuple[Path, ...] = FOLDERS) -> str:
    """Return the SHA-256 (hex) over names and bytes of all reference files in use; kept as runs.reference_hash."""
    total = hashlib.sha256()
    for number, folder in enumerate(folders):
        for path in sorted(folder.glob("*.toml")):
            content = path.read_bytes()
            total.update(f"{number}/{path.name} {len(content)}\n".encode())
            total.update(content)
    return total.hexdigest()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ReferenceFileError(f"{path}: not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ReferenceFileError(f"{path}, line {line}: not UTF-8 text: {error}") from error
    except OSError as error:
        raise ReferenceFileError(f"{path}: cannot be read: {error.strerror}") from error


def _joined(base: dict[str, Any], more: dict[str, Any], path: Path, at: tuple[str, ...]) -> dict[str, Any]:
    result = dict(base)
    for key, new in more.items():
        old, here = base.get(key), (*at, key)
        if isinstance(old, list) and isinstance(new, dict) and set(new) == {"replace"}:
            new = new["replace"]
        elif isinstance(old, list) and isinstance(new, list):
            new = old + new
        elif isinstance(old, dict) and isinstance(new, dict):
            new = _joined(old, new, path, here)
        if old is not None and _kind(old) != _kind(new):
            line = find(path.read_text(encoding="utf-8"), here).line
            problem = f"{'.'.join(here)} must be a {_kind(old)}, as in the file it adds to"
            raise ReferenceFileError(f"{path}, line {line}: {problem}")
        result[key] = new
    return result


def _kind(value: Any) -> str:
    return "table" if isinstance(value, dict) else "list" if isinstance(value, list) else "plain value"
