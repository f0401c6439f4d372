"""What a page says of its being archived and mined: kept with the page, for whoever passes its text on.

Both stand in a header or in the page: robots' noarchive
(https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag) and the reservation of text and data
mining (https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240202/).
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

AGENT = "astana-crawl"
HEAD = 64 * 1024  # bytes of a page in which its <head> lies
_META = re.compile(rb"<meta\b([^<>]{0,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_VALUED = {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}


def rights(response: Response) -> list[str]:
    """What the response reserves: `noarchive`, `tdm-reservation: 1`, `tdm-policy: https://…`; empty when nothing."""
    return list(dict.fromkeys([*_of_headers(response), *_of_page(response.body[:HEAD])]))


def _of_headers(response: Response) -> Iterator[str]:
    for line in response.headers.getlist(b"X-Robots-Tag"):
        yield from _of_robots(line.decode("latin-1"))
    for name in ("tdm-reservation", "tdm-policy"):
        yield from _of_mining(name, (response.headers.get(name) or b"").decode("latin-1"))


def _of_page(head: bytes) -> Iterator[str]:
    for match in _META.finditer(head):
        found = _ATTRIBUTE.findall(match[1].decode("utf-8", "replace"))
        told = {name.lower(): html.unescape(one or two or three) for name, one, two, three in found}
        name, content = told.get("name", "").lower(), told.get("content", "")
        if name in {"robots", AGENT}:
            yield from _of_robots(content)
        yield from _of_mining(name, content)


def _of_robots(line: str) -> Iterator[str]:
    """The directives of a line, but for those that it addresses to another robot: `otherbot: noarchive`."""
    to_us = True
    for part in line.lower().split(","):
        name, colon, value = (piece.strip() for piece in part.partition(":"))
        if colon and name not in _VALUED:
            to_us, name = name in {AGENT, "*"}, value
        if to_us and name in {"noarchive", "nocache"}:
            yield "noarchive"


def _of_mining(name: str, value: str) -> Iterator[str]:
    value = value.strip()
    if (name == "tdm-reservation" and value == "1") or (name == "tdm-policy" and value.startswith("http")):
        yield f"{name}: {value[:300]}"
