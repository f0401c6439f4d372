"""A spider that reads what the test tells it, GUEST in the environment, and notes what its process connects to and listens at."""

from __future__ import annotations

import atexit
import json
import os
import resource
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request

from astana_crawl import discover
from astana_crawl.newsspider import NewsSpider

TOLD: dict[str, Any] = json.loads(os.environ["GUEST"])
NOTED = Path(TOLD["noted"])


def write(line: str) -> None:
    with NOTED.open("a") as file:
        print(line, file=file)


def note(event: str, arguments: tuple[Any, ...]) -> None:
    """As CPython itself tells of it, whoever opens the connection."""
    if event == "socket.connect":
        write(f"connect {arguments[1][0]}")


sys.addaudithook(note)


@atexit.register
def note_peak() -> None:
    """The most memory the process had, in MB. A child's ru_maxrss begins with what its parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = int(status.read_text().partition("VmHWM:")[2].split()[0])
    else:
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    write(f"peak {kilobytes // 1024}")


def note_listeners() -> None:
    """Every socket of the process that takes connections."""
    for number in range(256):
        try:
            with socket.socket(fileno=os.dup(number)) as one:
                if one.family != socket.AF_UNIX and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    write(f"listen {one.getsockname()[0]}")
        except OSError:
            continue


def made(sources: list[tuple[str, dict[str, Any]]]) -> tuple[discover.Source, ...]:
    return tuple(getattr(discover, kind)(**given) for kind, given in sources)


class GuestSpider(NewsSpider):
    name = "guest"
    allowed_domains = TOLD["domains"]
    outlet, home, language, zone = "The Guest", "https://guest.example/", "en", "UTC"
    sources = made(TOLD["sources"])
    unverified_because = TOLD["unverified_because"]
    custom_settings = TOLD["custom_settings"]

    async def start(self) -> AsyncIterator[Request]:
        async for request in super().start():
            yield request
        note_listeners()


class NeighbourSpider(GuestSpider):
    name = "neighbour"
    allowed_domains = ["neighbour.example"]
    unverified_because = None
    sources = made(TOLD["neighbour"])
