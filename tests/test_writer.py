"""The one writer: what belongs together is committed together, and a row that cannot be stored holds up nobody."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from astana_crawl.archive import Archive
from astana_crawl.archive.pages import PageFiles, Served, read_page
from astana_crawl.run.writer import Page, Writer

NOW = dt.datetime(2024, 1, 25, tzinfo=dt.UTC)
SITE = text("INSERT INTO sites (name, outlet, title, condition) VALUES (:name, 'o', 't', 'active')")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path}/a.db", kind="live", pages_dir=tmp_path / "pages") as archive:
        yield archive


@pytest.fixture
def writer(archive: Archive) -> Iterator[Writer]:
    made = Writer(archive, PageFiles(archive.pages_dir, "w"))
    yield made
    made.close()


def sites(archive: Archive) -> list[str]:
    with archive.reading() as db:
        return [name for (name,) in db.execute(text("SELECT name FROM sites ORDER BY name"))]


def add(name: str):
    return lambda db, _place: db.execute(SITE, {"name": name}).rowcount


def queued_behind_one_another(writer: Writer, *works):
    """All works in one group: the first is held until the others stand behind it in the queue."""

    async def together():
        held = threading.Event()
        first = asyncio.ensure_future(writer.do(lambda _db, _place: held.wait(10)))
        await asyncio.sleep(0.05)
        others = [asyncio.ensure_future(writer.do(work)) for work in works]
        await asyncio.sleep(0.05)
        held.set()
        await first
        return await asyncio.gather(*others, return_exceptions=True)

    return asyncio.run(together())


def test_an_answer_comes_only_when_the_row_is_there(archive: Archive, writer: Writer) -> None:
    assert asyncio.run(writer.do(add("a"))) == 1
    assert sites(archive) == ["a"]


def test_only_the_culprit_of_a_group_fails(archive: Archive, writer: Writer) -> None:
    ended = queued_behind_one_another(writer, add("a"), add("b"), add("a"), add("c"))
    assert [ended[0], ended[1], ended[3]] == [1, 1, 1]
    assert isinstance(ended[2], IntegrityError)
    assert sites(archive) == ["a", "b", "c"]


def test_work_that_raises_leaves_nothing_of_itself(archive: Archive, writer: Writer) -> None:
    def half(db, _place):
        db.execute(SITE, {"name": "half"})
        raise RuntimeError("stopped half way")

    ended = queued_behind_one_another(writer, add("a"), half, add("b"))
    assert [str(one) for one in ended] == ["1", "stopped half way", "1"]
    assert sites(archive) == ["a", "b"]


def test_a_page_is_on_disk_before_the_row_that_names_it(archive: Archive, writer: Writer) -> None:
    served = Served("https://tass.com/1", 200, "OK", [("Content-Type", "text/html")], b"<p>as served</p>")
    place = asyncio.run(writer.do(lambda _db, place: place, Page("tass", served, NOW)))
    assert read_page(archive.pages_dir, place.warc_file, place.offset).body == b"<p>as served</p>"


def test_a_page_that_cannot_be_kept_fails_its_own_work_only(archive: Archive, writer: Writer) -> None:
    archive.pages_dir.mkdir(parents=True)
    (archive.pages_dir / "tass").write_text("a file where the site's folder should be")
    served = Served("https://tass.com/1", 200, "OK", [], b"")

    async def both():
        page = writer.do(add("with page"), Page("tass", served, NOW))
        return await asyncio.gather(page, writer.do(add("without")), return_exceptions=True)

    failed, stored = asyncio.run(both())
    assert isinstance(failed, OSError)
    assert stored == 1
    assert sites(archive) == ["without"]


def test_what_is_queued_at_the_end_is_still_written(archive: Archive) -> None:
    writer = Writer(archive, PageFiles(archive.pages_dir, "w"))
    futures = [writer._put(add(f"{number:03}"), None) for number in range(250)]
    writer.close()
    assert [future.result(0) for future in futures] == [1] * 250
    assert len(sites(archive)) == 250
