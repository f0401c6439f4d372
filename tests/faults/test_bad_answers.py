"""Every kind of bad answer at once: each address is named a reason, none is lost, and the crawl goes on to the good ones."""

from __future__ import annotations

import gzip
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest

from tests.faults.matrix import Matrix
from tests.faults.raw import RESET, Part, Raw, crawl, http
from tests.faults.site import page

PAGE = page(21, "").replace('<link rel="canonical" href="/2024/astana-talks-on-syria-note-021">', "").encode()
HTML = "text/html; charset=utf-8"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
HALF = PAGE[: len(PAGE) * 2 // 3]


def coded(name: str, body: bytes, status: str = "200 OK") -> tuple[bytes]:
    return (http(body, HTML, ("Content-Encoding", name), status=status),)


def redirect(to: str) -> tuple[bytes]:
    return (http("", HTML, ("Location", to), status="302 Found"),)


@dataclass(frozen=True)
class Bad:
    """What an address sends, and how it then stands."""

    parts: tuple[Part, ...]
    state: str
    reason: str | None


CUT = "the answer was cut short"
LATE = "no answer in time"
CLOSED = "no valid answer: Connection was closed cleanly."
BROKEN = "its deflate content is broken: Error -3 while decompressing data: invalid block type"
LOST = "no valid answer: Connection to the other side was lost in a non-clean fashion."
ENDLESS = "no valid answer: its headers are larger than 256 KiB"
ROUND = "max redirections reached"

BAD = {
    # cut short
    "cut-short": Bad((http(PAGE, HTML, ("Content-Length", str(2 * len(PAGE)))),), "pending", CUT),
    "cut-in-a-chunk": Bad((CHUNKED + f"{len(PAGE):x}\r\n".encode() + HALF,), "pending", CUT),
    "cut-before-the-last-chunk": Bad((CHUNKED + f"{len(PAGE):x}\r\n".encode() + PAGE + b"\r\n",), "pending", CUT),
    "no-chunks": Bad((CHUNKED + b"nonsense\r\n" + PAGE,), "pending", CUT),
    "length-too-short": Bad((http(PAGE, HTML, ("Content-Length", str(len(HALF)))),), "pending", "the page breaks off in the middle, without </body> or </html>"),
    "reset-in-the-body": Bad((OK + b"Content-Length: 9999\r\n\r\n" + HALF, 0.1, RESET), "pending", CUT),
    "reset-at-once": Bad((RESET,), "pending", LOST),
    "closed-at-once": Bad((), "pending", CLOSED),
    "closed-in-the-headers": Bad((OK + b"Content-Len",), "pending", CLOSED),
    "gzip-cut-short": Bad(coded("gzip", gzip.compress(PAGE)[:-200]), "pending", "its gzip content is cut short"),
    "deflate-cut-short": Bad(coded("deflate", zlib.compress(PAGE)[:-100]), "pending", "its deflate content is cut short"),
    "brotli-cut-short": Bad(coded("br", brotli.compress(PAGE)[:-100]), "pending", "its br content is cut short"),
    # broken
    "gzip-broken": Bad(coded("gzip", b"\x1f\x8b\x08" + bytes(range(256)) * 4), "pending", BROKEN.replace("deflate", "gzip")),
    "gzip-none": Bad(coded("gzip", PAGE), "archived", None),
    "deflate-broken": Bad(coded("deflate", b"\xff" * 300), "pending", BROKEN),
    "brotli-broken": Bad(coded("br", b"\xff" * 300), "pending", "its br content is broken"),
    "zstd-broken": Bad(coded("zstd", b"\xff" * 300), "pending", "its zstd content is broken"),
    "coding-none-but-named": Bad(coded("UTF-8", PAGE), "archived", None),
    "coding-unknown": Bad(coded("x-steppe", b"\x05steppe" * 60), "pending", "it was served in the coding 'x-steppe', which is not known"),
    # slow
    "headers-drip": Bad((*(bytes([letter]) if n % 2 else 0.3 for n, letter in enumerate(OK)),), "pending", LATE),
    "body-drips": Bad((OK + b"Content-Length: 9999\r\n\r\n", *([b"<p>", 0.3] * 40)), "pending", LATE),
    "silent": Bad((12.0,), "pending", LATE),
    # no page
    "empty": Bad((http(b"", HTML),), "pending", "the answer is empty"),
    "blanks": Bad((http(b" \r\n" * 40, HTML),), "pending", "the answer is empty"),
    "zeros": Bad((http(b"\0" * 5000, HTML),), "pending", "the answer is empty"),
    "pdf": Bad((http(b"%PDF-1.7\n" + PAGE, "application/pdf"),), "unreadable", "no web page but a PDF file"),
    "pdf-as-html": Bad((http(b"%PDF-1.7\n%\xe2\xe3\n1 0 obj <</Title (Astana)>>\n" + PAGE, HTML),), "unreadable", "no web page but a PDF file"),
    "image": Bad((http(b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(4000), "image/jpeg"),), "unreadable", "no web page but an image"),
    "image-as-html": Bad((http(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, HTML),), "unreadable", "no web page but an image"),
    "office-as-html": Bad((http(b"PK\x03\x04" + PAGE, HTML),), "unreadable", "no web page but a ZIP or office file"),
    "webp": Bad((http(b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),), "unreadable", "no web page: content type image/webp"),
    "octets": Bad((http(bytes(range(256)) * 9, "application/octet-stream"),), "unreadable", "no web page: content type application/octet-stream"),
    "json": Bad((http('{"title": "Astana", "body": "The envoys met."}', "application/json"),), "unreadable", "no web page: content type application/json"),
    "feed": Bad((http("<rss><channel><title>Astana</title></channel></rss>", "application/rss+xml"),), "unreadable", "no web page: content type application/rss+xml"),
    # another label, but a page
    "page-as-octets": Bad((http(PAGE, "application/octet-stream"),), "archived", None),
    "page-as-text": Bad((http(PAGE, "text/plain"),), "archived", None),
    "xhtml": Bad((http(PAGE, "application/xhtml+xml"),), "archived", None),
    "no-type": Bad((http(PAGE, None),), "archived", None),
    "type-nonsense": Bad((http(PAGE, "text/html; charset=\x01\xff; ;;="),), "archived", None),
    # no HTTP
    "no-status-line": Bad((PAGE,), "pending", CLOSED),
    "status-nonsense": Bad((b"HTTP/1.1 abc OK\r\n\r\n" + PAGE,), "pending", "no valid answer: non-integer status code"),
    "another-protocol": Bad((b"SSH-2.0-OpenSSH_9.2\r\n",), "pending", "no valid answer: wrong number of parts"),
    "header-without-colon": Bad((OK + b"nonsense\r\n\r\n" + PAGE,), "archived", None),
    "two-lengths": Bad((OK + b"Content-Length: 10\r\nContent-Length: 2000\r\n\r\n" + PAGE,), "pending", "no valid answer: Invalid response: conflicting"),
    "length-below-zero": Bad((OK + b"Content-Length: -5\r\n\r\n" + PAGE,), "pending", "no valid answer: Value contains non-decimal digits"),
    "header-too-long": Bad((OK + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n" + PAGE,), "pending", CLOSED),
    "headers-without-end": Bad((OK, *([b"X-A: " + b"a" * 9_000 + b"\r\n"] * 4_000)), "pending", ENDLESS),
    "hints-without-end": Bad((b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 20_000, 3.0), "pending", ENDLESS),
    "header-with-controls": Bad((OK + b'X-Bell: \x07\x1b[31m\xff\r\nETag: "\x1b]8;;"\r\n\r\n' + PAGE,), "archived", None),
    "early-hints": Bad((b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + http(PAGE),), "archived", None),
    # elsewhere, or nothing
    "itself": Bad(redirect("/2024/astana-itself"), "pending", ROUND),
    "round-a": Bad(redirect("/2024/astana-round-b"), "pending", ROUND),
    "round-b": Bad(redirect("/2024/astana-round-a"), "pending", ROUND),
    "nowhere": Bad((http("", status="302 Found"),), "failed", "status 302"),
    "to-no-address": Bad(redirect("http://[::"), "failed", "ValueError: Invalid IPv6 URL"),
    "to-mail": Bad(redirect("mailto:press@steppe.example"), "failed", "ValueError: Missing scheme in request url"),
    "no-content": Bad((b"HTTP/1.1 204 No Content\r\n\r\n",), "failed", "status 204"),
    "part": Bad((http(PAGE, HTML, status="206 Partial Content"),), "pending", "status 206"),
    "not-modified": Bad((b"HTTP/1.1 304 Not Modified\r\n\r\n",), "pending", "status 304"),
    "accepted": Bad((http(PAGE, HTML, status="202 Accepted"),), "pending", "status 202"),
    "request-time-out": Bad((http(PAGE, HTML, status="408 Request Timeout"),), "pending", "status 408"),
    "too-early": Bad((http(PAGE, HTML, status="425 Too Early"),), "pending", "status 425"),
    "status-0": Bad((http(PAGE, HTML, status="000 Nothing"),), "pending", "status 0"),
    "to-a-users-address": Bad(redirect("http://reader:word@127.0.0.1/"), "failed", "its address holds a user's name"),
    "status-999": Bad((http(PAGE, HTML, status="999 Request Denied"),), "pending", "status 999"),
    "gone-in-broken-gzip": Bad((*coded("deflate", b"\xff" * 99, "404 Not Found"),), "gone", "status 404"),
}  # fmt: skip


def _among_good_ones() -> Iterator[tuple[str, Bad]]:
    """The cases by path, a good page after every third: ten pages in a row without an answer would end the run."""
    for number, (name, bad) in enumerate(BAD.items()):
        yield f"/2024/astana-{name}", bad
        if number % 3 == 0:
            yield f"/2024/astana-good-{number}", Bad((http(PAGE),), "archived", None)


@pytest.mark.fault
def test_every_bad_answer_has_its_reason_and_the_crawl_goes_on(tmp_path: Path, matrix: Matrix) -> None:
    cases = dict(_among_good_ones())
    began = time.monotonic()
    with Raw({path: bad.parts for path, bad in cases.items()}) as server:
        done = crawl(server, tmp_path, "-s", "DOWNLOAD_TIMEOUT=4")
    took = time.monotonic() - began
    assert done.returncode in (0, 3), done.stderr
    with closing(sqlite3.connect(tmp_path / "astana.db")) as db:
        rows = db.execute("SELECT url, state, reason FROM addresses").fetchall()
        bodies = {body for (body,) in db.execute("SELECT body FROM articles")}
        waiting = db.execute("SELECT count(*) FROM addresses WHERE state = 'pending' AND next_attempt_at IS NULL")
        assert waiting.fetchone() == (0,)
    stands = {url.removeprefix(server.base): (state, reason) for url, state, reason in rows}
    expected = {path: (bad.state, bad.reason) for path, bad in cases.items()}
    begun = {
        path: (state, (reason or "")[: len(expected[path][1] or "")] or None)
        for path, (state, reason) in stands.items()
    }
    assert begun == expected
    assert len(bodies) == 1  # no article is half a text
    cut = sum(reason == CUT or "cut short" in str(reason) for _, reason in stands.values())
    matrix(
        26,
        f"{cut} ways to cut a page short, 0 half articles; {len(BAD)} bad answers at once in {took:.0f} s, each with its reason",
    )
