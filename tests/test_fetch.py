"""Towards the web: nobody is connected to who should not be, robots.txt is obeyed, pages are kept as they were served."""

from __future__ import annotations

import gzip
import sqlite3
import time

import pytest

from astana_crawl.archive import Archive
from astana_crawl.archive.pages import payload, read_page
from astana_crawl.fetch.guard import is_own, is_public
from tests.conftest import Web, scrapy
from tests.loopback import Hook
from tests.web import Answer, expected

LONG_AGO = "since=2016-01-01"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "192.0.2.7", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "192.0.0.8", "192.88.99.1", "168.63.129.16",
        "64:ff9b:1::7f00:1", "100:0:0:1::1", "3fff::1", "5f00::1", "fec0::1", "4000::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_known_as_such(address: str) -> None:
    assert is_public(address)


def test_another_edition_below_the_same_domain_is_another_site() -> None:
    assert is_own("aawsat.com", ["aawsat.com"])
    assert is_own("www.aawsat.com", ["aawsat.com"])
    assert not is_own("english.aawsat.com", ["aawsat.com"])
    assert not is_own("aawsat.com.evil.example", ["aawsat.com"])


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "localhost"])
def test_a_site_of_this_machine_is_not_asked_for_anything(tmp_path, host: str) -> None:
    env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{tmp_path}/a.db", "ASTANA_PAGES_DIR": str(tmp_path)}
    done = scrapy("crawl", "anysite", "-a", f"url=http://{host}/", env=env)
    assert done.returncode == 3
    assert f"ALLOW_PRIVATE_HOSTS={host} allows it" in done.stderr


def test_a_redirect_to_another_site_is_not_followed(web: Web) -> None:
    one = next(one for one in expected() if one.site == "tass")
    target = "https://astanatimes.com/2024/11/somewhere/"
    web.server.answers[one.url] = Answer(302, [("Location", target), ("Content-Length", "0")], b"")
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO).returncode == 0
    assert web.server.asked("astanatimes.com") == []
    with sqlite3.connect(web.archive) as db:
        row = db.execute("SELECT state, reason FROM addresses WHERE url LIKE ?", (f"{one.url}%",)).fetchone()
    assert row == ("failed", f"leads to another site: {target}")


def test_what_robots_txt_forbids_is_not_fetched(web: Web) -> None:
    one = next(one for one in expected() if one.site == "tass" and "/politics/" in one.url)
    rules = b"User-agent: *\nDisallow: /politics/\n"
    web.server.answers["https://tass.com/robots.txt"] = Answer(200, [("Content-Type", "text/plain")], rules)
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO).returncode == 0
    assert web.server.asked("/politics/") == []
    with sqlite3.connect(web.archive) as db:
        row = db.execute("SELECT state, reason FROM addresses WHERE url LIKE ?", (f"{one.url}%",)).fetchone()
        assert row == ("disallowed", "robots.txt of tass.com forbids it")
        assert db.execute("SELECT count(*) > 0 FROM articles").fetchone() == (1,)


def test_the_delay_that_robots_txt_asks_for_is_kept(web: Web) -> None:
    rules = b"User-agent: *\nCrawl-delay: 1\n"
    web.server.answers["https://tass.com/robots.txt"] = Answer(200, [("Content-Type", "text/plain")], rules)
    began = time.monotonic()
    limits = ("-a", "limit=4", "-s", "DOWNLOAD_DELAY=0.01", "-s", "RANDOMIZE_DOWNLOAD_DELAY=False")
    assert web.scrapy("crawl", "tass", *limits).returncode == 0
    assert len(web.server.asked()) == 6
    assert time.monotonic() - began > 4


def test_a_page_is_kept_as_it_was_served(web: Web) -> None:
    """Byte for byte, still compressed, and read back from the archive's own place for it."""
    one = next(one for one in expected() if one.site == "tass" and one.relevance == "core" and not one.also)
    answer = web.server.answers[one.url]
    html = gzip.decompress(answer.body) if answer.header("Content-Encoding") == "gzip" else answer.body
    packed = gzip.compress(html, mtime=0)
    headers = [
        (name, value) for name, value in answer.headers if name.lower() not in ("content-encoding", "content-length")
    ]
    web.server.answers[one.url] = Answer(200, [*headers, ("Content-Encoding", "gzip"), ("X-Seen", "1")], packed)
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO).returncode == 0
    with sqlite3.connect(web.archive) as db:
        place = db.execute(
            "SELECT warc_file, warc_offset, http_status, origin FROM pages WHERE url LIKE ?", (f"{one.url}%",)
        ).fetchone()
    assert place[2:] == (200, "live")
    with Archive.open(f"sqlite:///{web.archive}", pages_dir=web.folder / "pages") as archive:
        served = read_page(archive.pages_dir, *place[:2])
    assert served.body == packed
    assert dict(served.headers)["X-Seen"] == "1"
    assert payload(served) == html


@pytest.mark.parametrize("asked", ["86400", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_server_that_asks_for_a_pause_gets_it(web: Web, asked: str) -> None:
    one = next(one for one in expected() if one.site == "tass" and one.relevance == "core" and not one.also)
    web.server.hooks[one.url] = Hook(status=503, headers=(("Retry-After", asked),))
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO).returncode == 3
    with sqlite3.connect(web.archive) as db:
        row = "SELECT state, next_attempt_at > datetime(fetched_at, '+86000 seconds') FROM addresses WHERE url = ?"
        assert db.execute(row, (one.url,)).fetchall() == [("pending", 1)]


def test_a_connection_that_breaks_is_tried_once_more_and_then_later(web: Web) -> None:
    one, other = [one for one in expected() if one.site == "tass" and one.relevance == "core" and not one.also][:2]
    web.server.hooks[one.url] = Hook(close=True, times=1)
    web.server.hooks[other.url] = Hook(close=True)
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO).returncode == 0
    assert len(web.server.asked(one.url)) == 2
    assert len(web.server.asked(other.url)) in (2, 3, 4)  # Twisted itself repeats a GET on an old connection
    with sqlite3.connect(web.archive) as db:
        states = dict(db.execute("SELECT url, state FROM addresses").fetchall())
    assert {url: state for url, state in states.items() if url.startswith((one.url, other.url))} == {
        next(url for url in states if url.startswith(one.url)): "archived",
        next(url for url in states if url.startswith(other.url)): "pending",
    }
