"""Opening an archive: where it lies, whether the file is one of ours and sound, and making a new one."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event, exc, make_url

from astana_crawl.archive import schema
from astana_crawl.archive.errors import ArchiveError, locked, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

BUSY_SECONDS = 30


def path_of(url: str | None) -> Path:
    """Return the file of an archive URL; None is ASTANA_ARCHIVE_URL, else data/astana.db of the project.

    Relative paths are relative to the project folder. Raises ArchiveError for what is no SQLite URL with a file.
    """
    from astana_crawl.reference import PROJECT

    text = url or os.environ.get("ASTANA_ARCHIVE_URL") or "sqlite:///data/astana.db"
    try:
        parts = make_url(text)
    except exc.ArgumentError:
        raise ArchiveError(
            f"ARCHIVE_URL is {text!r}, which is no database URL; write sqlite:///data/astana.db"
        ) from None
    shown = parts.render_as_string(hide_password=True)
    if parts.get_backend_name() != "sqlite":
        raise ArchiveError(f"ARCHIVE_URL is {shown}: only SQLite is supported so far; write sqlite:///data/astana.db")
    if not parts.database or parts.database == ":memory:" or parts.database.startswith("file:") or parts.query:
        raise ArchiveError(f"ARCHIVE_URL is {shown}: it must name a file and nothing else, as sqlite:///data/astana.db")
    return PROJECT / parts.database


def kind_of(path: Path) -> str:
    """Return 'live' or 'replay' for a sound archive that is not newer; else ArchiveError, the file untouched."""
    if path.is_dir():
        raise ArchiveError(
            f"{path} is a folder, not an archive; set ARCHIVE_URL to a file, as sqlite:///data/astana.db"
        )
    marks = {number: kind for kind, number in schema.APPLICATION_IDS.items()}
    kind = marks.get(_application_id(path))
    if kind is None:
        raise ArchiveError(f"{path} is a database of another program, not an archive; it was left as it is")
    _check(path)
    return kind


def _application_id(path: Path) -> int:
    """Through SQLite: closing a plain file drops this process's locks on it (sqlite.org/howtocorrupt.html, 2.2)."""
    try:
        try:
            pages, number = _marks(sqlite3.connect(f"file:{quote(str(path))}?immutable=1", uri=True))
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CORRUPT:
                raise
            pages, number = _marks(reader(path))  # a kill can leave a file short of pages that its WAL has
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT:
            raise ArchiveError(
                f"{path} is damaged ({error}); it was left as it is: put a backup in its place"
            ) from error
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise ArchiveError(f"{path} cannot be read: {error}") from error
        pages, number = 0, 0
    if not pages:
        raise ArchiveError(f"{path} is no SQLite database, so no archive, or a damaged one; it was left as it is")
    return number


def _marks(db: sqlite3.Connection) -> tuple[int, int]:
    """The number of pages and the application's mark; without the WAL of a foreign file, which would leave traces."""
    with closing(db):
        return db.execute("PRAGMA page_count").fetchone()[0], db.execute("PRAGMA application_id").fetchone()[0]


def _check(path: Path) -> None:
    """Refuse what is newer or damaged, through a connection that cannot write."""
    try:
        with closing(reader(path)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            found = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            damage = db.execute("PRAGMA quick_check(1)").fetchone()[0] if path.stat().st_size <= CHECKED_SIZE else "ok"
    except sqlite3.DatabaseError as error:
        if locked(error):
            raise ArchiveError(unwritable(path, error)) from error
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise ArchiveError(f"{path} cannot be opened: {error}") from error
        raise ArchiveError(f"{path} is damaged ({error}); it was left as it is: put a backup in its place") from error
    if version > schema.VERSION:
        raise ArchiveError(
            f"{path} was written by a newer version of astana-crawl (schema {version}); update the program"
        )
    complete = schema.names() if version == schema.VERSION else set()  # an older one has what its version had
    if damage != "ok" or (missing := complete - found):
        what = damage if damage != "ok" else f"it lacks {', '.join(sorted(missing))}"
        raise ArchiveError(f"{path} is damaged ({what}); it was left as it is: put a backup in its place")


CHECKED_SIZE = 256 * 2**20
"""Files up to this size are read through for damage at every opening; larger ones by `scrapy backup`."""


def create(path: Path, kind: str) -> None:
    """Make a new archive unless another process has made it meanwhile: complete under another name, then renamed.

    So nobody sees a half-made file, and nobody meets the race on `PRAGMA journal_mode=WAL`, which does not wait.
    """
    with exclusive(locks_of(path) / ".create"):
        if path.exists():
            return
        new = path.with_name(f".{path.name}.new")
        try:
            new.unlink(missing_ok=True)
            _make(new, kind)
            new.replace(path)
        except (OSError, exc.DBAPIError) as error:
            raise ArchiveError(f"{path} cannot be made: {getattr(error, 'orig', error)}") from error


def _make(path: Path, kind: str) -> None:
    use_wal(path)
    engine = engine_of(path)
    try:
        with engine.begin() as db:
            schema.create(db, kind)
    finally:
        engine.dispose()


def engine_of(path: Path) -> Engine:
    """Return an engine whose transactions are real ones: BEGIN, or BEGIN IMMEDIATE with the option `immediate`."""
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # else sqlite3 begins late and DDL escapes the transaction
    for pragma in ("synchronous = FULL", f"busy_timeout = {BUSY_SECONDS * 1000}", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("immediate") else "BEGIN")


def use_wal(path: Path) -> None:
    """Put a file that came without it (a new one, a restored backup) into WAL mode; ArchiveError when it stays busy."""
    until = time.monotonic() + BUSY_SECONDS
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        while db.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            try:
                db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise ArchiveError(f"{path} cannot be put into WAL mode: {error}") from error
                time.sleep(0.05)  # this pragma does not wait for others by itself


def reader(path: Path) -> sqlite3.Connection:
    """Return a plain connection that cannot write."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=BUSY_SECONDS)


def writer(path: Path) -> sqlite3.Connection:
    """Return a plain connection to a file that is there, which begins and ends no transaction by itself."""
    address = f"file:{quote(str(path))}?mode=rw"
    db = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    return db


def sync_folder(folder: Path) -> None:
    """Bring the names of the files in a folder to disk, else a power cut can take a new one."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def locks_of(path: Path) -> Path:
    """Return the folder of the lock files of an archive."""
    return path.with_name(path.name + ".locks")


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold a lock file, waiting for it."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("a")
    except OSError as error:
        raise ArchiveError(f"{lock.parent} cannot be written: {error.strerror}") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
