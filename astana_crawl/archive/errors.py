"""What can go wrong with an archive, and which errors mean that it cannot be written at all."""

from __future__ import annotations

import errno
import sqlite3


class ArchiveError(Exception):
    """The archive, or a file of it, cannot be used; the message names it and says what to do."""


class Held(ArchiveError):
    """Another run holds the site; `pid` and `since` (ISO 8601, UTC) are None when it did not say."""

    def __init__(self, site: str, pid: int | None = None, since: str | None = None) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"{site} is held by {who}{f' since {since}' if since else ''}: wait for it, or stop it")
        self.site, self.pid, self.since = site, pid, since


_FATAL_SQLITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
}
_FATAL_OS = {errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT}


def fatal(error: BaseException | None) -> bool:
    """Return whether an error means that the disk or the archive fails (full, read-only, I/O, damage), not one row.

    Looks through SQLAlchemy's wrapping (`orig`) and at what an error was raised from. Codes: sqlite.org/rescode.html.
    """
    if error is None:
        return False
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FATAL_SQLITE  # the low byte is the primary code
    if isinstance(error, OSError) and error.errno in _FATAL_OS:
        return True
    return fatal(getattr(error, "orig", None)) or fatal(error.__cause__)
