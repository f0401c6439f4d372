"""The polite guest: robots.txt, pauses that are asked for, one thing at a time, and a name to be asked by."""

from __future__ import annotations

import itertools
import re
import sqlite3
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from astana_crawl import __version__, settings
from tests.faults.hosts import Visit, article, feed, html, redirect
from tests.faults.matrix import Matrix
from tests.loopback import Asked, Hook, Loopback
from tests.web import Answer

pytestmark = pytest.mark.fault


class Timed(Loopback):
    """Notes when each address was asked for, by path, and how many were asked for at once."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, plain=True, **options)  # type: ignore[arg-type]
        self.times: list[tuple[float, str]] = []

    def note(self, asked: Asked) -> None:
        super().note(asked)
        self.times.append((time.time(), asked.url))

    def gaps(self, part: str) -> list[float]:
        times = [at for at, url in self.times if part in url]
        return [second - first for first, second in itertools.pairwise(times)]


def robots(text: str) -> Answer:
    return Answer(200, [("Content-Type", "text/plain")], text.encode())


# --- robots.txt


def test_no_page_is_asked_for_while_robots_txt_cannot_be_read(tmp_path: Path, matrix: Matrix) -> None:
    """Of the site itself and of hosts that a redirect leads to; the next run asks again."""
    visit = Visit(tmp_path)
    kinds = {
        "s500": Hook(status=500),
        "s503": Hook(status=503),
        "s429": Hook(status=429, headers=(("Retry-After", "0"),)),
        "silent": Hook(delay=3),
        "broken": Hook(close=True),
    }
    hosts = [f"{kind}.example" for kind in kinds]
    names = {host: [visit.address] for host in hosts}
    with Timed({}, address=visit.address) as server:
        port = server.http_port
        pages = {kind: f"http://{kind}.example:{port}/astana-talks-{kind}" for kind in kinds}
        server.hooks |= {f"http://{kind}.example/robots.txt": hook for kind, hook in kinds.items()}
        server.answers |= {f"/astana-talks-{kind}": html(article(number)) for number, kind in enumerate(kinds)}
        server.answers |= {f"/astana-talks-to-{kind}": redirect(page) for kind, page in pages.items()}
        server.answers["/feed"] = feed(
            *pages.values(), *(f"http://news.example:{port}/astana-talks-to-{kind}" for kind in kinds)
        )
        sources = [("Feed", {"url": f"http://news.example:{port}/feed"})]
        visit.crawl(sources, "-s", "DOWNLOAD_TIMEOUT=1", domains=["news.example", *hosts], names=names)
        assert [url for url in server.asked(".example") if "news." not in url and "robots.txt" not in url] == []
        states = visit.states()
        assert {state for state, _ in states.values()} == {"pending"}
        assert all(re.match(r"robots\.txt of .* could not be read: ", reason) for _, reason in states.values())
        server.hooks.clear()
        with sqlite3.connect(tmp_path / "astana.db") as db:
            db.execute("UPDATE addresses SET next_attempt_at = NULL")
        visit.crawl(sources, domains=["news.example", *hosts], names=names)
        assert {state for state, _ in visit.states().values()} == {"archived", "duplicate"}
    matrix(28, f"{len(kinds)} kinds of failure: 0 pages asked for, all read once robots.txt is back")


def test_robots_txt_is_obeyed_also_where_a_redirect_leads(tmp_path: Path) -> None:
    visit = Visit(tmp_path)
    with Timed({}, address=visit.address) as server:
        there = f"http://other.example:{server.http_port}/astana-talks"
        here = f"http://news.example:{server.http_port}/astana-talks-moved"
        server.answers |= {
            "http://other.example/robots.txt": robots("User-agent: *\nDisallow: /"),
            "/feed": feed(here), "/astana-talks-moved": redirect(there), "/astana-talks": html(article()),
        }  # fmt: skip
        domains = ["news.example", "other.example"]
        feeds = [("Feed", {"url": f"http://news.example:{server.http_port}/feed"})]
        visit.crawl(feeds, domains=domains, names={"other.example": [visit.address]})
        assert server.asked("other.example") == ["http://other.example/robots.txt"]
    assert visit.states() == {here: ("disallowed", f"robots.txt of other.example:{server.http_port} forbids it")}


def test_a_robots_txt_may_stand_elsewhere(tmp_path: Path) -> None:
    """What it says holds for the site that sent there, under whatever path; a version behind our name is no part of it."""
    visit = Visit(tmp_path)
    with Timed({}, address=visit.address) as server:
        base, there = (f"http://{name}.example:{server.http_port}" for name in ("news", "rules"))
        server.answers |= {
            "http://news.example/robots.txt": redirect(f"{there}/rules"),
            "http://rules.example/rules": robots("User-agent: Astana-Crawl/2.1\nDisallow: /astana-talks-1"),
            "/feed": feed(f"{base}/astana-talks-1", f"{base}/astana-talks-2"), "/astana-talks-2": html(article()),
        }  # fmt: skip
        visit.crawl([("Feed", {"url": f"{base}/feed"})], names={"rules.example": [visit.address]})
        assert server.asked("rules.example") == ["http://rules.example/rules"]
    assert [state for state, _ in visit.states().values()] == ["disallowed", "archived"]


def test_a_delay_that_is_asked_for_is_kept_and_one_thing_is_asked_at_a_time(tmp_path: Path, matrix: Matrix) -> None:
    visit = Visit(tmp_path)
    with Timed({}, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        server.answers |= {
            "/robots.txt": robots("User-agent: *\nCrawl-delay: 0.7"),
            "/feed": feed(*(f"{base}/astana-talks-{n}" for n in range(4))),
        }
        server.answers |= {f"/astana-talks-{number}": html(article(number)) for number in range(4)}
        visit.crawl([("Feed", {"url": f"{base}/feed"})], "-s", "DOWNLOAD_DELAY=0.01")
        gaps = server.gaps("/astana-talks-")
    assert len(gaps) == 3
    assert min(gaps) >= 0.69, gaps
    matrix(28, f"Crawl-delay 0.7 s kept: gaps of {min(gaps):.2f} to {max(gaps):.2f} s")


def test_by_default_one_thing_is_asked_at_a_time_after_a_delay_that_varies(tmp_path: Path) -> None:
    assert settings.CONCURRENT_REQUESTS_PER_DOMAIN == 1
    assert settings.DOWNLOAD_DELAY == 2
    visit = Visit(tmp_path)
    with Timed({}, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        server.answers["/feed"] = feed(*(f"{base}/astana-talks-{number}" for number in range(10)))
        server.answers |= {f"/astana-talks-{number}": html(article(number)) for number in range(10)}
        visit.crawl([("Feed", {"url": f"{base}/feed"})], "-s", "DOWNLOAD_DELAY=0.3")
        gaps = server.gaps("/astana-talks-")
    assert len(gaps) == 9
    assert 0.14 < min(gaps) < max(gaps)
    assert max(gaps) - min(gaps) > 0.03, gaps


# --- pauses that are asked for


@pytest.mark.parametrize(("status", "seconds", "date"), [(429, 3, False), (503, 6, True)])
def test_a_host_that_asks_for_a_short_pause_gets_it_and_other_sites_go_on(
    tmp_path: Path, matrix: Matrix, status: int, seconds: int, date: bool
) -> None:
    visit = Visit(tmp_path)
    with Timed({}, address=visit.address) as server:
        base, other = f"http://news.example:{server.http_port}", f"http://neighbour.example:{server.http_port}"
        numbers = range(6)
        server.answers |= {f"/astana-talks-{number}": html(article(number)) for number in (*numbers, *range(10, 16))}
        server.answers["/feed"] = feed(*(f"{base}/astana-talks-{number}" for number in numbers))
        server.answers["/other"] = feed(*(f"{other}/astana-talks-{number}" for number in range(10, 16)))
        then = int(time.time()) + seconds
        asked = formatdate(then, usegmt=True) if date else str(seconds)
        server.hooks["http://news.example/astana-talks-2"] = Hook(
            status=status, headers=(("Retry-After", asked),), times=1
        )
        code, said = visit.crawl(
            [("Feed", {"url": f"{base}/feed"})], neighbour=[("Feed", {"url": f"{other}/other"})],
            command=("update", "guest", "neighbour"),
        )  # fmt: skip
        assert code == 0, said
        times = [at for at, url in server.times if "news.example/astana-talks-" in url]
        others = [at for at, url in server.times if "neighbour.example/" in url]
    assert sorted(state for state, _ in visit.states().values()) == ["archived"] * 11 + ["pending"]
    until = then if date else times[2] + seconds
    assert times[3] > until - 0.05, "the pause is kept"
    assert times[5] < until + 3, "and no other one is made"
    assert others[-1] < times[3], "the neighbour is not held up"
    assert len(server.asked("news.example/astana-talks-2")) == 1, "a status is never asked for again at once"
    how = "a date" if date else f"{seconds} s"
    matrix(27, f"{status} with {how}: the next request {times[3] - until:.2f} s after the pause, other sites go on")


def test_a_long_pause_ends_the_run_and_is_kept_by_the_next_ones(tmp_path: Path, matrix: Matrix) -> None:
    visit = Visit(tmp_path)
    with Timed({}, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        sources = [("Feed", {"url": f"{base}/feed"})]
        server.answers |= {f"/astana-talks-{number}": html(article(number)) for number in range(8)}
        server.answers["/feed"] = feed(*(f"{base}/astana-talks-{number}" for number in range(8)))
        server.hooks["http://news.example/astana-talks-2"] = Hook(status=429, headers=(("Retry-After", "86400"),))
        status, said = visit.crawl(sources)
        assert status == 3
        assert re.search(r"guest: news\.example asked for a pause until \d{4}-.*: its pages wait", said)
        assert len(server.asked("/astana-talks-")) == 3
        assert sorted(state for state, _ in visit.states().values()) == ["archived"] * 2 + ["pending"] * 6
        assert visit.rows("SELECT sum(attempts) FROM addresses") == [(0,)], "that is no page's fault"
        server.requests.clear()
        assert visit.crawl(sources) == (0, ""), "within the pause there is nothing to do, and nothing to tell"
        assert server.asked() == []
        (reason,) = visit.looks().values()
        assert "asked for a pause until" in reason
        with sqlite3.connect(tmp_path / "astana.db") as db:
            db.execute("UPDATE pauses SET not_before = '2020-01-01T00:00:00Z'")
            db.execute("UPDATE addresses SET next_attempt_at = NULL WHERE state = 'pending'")
        server.hooks.clear()
        assert visit.crawl(sources)[0] == 0
        assert {state for state, _ in visit.states().values()} == {"archived"}
    matrix(27, "86400 s: 0 requests more, the run ends, the next one asks for nothing")


def test_a_site_that_is_down_uses_up_nobodys_attempts_and_is_not_pressed(tmp_path: Path) -> None:
    visit = Visit(tmp_path)
    with Timed({}, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        sources = [("Feed", {"url": f"{base}/feed"})]
        server.answers["/feed"] = feed(*(f"{base}/astana-talks-{number}" for number in range(40)))
        server.answers |= {f"/astana-talks-{number}": html(article(number)) for number in range(40)}
        visit.crawl(sources, "-a", "limit=1")
        server.hooks |= {f"http://news.example/astana-talks-{number}": Hook(status=502) for number in range(40)}
        server.hooks["http://news.example/feed"] = Hook(status=502)
        for _ in range(3):
            server.requests.clear()
            status, said = visit.crawl(sources)
            assert status == 3
            assert "guest: 10 pages in a row gave no answer: the others wait for the next run" in said
            assert len(server.asked("/astana-talks-")) <= 12
        assert visit.rows("SELECT max(attempts) FROM addresses WHERE state = 'pending'") == [(0,)]
        server.hooks.clear()
        with sqlite3.connect(tmp_path / "astana.db") as db:
            db.execute("UPDATE addresses SET next_attempt_at = NULL WHERE state = 'pending'")
        assert visit.crawl(sources)[0] == 0
        assert {state for state, _ in visit.states().values()} == {"archived"}


# --- who we are, and what pages reserve


def test_what_a_page_reserves_is_kept_with_it_and_shown(tmp_path: Path) -> None:
    visit = Visit(tmp_path)
    with Loopback({}, plain=True, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        meta = '<meta name="robots" content="index, noarchive"><meta name="tdm-policy" content="https://news.example/tdm.json">'
        pages = {
            "/astana-talks-1": html(article(1).replace("<title>", f"{meta}<title>")),
            "/astana-talks-2": html(article(2), ("X-Robots-Tag", "otherbot: noarchive"), ("TDM-Reservation", "1")),
            "/astana-talks-3": html(article(3), ("X-Robots-Tag", "noarchive"), ("TDM-Reservation", "0")),
            "/astana-talks-4": html(article(4)),
        }
        server.answers |= pages | {"/feed": feed(*(base + path for path in pages))}
        assert visit.crawl([("Feed", {"url": f"{base}/feed"})], ASTANA_CONTACT="desk@guest.example")[0] == 0
        agents = {asked.headers["User-Agent"] for asked in server.requests}
        kept = dict(visit.rows("SELECT url, rights FROM pages"))
        shown = visit.crawl(command=("why", f"{base}/astana-talks-1"))[1]
    assert agents == {
        f"astana-crawl/{__version__} (archive of news on the Astana process on Syria; contact: desk@guest.example)"
    }
    assert kept == {
        f"{base}/astana-talks-1": '["noarchive", "tdm-policy: https://news.example/tdm.json"]',
        f"{base}/astana-talks-2": '["tdm-reservation: 1"]',
        f"{base}/astana-talks-3": '["noarchive"]',
        f"{base}/astana-talks-4": None,
    }
    assert "which reserves noarchive, tdm-policy: https://news.example/tdm.json" in " ".join(shown.split())
