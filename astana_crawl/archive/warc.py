"""WARC records in gzip members that know their length (ISO 28500, and the field `sl` of its annex on gzip)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
import struct
import uuid
import zlib
from typing import TYPE_CHECKING

from astana_crawl.archive.payload import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

_HEADER = struct.Struct("<4sIBBH2sHII")  # magic and flags, time, level, system, extra length, "sl", 8, both lengths
_MAGIC = b"\x1f\x8b\x08\x04"
_START = _MAGIC + b"\0\0\0\0\x04\xff\x0c\0sl\x08\0"  # of every member: the header up to the two lengths


def member(content: bytes) -> bytes:
    """Return the content as a gzip member of level 1 that carries its own length."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(content) + deflate.flush()
    length = _HEADER.size + len(packed) + 8
    header = _HEADER.pack(_MAGIC, 0, 4, 255, 12, b"sl", 8, length, len(content) & 0xFFFFFFFF)
    return header + packed + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)


def sound_length(file: BinaryIO) -> int:
    """Return how far a page file goes without a torn record, hopping from member to member."""
    end, size = 0, os.fstat(file.fileno()).st_size
    while end < size:
        file.seek(end)
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size or header[:4] != _MAGIC or header[12:14] != b"sl":
            break
        length = _HEADER.unpack(header)[7]
        if end + length > size:
            break
        end += length
    return end


def cut_short(file: BinaryIO, end: int) -> bool:
    """Return whether all that follows `end` is one record that a kill or a power cut left unfinished.

    Else the file was changed by another program, or is damaged amid its records, and nothing may be taken off it.
    """
    file.seek(end)
    rest = file.read(2 * LARGEST)
    return rest.startswith(_START[: len(rest)]) and _START not in rest[1:] and not file.read(1)


def record(kind: str, block: bytes, now: dt.datetime, name: str, payload_digest: str | None = None) -> bytes:
    """Return a record as a member: a response block fetched at `now`, `name` its address; a warcinfo without digest."""
    about = (
        f"WARC-Target-URI: {line(name)}\r\nWARC-Payload-Digest: {payload_digest}"
        if payload_digest
        else f"WARC-Filename: {name}"
    )
    content_type = "application/http; msgtype=response" if payload_digest else "application/warc-fields"
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{uuid.uuid4().urn}>\r\n"
        f"WARC-Date: {now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}\r\n{about}\r\nWARC-Block-Digest: {digest(block)}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return member(head.encode() + block + b"\r\n\r\n")


def digest(content: bytes) -> str:
    """Return the SHA-256 as WARC headers write it."""
    return "sha256:" + base64.b32encode(hashlib.sha256(content).digest()).decode()


def line(text: str) -> str:
    """Return a text as one header line."""
    return text.replace("\r", "").replace("\n", " ").strip()


def unpacked(chunks: Iterable[bytes]) -> bytes:
    """Return the content of the member that the chunks begin with; EOFError when it is cut short or over 100 MiB."""
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    content = bytearray()
    for chunk in chunks:
        content += inflate.decompress(chunk, 2 * LARGEST + 1 - len(content))
        if inflate.eof:
            return bytes(content)
        if len(content) > 2 * LARGEST:
            break
    raise EOFError


def fields(head: str) -> list[tuple[str, str]]:
    """Return the names and values of a head, without its first line."""
    lines = head.split("\r\n")[1:]
    return [(name, value.strip()) for name, _, value in (one.partition(":") for one in lines)]
