"""Every end of a run has its exit status, and a message that says what to do."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from astana_crawl.archive import Archive
from tests.conftest import ROOT, Web, scrapy
from tests.loopback import Hook
from tests.web import expected


def ending(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    return done.returncode, (done.stderr.strip() or done.stdout.strip()).splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["crawl", "aawsatt"], 1, "aawsatt: there is no site aawsatt; did you mean aawsat?"),
        (["crawl", "tass", "-a", "limt=3"], 1, "tass: there is no site argument limt; did you mean limit?"),
        (["crawl", "tass", "-a", "limit=few"], 1, "tass: limit=few is not a number of pages; write it as limit=20"),
        (["crawl", "tass", "-a", "since=may"], 1, "tass: since=may is not a day; write it as since=2024-01-25"),
        (
            ["crawl", "tass", "-a", "since=2024-02-01", "-a", "until=2024-01-01"],
            1,
            "tass: since=2024-02-01 is later than until=2024-01-01; give the earlier day as since",
        ),
        (["crawl", "anysite"], 1, "anysite: url= is no web address; give one with -a url=https://site.example"),
        (["crawl", "anysite", "-a", "url=http://a.example:x"], 1, "anysite: url=http://a.example:x is no web address"),
        (["crawl", "anysite", "-a", "url=http://a@b.example"], 1, "anysite: url=http://a@b.example is no web address"),
        (["update", "tas"], 1, "there is no site tas; did you mean tass?"),
        (["try", "tas", "https://tass.com/"], 1, "there is no site tas; did you mean tass?"),
        (["crawl"], 2, "error: give one SITE to crawl; see them with: scrapy list"),
        (["crawl", "tass", "--limit", "3"], 2, "there is no option --limit; see the options with -h"),
        (
            ["crawl", "tass", "-s", "DOWNLOAD_DELY=0"],
            2,
            "there is no setting DOWNLOAD_DELY; did you mean DOWNLOAD_DELAY?",
        ),
        (
            ["update", "--replay", "data/none.warc.gz"],
            2,
            "REPLAY names data/none.warc.gz, which is neither a WARC file nor",
        ),
    ],
)
def test_a_mistake_on_the_command_line_is_named_with_its_remedy(arguments: list[str], status: int, says: str) -> None:
    returned, last = ending(scrapy(*arguments, env={"ASTANA_ARCHIVE_URL": "sqlite:////nowhere/astana.db"}))
    assert returned == status
    assert says in last


def test_a_mistake_in_the_environment_is_named_with_its_remedy() -> None:
    returned, last = ending(scrapy("crawl", "tass", env={"ASTANA_CONTAKT": "me"}))
    assert returned == 2
    assert "environment variable ASTANA_CONTAKT: there is no setting CONTAKT; did you mean CONTACT?" in last


def test_a_source_that_fails_is_3_and_the_rest_is_kept(web: Web) -> None:
    web.server.hooks["https://astanatimes.com/feed/"] = Hook(status=500)
    done = web.scrapy("crawl", "astanatimes")
    assert done.returncode == 3
    assert "feed https://astanatimes.com/feed/: status 500" in done.stderr
    with sqlite3.connect(web.archive) as db:
        assert db.execute("SELECT outcome, exit_status FROM runs").fetchall() == [("degraded", 3)]
        assert db.execute("SELECT count(*) > 5 FROM articles").fetchone() == (1,)
        look = db.execute(
            "SELECT complete, looks.reason FROM looks JOIN sources ON sources.id = source_id WHERE kind = 'feed'"
        )
        assert look.fetchall() == [(0, "status 500 at https://astanatimes.com/feed/")]


def test_robots_txt_that_cannot_be_read_means_no(web: Web) -> None:
    web.server.hooks["https://tass.com/robots.txt"] = Hook(status=503)
    done = web.scrapy("crawl", "tass")
    assert done.returncode == 3
    assert "robots.txt of tass.com could not be read: status 503" in done.stderr
    assert set(web.server.asked()) == {"https://tass.com/robots.txt"}


def test_pages_that_nobody_can_read_any_more_are_3(web: Web) -> None:
    for address in list(web.server.answers):
        if "/world/" in address or "/politics/" in address:
            web.server.hooks[address] = Hook(status=403)
    done = web.scrapy("crawl", "tass")
    assert done.returncode == 3
    assert "pages unreadable or blocked" in done.stderr


def test_an_answer_that_fails_for_now_is_asked_again_later(web: Web) -> None:
    url = next(one.url for one in expected() if one.site == "tass")
    web.server.hooks[url] = Hook(status=502)
    assert web.scrapy("crawl", "tass", "-a", "since=2016-01-01").returncode == 0
    with sqlite3.connect(web.archive) as db:
        row = "SELECT state, reason, attempts, next_attempt_at > fetched_at FROM addresses WHERE url = ?"
        assert db.execute(row, (url,)).fetchall() == [("pending", "status 502", 1, 1)]


@pytest.mark.parametrize("where", ["callback", "start", "pipeline"])
def test_an_error_of_the_program_is_1_and_loses_no_address(web: Web, where: str) -> None:
    done = web.scrapy("crawl", f"broken_{where}", "-s", "SPIDER_MODULES=tests.broken")
    assert done.returncode == 1
    assert f"broken on purpose in {where}" in done.stderr
    with sqlite3.connect(web.archive) as db:
        assert db.execute("SELECT outcome FROM runs").fetchall() == [("error",)]
        assert db.execute("SELECT DISTINCT state FROM addresses WHERE attempts > 0").fetchall() in ([("pending",)], [])
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (0,)


def test_a_second_run_of_a_site_is_4_and_touches_nothing(web: Web) -> None:
    with Archive.open(f"sqlite:///{web.archive}", kind="live") as archive, archive.hold("tass"):
        done = web.scrapy("crawl", "tass")
    assert done.returncode == 4
    assert f"tass is held by process {os.getpid()}" in done.stderr
    assert web.server.asked() == []


@pytest.mark.parametrize("signals", [1, 2])
def test_an_interrupted_run_is_5_and_the_next_one_completes_it(web: Web, signals: int) -> None:
    for address in list(web.server.answers):
        web.server.hooks[address] = Hook(delay=0.3)
    command = [sys.executable, "-m", "scrapy", "crawl", "tass", "-a", "since=2016-01-01"]
    running = subprocess.Popen(command, cwd=ROOT, env=os.environ | web.environment(), stderr=subprocess.PIPE)
    while len(web.server.asked("/politics/")) < 2:
        time.sleep(0.05)
    for _ in range(signals):
        running.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    assert running.wait(30) == 5
    web.server.hooks.clear()
    with sqlite3.connect(web.archive) as db:
        assert db.execute("SELECT outcome, exit_status, finished_at NOTNULL FROM runs").fetchall() == [
            ("interrupted", 5, 1)
        ]
        cut_short = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    assert web.scrapy("crawl", "tass", "-a", "since=2016-01-01").returncode == 0
    with sqlite3.connect(web.archive) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone()[0] > cut_short
        assert db.execute("SELECT count(*) FROM addresses WHERE state = 'pending'").fetchone() == (0,)


@pytest.mark.parametrize("what", ["folder", "foreign"])
def test_an_archive_that_cannot_be_written_is_6_and_stays_as_it_is(tmp_path: Path, what: str) -> None:
    path = tmp_path / "astana.db"
    if what == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"not an archive at all" * 100)
    returned, last = ending(scrapy("crawl", "tass", env={"ASTANA_ARCHIVE_URL": f"sqlite:///{path}"}))
    assert returned == 6
    assert str(path) in last
    assert path.is_dir() or path.read_bytes() == b"not an archive at all" * 100


def test_a_replayed_archive_takes_no_live_run_and_the_reverse(tmp_path: Path) -> None:
    env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{tmp_path}/a.db", "ASTANA_PAGES_DIR": str(tmp_path)}
    assert scrapy("update", "tass", "--replay", "data/sample.warc.gz", env=env).returncode == 0
    returned, last = ending(scrapy("crawl", "tass", env=env))
    assert returned == 6
    assert "is an archive of replayed pages and takes none from the live web" in last
