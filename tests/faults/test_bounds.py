"""Whatever is sent, a crawl stays small, comes to an end, and says which bound was reached."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from astana_crawl import settings
from tests.faults import bombs
from tests.faults.hosts import Visit, article, feed, html, redirect
from tests.faults.matrix import Matrix
from tests.faults.raw import Raw, crawl, http
from tests.loopback import Loopback
from tests.web import Answer

pytestmark = pytest.mark.fault

MOST_MEGABYTES = 300
PACKED = "its content is larger than {} MiB when unpacked"
DOCTYPE = "it has a DOCTYPE, which is not read: entities can be made to fill the memory"
SOURCES = {
    "/packed.xml": PACKED.format(50), "/packed.xml.gz": "larger than 50 MiB when unpacked",
    "/twice.xml.gz": "larger than 50 MiB when unpacked", "/laughs.xml": DOCTYPE, "/laughs.rss": DOCTYPE,
    "/file.rss": DOCTYPE, "/there.rss": DOCTYPE, "/packed.rss": PACKED.format(50),
    "/deep.rss": "an entry larger than 2 MiB", "/deep.json": "larger than 4 MiB, and neither a feed nor a sitemap",
    "/words.xml": "an entry larger than 2 MiB", "/many.xml": "more than 60,000 entries",
    "/nested-0.xml": "sitemaps are nested more than 5 deep",
}  # fmt: skip


def test_pages_that_are_bombs_are_refused_with_the_reason_and_the_memory_stays_small(
    tmp_path: Path, matrix: Matrix
) -> None:
    visit = Visit(tmp_path)
    refused = {word: PACKED.format(10) for word in ("gzip", "deflate", "brotli", "zstd", "twice")}
    refused |= {"plain": "larger than 10 MiB", "unnamed": "larger than 10 MiB", "tags": "more than 300,000 tags"}
    with Loopback({}, plain=True, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}/astana-talks-"
        pages = bombs.pages() | {"deep": bombs.deep(), "wide": bombs.wide(), "good": html(article())}
        server.answers |= {f"/astana-talks-{word}": answer for word, answer in pages.items()}
        server.answers["/feed"] = feed(*(base + word for word in pages))
        visit.crawl([("Feed", {"url": f"http://news.example:{server.http_port}/feed"})])
    states = {url.removeprefix(base): told for url, told in visit.states().items()}
    assert {word: reason for word, (_, reason) in states.items() if word in refused} == refused
    assert states["deep"] == ("unreadable", "more than 300,000 tags")
    assert (states["wide"][0], states["good"][0]) == ("archived", "archived")
    assert visit.megabytes < MOST_MEGABYTES
    matrix(
        22, f"gzip, deflate, brotli, zstd of {bombs.MEGABYTES} MB and others: refused, peak {visit.megabytes:.0f} MB"
    )
    matrix(35, f"300,000 nested elements: told, peak below {visit.megabytes:.0f} MB")


def test_sources_that_are_bombs_fail_with_the_reason_and_the_memory_stays_small(tmp_path: Path, matrix: Matrix) -> None:
    visit, said, peaks = Visit(tmp_path), "", list[int]()
    with Loopback({}, plain=True, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        told = bombs.sources(base)
        server.answers |= {path: answer for (_, path), answer in told.items()} | dict(bombs.nested(base, 100))
        for some in (list(told)[:5], list(told)[5:9], list(told)[9:]):
            status, text = visit.crawl([(kind, {"url": base + path}) for kind, path in some])
            assert status == 3
            said += text
            peaks.append(visit.megabytes)
        assert len(server.asked("nested")) == 6, "the index, and five below it"
        assert server.asked("secret") == []
    looks = {urlsplit(url).path: str(reason).partition(" at http")[0] for url, reason in visit.looks().items()}
    assert looks == SOURCES
    assert all(f"{path}: {reason}" in said for path, reason in looks.items())
    assert max(peaks) < MOST_MEGABYTES
    matrix(23, f"refused, {len(SOURCES)} kinds: peak {max(peaks)} MB, status 3; 6 of 100 nested asked for")
    matrix(24, "refused and reported, status 3, nothing read from elsewhere")


def test_a_server_that_trickles_has_the_time_of_one_request_in_total(tmp_path: Path, matrix: Matrix) -> None:
    """One byte now and then keeps a connection from ever being silent."""
    assert settings.DOWNLOAD_TIMEOUT == 30
    answers = {
        "/2024/astana-head": (b"HTTP/1.1 200 OK\r\n", *((0.2, b"X-More: yes\r\n") * 60)),
        "/2024/astana-body": (http("", "text/html", ("Content-Length", "9999")), *((0.2, b"x") * 60)),
    }
    with Raw(answers) as server:
        began = time.monotonic()
        done = crawl(server, tmp_path, "-s", "DOWNLOAD_TIMEOUT=2")
        took = time.monotonic() - began
        assert [server.asked.count(path) for path in answers] == [1, 1], done.stderr
    visit = Visit(tmp_path)
    assert set(visit.states().values()) == {("pending", "no answer in time")}
    assert took < 9, "two seconds each, and the start of the program"
    matrix(
        25, f"headers and bodies cut after the time of one request (30 s; here 2), asked for once: two in {took:.1f} s"
    )


class Endless(Loopback):
    """A calendar that always has a next month, a listing that always has a next page, links that grow."""

    def lookup(self, url: str) -> Answer:
        parts = urlsplit(url)
        number = int(parts.query or 0)
        if parts.path == "/calendar":
            return html(f'<a href="/astana-talks">A</a><a rel="next" href="?{number + 1}">later</a>')
        if parts.path == "/fountain":
            return html(f'<a href="/astana-talks-{number}">A</a><a rel="next" href="?{number + 1}">older</a>')
        if parts.path.startswith("/deeper"):
            return html(f'<a href="{parts.path}astana-talks">A</a><a rel="next" href="{parts.path}deeper/">older</a>')
        if parts.path == "/loop":
            return redirect("/loop?1")
        return super().lookup(url)


def test_what_never_ends_is_left_with_the_reason(tmp_path: Path, matrix: Matrix) -> None:
    visit = Visit(tmp_path)
    with Endless({"/astana-talks": html(article())}, plain=True, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        trap = f"{base}/news/2024/news/2024/news/2024/news/2024/astana-talks"
        server.answers |= {"/feed": feed(f"{base}/loop", trap)}
        told = {"links": "a:not([rel])", "older": "a[rel=next]"}
        lists = [("Listing", {"url": f"{base}/{path}", **told}) for path in ("calendar", "deeper/", "fountain")]
        status, said = visit.crawl([("Feed", {"url": f"{base}/feed"}), *lists], "-s", "CLOSESPIDER_PAGECOUNT=120")
        asked = {path: len(server.asked(path)) for path in ("/calendar", "deeper/", "/loop", "/fountain", "/news/2024")}
        asked["deeper/"] -= len([url for url in server.asked("deeper/") if url.endswith("astana-talks")])
    assert status == 5, said
    assert "guest: ended early: CLOSESPIDER_PAGECOUNT is reached" in said
    looks = {urlsplit(url).path: reason for url, reason in visit.looks().items()}
    assert looks == {
        "/feed": None,
        "/calendar": "10 pages in a row name nothing but what earlier ones named",
        "/deeper/": "it goes on to addresses that repeat themselves",
        "/fountain": "the run ended before the source was read",
    }
    states = visit.states()
    assert states[f"{base}/loop"] == ("pending", "max redirections reached")
    assert states[trap] == ("failed", "its path repeats itself, or is endless")
    assert asked.pop("/fountain") <= 120
    assert asked == {"/calendar": 11, "deeper/": 3, "/loop": 9, "/news/2024": 0}
    matrix(
        29,
        "loop: 9 requests; calendar: 11; growing links: 3; endless news: as many as CLOSESPIDER_PAGECOUNT allows, status 5",
    )
