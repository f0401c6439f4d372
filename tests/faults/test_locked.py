"""Other programs may write to the archive: runs wait for them, those who ask never do, and nobody waits for ever."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from astana_crawl.archive import Archive
from tests.conftest import ROOT
from tests.faults.conftest import Whole
from tests.faults.killing import content, crawl, environment, half_rows, rows

pytestmark = pytest.mark.fault

WRITE = """
import sys
from sqlalchemy import text
from astana_crawl.archive import Archive
with Archive.open("sqlite:///" + sys.argv[1], kind="live") as archive:
    for number in range(50):
        with archive.writing() as db:
            db.execute(text("INSERT INTO sites (name, outlet, title, condition) VALUES (:name, 'o', 't', 'active')"),
                       {"name": f"{sys.argv[2]}-{number}"})
"""
TAKE = """
import sqlite3, sys
try:
    with sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None) as db:
        db.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""
IMPATIENT = """
from astana_crawl.archive import opening
opening.BUSY_SECONDS = 1
from scrapy.cmdline import execute
execute()
"""


@contextmanager
def held(archive: Path) -> Iterator[sqlite3.Connection]:
    """A database browser that has begun to write and whose owner went for lunch."""
    with closing(sqlite3.connect(archive, isolation_level=None)) as browser:
        browser.execute("BEGIN IMMEDIATE")
        yield browser
        browser.execute("ROLLBACK")


def test_asking_in_the_same_process_does_not_open_a_held_archive_to_others(tmp_path: Path) -> None:
    archive = tmp_path / "astana.db"
    Archive.open(f"sqlite:///{archive}", kind="live").close()
    with held(archive):
        for _ in range(2):
            with Archive.open(f"sqlite:///{archive}", must_exist=True) as asked, asked.reading() as db:
                assert db.execute(text("SELECT count(*) FROM sites")).scalar() == 0
            done = subprocess.run([sys.executable, "-c", TAKE, archive], capture_output=True, text=True)
            assert done.stdout == "database is locked\n"


def test_while_another_program_writes_for_ten_seconds_runs_wait_and_those_who_ask_do_not(
    notes: Whole, tmp_path: Path
) -> None:
    site, expected = notes
    archive = tmp_path / "astana.db"
    Archive.open(f"sqlite:///{archive}", kind="live").close()
    with held(archive):
        begun = time.monotonic()
        crawling = crawl(site, tmp_path)
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITE, str(archive), str(number)], cwd=ROOT, stderr=subprocess.PIPE)
            for number in range(3)
        ]
        with Archive.open(f"sqlite:///{archive}", must_exist=True) as asked, asked.reading() as db:
            assert db.execute(text("SELECT count(*) FROM sites")).scalar() == 0
        assert time.monotonic() - begun < 2
        command = [sys.executable, "-m", "scrapy", "sites", "--json"]
        subprocess.run(command, cwd=ROOT, env=environment(site, tmp_path), check=True, stdout=subprocess.PIPE)
        time.sleep(max(0, begun + 10 - time.monotonic()))
        assert {process.poll() for process in (crawling, *writers)} == {None}
    assert [(writer.communicate(timeout=60)[1], writer.returncode) for writer in writers] == [(b"", 0)] * 3
    assert (crawling.communicate(timeout=60)[1], crawling.returncode) == ("", 0)
    assert rows(tmp_path, "SELECT count(*) FROM sites") == [(151,)]
    assert content(tmp_path)["articles"] == expected["articles"]


def test_of_two_runs_of_a_site_at_once_one_ends_at_once_and_touches_nothing(notes: Whole, tmp_path: Path) -> None:
    site, expected = notes
    both = [crawl(site, tmp_path) for _ in range(2)]
    ended = sorted((process.wait(60), process.communicate()[1]) for process in both)
    assert [status for status, _ in ended] == [0, 4]
    assert ended[0][1] == ""
    assert ended[1][1].startswith("notes is held by process ")
    assert content(tmp_path) == expected
    assert {len(times) for times in site.times.values()} == {1}
    assert rows(tmp_path, "SELECT outcome FROM runs") == [("done",)]


@pytest.mark.parametrize("when", ["before", "while"])
def test_an_archive_that_stays_held_is_6_says_by_whom_and_nothing_is_lost(
    notes: Whole, tmp_path: Path, when: str
) -> None:
    site, expected = notes
    archive = tmp_path / "astana.db"
    Archive.open(f"sqlite:///{archive}", kind="live").close()
    command = [sys.executable, "-c", IMPATIENT, "crawl", "notes"]

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(command, cwd=ROOT, env=environment(site, tmp_path), stderr=subprocess.PIPE, text=True)

    if when == "before":
        with held(archive):
            said = (stopped := start()).communicate(timeout=30)[1]
    else:
        stopped = start()
        while site.pages_asked() < 10:
            time.sleep(0.005)
        with held(archive):
            said = stopped.communicate(timeout=30)[1]
    assert stopped.returncode == 6
    who = f"another program (a database browser?) holds a write transaction on {archive}; close it and run again"
    assert [
        line.removeprefix("notes: the archive cannot be written: ") for line in said.splitlines() if who in line
    ] == [who]
    assert "Traceback" not in said
    assert half_rows(tmp_path) == []
    last = crawl(site, tmp_path)
    assert (last.communicate(timeout=60)[1], last.returncode) == ("", 0)
    assert content(tmp_path) == expected
