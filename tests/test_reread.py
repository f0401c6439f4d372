"""Reading again: what the archive would be had today's reader and judge read every page when it was fetched."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from astana_crawl import items, reference
from astana_crawl.archive import Archive, Query
from astana_crawl.archive.pages import PageFiles, Served, pages_row
from astana_crawl.archive.revisions import revise
from astana_crawl.run.kept import read_kept
from astana_crawl.run.reader import Ways
from astana_crawl.spiders.tass import TassSpider
from tests.conftest import ROOT, Done, scrapy

WARC = ROOT / "data" / "sample.warc.gz"
KEY = "d442568365b4"  # of tass, core, with a moment of publication

BLIND = """
from astana_crawl.run.verdicts import Verdict
from astana_crawl.spiders.tass import TassSpider as Tass


class TassSpider(Tass):
    def read(self, response, fetched_at):
        return Verdict("unreadable", "no text found", keep=True)
"""
TERMS = """
[names]
"relief flights" = ["humanitarian flight ~~~ aleppo"]
[false_friends]
"haggling" = ["haggling of the {astana} {process}"]
[plausible]
words = ["handwriting"]
"""
MEETINGS = """
[ministerial-2018-03-16]
starts_on = 2018-05-16
ends_on = 2018-05-16
[ministerial-2018-03-17]
kind = "ministerial"
name = "Meeting of the foreign ministers, a day later"
city = "Astana"
starts_on = 2018-03-17
ends_on = 2018-03-17
certainty = "medium"
source = "a test"
"""


class Kept:
    """An archive in a folder, with its page files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path, self.pages = folder, folder / "a.db", folder / "pages"
        self.env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{self.path}", "ASTANA_PAGES_DIR": str(self.pages)}

    def scrapy(self, *arguments: str, cwd: Path = ROOT, **env: str) -> Done:
        return scrapy(*arguments, cwd=cwd, env=self.env | env)

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.path) as db:
            return db.execute(sql, values).fetchall()

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables but those of `runs`."""
        tables = self.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%'")
        return {name: self.query(f"SELECT * FROM {name}") for (name,) in tables if name != "runs"}

    def article(self, key: str) -> dict[str, Any]:
        with Archive.open(f"sqlite:///{self.path}") as archive:
            found = archive.article(key)
        assert found is not None
        return found

    def finds(self, words: str) -> list[str]:
        with Archive.open(f"sqlite:///{self.path}") as archive:
            return [hit.key for hit in archive.search(Query(words))]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The archive of the sample, made once; not to be changed."""
    kept = Kept(tmp_path_factory.mktemp("crawled"))
    assert kept.scrapy("update", "--replay", str(WARC)).returncode == 0
    return kept


@pytest.fixture
def kept(crawled: Kept, tmp_path: Path) -> Kept:
    """A copy of it."""
    shutil.copytree(crawled.folder, tmp_path / "kept")
    return Kept(tmp_path / "kept")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with words and meetings of its own in data/reference."""
    folder = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(ROOT / "astana_crawl", folder / "astana_crawl", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "scrapy.cfg", folder)
    reference = folder / "data" / "reference"
    reference.mkdir(parents=True)
    (reference / "terms.toml").write_text(TERMS, encoding="utf-8")
    (reference / "meetings.toml").write_text(MEETINGS, encoding="utf-8")
    return folder


def read_badly(kept: Kept, key: str) -> None:
    """Leave an article as a reader of the past might have read it: another headline, a torn text, no author, no date."""
    row = kept.article(key)
    body = "The zebracorn of a side column. The Astana process on Syria goes on."
    article = items.Article(row["url"], "A headline of a side column", body=body, language="en", site=row["site"])
    article.relevance, article.relevance_score = "related", 0.2
    with Archive.open(f"sqlite:///{kept.path}", kind="replay") as archive, archive.writing() as db:
        page_id = db.exec_driver_sql("SELECT page_id FROM revisions WHERE article_id = ?", (row["id"],)).scalar()
        revise(
            db, row["id"], article, cause="reader", run_id=None, page_id=page_id,
            now=dt.datetime(2025, 1, 1, tzinfo=dt.UTC), reader_version="0.0.1",
        )  # fmt: skip


def test_a_crawl_and_a_rereading_read_alike(kept: Kept) -> None:
    before = kept.contents()
    done = kept.scrapy("reread")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "nothing changed (73 articles, 89 pages read)\n"
    assert kept.contents() == before
    run = "SELECT site, command, outcome, exit_status, counts FROM runs ORDER BY id DESC LIMIT 1"
    assert kept.query(run) == [(None, "reread", "done", 0, '{"articles": 73, "pages": 89, "hints": 2}')]


def test_what_an_older_reader_got_wrong_is_put_right_and_its_version_kept(kept: Kept, crawled: Kept) -> None:
    read_badly(kept, KEY)
    assert kept.finds("zebracorn") == [KEY]
    bytes_before = hashlib.sha256(kept.path.read_bytes()).digest()
    dry = kept.scrapy("reread", "tass", "--dry-run")
    assert hashlib.sha256(kept.path.read_bytes()).digest() == bytes_before
    assert [file.name for file in sorted(kept.folder.iterdir())] == ["a.db", "a.db.locks", "pages"]
    done = kept.scrapy("reread", "tass")
    right = crawled.article(KEY)
    assert (dry.returncode, done.returncode) == (0, 0)
    assert dry.stdout == done.stdout
    assert done.stdout.startswith(
        f"{KEY}  tass  relevance: related → core; title: 'A headline of a side column' → '{right['title']}'; "
        f"body: 13 → {right['word_count']} words; date: none → 2024-12-12T"
    )
    assert dry.stderr.startswith("1 would change: 1 title, 1 body, 1 date")
    assert done.stderr.startswith("1 changed: 1 title, 1 body, 1 date")
    own = {"revision_count", "changed_at"}
    now = kept.article(KEY)
    assert {name: now[name] for name in now if name not in own} == {n: right[n] for n in right if n not in own}
    assert kept.finds("zebracorn") == []
    texts = kept.query("SELECT number, cause, title FROM revision_texts WHERE key = ? ORDER BY number", KEY)
    assert texts == [
        (1, "first", right["title"]), (2, "reader", "A headline of a side column"), (3, "reader", right["title"])
    ]  # fmt: skip
    evidence = "SELECT field, value, rule, raw, chosen FROM evidence WHERE revision_id = ?"
    first, last = (
        kept.query(f"SELECT {end}(id) FROM revisions WHERE article_id = ?", now["id"])[0][0] for end in ("min", "max")
    )
    assert kept.query(evidence, last) == kept.query(evidence, first) != []
    assert kept.scrapy("reread", "tass").stderr.startswith("nothing changed")


def test_pages_that_could_not_be_read_give_the_archive_that_a_seeing_reader_had_made(
    crawled: Kept, tmp_path: Path
) -> None:
    (tmp_path / "blind.py").write_text(BLIND)
    kept = Kept(tmp_path)
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    blind = kept.scrapy("crawl", "tass", "-s", "SPIDER_MODULES=blind", "-s", f"REPLAY={WARC}", PYTHONPATH=path)
    assert blind.returncode == 3
    assert kept.query("SELECT count(*) FROM articles") == [(0,)]
    done = kept.scrapy("reread", "tass")
    assert done.returncode == 0
    for sql in (
        "SELECT url, state, reason, judged_on, matched_terms FROM addresses WHERE site = 'tass' ORDER BY url",
        "SELECT key, title, body, authors, published_at, published_rule, relevance, matched_terms FROM articles "
        "WHERE site = 'tass' ORDER BY key",
        "SELECT key, meeting_id, role, basis, phase FROM article_meetings JOIN articles ON id = article_id "
        "WHERE site = 'tass' ORDER BY key, meeting_id",
    ):
        assert kept.query(sql) == crawled.query(sql) != []
    entered = kept.query(
        "SELECT key, relevance, d.url FROM articles JOIN addresses AS d ON article_id = articles.id "
        "WHERE state = 'archived'"
    )
    assert {line for line in done.stdout.splitlines() if "entered" in line} == {
        f"{key}  tass  entered: unreadable → {relevance}: {url}" for key, relevance, url in entered
    }
    assert kept.query("SELECT new, off_topic FROM runs WHERE command = 'reread'") == [(len(entered), 4)]
    assert kept.scrapy("reread").stderr.startswith("nothing changed")


def test_a_date_that_a_later_page_gives_no_more_stays(kept: Kept) -> None:
    """The publisher changed the page, and took its date away; the date that the first page gave is still known."""
    row, at = kept.article(KEY), dt.datetime(2025, 1, 2, tzinfo=dt.UTC)
    paragraphs = "".join(f"<p>{line}</p>" for line in [*row["body"].split("\n"), "A line that came later."])
    html = f"<title>{row['title']}</title><article><h1>{row['title']}</h1>{paragraphs}</article>"
    served = Served("https://tass.com/x", 200, "", [("Content-Type", "text/html; charset=utf-8")], html.encode())
    ways = Ways(TassSpider.layouts, TassSpider.language, TassSpider.zone)
    files = PageFiles(kept.pages, "later")
    place = files.append("tass", served, at)
    files.close()
    with Archive.open(f"sqlite:///{kept.path}", kind="replay") as archive, archive.writing() as db:
        page_id = pages_row(db, served.url, at, 200, "replay", None, place)
        page = {"fetched_at": at, "warc_file": place.warc_file, "warc_offset": place.offset}
        article = read_kept(kept.pages, page, None, "", "tass", ways)
        assert isinstance(article, items.Article)
        assert article.published_on is None
        revised = revise(
            db, row["id"], article, cause="publisher", run_id=None, page_id=page_id, now=at,
            reader_version=row["reader_version"],
        )  # fmt: skip
    assert revised.revision
    assert kept.article(KEY)["published_at"] == row["published_at"]
    done = kept.scrapy("reread", "tass")
    assert (done.returncode, done.stdout) == (0, "")
    assert kept.article(KEY)["published_at"] == row["published_at"]


def test_other_words_let_articles_enter_leave_and_move_and_addresses_be_fetched(kept: Kept, project: Path) -> None:
    dry = kept.scrapy("reread", "--judge-only", "--dry-run", cwd=project)
    done = kept.scrapy("reread", "--judge-only", cwd=project)
    assert (dry.returncode, done.returncode) == (0, 0)
    flight = "http://www.astanatimes.com/2025/01/humanitarian-flight-carries-tents-and-medicine-to-aleppo/"
    writing = "https://english.aawsat.com/technology/5096020-arabic-handwriting-reader-wins-prize-jeddah"
    key = kept.query(
        "SELECT articles.key FROM articles JOIN addresses ON article_id = articles.id WHERE addresses.url = ?", flight
    )
    assert sorted(done.stdout.splitlines()) == sorted([
        f"{writing}  aawsat  to be fetched: off_topic → pending",
        f"{key[0][0]}  astanatimes  entered: off_topic → core: {flight}",
        f"8fa2ce41f4ec  syrianobserver  left: related → off  “{kept.article('8fa2ce41f4ec')['title']}”",
        "dcdb990f409b  tass  meeting: ministerial-2018-03-16 → ministerial-2018-03-17  "
        f"“{kept.article('dcdb990f409b')['title']}”",
    ])  # fmt: skip
    assert done.stderr.startswith("4 changed: 1 entered, 1 left, 1 meeting, 1 pending (73 articles, ")
    assert sorted(dry.stdout.splitlines()) == sorted(done.stdout.splitlines())
    assert kept.query("SELECT state, judged_on FROM addresses WHERE url = ?", writing) == [("pending", None)]
    moved = (
        "SELECT key, old, new, cause FROM changes JOIN articles ON articles.id = article_id WHERE field = 'relevance'"
    )
    assert sorted(kept.query(moved)) == sorted([
        ("8fa2ce41f4ec", "related", "off", "judge"), (key[0][0], "off", "core", "judge"),
    ])  # fmt: skip
    assert kept.article("8fa2ce41f4ec")["body"]
    assert kept.query("SELECT count(*) FROM facets WHERE article_id = ?", kept.article("8fa2ce41f4ec")["id"]) == [(0,)]
    assert kept.finds("haggling") == []
    with Archive.open(f"sqlite:///{kept.path}") as archive:
        assert [hit.key for hit in archive.search(Query("haggling", relevance="all"))] == ["8fa2ce41f4ec"]
    again = kept.scrapy("reread", cwd=project)
    assert (again.returncode, again.stdout, again.stderr[:15]) == (0, "", "nothing changed")


def test_a_run_says_by_a_hash_which_words_and_meetings_it_went_by(kept: Kept, project: Path) -> None:
    own = (project / "astana_crawl" / "reference", project / "data" / "reference")
    assert kept.scrapy("reread", "tass", "--judge-only", cwd=project).returncode == 0
    told = kept.query("SELECT DISTINCT command, reference_hash FROM runs ORDER BY command")
    assert told == [("reread", reference.digest(own)), ("update", reference.digest())]


@pytest.mark.parametrize(
    ("arguments", "file", "text", "complaint"),
    [
        (
            ("reread",), "terms", '[words]\nmine = ["ours"]\n\n[names]\n"mine" = ["{astanna} way"]\n',
            "line 5: names.mine: no group 'astanna' in [words] or [groups]",
        ),
        (
            ("update", "--replay", str(WARC)), "agencies", 'Mine = "OW"\n',
            "line 1: Mine: must be a list of names in quotes",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_ones_own_words_stops_a_run_before_it_begins(
    kept: Kept, project: Path, arguments: tuple[str, ...], file: str, text: str, complaint: str
) -> None:
    words, before = project / "data" / "reference" / f"{file}.toml", kept.contents()
    right = words.read_text("utf-8") if words.exists() else ""
    words.write_text(text, "utf-8")
    try:
        done = kept.scrapy(*arguments, cwd=project)
    finally:
        words.write_text(right, "utf-8")
    assert done.returncode == 1
    assert done.stderr == f"{words}, {complaint}\n"
    assert kept.contents() == before


def test_a_judging_goes_on_with_what_an_earlier_one_left_and_can_be_taken_back(kept: Kept, project: Path) -> None:
    """Under stricter words nothing is core any more; what one pass may not touch the next one does."""
    shown = "SELECT key, relevance, relevance_score, matched_terms, story_id FROM articles ORDER BY key"
    tied = ("SELECT * FROM article_meetings ORDER BY 1, 2", "SELECT * FROM facets ORDER BY 1, 2, 3")
    before = [kept.query(sql) for sql in (shown, *tied)]
    strict = kept.folder / "strict"
    shutil.copytree(project, strict)
    shutil.rmtree(strict / "data")
    (strict / "data" / "reference").mkdir(parents=True)
    (strict / "data" / "reference" / "terms.toml").write_text("[score]\ncore = 2.0\n", encoding="utf-8")
    with Archive.open(f"sqlite:///{kept.path}") as archive, archive.hold("tass"):
        first = kept.scrapy("reread", "--judge-only", cwd=strict)
    core = "SELECT DISTINCT site FROM articles WHERE relevance = 'core'"
    assert (first.returncode, kept.query(core)) == (4, [("tass",)])
    second = kept.scrapy("reread", "--judge-only", cwd=strict)
    assert (second.returncode, kept.query(core)) == (0, [])
    assert {line.split()[1] for line in second.stdout.splitlines()} == {"tass"}
    assert kept.scrapy("reread", "--judge-only", cwd=strict).stderr.startswith("nothing changed")
    back = kept.scrapy("reread", "--judge-only")
    assert back.returncode == 0
    assert [kept.query(sql) for sql in (shown, *tied)] == before
    moves = "SELECT old || ' ' || new, count(*) FROM changes WHERE field = 'relevance' AND cause = 'judge' GROUP BY 1"
    (there, many), (again, as_many) = sorted(kept.query(moves))
    assert (there, again, many) == ("core related", "related core", as_many)
    assert many == sum(row[1] == "core" for row in before[0])


def test_judging_alone_reads_only_the_pages_that_were_set_aside(kept: Kept, project: Path) -> None:
    shutil.rmtree(kept.pages)
    done = kept.scrapy("reread", "--judge-only", "syrianobserver", cwd=project)
    assert (done.returncode, str(kept.pages / "syrianobserver") in done.stderr) == (3, True)
    assert done.stdout.startswith("8fa2ce41f4ec  syrianobserver  left: related → off")
    aside = """
        SELECT count(*) FROM addresses AS d WHERE site = 'syrianobserver' AND state = 'off_topic'
        AND (SELECT page_id FROM visits WHERE address_id = d.id ORDER BY id DESC LIMIT 1) IS NOT NULL"""
    lost = "SELECT json_extract(counts, '$.pages_lost') FROM runs ORDER BY id DESC LIMIT 1"
    assert kept.query(lost) == kept.query(aside) != [(0,)]


@pytest.mark.parametrize("damage", ["torn", "missing"])
def test_a_page_that_is_lost_is_named_and_stops_nothing(kept: Kept, damage: str) -> None:
    read_badly(kept, KEY)
    lost = next((kept.pages / "aawsat").iterdir())
    if damage == "torn":
        os.truncate(lost, lost.stat().st_size // 2)
    else:
        lost.unlink()
    before = kept.query("SELECT * FROM articles WHERE site = 'aawsat'")
    done = kept.scrapy("reread")
    assert done.returncode == 3
    assert str(lost) in done.stderr
    assert "1 changed" in done.stderr
    assert kept.query("SELECT * FROM articles WHERE site = 'aawsat'") == before
    outcome = "SELECT outcome, json_extract(counts, '$.pages_lost') > 0 FROM runs WHERE command = 'reread'"
    assert kept.query(outcome) == [("degraded", 1)]


def test_a_row_that_the_program_cannot_handle_is_named_and_stops_nothing(kept: Kept, project: Path) -> None:
    with sqlite3.connect(kept.path) as db:
        db.execute("UPDATE articles SET body = '' WHERE key = ?", (KEY,))
    done = kept.scrapy("reread", "--judge-only", cwd=project)
    assert done.returncode == 1
    assert f"{KEY}: program error: ValueError: an article needs site, headline, text and relevance" in done.stderr
    assert "8fa2ce41f4ec  syrianobserver  left" in done.stdout


def test_a_site_that_a_run_holds_is_left_out(kept: Kept) -> None:
    read_badly(kept, KEY)
    with Archive.open(f"sqlite:///{kept.path}") as archive, archive.hold("tass"):
        done = kept.scrapy("reread", "tass", "astanatimes")
    assert done.returncode == 4
    assert f"tass is held by process {os.getpid()}" in done.stderr
    assert done.stdout == ""


def test_a_rereading_that_is_stopped_says_so_and_one_that_is_killed_is_closed_by_the_next(kept: Kept) -> None:
    for number, sent in enumerate((signal.SIGKILL, signal.SIGTERM), 1):
        command = [sys.executable, "-m", "scrapy", "reread"]
        running = subprocess.Popen(command, cwd=ROOT, env=os.environ | kept.env, stderr=subprocess.DEVNULL)
        while kept.query("SELECT count(*) FROM runs WHERE command = 'reread'") != [(number,)]:
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(sent)
        assert running.wait(30) == (5 if sent == signal.SIGTERM else -9)
    runs = "SELECT outcome, exit_status FROM runs WHERE command = 'reread' ORDER BY id"
    assert kept.query(runs) == [("interrupted", 5), ("interrupted", 5)]


def foreign(folder: Path) -> None:
    (folder / "a.db").write_bytes(b"not an archive at all" * 100)


def nothing(folder: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("make", "arguments", "status", "says"),
    [
        (nothing, [], 1, "there is no archive at"),
        (foreign, [], 6, "is no SQLite database"),
        (nothing, ["--jugde-only"], 2, "--jugde-only"),
    ],
)
def test_what_cannot_be_reread_is_said(
    tmp_path: Path, make: Callable[[Path], None], arguments: list[str], status: int, says: str
) -> None:
    make(tmp_path)
    done = Kept(tmp_path).scrapy("reread", *arguments)
    assert done.returncode == status
    assert says in done.stderr


def test_an_unknown_site_is_refused_with_the_nearest_name(crawled: Kept) -> None:
    done = crawled.scrapy("reread", "tas")
    assert (done.returncode, done.stderr) == (1, "there is no site tas; did you mean tass?\n")
