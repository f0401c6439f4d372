"""The content of a kept response: what was served, without gzip, deflate, Brotli or Zstandard around it."""

from __future__ import annotations

import importlib
import zlib
from typing import TYPE_CHECKING, Any

from astana_crawl.archive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable

    from astana_crawl.archive.pages import Served

LARGEST = 50 * 2**20
"""More content than this (50 MiB) is refused: a small page can unpack to gigabytes."""
_STEP = 2**20  # bytes that Brotli is asked for at once: it needs twice of that itself


class TooLarge(ValueError):
    """Raised for content beyond the most that is taken."""


def payload(served: Served) -> bytes:
    """Return the decoded content of a response; ArchiveError when it is too large or in an unknown or broken coding.

    A body cut short gives what is there of it, and one that only claims to be gzip is taken as it is.
    """
    codings = ",".join(value for name, value in served.headers if name.lower() == "content-encoding")
    try:
        return unpacked(served.body, codings)
    except ValueError as error:
        raise ArchiveError(f"{served.url}: {error}") from error


def unpacked(body: bytes, codings: str, *, most: int = LARGEST, whole: bool = False) -> bytes:
    """Return a body without its content codings (as the header names them, the innermost first).

    With `whole` a body that is cut short is refused too. Raises TooLarge beyond `most` bytes, ValueError for a broken
    or unknown coding.
    """
    for coding in reversed([name.strip() for name in codings.lower().split(",")]):
        if coding not in ("", "identity"):
            body, complete = _unpacked(body, coding, most + 1)
            if len(body) > most:
                raise TooLarge(f"its content is larger than {most // 2**20} MiB when unpacked")
            if whole and not complete:
                raise ValueError(f"its {coding} content is cut short")
    return body


def _unpacked(body: bytes, coding: str, most: int) -> tuple[bytes, bool]:
    """What the body unpacks to, at most so many bytes, and whether its end was reached."""
    unpack = _CODINGS.get(coding)
    if unpack is None and body.lstrip()[:1] in {
        b"<",
        b"{",
        b"[",
    }:  # "Content-Encoding: UTF-8" of servers set up wrongly
        return body, True
    if unpack is None:
        raise ValueError(f"it was served in the coding {coding!r}, which is not known")
    try:
        return unpack(body, most)
    except (zlib.error, ValueError) as error:
        raise ValueError(f"its {coding} content is broken: {error}") from error


def _gunzip(body: bytes, most: int) -> tuple[bytes, bool]:
    if body[:2] != b"\x1f\x8b":
        return body, True
    content, complete = b"", True
    while body[:2] == b"\x1f\x8b" and len(content) < most:  # several members in a row are one content
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        content += inflate.decompress(body, most - len(content))
        body, complete = inflate.unused_data, inflate.eof
    return content, complete


def _inflate(body: bytes, most: int) -> tuple[bytes, bool]:
    try:
        inflate = zlib.decompressobj()
        return inflate.decompress(body, most), inflate.eof
    except zlib.error:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)  # some servers leave out zlib's header
        return inflate.decompress(body, most), inflate.eof


def _brotli(body: bytes, most: int) -> tuple[bytes, bool]:
    import brotli  # type: ignore[import-untyped]

    decoder = brotli.Decompressor()
    try:
        content = bytearray(more := decoder.process(body, output_buffer_limit=min(_STEP, most)))
        while more and len(content) < most:
            more = decoder.process(b"", output_buffer_limit=min(_STEP, most - len(content)))
            content += more
    except brotli.error as error:
        raise ValueError(error) from error
    return bytes(content), decoder.is_finished()


def _zstd(body: bytes, most: int) -> tuple[bytes, bool]:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            zstd: Any = importlib.import_module(name)
        except ImportError:
            continue
        decoder = zstd.ZstdDecompressor()
        try:
            return decoder.decompress(body, most), decoder.eof
        except zstd.ZstdError as error:
            raise ValueError(error) from error
    raise ValueError("Zstandard needs backports.zstd, or Python 3.14")


_CODINGS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _brotli,
    "zstd": _zstd,
}
