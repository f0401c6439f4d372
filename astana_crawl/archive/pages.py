"""Page files: every response as it was served, in WARC files that any web archive tool reads (ISO 28500).

One file per site, month and writer; each record is a gzip member of its own of level 1 (0.15 ms where level 9 takes
1.33), so that it can be read from its offset alone. Members carry their length (the field `sl` of the WARC standard's
annex on gzip): a record that a kill cut short is found by hopping, and taken off before the next is written.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from astana_crawl.archive import opening, warc
from astana_crawl.archive.base import inserted
from astana_crawl.archive.errors import ArchiveError
from astana_crawl.archive.models import Page
from astana_crawl.archive.payload import payload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Connection

__all__ = ["PageFiles", "Place", "Served", "pages_row", "payload", "read_page"]


@dataclass(frozen=True, slots=True)
class Served:
    """A response as it was served, its content still encoded; header names and values as Latin-1 texts."""

    url: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies: the file relative to PAGES_DIR, the offset of its record, the SHA-256 of the served body."""

    warc_file: str
    offset: int
    digest: str


class PageFiles:
    """Writes pages; one writer thread at a time, `writer` telling it from others that write for the same site."""

    def __init__(self, pages_dir: Path, writer: str) -> None:
        self._dir, self._writer = pages_dir, writer
        self._files: dict[str, _File] = {}

    def append(self, site: str, served: Served, now: dt.datetime) -> Place:
        """Write a response fetched at `now` (aware) as a record; it is on disk for certain after `sync`.

        Raises OSError when it cannot be written; the file is then as it was.
        """
        name = quote(site, safe="") if site.strip(".") else site.replace(".", "%2E")  # `..` is no folder of ours
        stem = f"{name}/{name}-{now.astimezone(dt.UTC):%Y%m}-{quote(self._writer, safe='')}"
        file = self._files.get(stem) or self._open(stem)
        digest = warc.digest(served.body)
        offset = file.append(warc.record("response", _response(served), now, served.url, digest))
        return Place(file.path.relative_to(self._dir).as_posix(), offset, digest)

    def sync(self) -> None:
        """Bring all that was appended to disk."""
        for file in self._files.values():
            file.sync()

    def close(self) -> None:
        """Sync and close all files."""
        try:
            self.sync()
        finally:
            while self._files:
                self._files.popitem()[1].close()

    def _open(self, stem: str) -> _File:
        for number in range(1, 100):
            path = self._dir / f"{stem}{'' if number == 1 else f'-{number}'}.warc.gz"
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._files[stem] = _File(path)
            except (BlockingIOError, _ChangedError):
                continue  # another process writes to it under the same name, or another program has changed it
            return self._files[stem]
        raise ArchiveError(f"{self._dir / stem}: all names are in use by other processes")


class _ChangedError(Exception):
    """A page file that is not as it was left: nothing is added to it, nor taken off."""


class _File:
    """An open page file, locked against other writers; unbuffered, so that a failed write can be taken back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise
        self._dirty = True
        with path.open("rb") as written:
            self._end = warc.sound_length(written)
            whole = self._end == path.stat().st_size
            if not whole and not warc.cut_short(written, self._end):
                self._file.close()
                raise _ChangedError(path)
        self._file.truncate(self._end)
        if not self._end:
            software = b"software: astana-crawl\r\nformat: WARC File Format 1.1\r\n"
            self.append(warc.record("warcinfo", software, dt.datetime.now(dt.UTC), path.name))
            for folder in (path.parent, path.parent.parent):
                opening.sync_folder(folder)

    def append(self, member: bytes) -> int:
        offset, rest = self._end, memoryview(member)
        self._dirty = True
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(offset)
            raise
        self._end += len(member)
        return offset

    def sync(self) -> None:
        if self._dirty:
            os.fsync(self._file.fileno())
            self._dirty = False

    def close(self) -> None:
        self._file.close()


_CHUNKED, _WAS_CHUNKED = "transfer-encoding", "X-Archive-Orig-"  # the body is kept without its chunks


def _response(served: Served) -> bytes:
    lines = [f"HTTP/1.1 {served.status} {served.reason}"]
    for name, value in served.headers:
        lines.append(f"{_WAS_CHUNKED if name.lower() == _CHUNKED else ''}{name}: {value}")
    return b"\r\n".join(_bytes(warc.line(line)) for line in lines) + b"\r\n\r\n" + served.body


def _bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def read_page(pages_dir: Path, warc_file: str, offset: int) -> Served:
    """Return the response kept at a place; ArchiveError names the file when it is missing or damaged there."""
    path = pages_dir / warc_file
    try:
        with path.open("rb") as file:
            file.seek(offset)
            content = warc.unpacked(iter(lambda: file.read(1 << 16), b""))
        head, block = content.split(b"\r\n\r\n", 1)
        about = dict(warc.fields(head.decode("utf-8", "replace")))
        answer, body = block[: int(about["Content-Length"])].split(b"\r\n\r\n", 1)
        lines = answer.decode("latin-1")
        _, status, *reason = lines.partition("\r\n")[0].split(" ", 2)
        headers = [(name.removeprefix(_WAS_CHUNKED), value) for name, value in warc.fields(lines)]
        return Served(about["WARC-Target-URI"], int(status), "".join(reason), headers, body)
    except OSError as error:
        raise ArchiveError(f"page file {path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, EOFError, zlib.error) as error:
        raise ArchiveError(f"page file {path} has no sound record at offset {offset}") from error


def pages_row(
    db: Connection,
    url: str,
    fetched_at: dt.datetime,
    http_status: int,
    origin: str,
    origin_url: str | None,
    place: Place,
    rights: Sequence[str] | None = None,
) -> int:
    """Enter a page that was written; returns its id. `origin` is live, wayback, warc or replay.

    `rights` is what the page reserves: fetch/rights.py.
    """
    row = {"url": url, "fetched_at": fetched_at, "http_status": http_status, "origin": origin, "origin_url": origin_url}
    where = {"warc_file": place.warc_file, "warc_offset": place.offset, "digest": place.digest}
    return inserted(db, Page, row | where | {"rights": list(rights or ()) or None})
