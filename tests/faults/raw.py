"""A server on this machine that sends what it is told to, byte by byte, and a crawl of everything it has.

with Raw({"/astana-1": (http("<p>…"),), "/astana-2": (b"HTTP/1.1 200 OK", 2.0, b"\\r\\n", RESET)}) as server:
    crawl(server, folder)       # its feed names every address; numbers are pauses in seconds
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import TracebackType

from tests.conftest import Done, scrapy

RESET = "reset"
Part = bytes | float | str


def http(
    body: str | bytes, kind: str | None = "text/html; charset=utf-8", *headers: tuple[str, str], status: str = "200 OK"
) -> bytes:
    """A whole response; a Content-Length among the headers takes the place of the true one."""
    content = body.encode() if isinstance(body, str) else body
    given = [*headers, *([("Content-Type", kind)] if kind else [])]
    if not any(name in ("Content-Length", "Transfer-Encoding") for name, _ in headers):
        given.append(("Content-Length", str(len(content))))
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in given), "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + content


class Raw:
    """Serves each path its parts; a context manager."""

    def __init__(self, answers: Mapping[str, tuple[Part, ...]], titles: Mapping[str, str] | None = None) -> None:
        self.answers, self.titles = dict(answers), dict(titles or {})
        self.asked: list[str] = []

    def __enter__(self) -> Raw:
        self._server = _Server(self)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.answers.setdefault("/feed", (http(self._feed(), "text/xml; charset=utf-8"),))
        self.answers.setdefault("/robots.txt", (http("", "text/plain"),))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _feed(self) -> str:
        titles = {path: self.titles.get(path, "Astana talks on Syria") for path in self.answers}
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{self.base}{path}</link></item>"
            for path, title in titles.items()
        )
        return f'<rss version="2.0"><channel><title>Pages</title>{items}</channel></rss>'


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the tests."""


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        raw, request = self.server.raw, b""  # type: ignore[attr-defined]
        while b"\r\n\r\n" not in request:
            if not (more := self.request.recv(65536)):
                return
            request += more
        path = request.split(b" ", 2)[1].decode("latin-1")
        raw.asked.append(path)
        with contextlib.suppress(OSError):
            for part in raw.answers.get(path, (http("", status="404 Not Found"),)):
                self._send(part)

    def _send(self, part: Part) -> None:
        if isinstance(part, bytes):
            self.request.sendall(part)
        elif part == RESET:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.request.close()
        else:
            time.sleep(float(part))


def crawl(server: Raw, folder: Path, *options: str, **more: str) -> Done:
    """`scrapy crawl pages` into the archive of a folder, to its end."""
    return run(server, folder, "crawl", "pages", *options, **more)


def run(server: Raw, folder: Path, *arguments: str, **more: str) -> Done:
    """`scrapy …` with the server as the site `pages` and the folder's archive."""
    return scrapy(*arguments, env=settings(server, folder) | more)


def settings(server: Raw, folder: Path) -> dict[str, str]:
    return {
        "NOTES": server.base,
        "ASTANA_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        "ASTANA_ARCHIVE_URL": f"sqlite:///{folder / 'astana.db'}",
        "ASTANA_PAGES_DIR": str(folder / "pages"),
        "ASTANA_DOWNLOAD_DELAY": "0",
        "ASTANA_CONCURRENT_REQUESTS_PER_DOMAIN": "16",
        "ASTANA_SPIDER_MODULES": "tests.faults.spiders",
    }
