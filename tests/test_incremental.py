"""A site whose sources were once read to their end is asked only for what may be new."""

from __future__ import annotations

import sqlite3

from tests.conftest import Web

SEARCH = "/wp-json/wp/v2/posts"


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
