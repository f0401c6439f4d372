"""Recordings instead of the web: http and https requests are answered from WARC files, and no connection is opened."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url

from astana_crawl.fetch.answers import UNRECORDED
from astana_crawl.identity import canonical_url
from astana_crawl.reference import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler


def recordings(value: str | None) -> list[Path]:
    """The WARC files that REPLAY names: files or folders, comma separated, relative to the caller, else to the project.

    Raises FileNotFoundError for a name that is neither.
    """
    files: list[Path] = []
    for name in filter(None, (part.strip() for part in (value or "").split(","))):
        path = next((place for place in (Path(name), PROJECT / name) if place.exists()), None)
        if path is None:
            raise FileNotFoundError(f"REPLAY names {name}, which is neither a WARC file nor a folder of them")
        files += sorted(path.glob("*.warc*")) if path.is_dir() else [path]
    return files


class Recording:
    """The responses of some WARC files, found by address; where one address stands twice, the last counts.

    A spelling that was not recorded itself (with tracking parameters, say) is answered as the address it spells.
    """

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._places = {url: (file, offset) for file in files for url, offset in _addresses(file)}
        self._spelled = {canonical_url(url): url for url in self._places}

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def answer(self, url: str) -> Response:
        """The recorded response to the address; status 404 when there is none."""
        place = self._places.get(_key(url)) or self._places.get(self._spelled.get(canonical_url(url), ""))
        if place is None:
            said = {"Content-Type": "text/plain"}
            return Response(url, status=404, headers=said, body=UNRECORDED.encode(), flags=[UNRECORDED])
        return _read(url, *place)


@functools.cache
def recording(files: tuple[Path, ...]) -> Recording:
    """One recording a process, however many sites are read from it."""
    return Recording(files)


class Replay(BaseDownloadHandler):
    """The download handler for http and https while REPLAY is set."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._recording = recording(tuple(recordings(crawler.settings["REPLAY"])))

    async def download_request(self, request: Request) -> Response:
        """Answer from the recording."""
        return self._recording.answer(request.url)


def _key(url: str) -> str:
    return canonicalize_url(url, keep_blank_values=True)


def _addresses(file: Path) -> Iterator[tuple[str, int]]:
    from warcio.archiveiterator import ArchiveIterator

    with file.open("rb") as stream:
        records = ArchiveIterator(stream)
        for record in records:
            if record.rec_type == "response":
                yield _key(record.rec_headers.get_header("WARC-Target-URI")), records.get_record_offset()


def _read(url: str, file: Path, offset: int) -> Response:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import ChunkedDataReader

    with file.open("rb") as stream:
        stream.seek(offset)
        record: Any = next(iter(ArchiveIterator(stream)))
        chunked = "chunked" in (record.http_headers.get_header("Transfer-Encoding") or "").lower()
        body = (ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream).read()
    headers = Headers()
    for name, value in record.http_headers.headers:
        if name.lower() != "transfer-encoding":
            headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=url, body=body)
    return kind(url=url, status=int(record.http_headers.get_statuscode()), headers=headers, body=body)
