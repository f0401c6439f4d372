"""Large documents in parts, so that no step of reading them has a whole one in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from astana_crawl.discover.source import Reading
from astana_crawl.discover.text import UnreadableError, decode, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scrapy.http import Response

SIZE = 4 * 2**20  # bytes; with all that is made of them, a part takes up to fifty times as much
MOST_ENTRIES = 60_000  # where the sitemap protocol allows 50,000; 100,000 take 325 MB in all

_HEAD = 64 * 1024
_ROOT = re.compile(rb"<((?:[\w.-]+:)?(?:urlset|sitemapindex|rss|RDF|feed))\b[^>]*>(?:\s*<(channel)\b[^>]*>)?")
_END = re.compile(rb"</(?:[\w.-]+:)?(?:url|sitemap|item|entry)\s*>")
_LINE = re.compile(rb"\n")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0")


def read_in_parts(response: Response, read: Callable[[str], Reading]) -> Reading:
    """What `read` makes of a response's text, part by part: a document of elements or lines is cut between two of them.

    Every part has the document's beginning, up to its first entry. What cannot be read is the `problem`.
    """
    declared = (response.headers.get(b"Content-Type") or b"").decode("latin-1") or None
    readings: list[Reading] = []
    try:
        for part in _parts(unpack(response.body)):
            text = decode(part, declared)
            if not text.strip():
                raise UnreadableError("the response is empty")
            readings.append(read(text))
            if sum(len(one.found) for one in readings) > MOST_ENTRIES:
                raise UnreadableError(f"more than {MOST_ENTRIES:,} entries")
    except UnreadableError as unreadable:
        readings.append(Reading(problem=str(unreadable)))
    return readings[0] if len(readings) == 1 else _joined(readings)


def _joined(readings: Sequence[Reading]) -> Reading:
    return Reading(
        found=tuple(found for one in readings for found in one.found)[:MOST_ENTRIES],
        more=tuple(url for one in readings for url in one.more),
        passed_over=sum(one.passed_over for one in readings),
        problem=next((one.problem for one in readings if one.problem), None),
        listed=tuple(mark for one in readings for mark in one.listed),
    )


def _parts(body: bytes) -> Iterator[bytes]:
    if len(body) <= SIZE:
        yield body
        return
    head = body[:_HEAD]
    if head.startswith(_WIDE) or b"\0" in head[:4]:
        raise UnreadableError(f"larger than {SIZE >> 20} MiB in UTF-16 or UTF-32")
    root = _ROOT.search(head)
    if root:
        tags = [tag for tag in reversed(root.groups()) if tag]
        yield from _cut(body, _END, head[: root.end()], b"".join(b"</%b>" % tag for tag in tags))
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"http"):
        yield from _cut(body, _LINE, b"", b"")
    else:
        raise UnreadableError(f"larger than {SIZE >> 20} MiB, and neither a feed nor a sitemap")


def _cut(body: bytes, end: re.Pattern[bytes], opening: bytes, closing: bytes) -> Iterator[bytes]:
    start = 0
    while len(body) - start > SIZE:
        found = end.search(body, start + SIZE // 2, start + SIZE)
        if found is None:
            raise UnreadableError(f"an entry larger than {SIZE // 2 >> 20} MiB")
        yield b"".join([opening if start else b"", memoryview(body)[start : found.end()], closing])
        start = found.end()
    yield opening + body[start:] if start else body
