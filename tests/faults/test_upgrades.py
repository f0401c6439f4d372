"""An upgrade is all or nothing, whenever its process is killed, and a copy of what was there lies beside it."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from astana_crawl.archive import Archive, ArchiveError, opening, schema, upgrades

OLD, NEW = schema.VERSION, schema.VERSION + 1
FIRST_VERSION = Path(__file__).parent.parent / "archives" / "schema-1.db.gz"
"""An archive as the first version of the program left it, with three articles: the second a copy of the first."""


def weather(execute: upgrades.Execute) -> None:
    """A made-up step as real ones will be: a table made anew with a column more, an index, rows changed."""
    (made,) = execute("SELECT sql FROM sqlite_master WHERE name = 'sites'").fetchone()
    execute(made.replace("CREATE TABLE sites (", "CREATE TABLE sites_new (weather TEXT NOT NULL DEFAULT 'fair', "))
    columns = ", ".join(row[1] for row in execute("PRAGMA table_info(sites)"))
    execute(f"INSERT INTO sites_new ({columns}) SELECT {columns} FROM sites")
    for view in schema.VIEWS:
        execute(f"DROP VIEW {view}")
    execute("DROP TABLE sites")
    execute("ALTER TABLE sites_new RENAME TO sites")
    execute("CREATE INDEX sites_weather ON sites (weather)")
    execute("UPDATE sites SET weather = 'rain' WHERE name = 's3'")


STEPS = {OLD: weather}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "astana.db"
    with Archive.open(f"sqlite:///{made}", kind="live") as archive, archive.writing() as db:
        for number in range(5):
            columns = "(name, outlet, title, condition) VALUES (?, 'o', 't', 'active')"
            db.exec_driver_sql(f"INSERT INTO sites {columns}", (f"s{number}",))
        db.exec_driver_sql("INSERT INTO runs (site, command, started_at, version) VALUES ('s1', 'c', '2024', '1')")
    return made


def dump(path: Path) -> tuple[int, list[str]]:
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        return db.execute("PRAGMA user_version").fetchone()[0], list(db.iterdump())


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("astana.schema-*.db"))


def upgrade_killed_at(statement: int, path: Path) -> None:
    """Upgrade, and die before the given statement of it."""
    plain, left = opening.writer, [statement]

    def dying(_statement: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(path: Path) -> sqlite3.Connection:
        db = plain(path)
        db.set_trace_callback(dying)
        return db

    opening.writer = traced
    upgrades.upgrade(path, STEPS, NEW)


PROCESSES = multiprocessing.get_context("forkserver")  # no connection of SQLite may be carried across a fork
PROCESSES.set_forkserver_preload([__name__])


def test_an_upgrade_keeps_every_row_and_a_copy_of_what_was_there(path: Path) -> None:
    before = dump(path)
    copied = upgrades.upgrade(path, STEPS, NEW)
    assert copies(path) == [copied]
    assert dump(copied) == before
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (NEW,)
        assert db.execute("SELECT name, weather FROM sites").fetchall() == [
            ("s0", "fair"), ("s1", "fair"), ("s2", "fair"), ("s3", "rain"), ("s4", "fair"),
        ]  # fmt: skip
        assert db.execute("SELECT site, last_run_at FROM site_health WHERE site = 's1'").fetchall() == [("s1", "2024")]
    assert upgrades.upgrade(path, STEPS, NEW) is None
    assert copies(path) == [copied]


@pytest.mark.fault
def test_killed_at_any_statement_the_file_is_of_the_old_version_or_of_the_new_one(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    old = dump(path)
    upgrades.upgrade(path, STEPS, NEW)
    new = dump(path)
    seen = []
    for statement in range(200):
        path = tmp_path / str(statement) / "astana.db"
        path.parent.mkdir()
        path.write_bytes(whole)
        process = PROCESSES.Process(target=upgrade_killed_at, args=(statement, path))
        process.start()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        assert dump(path) in (old, new), statement
        assert all(dump(copy) == old for copy in copies(path))
        seen.append(dump(path)[0])
        assert seen[-1] == OLD or copies(path)
        upgrades.upgrade(path, STEPS, NEW)
        assert dump(path) == new, statement
        if not process.exitcode:
            break
    assert len(seen) > 20
    assert (seen[0], seen[-1], sorted(seen)) == (OLD, NEW, seen)


def shape(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns of every table, in order: name, type, NOT NULL, default, place in the key."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: [row[1:] for row in db.execute(f'PRAGMA table_info("{name}")')] for name in tables}


def test_an_archive_of_the_first_version_becomes_what_a_new_one_is(path: Path) -> None:
    new = shape(path)
    path.write_bytes(gzip.decompress(FIRST_VERSION.read_bytes()))
    assert shape(path) != new
    upgrades.upgrade(path)
    assert shape(path) == new
    assert dump(path)[0] == schema.VERSION


def _fails_half_way(execute: upgrades.Execute) -> None:
    execute("CREATE TABLE half (id INTEGER)")
    execute("INSERT INTO nowhere VALUES (1)")


def _leaves_rows_without_their_site(execute: upgrades.Execute) -> None:
    execute("DELETE FROM sites")


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (_fails_half_way, "cannot be upgraded: no such table: nowhere; it was left as it is"),
        (_leaves_rows_without_their_site, "cannot be upgraded: a row of runs without its sites; it was left as it is"),
    ],
)
def test_a_step_that_fails_leaves_the_archive_as_it_was(path: Path, step: upgrades.Step, complaint: str) -> None:
    before = dump(path)
    with pytest.raises(ArchiveError, match=complaint):
        upgrades.upgrade(path, {OLD: step}, NEW)
    assert dump(path) == before


def test_without_a_step_from_its_version_an_archive_is_refused(path: Path) -> None:
    before = dump(path)
    with pytest.raises(ArchiveError, match=f"has schema {OLD}, and there is no step from {NEW}; it was left as it is"):
        upgrades.upgrade(path, STEPS, NEW + 1)
    assert (dump(path), copies(path)) == (before, [])


def test_without_a_copy_there_is_no_upgrade(path: Path) -> None:
    before = dump(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE runs SET outcome = 'unheard of'")  # what no backup is made of
        db.commit()
    with pytest.raises(ArchiveError, match=r"is damaged \(CHECK constraint failed in runs\): no backup was made"):
        upgrades.upgrade(path, STEPS, NEW)
    assert copies(path) == []
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE runs SET outcome = NULL")
        db.commit()
    assert dump(path) == before


def test_an_older_archive_is_upgraded_by_a_run_and_not_by_asking(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {OLD - 1}")
    before = path.read_bytes()
    with pytest.raises(
        ArchiveError, match=f"is of an older version \\(schema {OLD - 1}, now {OLD}\\); the next scrapy crawl"
    ):
        Archive.open(f"sqlite:///{path}", must_exist=True)
    assert path.read_bytes() == before
    monkeypatch.setattr(upgrades.upgrade, "__defaults__", ({OLD - 1: lambda execute: None}, OLD))
    Archive.open(f"sqlite:///{path}", kind="live").close()
    assert dump(path)[0] == OLD
    assert [dump(copy)[0] for copy in copies(path)] == [OLD - 1]


@pytest.mark.fault
def test_processes_that_upgrade_at_once_do_it_once(path: Path) -> None:
    processes = [PROCESSES.Process(target=upgrades.upgrade, args=(path, STEPS, NEW)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert dump(path)[0] == NEW
    assert len(copies(path)) == 1
