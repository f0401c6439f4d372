"""The content of a kept response: what was served, without gzip, deflate, Brotli or Zstandard around it."""

from __future__ import annotations

import importlib
import zlib
from typing import TYPE_CHECKING, Any

from astana_crawl.archive.errors import ArchiveError

if TYPE_CHECKING:
    from astana_crawl.archive.pages import Served

LARGEST = 50 * 2**20
"""More content than this (50 MiB) is refused: a small page can unpack to gigabytes."""


def payload(served: Served) -> bytes:
    """Return the decoded content of a response; ArchiveError when it is too large or in an unknown or broken coding.

    A body cut short gives what is there of it, and one that only claims to be gzip is taken as it is.
    """
    codings = ",".join(value for name, value in served.headers if name.lower() == "content-encoding").lower()
    body = served.body
    for coding in reversed([name.strip() for name in codings.split(",")]):
        if coding not in ("", "identity"):
            body = _decoded(body, coding, served.url)
    return body


def _decoded(body: bytes, coding: str, url: str) -> bytes:
    try:
        if coding in ("gzip", "x-gzip"):
            content = _gunzip(body) if body[:2] == b"\x1f\x8b" else body
        elif coding == "deflate":
            content = _inflated(body)
        elif coding == "br":
            content = _brotli(body)
        elif coding == "zstd":
            content = _zstd(body)
        else:
            raise ArchiveError(f"{url} was served in the coding {coding!r}, which is not known")
    except (zlib.error, ValueError) as error:
        raise ArchiveError(f"{url}: its {coding} content is broken: {error}") from error
    if len(content) > LARGEST:
        raise ArchiveError(f"{url}: its content is larger than {LARGEST // 2**20} MiB")
    return content


def _gunzip(body: bytes) -> bytes:
    content = b""
    while body[:2] == b"\x1f\x8b" and len(content) <= LARGEST:  # several members in a row are one content
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        content += inflate.decompress(body, LARGEST + 1 - len(content))
        body = inflate.unused_data
    return content


def _inflated(body: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, LARGEST + 1)
    except zlib.error:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, LARGEST + 1)  # some servers leave out zlib's header


def _brotli(body: bytes) -> bytes:
    import brotli  # type: ignore[import-untyped]

    decoder = brotli.Decompressor()
    try:
        content: bytes = decoder.process(body, output_buffer_limit=LARGEST + 1)
        while not decoder.can_accept_more_data() and len(content) <= LARGEST:
            content += decoder.process(b"", output_buffer_limit=LARGEST + 1 - len(content))
    except brotli.error as error:
        raise ValueError(error) from error
    return content


def _zstd(body: bytes) -> bytes:
    for name in ("compression.zstd", "backports.zstd", "zstandard"):
        try:
            module: Any = importlib.import_module(name)
        except ImportError:
            continue
        if name == "zstandard":
            return bytes(module.ZstdDecompressor().stream_reader(body).read(LARGEST + 1))
        try:
            return bytes(module.ZstdDecompressor().decompress(body, LARGEST + 1))
        except module.ZstdError as error:
            raise ValueError(error) from error
    raise ArchiveError("a page in Zstandard cannot be read here: install zstandard, or use Python 3.14")
