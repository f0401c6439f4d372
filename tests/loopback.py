"""A server on this machine that answers for every host of tests/web, over HTTPS and HTTP.

with Loopback() as server:            # 443 and 80 where permitted, else free ports
    server.https_port, server.http_port, server.ca_file (for SSL_CERT_FILE), server.hosts
    server.requests                   # what was asked, in order
    server.answers[url] = Answer(…)   # replace or add while it runs
    server.hooks[url] = Hook(delay=2) # or Hook(status=503), Hook(close=True), Hook(times=1, …)

with Loopback({"/feed": Answer(…)}, plain=True) as server:   # HTTP only, on a free port
    server.base                       # http://127.0.0.1:<port>; keys of hooks begin with it
"""

from __future__ import annotations

import ssl
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import trustme

from tests.web import BLOGS, Answer, web, wordpress

API = "/wp-json/wp/v2/posts"
TRACKING = ("utm_", "traffic_source=", "fbclid=")


@dataclass
class Asked:
    """One request as it came in; header names are as sent."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)


@dataclass
class Hook:
    """What to do before an address answers: wait, give another status, close the line; `times` None is for ever."""

    delay: float = 0.0
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    close: bool = False
    times: int | None = None


class Loopback:
    """Serves answers by absolute address (or by path alone); a context manager that starts and stops the server."""

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        plain: bool = False,
        https_port: int = 443,
        http_port: int = 80,
        hosts: tuple[str, ...] = (),
        address: str = "127.0.0.1",
    ) -> None:
        self.answers: dict[str, Answer] = web() if answers is None else dict(answers)
        self.hooks: dict[str, Hook] = {}
        self.requests: list[Asked] = []
        self.plain = plain
        self.address = address
        self._wanted = (https_port, http_port)
        named = {host for host in (urlsplit(url).hostname for url in self.answers) if host}
        self.hosts = sorted(named | set(hosts) | {"localhost", "127.0.0.1"})
        self._servers: list[_Server] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Loopback:
        self._folder = tempfile.TemporaryDirectory()
        self.ca_file = str(Path(self._folder.name) / "ca.pem")
        https, http = (0, 0) if self.plain else self._wanted
        self.http_port = self._start(http, None)
        self.base = f"http://{self.address}:{self.http_port}"
        if not self.plain:
            authority = trustme.CA()
            authority.cert_pem.write_to_path(self.ca_file)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.certify(authority, context)
            self.https_port = self._start(https, context)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._folder.cleanup()

    def certify(self, authority: trustme.CA, context: ssl.SSLContext) -> None:
        """Give the server its certificate, from an authority that `ca_file` knows."""
        authority.issue_cert(*self.hosts).configure_cert(context)

    def asked(self, part: str = "") -> list[str]:
        """The addresses asked for so far that contain `part`, in order."""
        with self._lock:
            return [asked.url for asked in self.requests if part in asked.url]

    def lookup(self, url: str) -> Answer:
        """The answer of an address: recorded, by path alone, the posts API, a redirect, or 404.

        Tracking parameters are ignored; http is redirected to https, and an address without its last slash to that.
        """
        parts = urlsplit(url)
        query = "&".join(part for part in parts.query.split("&") if part and not part.startswith(TRACKING))
        target = parts.path + (f"?{query}" if query else "")
        plain, secure = f"{parts.scheme}://{parts.netloc}{target}", f"https://{parts.hostname}{target}"
        for key in (url, plain, target):
            if key in self.answers:
                return self.answers[key]
        if parts.hostname in BLOGS and parts.path.rstrip("/") == API:
            return wordpress(parts.hostname, parts.query)
        for other in (secure, plain + "/", secure + "/"):
            if other in self.answers:
                return Answer(301, [("Location", other)], b"")
        return Answer(404, [("Content-Type", "text/html; charset=UTF-8")], b"<h1>Not Found</h1>")

    def hook(self, url: str) -> Hook:
        """The hook that applies to this request; one with `times` counts down."""
        with self._lock:
            hook = self.hooks.get(url)
            if hook is None or hook.times == 0:
                return Hook()
            if hook.times is not None:
                hook.times -= 1
            return hook

    def note(self, asked: Asked) -> None:
        with self._lock:
            self.requests.append(asked)

    def _start(self, port: int, context: ssl.SSLContext | None) -> int:
        server = _bind(port, self, context)
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return int(server.server_address[1])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, loopback: Loopback, context: ssl.SSLContext | None) -> None:
        self.loopback, self.context = loopback, context
        super().__init__((loopback.address, port), _Handler)

    def finish_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """The handshake happens in the request's own thread, so that a slow client holds up nobody."""
        if self.context is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(30)
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """Clients that hang up or distrust the certificate are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True  # 40 ms a request otherwise
    server: _Server

    def do_GET(self) -> None:
        loopback = self.server.loopback
        url = self._url()
        loopback.note(Asked(self.command, url, dict(self.headers.items())))
        hook = loopback.hook(url)
        time.sleep(hook.delay)
        if hook.close:
            self.close_connection = True
            return
        found = loopback.lookup(url)
        if hook.status is not None:
            found = Answer(hook.status, list(hook.headers), b"")
        elif hook.headers:
            found = Answer(found.status, [*found.headers, *hook.headers], found.body)
        self._send(_not_modified(found) if _unchanged(found, self.headers) else found)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _url(self) -> str:
        if self.path.startswith(("http://", "https://")):
            return self.path
        scheme = "https" if self.server.context else "http"
        host = self.headers.get("Host", "127.0.0.1")
        if not host.startswith(("127.0.0.1", "localhost")):
            host = host.removesuffix(f":{self.server.server_address[1]}")
        return f"{scheme}://{host}{self.path}"

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent: tests read `requests`."""


def _bind(port: int, loopback: Loopback, context: ssl.SSLContext | None) -> _Server:
    """The wanted port, or a free one where that is taken or not permitted."""
    try:
        return _Server(port, loopback, context)
    except OSError:
        return _Server(0, loopback, context)


def _unchanged(answer: Answer, headers: Message) -> bool:
    """Whether the client's copy is current: the ETag decides where one is sent (RFC 9110, 13.1.3)."""
    if answer.status != 200:
        return False
    if (tags := headers.get("If-None-Match")) and (mine := answer.header("ETag")):
        return tags.strip() == "*" or mine in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since, changed = headers.get("If-Modified-Since"), answer.header("Last-Modified")
    return bool(since and changed and parsedate_to_datetime(changed) <= parsedate_to_datetime(since))


def _not_modified(answer: Answer) -> Answer:
    kept = [
        (name, value) for name, value in answer.headers if name.lower() in ("date", "etag", "last-modified", "vary")
    ]
    return Answer(304, kept, b"")
