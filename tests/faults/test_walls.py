"""A wall, a fake or a regret with status 200 is never kept as an article, and an article that speaks of walls is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from astana_crawl.extract import read_article
from tests.faults.matrix import Matrix
from tests.faults.raw import Raw, crawl, http, run
from tests.faults.walls import REPORTS, WALLS, Report, Wall

Crawled = tuple[Raw, Path, str]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """One crawl of all walls and reports, each under the headline of an article in the feed."""
    folder = tmp_path_factory.mktemp("walls")
    with Raw({one.path: (http(one.html),) for one in (*WALLS, *REPORTS)}) as server:
        done = crawl(server, folder)
        assert done.returncode == 3  # so many pages refused: somebody should look
        yield server, folder, done.stderr


def ledger(crawled: Crawled) -> dict[str, tuple[str, str, int | None]]:
    with closing(sqlite3.connect(crawled[1] / "astana.db")) as db:
        rows = db.execute(
            "SELECT url, a.state, a.reason, page_id FROM addresses AS a JOIN visits ON address_id = a.id"
        ).fetchall()
    return {url.removeprefix(crawled[0].base): tuple(rest) for url, *rest in rows}


@pytest.mark.fault
def test_no_wall_becomes_an_article(crawled: Crawled, matrix: Matrix) -> None:
    stands = ledger(crawled)
    refused = {one.path: stands[one.path][0] for one in WALLS}
    assert refused == {one.path: one.state for one in WALLS}
    assert [one.path for one in WALLS if not stands[one.path][1]] == []
    assert [one.path for one in WALLS if stands[one.path][2] is None] == []  # the page is kept
    kept = sum(stands[one.path][0] == "archived" for one in REPORTS)
    matrix(30, f"{len(refused)} of {len(WALLS)} refused, {kept} of {len(REPORTS)} articles that speak of walls kept")


@pytest.mark.fault
@pytest.mark.parametrize("report", REPORTS, ids=lambda one: one.name)
def test_an_article_that_speaks_of_walls_is_kept_whole(crawled: Crawled, report: Report) -> None:
    with closing(sqlite3.connect(crawled[1] / "astana.db")) as db:
        where = (f"{crawled[0].base}{report.path}",)
        row = db.execute("SELECT title, body FROM articles WHERE url = ?", where).fetchone()
    assert row == (report.title, "\n".join(report.paragraphs))


@pytest.mark.fault
def test_the_words_that_decided_are_told(crawled: Crawled) -> None:
    server, folder, said = crawled
    wall = next(one for one in WALLS if one.name == "abonnes")
    reason = "a teaser, and a paywall: “réservé à nos abonn”"
    assert ledger(crawled)[wall.path][1] == reason
    assert "a check for robots: “" in said
    assert f"blocked: {reason}" in run(server, folder, "try", "pages", server.base + wall.path).stderr
    told = run(server, folder, "why", server.base + wall.path).stdout
    assert reason in told
    assert "page kept: " in told


@pytest.mark.fault
def test_a_reread_with_the_same_reader_changes_nothing(crawled: Crawled) -> None:
    server, folder, _ = crawled
    done = run(server, folder, "reread")
    assert "nothing changed" in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("wall", WALLS, ids=lambda one: f"{one.name}-{one.language}")
def test_the_page_alone_tells(wall: Wall) -> None:
    article = read_article(wall.html, f"https://steppe.example{wall.path}")
    assert article.refused == wall.state
    assert article.unreadable
    assert article.body is None or "teaser" in article.unreadable


def test_what_comes_later_on_a_site_that_is_down_is_not_lost(tmp_path: Path) -> None:
    page = "<html><head><title>Maintenance</title></head><body><p>We'll be back soon. Please try again later.</p></body></html>"
    with Raw({"/2024/astana-talks": (http(page),)}) as server:
        assert crawl(server, tmp_path).returncode == 0
    with closing(sqlite3.connect(tmp_path / "astana.db")) as db:
        state, reason, again = db.execute("SELECT state, reason, next_attempt_at FROM addresses").fetchone()
    assert (state, reason) == ("pending", "a notice that the site is out of order: “Maintenance”")
    assert again


def test_one_text_under_ever_other_headlines_is_no_article(tmp_path: Path) -> None:
    """A wall in words that nobody has written down: the first two pass, as a text may run under another headline."""
    kettle = "<p>The kettle is on and the cat is asleep. Nothing at all is told here before she wakes up.</p>" * 2
    cities = ("Aleppo", "Daraa", "Hama", "Homs", "Idlib", "Raqqa")
    page = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>" + kettle + "</article></body></html>"
    titles = {
        f"/2024/astana-talks-{city}": f"Guarantors of the Astana talks on Syria speak of {city}" for city in cities
    }
    with Raw({path: (http(page.format(title)),) for path, title in titles.items()}) as server:
        assert crawl(server, tmp_path).returncode == 3
    with closing(sqlite3.connect(tmp_path / "astana.db")) as db:
        states = db.execute("SELECT state, reason, count(*) FROM addresses GROUP BY 1, 2 ORDER BY 1, 2").fetchall()
    assert states == [
        ("archived", None, 2),
        *(("unreadable", f"its text stood under {n} other headlines already", 1) for n in (2, 3, 4, 5)),
    ]


@pytest.mark.parametrize(("broken", "refused"), [(2, False), (6, True)])
def test_more_than_one_undecodable_character_in_a_thousand_is_too_many(broken: int, refused: bool) -> None:
    words = "".join(
        f"<p>{number}. Стороны условились встретиться зимой и вернуться к спискам.</p>" for number in range(45)
    )
    page = f"<html><head><meta charset=utf-8><title>В Астане говорили о Сирии</title></head><body><article>{words}".encode()
    article = read_article(page.replace("и ".encode(), b"\xd0 ", broken), "https://steppe.example/1")
    assert bool(article.unreadable) == refused
    if refused:
        assert article.unreadable.startswith("6 of 2895 ")
        assert article.unreadable.endswith("characters cannot be decoded (read as utf-8, UTF-8 with broken bytes)")


def test_what_the_publisher_lost_is_no_reason() -> None:
    report = next(one for one in REPORTS if one.language == "ru")
    html = report.html.replace("мы", "м\ufffd").replace("ны", "н\ufffd").replace("ли", "\ufffdи")
    assert read_article(html.encode(), "https://steppe.example/1").unreadable is None
