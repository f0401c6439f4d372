"""The server that stands in for the web: whether it answers as the outlets' servers would."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from urllib.parse import urlsplit

import pytest

from tests.loopback import Hook, Loopback
from tests.web import Answer, expected, web


def fetch(server: Loopback, url: str, method: str = "GET", **headers: str) -> Answer:
    """One request to the loopback server for an address of the web."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    line = socket.create_connection(("127.0.0.1", server.https_port if secure else server.http_port), timeout=10)
    if secure:
        context = ssl.create_default_context(cafile=server.ca_file)
        line = context.wrap_socket(line, server_hostname=parts.hostname)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.sock = line
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, headers={"Host": parts.netloc, **named})
    response = connection.getresponse()
    answer = Answer(response.status, response.getheaders(), response.read())
    connection.close()
    return answer


def test_the_server_answers_every_address_like_the_recording() -> None:
    with Loopback() as server:
        for url, recorded in web().items():
            live = fetch(server, url)
            assert (live.status, live.body) == (recorded.status, recorded.body), url
            assert live.header("Content-Type") == recorded.header("Content-Type")
            assert live.header("Content-Encoding") == recorded.header("Content-Encoding")
        assert server.asked() == list(web())


def test_the_server_tells_an_unchanged_feed_and_sends_no_body_for_head() -> None:
    url = "https://tass.com/rss/v2.xml"
    with Loopback(https_port=0, http_port=0) as server:
        first = fetch(server, url)
        assert fetch(server, url, If_None_Match=str(first.header("ETag"))).status == 304
        assert fetch(server, url, If_Modified_Since=str(first.header("Last-Modified"))).status == 304
        assert fetch(server, url, If_None_Match='"other"').body == first.body
        head = fetch(server, url, "HEAD")
        assert (head.status, head.body, head.header("Content-Length")) == (200, b"", str(len(first.body)))
        assert server.requests[1].headers["If-None-Match"] == first.header("ETag")


def test_the_server_redirects_computes_searches_and_says_404() -> None:
    with Loopback(https_port=0, http_port=0) as server:
        plain = fetch(server, "http://tass.com/robots.txt")
        assert (plain.status, plain.header("Location")) == (301, "https://tass.com/robots.txt")
        found = fetch(server, "https://syrianobserver.com/wp-json/wp/v2/posts?search=doha&_fields=title")
        assert json.loads(found.body) == [{"title": {"rendered": "After Doha, Nobody Speaks of Guarantors"}}]
        row = next(row for row in expected() if row.site == "astanatimes")
        bare = fetch(server, row.url.removesuffix("/"))
        assert (bare.status, bare.header("Location")) == (301, row.url)
        assert fetch(server, row.url + "?utm_source=somebody").status == 200
        assert fetch(server, "https://tass.com/nothing-here").status == 404


def test_answers_and_hooks_may_change_while_the_server_runs() -> None:
    hello = Answer(200, [("Content-Type", "text/plain")], b"hello")
    with Loopback({"/feed": hello}, plain=True) as server:
        assert fetch(server, server.base + "/feed").body == b"hello"
        server.hooks[server.base + "/feed"] = Hook(status=503, headers=(("Retry-After", "7"),), times=1)
        busy = fetch(server, server.base + "/feed")
        assert (busy.status, busy.header("Retry-After")) == (503, "7")
        server.answers["/feed"] = Answer(200, [], b"changed")
        assert fetch(server, server.base + "/feed").body == b"changed"
        server.hooks[server.base + "/feed"] = Hook(close=True)
        with pytest.raises(http.client.RemoteDisconnected):
            fetch(server, server.base + "/feed")
        assert len(server.asked("/feed")) == 4
