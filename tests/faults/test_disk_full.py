"""A disk that fills up stops a run with status 6 and one clear line; with room again the next run has everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from astana_crawl.archive import Archive, ArchiveError
from astana_crawl.archive.backup import backup
from tests.conftest import ROOT, scrapy
from tests.faults.conftest import Whole
from tests.faults.killing import content, crawl, half_rows

pytestmark = pytest.mark.fault


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB with little room: the file `ballast` takes the rest."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8M", "none", folder]).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, room: int) -> None:
    free = os.statvfs(disk)
    (disk / "ballast").write_bytes(b"\0" * (free.f_bavail * free.f_bsize - room))


def lines(said: str) -> list[str]:
    """What is said below the closing table, without the addresses that failed."""
    return [line for line in said.splitlines() if line.startswith("notes: ")]


@pytest.mark.parametrize("full", ["archive", "pages"])
def test_a_full_disk_stops_the_run_and_nothing_is_lost(notes: Whole, disk: Path, tmp_path: Path, full: str) -> None:
    (site, expected), folder = notes, tmp_path / "crawl"
    if full == "archive":
        folder.symlink_to(disk)
    else:
        folder.mkdir()
        (folder / "pages").symlink_to(disk)
    Archive.open(f"sqlite:///{folder / 'astana.db'}", kind="live").close()
    fill(disk, 400_000 if full == "archive" else 30_000)
    stopped = crawl(site, folder)
    said = stopped.communicate(timeout=60)[1]
    assert stopped.returncode == 6
    assert half_rows(folder) == []
    met = {
        f"the disk of {folder}/astana.db is full": full == "archive",
        f"{folder}/pages cannot be written: No space left on device": True,  # the archive's disk holds pages as well
    }
    told = [f"notes: the archive cannot be written: {what}; free some space and run again" for what in met if met[what]]
    assert lines(said) in [[line] for line in told]
    assert "Traceback" not in said
    assert said.count("\n") < 10
    (disk / "ballast").unlink()
    last = crawl(site, folder)
    assert (last.wait(60), last.communicate()[1]) == (0, "")
    assert half_rows(folder) == []
    assert content(folder) == expected


def test_a_disk_too_full_for_an_export_keeps_the_old_file(disk: Path, tmp_path: Path) -> None:
    archive, target = many_articles(tmp_path), disk / "articles.csv"
    target.write_text("old")
    fill(disk, 50_000)
    done = scrapy("export", str(target), "--relevance", "all", env={"ASTANA_ARCHIVE_URL": f"sqlite:///{archive}"})
    assert (done.returncode, done.stderr) == (1, f"{target} cannot be written: No space left on device\n")
    assert sorted(file.name for file in disk.iterdir()) == ["articles.csv", "ballast"]
    assert target.read_text() == "old"


def test_an_export_that_is_killed_leaves_the_old_file(tmp_path: Path) -> None:
    archive, target = many_articles(tmp_path), tmp_path / "out" / "articles.csv"
    target.parent.mkdir()
    target.write_text("old")
    command = [sys.executable, "-m", "scrapy", "export", str(target), "-s", f"ARCHIVE_URL=sqlite:///{archive}"]
    going = subprocess.Popen(command, cwd=ROOT)
    while not any(part.stat().st_size for part in target.parent.glob(".articles.csv.*.part")):
        time.sleep(0.001)
    going.kill()
    assert going.wait() == -signal.SIGKILL
    assert target.read_text() == "old"


def many_articles(folder: Path) -> Path:
    path = folder / "astana.db"
    with Archive.open(f"sqlite:///{path}", kind="live") as archive, archive.writing() as db:
        db.exec_driver_sql("INSERT INTO sites (name, outlet, title, condition) VALUES ('s', 'o', 't', 'active')")
        db.exec_driver_sql("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO articles (key, url, url_hash, site, title, body, relevance, word_count, content_hash,
                                  reader_version, revision_count, first_seen_at, last_seen_at)
            SELECT printf('%012x', i), 'https://s.example/' || i, printf('%064x', i), 's', 'n', 'n', 'core', 1, '',
                   '', 1, '2024-01-26T08:00:00Z', '2024-01-26T08:00:00Z' FROM n""")
    return path


def test_a_disk_too_full_for_a_backup_keeps_none(disk: Path, tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'astana.db'}", kind="live") as archive:
        fill(disk, 50_000)
        with pytest.raises(ArchiveError, match=r"copy\.db cannot be written: database or disk is full"):
            backup(archive, disk / "copy.db")
        assert [file.name for file in disk.iterdir()] == ["ballast"]
