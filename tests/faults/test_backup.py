"""A backup is whole and checked, made while others write, or there is none."""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from astana_crawl.archive import Archive, ArchiveError, ledger
from astana_crawl.archive.backup import Backed, backup
from tests.conftest import ROOT, scrapy

NOW = dt.datetime(2024, 1, 25, 12, 30, tzinfo=dt.UTC)

WRITE = """
import sys
from sqlalchemy import text
from astana_crawl.archive import Archive
with Archive.open("sqlite:///" + sys.argv[1], kind="live") as archive:
    number = 0
    while True:
        with archive.writing() as db:
            for _ in range(2):
                number += 1
                db.execute(text("INSERT INTO sites (name, outlet, title, condition) VALUES (:n, 'o', :t, 'active')"),
                           {"n": f"site-{number:06}", "t": "x" * 2000})
        print(number, flush=True)
"""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path}/astana.db", kind="live") as archive:
        with archive.writing() as db:
            ledger.start_run(db, site=None, command="crawl", version="1", reference_hash=None, now=NOW)
        yield archive


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.startswith("astana.db"))


def backups_during_writes(path: Path, into: Path, times: int) -> list[tuple[str, int, int]]:
    """Of each backup: what integrity_check says, pairs of rows torn apart, rows lost of those acknowledged before."""
    told = into / "acknowledged"
    with told.open("w") as stdout:
        writer = subprocess.Popen([sys.executable, "-c", WRITE, str(path)], cwd=ROOT, stdout=stdout)
    found = []
    while len(found) < times:
        if not (lines := told.read_text().split("\n")[:-1]):
            continue
        with Archive.open(f"sqlite:///{path}", must_exist=True) as archive:
            made = backup(archive, into / f"{len(found)}.db").path
        with closing(sqlite3.connect(made)) as db:
            (rows,) = db.execute("SELECT count(*) FROM sites").fetchone()
            (said,) = db.execute("PRAGMA integrity_check").fetchone()
        found.append((said, rows % 2, max(0, int(lines[-1]) - rows)))
    writer.kill()
    writer.wait()
    return found


@pytest.mark.fault
def test_every_backup_made_while_others_write_is_whole(archive: Archive, tmp_path: Path) -> None:
    assert backups_during_writes(archive.path, tmp_path, 5) == [("ok", 0, 0)] * 5


def test_a_backup_says_what_is_in_it_and_where_the_pages_lie(archive: Archive, tmp_path: Path) -> None:
    made = backup(archive, tmp_path / "copy.db")
    size = (tmp_path / "copy.db").stat().st_size
    assert made == Backed(tmp_path / "copy.db", size, 0, tmp_path / "pages")
    assert names(tmp_path) == ["copy.db"]


def test_a_backup_is_an_archive_again(archive: Archive, tmp_path: Path) -> None:
    backup(archive, tmp_path / "copy.db")
    archive.close()
    with Archive.open(f"sqlite:///{tmp_path}/copy.db", kind="live") as copy:
        assert copy.kind == "live"
        with closing(sqlite3.connect(archive.path)) as old, closing(sqlite3.connect(copy.path)) as new:
            assert list(new.iterdump()) == list(old.iterdump())


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("astana.db", "astana.db is there already and was left as it is; name another file, as astana-20"),
        ("notes.txt", "notes.txt is there already and was left as it is"),
        ("", "is a folder; name a file in it, as "),
        ("nowhere/a.db", "nowhere is no folder; make it, or name a file in another one"),
    ],
)
def test_a_backup_takes_the_place_of_no_file(archive: Archive, tmp_path: Path, name: str, complaint: str) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    before = archive.path.read_bytes()
    with pytest.raises(ArchiveError) as refused:
        backup(archive, tmp_path / name)
    assert complaint in str(refused.value)
    assert (archive.path.read_bytes(), names(tmp_path)) == (before, ["notes.txt"])
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_of_a_damaged_archive_there_is_no_backup(archive: Archive, tmp_path: Path) -> None:
    with archive.writing() as db:
        db.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        db.exec_driver_sql("UPDATE runs SET outcome = 'unheard of'")
    with pytest.raises(ArchiveError, match=r"astana\.db is damaged \(CHECK constraint failed in runs\): no backup"):
        backup(archive, tmp_path / "copy.db")
    assert names(tmp_path) == []


@pytest.mark.fault
def test_a_backup_that_is_killed_leaves_no_file_under_its_name_and_the_next_one_succeeds(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/astana.db", kind="live") as archive:
        with archive.writing() as db:
            for number in range(300):
                columns = "(name, outlet, title, condition) VALUES (?, 'o', ?, 'active')"
                db.exec_driver_sql(f"INSERT INTO sites {columns}", (f"s{number}", "x" * 50_000))
        program = "from scrapy.cmdline import execute; execute()"
        command = [sys.executable, "-c", program, "backup", str(tmp_path / "copy.db")]
        url = f"ARCHIVE_URL=sqlite:///{archive.path}"
        going = subprocess.Popen([*command, "-s", url], cwd=ROOT)
        while not list(tmp_path.glob(".copy.db.partial")):
            time.sleep(0.001)
        going.kill()
        going.wait()
        assert not (tmp_path / "copy.db").exists()
        assert backup(archive, tmp_path / "copy.db").size > 300 * 50_000
        assert not list(tmp_path.glob(".copy*"))


def test_the_command_tells_what_it_made_and_what_else_to_copy(archive: Archive, tmp_path: Path) -> None:
    env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{archive.path}", "ASTANA_PAGES_DIR": str(tmp_path / "raw")}
    done = scrapy("backup", str(tmp_path / "copy.db"), env=env)
    size = f"{(tmp_path / 'copy.db').stat().st_size / 2**20:,.1f}"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"{tmp_path}/copy.db: 0 articles, {size} MiB, checked\n"
        f"The pages as they were served are not in it: copy the folder {tmp_path}/raw as well\n"
    )
    again = scrapy("backup", str(tmp_path / "copy.db"), env=env)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith(f"{tmp_path}/copy.db is there already and was left as it is; name another file")


if __name__ == "__main__":  # python -m tests.faults.test_backup 20
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        Archive.open(f"sqlite:///{folder}/astana.db", kind="live").close()
        made = backups_during_writes(Path(folder) / "astana.db", Path(folder), int(sys.argv[1]))
        for (said, torn, lost), same in itertools.groupby(sorted(made)):
            print(f"{len(list(same))} backups: {said}, torn pairs {torn}, acknowledged rows lost {lost}")
