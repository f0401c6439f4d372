"""Bringing an archive of an older version up to this one: a backup first, then all steps or none.

A step is a plain function that changes the tables of version N into those of N + 1 by statements of plain SQL, given
one by one to the function it gets, so that it says the same for ever whatever becomes of the models. `PRAGMA
user_version` of the file tells which steps it has behind it; it moves in the same transaction, so that a file is of the
old version or of the new one whenever a process is killed. The views are made anew after the steps.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from astana_crawl.archive import backup, opening, schema
from astana_crawl.archive.errors import ArchiveError, unwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Execute = Callable[..., sqlite3.Cursor]
    Step = Callable[[Execute], None]


def _rights_and_pauses(execute: Execute) -> None:
    execute("ALTER TABLE pages ADD COLUMN rights TEXT")
    execute("CREATE TABLE pauses (host TEXT NOT NULL, not_before TEXT NOT NULL, PRIMARY KEY (host))")


def _stories(execute: Execute) -> None:
    """What stories are found by; filled when the archive is opened (filling.py)."""
    execute(
        "CREATE TABLE fingerprints (article_id INTEGER NOT NULL, version INTEGER NOT NULL, signature BLOB NOT NULL, "
        "PRIMARY KEY (article_id), FOREIGN KEY(article_id) REFERENCES articles (id))"
    )
    execute("CREATE INDEX fingerprints_version ON fingerprints (version)")
    execute(
        "CREATE TABLE story_bands (band INTEGER NOT NULL, article_id INTEGER NOT NULL, PRIMARY KEY (band, article_id)) "
        "WITHOUT ROWID"
    )
    execute(
        "CREATE TABLE story_links (url_hash TEXT NOT NULL, article_id INTEGER NOT NULL, "
        "PRIMARY KEY (url_hash, article_id), FOREIGN KEY(article_id) REFERENCES articles (id)) WITHOUT ROWID"
    )
    execute("CREATE INDEX story_links_article ON story_links (article_id)")


STEPS: Mapping[int, Step] = {1: _rights_and_pauses, 2: _stories}
"""The step from each version to the next."""


def refuse_older(path: Path) -> None:
    """Raise ArchiveError for an archive of an older version, which can only be asked once it has been upgraded."""
    if (version := version_of(path)) < schema.VERSION:
        raise ArchiveError(
            f"{path} is of an older version (schema {version}, now {schema.VERSION}); the next scrapy crawl or scrapy "
            "update brings it up to date and keeps a copy of it as it is now"
        )


def version_of(path: Path) -> int:
    """Return the version of an archive's tables."""
    with closing(opening.reader(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def upgrade(path: Path, steps: Mapping[int, Step] = STEPS, to: int = schema.VERSION) -> Path | None:
    """Bring an archive up to version `to`; returns the copy of it as it was, None when it was of that version.

    The copy lies beside it, named after its version and the time. Waits for another process that is at it. Raises
    ArchiveError, the file as it was, when there is no way from its version, no room, or rows that do not fit.
    """
    if version_of(path) >= to:
        return None
    with opening.exclusive(opening.locks_of(path) / ".upgrade"):
        opening.use_wal(path)
        try:
            with closing(opening.writer(path)) as db:
                return _upgrade(db, path, steps, to)
        except sqlite3.Error as error:
            says = unwritable(path, error) or f"{path} cannot be upgraded: {error}; it was left as it is"
            raise ArchiveError(says) from error


def _upgrade(db: sqlite3.Connection, path: Path, steps: Mapping[int, Step], to: int) -> Path | None:
    db.execute("PRAGMA foreign_keys = OFF")  # a step may make a table anew (sqlite.org/lang_altertable.html, 7)
    db.execute("BEGIN IMMEDIATE")  # nobody writes between the copy and the steps
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version >= to:
        return None
    if missing := [number for number in range(version, to) if number not in steps]:
        raise ArchiveError(f"{path} has schema {version}, and there is no step from {missing[0]}; it was left as it is")
    copied = _free_name(path, version)
    backup.copy(path, copied)
    for number in range(version, to):
        steps[number](db.execute)  # not the connection, whose executescript would commit
    _views(db)
    if wrong := db.execute("PRAGMA foreign_key_check").fetchone():
        raise ArchiveError(
            f"{path} cannot be upgraded: a row of {wrong[0]} without its {wrong[2]}; it was left as it is"
        )
    db.execute(f"PRAGMA user_version = {to}")
    db.execute("COMMIT")
    return copied


def _free_name(path: Path, version: int) -> Path:
    start = f"{path.stem}.schema-{version}.{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    names = (path.with_name(f"{start}{again}{path.suffix}") for again in ("", *(f"-{n}" for n in range(2, 100))))
    return next((name for name in names if not name.exists()), path)


def _views(db: sqlite3.Connection) -> None:
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        db.execute(f'DROP VIEW "{name}"')
    for name, query in schema.VIEWS.items():
        db.execute(f"CREATE VIEW {name} AS{query}")
