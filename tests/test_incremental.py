"""A site whose sources were once read to their end is asked only for what may be new; what failed comes back."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from astana_crawl.discover import EVER, Reading, Sitemap, Window
from astana_crawl.run.memory import recall
from tests.conftest import Web
from tests.loopback import Hook
from tests.web import expected
from tests.web.lists import sitemap, sitemap_index
from tests.web.served import RECORDED, XML, answer

SEARCH = "/wp-json/wp/v2/posts"
PLAIN = "https://orient-dispatch.example"
MAP = f"{PLAIN}/wp-sitemap.xml"
LIST = f"{PLAIN}/wp-sitemap-posts-post-1.xml"
LATE = f"{PLAIN}/late.xml"
TODAY = dt.date(2026, 5, 20)
OLD = Reading(listed=(("mark", dt.date(2026, 5, 18)),))


def plain_crawl(web: Web, *arguments: str) -> list[str]:
    """The lists that a crawl of the plain site asked for, with "?" where it asked whether they changed."""
    web.server.requests.clear()
    done = web.scrapy("crawl", "anysite", "-a", f"url={PLAIN}/", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    asked = [one for one in web.server.requests if one.url.endswith(".xml")]
    return [one.url.removeprefix(PLAIN) + "?" * ("If-None-Match" in one.headers) for one in asked]


@dataclass
class Site:
    window: Window = EVER
    allowed_domains: list[str] = field(default_factory=lambda: ["news.example"])
    language: str | None = "en"
    zone: str | None = None


SOURCE = Sitemap("https://news.example/sitemap.xml")


def after(reading: Reading, site: Site | None = None, cursor: str | None = None) -> Any:
    """What sources.cursor holds after a whole reading on TODAY."""
    memory = recall(cursor, SOURCE, site or Site(), TODAY)
    memory.note(reading)
    return memory.kept({}).get("cursor")


def test_children_are_settled_two_days_after_their_change_and_read_again_within_a_week() -> None:
    assert json.loads(after(Reading(listed=(("mark", TODAY - dt.timedelta(1)),))))["settled"] == []
    cursor = after(OLD)
    days = {number: recall(cursor, SOURCE, Site(), TODAY + dt.timedelta(number)) for number in (-1, 0, 6, 7)}
    assert {number: sorted(memory.window.settled) for number, memory in days.items()} == {
        -1: [], 0: ["mark"], 6: ["mark"], 7: []
    }  # fmt: skip
    days[6].note(OLD)
    assert json.loads(days[6].kept({})["cursor"] or "")["whole_on"] == str(TODAY), "or it would never be read again"


def test_what_was_read_by_other_words_or_another_declaration_does_not_count() -> None:
    cursor = after(OLD)
    assert recall(cursor, SOURCE, Site(), TODAY).valid
    assert not recall(cursor, Sitemap(SOURCE.url, only="world"), Site(), TODAY).valid
    assert not recall(cursor, SOURCE, Site(allowed_domains=["news.example", "news.test"]), TODAY).valid
    assert not recall('{"by": 1}', SOURCE, Site(), TODAY).valid
    assert not recall("no JSON", SOURCE, Site(), TODAY).valid


def test_a_narrower_window_neither_uses_nor_leaves_a_memory() -> None:
    narrow = Site(Window(until=dt.date(2020, 1, 1)))
    assert after(OLD, narrow) is None
    assert not recall(after(OLD), SOURCE, narrow, TODAY).valid


def test_a_list_read_for_some_days_only_is_asked_for_in_full_afterwards(web: Web) -> None:
    """A conditional request would leave out for ever what the first run passed over."""
    rows = [(one.url, one.published) for one in expected() if one.url.startswith(PLAIN)]
    web.server.answers[MAP] = answer(sitemap(rows), XML, modified=RECORDED)
    assert plain_crawl(web, "-a", "since=2021-01-01") == ["/wp-sitemap.xml"]
    assert plain_crawl(web) == ["/wp-sitemap.xml"]
    assert plain_crawl(web) == ["/wp-sitemap.xml?"]
    with sqlite3.connect(web.archive) as db:
        looks = "SELECT offered FROM looks JOIN sources ON sources.id = source_id WHERE kind = 'sitemap'"
        assert db.execute(f"{looks} ORDER BY looks.id").fetchall() == [(len(rows),), (len(rows),), (0,)]


def test_only_the_lists_of_an_index_that_changed_are_read_again(web: Web) -> None:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    web.server.answers[LATE] = answer(sitemap([]), XML)
    web.server.answers[MAP] = answer(sitemap_index([(LIST, "2024-02-01"), (LATE, today)]), XML, modified=RECORDED)
    whole = ["/wp-sitemap.xml", "/late.xml", "/wp-sitemap-posts-post-1.xml"]
    assert sorted(plain_crawl(web)) == sorted(whole)
    assert plain_crawl(web) == ["/wp-sitemap.xml", "/late.xml"]
    web.server.answers[MAP] = answer(sitemap_index([(LIST, "2024-02-02"), (LATE, today)]), XML)
    assert sorted(plain_crawl(web)) == sorted(whole)


def test_an_address_that_fails_comes_back_after_growing_pauses_and_then_is_failed(web: Web) -> None:
    url = next(link for one in expected() if one.site == "tass" for link in one.also)  # as the feed spells it
    web.server.hooks[url] = Hook(status=503)
    pauses = []
    assert web.scrapy("crawl", "tass").returncode == 0
    with sqlite3.connect(web.archive, isolation_level=None) as db:
        for run in range(6):
            assert not run or web.scrapy("crawl", "tass").returncode == 0
            row = "SELECT state, attempts, reason, next_attempt_at, fetched_at FROM addresses WHERE url = ?"
            state, attempts, reason, next_at, fetched_at = db.execute(row, (url,)).fetchone()
            rest = dt.datetime.fromisoformat(next_at) - dt.datetime.fromisoformat(fetched_at) if next_at else None
            pauses.append((state, attempts, reason, rest))
            db.execute("UPDATE addresses SET next_attempt_at = '2020-01-01T00:00:00Z' WHERE state = 'pending'")
        assert db.execute("SELECT count(*) FROM visits WHERE reason = 'status 503'").fetchone() == (6,)
    minute, hour, day = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(1)
    assert pauses == [
        *(("pending", n, "status 503", rest) for n, rest in enumerate((15 * minute, hour, 6 * hour, day, 3 * day), 1)),
        ("failed", 1, "status 503", day),
    ]
    assert len(web.server.asked(url)) == 6


def test_paging_goes_to_the_end_once_and_then_stops_where_all_is_known(web: Web) -> None:
    assert web.scrapy("crawl", "astanatimes").returncode == 0
    assert len(web.server.asked(SEARCH)) == 2
    web.server.requests.clear()
    assert web.scrapy("crawl", "astanatimes").returncode == 0
    assert len(web.server.asked(SEARCH)) == 1


def test_paging_that_was_cut_short_is_taken_up_again(web: Web) -> None:
    """Known ground says nothing as long as the source was never read to its end."""
    assert web.scrapy("crawl", "astanatimes").returncode == 0
    with sqlite3.connect(web.archive) as db:
        db.execute("UPDATE looks SET complete = 0")
    web.server.requests.clear()
    assert web.scrapy("crawl", "astanatimes").returncode == 0
    assert len(web.server.asked(SEARCH)) == 2


def test_a_feed_that_did_not_change_is_not_sent_again(web: Web) -> None:
    assert web.scrapy("crawl", "tass").returncode == 0
    web.server.requests.clear()
    assert web.scrapy("crawl", "tass").returncode == 0
    feed = next(asked for asked in web.server.requests if asked.url.endswith("/rss/v2.xml"))
    assert "If-None-Match" in feed.headers
    with sqlite3.connect(web.archive) as db:
        looks = db.execute("SELECT offered > 0, complete FROM looks ORDER BY id").fetchall()
    assert looks == [(1, 1), (0, 1)]
