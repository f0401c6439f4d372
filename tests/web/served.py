"""Answers as a server would give them: headers, validators, content encoding; all of it without clock or chance."""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
import zlib
from email.utils import format_datetime
from html import escape

from tests.web.model import Answer

RECORDED = dt.datetime(2025, 1, 6, 9, 0, tzinfo=dt.UTC)
HTML = "text/html; charset=UTF-8"
XML = "text/xml; charset=UTF-8"
JSON = "application/json; charset=UTF-8"


def gz(data: bytes) -> bytes:
    """Gzip with stored blocks: the same bytes with every zlib, and the WARC's own compression works better on them."""
    blocks = [data[at : at + 65535] for at in range(0, len(data), 65535)] or [b""]
    out = [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"]
    for number, block in enumerate(blocks, 1):
        out.append(struct.pack("<BHH", number == len(blocks), len(block), len(block) ^ 0xFFFF) + block)
    out.append(struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))
    return b"".join(out)


def http_date(moment: dt.datetime) -> str:
    return format_datetime(moment.astimezone(dt.UTC), usegmt=True)


def answer(
    content: str | bytes,
    kind: str = HTML,
    *,
    status: int = 200,
    gzipped: bool = False,
    modified: dt.datetime | None = None,
    extra: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """One answer; `modified` gives it an ETag and a Last-Modified, `gzipped` a content encoding."""
    body = content.encode() if isinstance(content, str) else content
    headers = [("Date", http_date(RECORDED)), ("Server", "nginx"), ("Content-Type", kind)]
    if modified is not None:
        headers.append(("ETag", f'"{hashlib.sha1(body).hexdigest()[:16]}"'))
        headers.append(("Last-Modified", http_date(modified)))
    if gzipped:
        body = gz(body)
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    return Answer(status, [*headers, *extra, ("Content-Length", str(len(body)))], body)


def redirect(to: str) -> Answer:
    page = (
        f"<html><head><title>301 Moved Permanently</title></head><body><a href='{escape(to)}'>moved</a></body></html>"
    )
    return answer(page, status=301, extra=(("Location", to),))


def missing(outlet: str) -> Answer:
    page = f"<!DOCTYPE html><html><head><title>Page not found - {outlet}</title></head><body><h1>404</h1></body></html>"
    return answer(page, status=404)


def robots(*rules: str, sitemap: str | None = None) -> Answer:
    lines = ["User-agent: *", *rules, *(["", f"Sitemap: {sitemap}"] if sitemap else [])]
    return answer("\n".join(lines) + "\n", "text/plain; charset=UTF-8")


def html_blocks(blocks: tuple[str, ...], heading: str = "h3") -> str:
    """Paragraphs and sub-headings as HTML."""
    return "\n".join(
        f"<{heading}>{escape(block[3:])}</{heading}>" if block.startswith("## ") else f"<p>{escape(block)}</p>"
        for block in blocks
    )
