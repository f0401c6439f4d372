"""One run a site: a lock that dies with its process."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from astana_crawl.archive.errors import ArchiveError, Held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def hold(folder: Path, site: str) -> Iterator[None]:
    """Hold a site until the block ends or the process dies; raises Held at once when another has it.

    flock, not lockf: the lock belongs to the open file, so that it also holds between two runs in one process, and
    closing some other descriptor of the file does not give it up. The file stays, as removing it would be a race.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = os.open(folder / f"{quote(site, safe='')}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _held(site, os.pread(number, 200, 0)) from None
        os.ftruncate(number, 0)
        since = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        os.pwrite(number, f"{os.getpid()} {since}\n".encode(), 0)
        yield
        os.ftruncate(number, 0)
    finally:
        os.close(number)


def _held(site: str, written: bytes) -> Held:
    pid, _, since = written.decode("ascii", "replace").strip().partition(" ")
    return Held(site, int(pid) if pid.isdigit() else None, since or None)
