"""A disk that fills up stops a run with status 6 and one clear line; with room again the next run has everything."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from astana_crawl.archive import Archive, ArchiveError
from astana_crawl.archive.backup import backup
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
    what = (
        f"the disk of {folder}/astana.db is full"
        if full == "archive"
        else f"{folder}/pages cannot be written: No space left on device"
    )
    assert lines(said) == [f"notes: the archive cannot be written: {what}; free some space and run again"]
    assert "Traceback" not in said
    assert said.count("\n") < 10
    (disk / "ballast").unlink()
    last = crawl(site, folder)
    assert (last.wait(60), last.communicate()[1]) == (0, "")
    assert half_rows(folder) == []
    assert content(folder) == expected


def test_a_disk_too_full_for_a_backup_keeps_none(disk: Path, tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'astana.db'}", kind="live") as archive:
        fill(disk, 50_000)
        with pytest.raises(ArchiveError, match=r"copy\.db cannot be written: database or disk is full"):
            backup(archive, disk / "copy.db")
        assert [file.name for file in disk.iterdir()] == ["ballast"]
