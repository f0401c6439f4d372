"""A run may be killed at any moment, as often as one likes: the archive is whole, and the next run goes on from there."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from astana_crawl.archive import Archive
from tests.conftest import ROOT
from tests.faults.conftest import Whole
from tests.faults.killing import Killed, content, kill_until_done, rows


@pytest.mark.fault
def test_killed_again_and_again_a_crawl_loses_nothing_and_fetches_nearly_nothing_twice(
    notes: Whole, tmp_path: Path
) -> None:
    (site, expected), seen = notes, Killed()
    kill_until_done(site, tmp_path, random.Random(3), 6, seen)
    assert seen.kills >= 5
    assert (seen.torn, seen.early) == ([], [])
    assert max(seen.again) <= 8  # in flight: twice the concurrency of four
    found = content(tmp_path)
    assert {name: len(kept) for name, kept in found.items()} == {name: len(kept) for name, kept in expected.items()}
    assert found == expected
    outcomes = rows(tmp_path, "SELECT outcome, count(*) FROM runs GROUP BY outcome ORDER BY outcome")
    assert outcomes[0] == ("done", 1)
    assert {outcome for outcome, _ in outcomes} == {"done", "interrupted"}


WRITE = """
import sys
from sqlalchemy import text
from astana_crawl.archive import Archive
with Archive.open("sqlite:///" + sys.argv[1], kind="live") as archive:
    number = int(sys.argv[2])
    while True:
        number += 1
        with archive.writing() as db:
            db.execute(text("INSERT INTO sites (name, outlet, title, condition) VALUES (:n, 'o', :t, 'active')"),
                       {"n": str(number), "t": "x" * 5000})
        print(number, flush=True)
"""


@pytest.mark.fault
def test_what_was_answered_for_is_there_after_a_kill(tmp_path: Path) -> None:
    chance, last = random.Random(4), 0
    for _ in range(4):
        command = [sys.executable, "-c", WRITE, str(tmp_path / "astana.db"), str(last)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            told = [writer.stdout.readline() for _ in range(chance.randrange(1, 200))]
            writer.kill()
            told += writer.stdout.readlines()
        numbers = [int(line) for line in told if line.endswith("\n")]
        kept = [int(name) for (name,) in rows(tmp_path, "SELECT name FROM sites")]
        assert set(numbers) <= set(kept)
        assert len(kept) == max(kept) <= numbers[-1] + 1
        assert rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]
        last = max(kept)


def test_an_archive_that_a_kill_left_half_way_into_its_file_is_whole_with_what_lies_beside_it(tmp_path: Path) -> None:
    """SQLite brings the WAL into the file page by page; the first page then names more pages than there are."""
    path, killed = tmp_path / "astana.db", tmp_path / "killed.db"
    Archive.open(f"sqlite:///{path}", kind="live").close()
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_autocheckpoint = 0")
        row = "INSERT INTO sites (name, outlet, title, condition) VALUES (?, 'o', ?, 'active')"
        db.executemany(row, [(str(number), "x" * 3000) for number in range(200)])
        db.commit()
        (tmp_path / "killed.db-wal").write_bytes((tmp_path / "astana.db-wal").read_bytes())
        db.execute("PRAGMA wal_checkpoint(FULL)")
    killed.write_bytes(path.read_bytes()[:4096] + before[4096:])
    with Archive.open(f"sqlite:///{killed}", kind="live") as archive, archive.reading() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM sites").scalar() == 200
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
