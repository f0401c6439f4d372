"""An article is asked for again an hour, a day, a week and a month later; whatever comes, its last good text stays."""

from __future__ import annotations

import datetime as dt
import gzip
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from astana_crawl import identity
from astana_crawl.archive import warc
from astana_crawl.archive.fold import fold
from astana_crawl.extract import reader_version
from tests.conftest import Web, scrapy
from tests.web import expected
from tests.web.model import Answer
from tests.web.served import answer, redirect

SERVED = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
ANOTHER = (
    "<p>Wind from the north made the second day hard, and two boats had to be towed home by the fire brigade.</p>"
    "<p>The club of the upper bay, whose juniors had trained here all summer, takes the cup for the third time.</p>"
)
ADDED = "A sentence that the desk put in later, on the corridor of Qordailand."


def rows(web: Web, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{web.archive}?mode=ro", uri=True) as db:
        return db.execute(sql, values).fetchall()


def write(web: Web, sql: str, *values: Any) -> None:
    with sqlite3.connect(web.archive) as db:
        db.execute(sql, values)


@pytest.fixture
def tass(web: Web) -> Web:
    """The small web, with one answer for all spellings of an address."""
    for url in [url for url in web.server.answers if "utm_" in url]:
        del web.server.answers[url]
    return web


def html(web: Web, url: str) -> str:
    """The page that the small web serves at an address."""
    served = web.server.answers[url]
    return (gzip.decompress(served.body) if served.body[:2] == b"\x1f\x8b" else served.body).decode()


def change(web: Web, url: str, old: str, new: str) -> None:
    page = html(web, url)
    assert old in page
    web.server.answers[url] = answer(page.replace(old, new, 1))


def crawl(web: Web, *arguments: str) -> None:
    done = web.scrapy("crawl", "tass", *arguments)
    assert (done.returncode, done.stderr) == (0, "")


def kept(web: Web) -> list[str]:
    """The addresses of the articles that are kept, newest first."""
    return [url for (url,) in rows(web, "SELECT url FROM articles ORDER BY published_at DESC")]


def later(web: Web, hours: int = 2) -> None:
    """Let so many hours pass for every article, and its next visit be due."""
    past = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    write(web, "UPDATE articles SET first_seen_at = ?, last_seen_at = ?", past, past)
    write(web, "UPDATE addresses SET next_attempt_at = ? WHERE state = 'archived'", past)
    web.server.requests.clear()


STANDS = """
    SELECT a.url, d.state, d.reason, d.http_status, d.attempts,
           round((julianday(d.next_attempt_at) - julianday(a.first_seen_at)) * 24, 2),
           a.last_seen_at > a.first_seen_at, a.gone_at IS NOT NULL, a.changed_at IS NOT NULL, a.revision_count
    FROM articles AS a JOIN addresses AS d ON d.url_hash = a.url_hash"""
"""Where an article's address stands: the hours between first sight and next visit; seen since, gone, changed."""

SEEN = (1, 0, 0, 1)
UNSEEN = (0, 0, 0, 1)
GONE = (0, 1, 0, 1)


def standing(web: Web) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in rows(web, STANDS)}


def texts(web: Web) -> list[tuple[Any, ...]]:
    """All that was kept of the articles but when they were seen."""
    sql = """SELECT url, title, subtitle, body, authors, tags, section, published_at, published_on, published_text,
                    relevance, relevance_score, matched_terms, content_hash, layout, reader_version, revision_count
             FROM articles ORDER BY id"""
    return [*rows(web, sql), *rows(web, "SELECT * FROM evidence"), *rows(web, "SELECT * FROM article_meetings")]


def counts(web: Web) -> str:
    return str(rows(web, "SELECT counts FROM runs ORDER BY id DESC LIMIT 1")[0][0])


def test_what_an_address_answers_later_is_noted_and_the_text_stays(tass: Web) -> None:
    web = tass
    unchanged = next(one.url for one in expected() if one.site == "tass" and one.relevance != "off")
    web.server.answers[unchanged] = answer(html(web, unchanged), modified=SERVED)
    crawl(web, "-a", "since=2016-01-01")
    before, pages = texts(web), rows(web, "SELECT count(*) FROM pages")
    urls = kept(web)
    assert urls.pop(0) == unchanged
    same, noisy, missing, wall, shell, broken, home, other, check = urls[:9]
    assert standing(web)[same] == ("archived", None, 200, 0, None, 0, 0, 0, 1)  # an old article is not asked again
    change(
        web, noisy, "</body>", "<div class='ad'>Buy now</div><div class='read-more'><a href='/x'>More</a></div></body>"
    )
    web.server.answers[missing] = answer("", status=404)
    web.server.answers[wall] = answer("", status=403)
    web.server.answers[shell] = answer("<html><head><title>TASS</title></head><body><div id=app></div></body></html>")
    web.server.answers[broken] = answer("", status=503)
    web.server.answers[home] = redirect("https://tass.com/")
    web.server.answers["https://tass.com/"] = answer("<html><body><h1>TASS</h1><p>The news of today.</p></body></html>")
    stranger = "<p>Rowers from nine clubs met on the lake this weekend; the eight of the host town won the final.</p>"
    web.server.answers[other] = answer(f"<html><head><title>Regatta on the lake</title></head><body><h1>Regatta on the"
                                       f" lake</h1><div class='text-content'>{stranger}{ANOTHER}</div></body></html>")  # fmt: skip
    web.server.answers[check] = answer("<title>Just a moment...</title><p>Verifying you are human.</p>")
    later(web)
    done = web.scrapy("crawl", "tass")
    assert texts(web) == before
    assert rows(web, "SELECT * FROM changes") == []
    stands = standing(web)
    assert {url: stands[url] for url in (unchanged, *urls[:9])} == {
        unchanged: ("archived", None, 304, 0, 24.0, *SEEN),
        same: ("archived", None, 200, 0, 24.0, *SEEN),
        noisy: ("archived", None, 200, 0, 24.0, *SEEN),
        missing: ("archived", "status 404", 404, 0, 24.0, *GONE),
        wall: ("archived", "status 403", 403, 0, 24.0, *GONE),
        shell: ("archived", "no text found", 200, 0, 24.0, *UNSEEN),
        broken: ("archived", "status 503", 503, 1, 2.25, *UNSEEN),
        home: ("archived", "leads to the home page now: https://tass.com/", 200, 0, 24.0, *GONE),
        check: ("archived", "a check for robots: “Just a moment...”", 200, 0, 24.0, *UNSEEN),
        other: ("archived", "gives another article now: Regatta on the lake", 200, 0, 24.0, *GONE),
    }
    headers = {asked.url.partition("?")[0]: asked.headers for asked in web.server.requests}
    assert headers[unchanged]["If-None-Match"] == web.server.answers[unchanged].header("ETag")
    assert headers[unchanged]["If-Modified-Since"] == web.server.answers[unchanged].header("Last-Modified")
    assert "If-None-Match" not in headers[same]
    last = "SELECT url, visits.state, visits.reason, visits.http_status FROM visits JOIN addresses ON addresses.id ="
    last += " address_id WHERE run_id = 2 AND url LIKE ?"
    assert rows(web, last, f"{wall}%") == [(wall, "archived", "status 403", 403)]
    assert done.returncode in {0, 3}
    assert '"revised"' not in counts(web)
    assert f'"unchanged": {len(kept(web)) - 7}' in counts(web)
    kept_now = rows(web, "SELECT count(*) FROM pages")[0][0] - pages[0][0]
    assert kept_now == 5  # wall, check, shell, home page and the other article: as proof of what came instead


def test_a_changed_text_is_a_new_revision_and_a_changed_field_a_change(tass: Web) -> None:
    web = tass
    crawl(web)
    revised, retold = kept(web)[:2]
    (body,) = rows(web, "SELECT body FROM articles WHERE url = ?", revised)[0]
    change(web, revised, "</p>", f" {ADDED}</p>")
    change(web, retold, '"name": "TASS"', '"name": "Alia Serikova"')
    change(web, retold, "</head>", "<meta name='keywords' content='Astana, corridor'></head>")
    tags = rows(web, "SELECT tags FROM articles WHERE url = ?", retold)[0][0]
    authors = rows(web, "SELECT authors FROM articles WHERE url = ?", retold)[0][0]
    later(web)
    crawl(web)
    told = rows(
        web,
        "SELECT number, cause, t.body, page_id = (SELECT max(page_id) FROM revisions) FROM revision_texts AS t"
        " JOIN articles ON articles.id = article_id WHERE url = ? ORDER BY number",
        revised,
    )  # fmt: skip
    assert [(number, cause, newest) for number, cause, _, newest in told] == [(1, "first", 0), (2, "publisher", 1)]
    assert told[0][2] == body
    assert (ADDED in told[1][2], ADDED in body) == (True, False)
    found = "SELECT url FROM articles WHERE id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)"
    assert rows(web, found, "qordailand") == [(revised,)]
    changed = "SELECT field, old, new, cause, changes.run_id FROM changes JOIN articles ON articles.id = article_id WHERE url = ?"
    assert sorted(rows(web, changed, retold)) == [
        ("authors", authors, '["Alia Serikova"]', "publisher", 2),
        ("tags", tags, '["Astana", "corridor", "Syria", "Gaza"]', "publisher", 2),
    ]
    assert rows(web, "SELECT revision_count FROM articles WHERE url = ?", retold) == [(1,)]
    assert '"revised": 2' in counts(web)
    assert rows(web, "SELECT new, failed, duplicates FROM runs WHERE id = 2") == [(0, 0, 0)]


def test_a_page_that_comes_back_is_gone_no_more(tass: Web) -> None:
    web = tass
    crawl(web)
    url = kept(web)[0]
    page = web.server.answers[url]
    web.server.answers[url] = answer("", status=410)
    later(web)
    web.scrapy("crawl", "tass")
    ((gone_at,),) = rows(web, "SELECT gone_at FROM articles WHERE url = ?", url)
    assert gone_at
    web.server.answers[url] = page
    later(web, 30)
    crawl(web)
    assert standing(web)[url] == ("archived", None, 200, 0, 24.0 * 7, *SEEN)
    assert rows(web, "SELECT field, old, new, cause FROM changes") == [("gone_at", gone_at, None, "publisher")]


def test_what_our_own_reader_changes_is_told_from_what_the_publisher_changes(tass: Web) -> None:
    web = tass
    crawl(web)
    unchanged, revised = kept(web)[:2]
    change(web, revised, "</p>", f" {ADDED}</p>")
    for url in (unchanged, revised):  # as if an older reader had lost the last line
        ((this, title, body),) = rows(web, "SELECT id, title, body FROM articles WHERE url = ?", url)
        less = body.rpartition("\n")[0]
        hashed = identity.content_hash(title, less)
        write(
            web,
            "UPDATE articles SET body = ?, content_hash = ?, reader_version = 'old' WHERE id = ?",
            less,
            hashed,
            this,
        )
        write(web, "UPDATE revisions SET content_hash = ? WHERE article_id = ?", hashed, this)
        write(web, "INSERT INTO articles_fts (articles_fts, rowid, title, body) VALUES ('delete', ?, ?, ?)",
              this, fold(title), fold(body))  # fmt: skip
        write(web, "INSERT INTO articles_fts (rowid, title, body) VALUES (?, ?, ?)", this, fold(title), fold(less))
    later(web)
    crawl(web)
    causes = (
        "SELECT number, cause FROM revisions JOIN articles ON articles.id = article_id WHERE url = ? ORDER BY number"
    )
    assert rows(web, causes, unchanged) == [(1, "first"), (2, "reader")]
    assert rows(web, causes, revised) == [(1, "first"), (2, "reader"), (3, "publisher")]
    assert rows(web, "SELECT DISTINCT reader_version FROM articles") == [(reader_version(),)]


@pytest.mark.parametrize(("days_ago", "hours"), [(1, 1.0), (40, None)])
def test_a_new_article_is_asked_for_again_and_history_is_not(tass: Web, days_ago: int, hours: float | None) -> None:
    """By the day that the page gives."""
    web = tass
    url = next(one.url for one in expected() if one.site == "tass" and one.relevance != "off")
    day = dt.datetime.now(dt.UTC) - dt.timedelta(days_ago)
    published = next(one.published for one in expected() if one.url == url)
    web.server.answers[url] = Answer(200, [("Content-Type", "text/html")], html(web, url).replace(
        published, day.strftime("%Y-%m-%dT%H:%M:%S+03:00")).encode())  # fmt: skip
    assert web.scrapy("crawl", "tass", "-a", "limit=3").returncode == 0
    assert standing(web)[url] == ("archived", None, 200, 0, hours, 0, 0, 0, 1)


def test_an_article_that_another_recording_lacks_is_not_gone_for_that(tmp_path: Path) -> None:
    """Recordings do not change: their articles are not asked for again, and what one lacks says nothing."""
    env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{tmp_path}/a.db", "ASTANA_PAGES_DIR": str(tmp_path / "pages")}
    assert scrapy("update", "tass", "--replay", "data/sample.warc.gz", env=env).returncode == 0
    with sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("SELECT count(*) FROM addresses WHERE next_attempt_at IS NOT NULL").fetchone() == (0,)
        (url,) = db.execute("SELECT url FROM addresses WHERE state = 'archived' ORDER BY id LIMIT 1").fetchone()
        db.execute("UPDATE addresses SET next_attempt_at = '2020-01-01T00:00:00Z' WHERE url = ?", (url,))
    empty = tmp_path / "empty.warc.gz"
    empty.write_bytes(warc.record("warcinfo", b"software: tests\r\n", SERVED, "empty.warc.gz"))
    scrapy("update", "tass", "--replay", str(empty), env=env)
    with sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("SELECT state, reason, attempts FROM addresses WHERE url = ?", (url,)).fetchall() == [
            ("archived", "not in the recording", 1)
        ]
        assert db.execute("SELECT count(*) FROM articles WHERE gone_at IS NOT NULL").fetchone() == (0,)
