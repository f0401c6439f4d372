"""What can go wrong with an archive, and which errors mean that it cannot be written at all."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ArchiveError(Exception):
    """The archive, or a file of it, cannot be used; the message names it and says what to do."""


class Held(ArchiveError):
    """Another run holds the site; `pid` and `since` (ISO 8601, UTC) are None when it did not say."""

    def __init__(self, site: str, pid: int | None = None, since: str | None = None) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"{site} is held by {who}{f' since {since}' if since else ''}: wait for it, or stop it")
        self.site, self.pid, self.since = site, pid, since


_BUSY = "another program (a database browser?) holds a write transaction on {path}; close it and run again"
_SAYS = {
    sqlite3.SQLITE_BUSY: _BUSY,  # after the busy timeout
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: "the disk of {path} is full; free some space and run again",
    sqlite3.SQLITE_READONLY: "{path} is read-only; make the file and its folder writable and run again",
    sqlite3.SQLITE_IOERR: "{path} cannot be written: {error}; see whether its disk is full or failing",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened: {error}; see whether its folder is there and writable",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged ({error}); put a backup in its place",
    sqlite3.SQLITE_NOTADB: "{path} is damaged ({error}); put a backup in its place",
}
_FULL_OS = {errno.ENOSPC, errno.EDQUOT}
_FATAL_OS = {errno.EROFS, errno.EIO} | _FULL_OS


def fatal(error: BaseException | None) -> bool:
    """Return whether an error means that the disk or the archive fails (full, read-only, I/O, damage), not one row.

    An archive that another program holds beyond the busy timeout is no better. Looks through SQLAlchemy's wrapping
    (`orig`) and at what an error was raised from. Codes: sqlite.org/rescode.html.
    """
    return _root(error) is not None


def locked(error: BaseException | None) -> bool:
    """Return whether an error means that another program held the archive beyond the busy timeout."""
    root = _root(error)
    return isinstance(root, sqlite3.Error) and _code(root) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def unwritable(path: Path, error: BaseException) -> str | None:
    """Return what a person should know and do when a fatal error met a file or folder; None for any other error."""
    root = _root(error)
    if isinstance(root, sqlite3.Error):
        return _SAYS[_code(root)].format(path=path, error=root)
    if isinstance(root, OSError):
        what = "; free some space and run again" if root.errno in _FULL_OS else ""
        return f"{path} cannot be written: {root.strerror}{what}"
    return None


def _root(error: BaseException | None) -> sqlite3.Error | OSError | None:
    """The fatal error that an error is, wraps or was raised from."""
    if error is None:
        return None
    if isinstance(error, sqlite3.Error):
        return error if _code(error) in _SAYS else None
    if isinstance(error, OSError) and error.errno in _FATAL_OS:
        return error
    return _root(getattr(error, "orig", None)) or _root(error.__cause__)


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
