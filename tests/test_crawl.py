"""The real spiders crawl a web over real HTTPS, twice: the first crawl keeps exactly its articles, the second adds none."""

from __future__ import annotations

import datetime as dt
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from astana_crawl.archive.pages import Served, payload
from tests.conftest import Done, Web
from tests.web import Answer, expected, strays

SITES = ("aawsat", "aawsat_ar", "syrianobserver", "astanatimes", "tass")
PLAIN = "orient-dispatch.example"
LONG_AGO = "since=2016-01-01"


def rows(web: Web, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{web.archive}?mode=ro", uri=True) as db:
        return db.execute(sql, values).fetchall()


def crawl_all(web: Web) -> dict[str, Done]:
    """Every site at the same time, each in a process of its own, into one archive."""
    jobs = {site: ("crawl", site, "-a", LONG_AGO) for site in SITES}
    jobs[PLAIN] = ("crawl", "anysite", "-a", f"url=https://{PLAIN}/", "-a", LONG_AGO)
    with ThreadPoolExecutor(3) as pool:
        return dict(zip(jobs, pool.map(lambda job: web.scrapy(*job), jobs.values()), strict=True))


def article_rows() -> list[tuple[Any, ...]]:
    """What the archive must hold of every article that is about the process, by site and address."""
    return sorted(
        (
            one.site, one.url, one.language, one.title, one.relevance, one.original_outlet,
            dt.datetime.fromisoformat(one.published).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for one in expected()
        if one.relevance != "off"
    )  # fmt: skip


def test_two_crawls_keep_exactly_the_articles_and_the_second_fetches_none(web: Web) -> None:
    first = crawl_all(web)
    assert {site: (done.returncode, done.stdout, done.stderr) for site, done in first.items()} == dict.fromkeys(
        first, (0, "", "")
    )
    columns = "site, url, language, title, relevance, original_outlet, published_at"
    held = rows(web, f"SELECT {columns} FROM articles")
    assert sorted(held) == article_rows()

    whole = rows(web, "SELECT * FROM articles ORDER BY id")
    fetched_first = list(web.server.asked())
    asked = [address for address in fetched_first if urlsplit(address).path in ARTICLE_PATHS]
    assert asked
    web.server.requests.clear()

    second = crawl_all(web)
    assert {site: done.returncode for site, done in second.items()} == dict.fromkeys(second, 0)
    assert [address for address in web.server.asked() if urlsplit(address).path in ARTICLE_PATHS] == []
    assert rows(web, "SELECT * FROM articles ORDER BY id") == whole
    assert rows(web, "SELECT sum(new), sum(found) FROM runs WHERE id > 6") == [(0, 0)]


ARTICLE_PATHS = {urlsplit(address).path for one in expected() for address in (one.url, *one.also)}


def test_the_text_is_the_article_and_nothing_else(web: Web) -> None:
    """Also where a second article is appended to the page, the caption stands four times or a disclaimer follows."""
    assert web.scrapy("crawl", "aawsat", "-a", LONG_AGO).returncode == 0
    assert web.scrapy("crawl", "syrianobserver", "-a", LONG_AGO).returncode == 0
    held = dict(rows(web, "SELECT url, body FROM articles"))
    wanted = {one.url: one for one in expected() if one.url in held}
    assert len(wanted) == len(held) > 15
    for url, body in held.items():
        lines = body.split("\n")
        assert [line for line in lines if line in wanted[url].paragraphs] == list(wanted[url].paragraphs), url
        assert len(lines) - len(wanted[url].paragraphs) <= 2, (url, lines)  # sub-headings only


def test_what_gives_no_article_is_explained(web: Web) -> None:
    crawl_all(web)
    states = dict(rows(web, "SELECT url, state FROM addresses"))
    found = {stray.url: states.get(stray.url) for stray in strays()}
    assert found == {stray.url: stray.what for stray in strays()}
    unexplained = "SELECT url, state FROM addresses WHERE state NOT IN ('pending', 'archived') AND reason IS NULL"
    assert rows(web, unexplained) == []


def test_every_address_fetched_has_its_visit_and_every_source_its_look(web: Web) -> None:
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO).returncode == 0
    assert rows(web, "SELECT outcome, exit_status FROM runs") == [("done", 0)]
    assert rows(
        web, "SELECT kind, looks.reason, complete FROM looks JOIN sources ON sources.id = source_id ORDER BY kind"
    ) == [
        ("feed", None, 1),
        ("sitemap", None, 1),
    ]
    fetched = rows(web, "SELECT count(*) FROM visits WHERE http_status IS NOT NULL")
    assert fetched == rows(web, "SELECT count(*) FROM addresses WHERE fetched_at IS NOT NULL")
    assert rows(web, "SELECT count(*) FROM addresses WHERE id NOT IN (SELECT address_id FROM sightings)") == [(0,)]
    assert rows(web, "SELECT count(*) FROM revisions JOIN pages ON pages.id = page_id") == rows(
        web, "SELECT count(*) FROM articles"
    )


def test_a_limit_and_a_window_hold(web: Web) -> None:
    assert web.scrapy("crawl", "tass", "-a", "since=2021-01-01", "-a", "until=2022-12-31").returncode == 0
    days = [day for (day,) in rows(web, "SELECT published_on FROM articles")]
    wanted = [one.published[:10] for one in expected() if one.site == "tass" and one.relevance != "off"]
    assert sorted(days) == sorted(day for day in wanted if "2021" <= day < "2023")
    web.server.requests.clear()
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO, "-a", "limit=3").returncode == 0
    assert len([address for address in web.server.asked() if urlsplit(address).path in ARTICLE_PATHS]) == 3
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO).returncode == 0
    assert sorted(day for (day,) in rows(web, "SELECT published_on FROM articles")) == sorted(wanted)


def test_a_certificate_that_nobody_vouches_for_is_refused(web: Web) -> None:
    done = web.scrapy("crawl", "tass", SSL_CERT_FILE="/dev/null")
    assert done.returncode == 3
    assert "certificate cannot be verified" in " ".join(done.stderr.split())
    assert web.server.asked() == []
    assert rows(web, "SELECT count(*) FROM addresses") == [(0,)]


def test_a_host_of_this_machine_is_connected_to_only_when_allowed(web: Web) -> None:
    done = web.scrapy("crawl", "tass", ASTANA_ALLOW_PRIVATE_HOSTS="astanatimes.com")
    assert done.returncode == 3
    assert (
        f"tass.com has the address {web.server.address}, which is not public (ALLOW_PRIVATE_HOSTS=tass.com allows it)"
        in done.stderr
    )
    assert web.server.asked() == []


def test_the_visitor_says_who_it_is(web: Web) -> None:
    assert web.scrapy("crawl", "tass").returncode == 0
    agents = {asked.headers["User-Agent"] for asked in web.server.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("astana-crawl/")
    assert all("tests@example.org" in asked.headers["User-Agent"] for asked in web.server.requests)
    assert not any("Referer" in asked.headers or "Cookie" in asked.headers for asked in web.server.requests)


def test_a_template_that_names_one_address_for_every_page_loses_no_article(web: Web) -> None:
    """rel=canonical unites the spellings of an article, not different articles."""
    ours = [one for one in expected() if one.site == "tass" and one.relevance == "core"]
    for one in ours:
        answer = web.server.answers[one.url]
        html = payload(Served(one.url, 200, "", answer.headers, answer.body)).decode()
        wrong = html.replace(f'href="{one.url}"', f'href="{ours[0].url}"').replace(
            f'content="{one.url}"', f'content="{ours[0].url}"'
        )
        headers = [
            (name, value)
            for name, value in answer.headers
            if name.lower() not in ("content-encoding", "content-length")
        ]
        web.server.answers[one.url] = Answer(200, headers, wrong.encode())
    assert web.scrapy("crawl", "tass", "-a", LONG_AGO).returncode == 0
    assert {title for (title,) in rows(web, "SELECT title FROM articles")} == {one.title for one in ours}
