"""The archive as a file: made once, refused when it is not ours, shared by processes, never half-written."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import exc, insert, select, text

from astana_crawl import identity, items
from astana_crawl.archive import Archive, ArchiveError, Held, fatal, ledger, schema
from astana_crawl.archive.articles import Stored, find, store
from astana_crawl.archive.models import Article, Base, Revision
from astana_crawl.archive.types import clean_text
from astana_crawl.relevance import meetings

NOW = dt.datetime(2024, 1, 25, 12, 30, tzinfo=dt.UTC)
ROOT = Path(__file__).parent.parent


MAIN = items.Tie("round-21", "main", "named", "q")


def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(url(tmp_path / "astana.db"), kind="live") as opened:
        with opened.writing() as db:
            add_site(db, "steppe", "The Steppe Courier", "en")
            ledger.start_run(db, site="steppe", command="crawl", version="1", reference_hash=None, now=NOW)
        yield opened


def add_site(db, name, outlet, language):
    more = {"home": f"https://{name}.example/", "country": None, "party": None}
    ledger.register_site(db, name, outlet=outlet, title=outlet, language=language, **more)


def add_address(db, address, site="steppe", state="pending"):
    source = ledger.source_id(db, site, "feed", f"https://{site}.example/feed")
    one = ledger.Offer(items.Found(address), state, None, None, None)
    ledger.offer(db, site, source, "feed", f"https://{site}.example/feed", [one], NOW, 1)
    return db.execute(text("SELECT id FROM addresses WHERE url = :url"), {"url": address}).scalar_one()


def an_article(address="https://steppe.example/round-21", **fields):
    given = {
        "url": address, "title": "Envoys meet in Astana", "body": "The envoys met.\n\nThey agreed to meet again.",
        "language": "en", "site": "steppe", "relevance": "core", "relevance_score": 7.5,
    } | fields  # fmt: skip
    return items.Article(**given)


def rows(archive, table):
    with archive.reading() as db:
        return [dict(row) for row in db.execute(text(f"SELECT * FROM {table}")).mappings()]


# --- the file


def test_a_new_archive_has_every_table_and_view_and_the_safe_pragmas(archive):
    with sqlite3.connect(archive.path) as shell:
        names = {name for (name,) in shell.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert shell.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert shell.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    assert {
        "sites", "sources", "looks", "addresses", "sightings", "visits", "articles", "revisions", "changes", "pages",
        "evidence", "meetings", "article_meetings", "facets", "runs", "articles_fts", "rounds", "timeline",
        "round_coverage", "undated", "revision_texts", "site_health",
    } <= names  # fmt: skip
    with archive.reading() as db:
        pragmas = ("synchronous", "busy_timeout", "foreign_keys")
        assert [db.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas] == [2, 30000, 1]


def test_an_archive_opened_again_keeps_its_rows_and_its_kind(archive):
    before = rows(archive, "sites")
    with Archive.open(url(archive.path), must_exist=True) as again:
        assert (rows(again, "sites"), again.kind) == (before, "live")


def test_the_meetings_of_the_reference_file_are_in_the_archive_and_come_back_when_changed(archive):
    columns = [column.name for column in Base.metadata.tables["meetings"].columns]
    expected = {
        one.id: [str(value) if (value := getattr(one, name)) else None for name in columns] for one in meetings.load()
    }
    with archive.writing() as db:
        db.execute(text("UPDATE meetings SET city = 'Elsewhere' WHERE id = 'round-1'"))
        db.execute(text("INSERT INTO meetings SELECT 'round-99', kind, 99, name, city, starts_on, ends_on, certainty,"
                        " source, statement_url FROM meetings WHERE id = 'round-1'"))  # fmt: skip
    with Archive.open(url(archive.path), kind="live") as again:
        found = {
            row["id"]: [str(value) if value else None for value in row.values()] for row in rows(again, "meetings")
        }
    assert found.pop("round-99")[2] == "99"
    assert found == expected


def test_asking_an_archive_changes_no_byte_of_it(archive):
    archive.close()
    before = archive.path.read_bytes()
    with Archive.open(url(archive.path)) as asked, asked.reading() as db:
        db.execute(select(Article.id)).all()
        with pytest.raises(exc.OperationalError, match="readonly"):
            db.execute(text("DELETE FROM sites"))
    assert archive.path.read_bytes() == before


def test_a_relative_path_is_relative_to_the_project_and_the_environment_names_the_archive(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTANA_ARCHIVE_URL", "sqlite:///data/no-such-archive.db")
    with pytest.raises(ArchiveError) as refused:
        Archive.open(must_exist=True)
    assert (
        str(refused.value)
        == f"there is no archive at {ROOT / 'data/no-such-archive.db'} yet; make one with: scrapy crawl SITE"
    )
    assert list(tmp_path.iterdir()) == []


def test_page_files_lie_beside_the_archive_unless_told_otherwise(archive, tmp_path, monkeypatch):
    assert archive.pages_dir == tmp_path / "pages"
    with Archive.open(url(archive.path), pages_dir=tmp_path / "elsewhere") as told:
        assert told.pages_dir == tmp_path / "elsewhere"
    monkeypatch.setenv("ASTANA_PAGES_DIR", "data/raw")
    with Archive.open(url(archive.path)) as from_environment:
        assert from_environment.pages_dir == ROOT / "data/raw"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("postgresql://me:secret@host/db", "postgresql://me:***@host/db: only SQLite is supported so far"),
        ("data/astana.db", "is 'data/astana.db', which is no database URL"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///file:a.db?mode=ro&uri=true", "must name a file"),
    ],
)
def test_a_url_that_names_no_sqlite_file_is_refused_with_what_to_write(given, complaint):
    with pytest.raises(ArchiveError) as refused:
        Archive.open(given)
    assert complaint in str(refused.value)
    assert "sqlite:///data/astana.db" in str(refused.value)
    assert "secret" not in str(refused.value)


def _text_file(path, _archive):
    path.write_text(
        "Dear diary, today I looked for an archive and found only this text, which is longer than a header."
    )


def _empty(path, _archive):
    path.touch()


def _foreign(path, _archive):
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE articles (id INTEGER)")


def _newer(path, archive):
    shutil.copy(archive, path)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")


def _cut_short(path, archive):
    path.write_bytes(archive.read_bytes()[:-8192])


def _overwritten(path, archive):
    whole = archive.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])


def _without_a_table(path, archive):
    shutil.copy(archive, path)
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE evidence")


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (_text_file, "is no SQLite database"),
        (_empty, "is no SQLite database"),
        (_foreign, "is a database of another program"),
        (_newer, f"was written by a newer version of astana-crawl (schema {schema.VERSION + 1}); update the program"),
        (_cut_short, "is damaged"),
        (_overwritten, "is damaged"),
        (_without_a_table, "is damaged (it lacks evidence)"),
    ],
)
@pytest.mark.parametrize("kind", ["live", None])
def test_a_file_that_is_not_a_sound_archive_is_refused_by_name_and_left_as_it_is(
    archive, tmp_path, make, complaint, kind
):
    archive.close()
    path = tmp_path / "refused.db"
    make(path, archive.path)
    before = path.read_bytes()
    with pytest.raises(ArchiveError) as refused:
        Archive.open(url(path), kind=kind)
    assert str(path) in str(refused.value)
    assert complaint in str(refused.value)
    assert path.read_bytes() == before


def test_a_folder_in_place_of_the_archive_is_refused(tmp_path):
    with pytest.raises(ArchiveError, match="is a folder, not an archive"):
        Archive.open(url(tmp_path), kind="live")
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_no_archive_can_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match=r"astana\.db\.locks cannot be written: Not a directory"):
        Archive.open(url(tmp_path / "file" / "astana.db"), kind="live")


FILL = """
import resource, signal, sys
from astana_crawl.archive import Archive, ArchiveError, fatal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
try:
    Archive.open("sqlite:///" + sys.argv[1], kind="live")
except ArchiveError as error:
    print(fatal(error), error)
"""


def test_a_disk_too_full_for_a_new_archive_leaves_none_half_made(tmp_path):
    path = tmp_path / "astana.db"
    said, errors = python(FILL, path).communicate()
    assert (said.split(" cannot be made: ")[0], errors) == (f"True {path}", "")
    assert not path.exists()
    Archive.open(url(path), kind="live").close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["astana.db", "astana.db.locks"]


@pytest.mark.parametrize(("made", "asked"), [("live", "replay"), ("replay", "live")])
def test_replayed_and_live_pages_never_meet_in_one_archive(tmp_path, made, asked):
    path = tmp_path / "astana.db"
    Archive.open(url(path), kind=made).close()
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="set ARCHIVE_URL to another file"):
        Archive.open(url(path), kind=asked)
    assert path.read_bytes() == before
    with Archive.open(url(path)) as archive:
        assert archive.kind == made


def test_a_restored_backup_goes_back_to_wal_with_the_next_run(archive, tmp_path):
    copy = tmp_path / "restored.db"
    with sqlite3.connect(archive.path) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    Archive.open(url(copy), kind="live").close()
    with sqlite3.connect(copy) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# --- several processes

OPEN_AND_WRITE = """
import sys, time
from pathlib import Path
from sqlalchemy import text
from astana_crawl.archive import Archive
go = Path(sys.argv[2])
print("ready", flush=True)
while not go.exists():
    pass
with Archive.open("sqlite:///" + sys.argv[1], kind="live") as archive:
    for number in range(25):
        with archive.writing() as db:
            db.execute(text("INSERT INTO sites (name, outlet, title, condition) VALUES (:name, 'o', 't', 'active')"),
                       {"name": f"{sys.argv[3]}-{number}"})
"""


def python(program, *arguments):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_four_processes_that_open_a_new_archive_at_once_all_write_to_it(tmp_path):
    path, go = tmp_path / "astana.db", tmp_path / "go"
    writers = [python(OPEN_AND_WRITE, path, go, number) for number in range(4)]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    go.touch()
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [("", 0)] * 4
    with Archive.open(url(path)) as archive:
        assert sorted(row["name"] for row in rows(archive, "sites")) == sorted(
            f"{w}-{n}" for w in range(4) for n in range(25)
        )
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix == ".new") == []


HOLD = """
import sys, time
from astana_crawl.archive import Archive
with Archive.open("sqlite:///" + sys.argv[1], kind="live") as archive, archive.hold("steppe"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_site_is_held_by_one_run_and_freed_when_its_process_is_killed(archive):
    holder = python(HOLD, archive.path)
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Held) as refused, archive.hold("steppe"):
            pass
        assert (refused.value.site, refused.value.pid) == ("steppe", holder.pid)
        assert abs(dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(refused.value.since)) < dt.timedelta(minutes=1)
        with archive.hold("another-site"):
            pass
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    with archive.hold("steppe"):
        pass


def test_two_runs_in_one_process_cannot_hold_the_same_site(archive):
    with archive.hold("a/b.example:8080"):
        with pytest.raises(Held) as refused, archive.hold("a/b.example:8080"):
            pass
        assert refused.value.pid == os.getpid()
    with archive.hold("a/b.example:8080"):
        pass


def test_a_failed_transaction_leaves_nothing_behind(archive):
    before = rows(archive, "sites")
    with pytest.raises(RuntimeError), archive.writing() as db:
        add_site(db, "other", "Other", "en")
        raise RuntimeError
    assert rows(archive, "sites") == before


def test_a_full_disk_is_told_from_a_bad_row(archive):
    with (
        pytest.raises(ArchiveError, match=r"the disk of .*astana\.db is full; free some space") as full,
        archive.writing() as db,
    ):
        pages = db.execute(text("PRAGMA page_count")).scalar()
        db.execute(text(f"PRAGMA max_page_count = {pages}"))
        db.execute(text("UPDATE sites SET condition_reason = :long"), {"long": "x" * 100_000})
    with pytest.raises(exc.IntegrityError) as bad_row, archive.writing() as db:
        db.execute(text("UPDATE sites SET condition = 'unheard of'"))
    wrapped = ArchiveError("the page file cannot be written")
    wrapped.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    errors = (full.value, bad_row.value, wrapped, OSError(errno.ENOENT, "No such file"), ValueError("a bad row"))
    assert [fatal(error) for error in errors] == [True, False, True, False, False]


# --- what an article becomes


def test_an_article_is_kept_with_its_revision_its_evidence_and_its_tie(archive):
    published = dt.datetime(2024, 1, 25, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))
    article = an_article(
        subtitle="Second day", authors=["A. Bek", "Ж. Сұлтан"], tags=["Syria"], published=published,
        published_on=dt.date(2024, 1, 25), published_precision="minute", published_zone="+03:00",
        published_text="25 January 2024, 09:30", published_rule="meta:article:published_time",
        matched_terms=[items.Match("astana", "title", 15, "Astana")],
        meetings=[items.Tie("round-21", "main", "dated", "Envoys meet in Astana")],
        candidates=[
            items.Candidate("title", "Envoys meet in Astana", "json-ld:headline", "Envoys meet in Astana", chosen=True),
            items.Candidate("title", "Envoys meet in Astana", "meta:og:title", "Envoys meet in Astana | Courier"),
            items.Candidate("title", "Envoys meet", "title", "Envoys meet\x00" + "x" * 400),
            items.Candidate("body", "The envoys met.", "layout:body", "The envoys met."),
        ],
    )  # fmt: skip
    with archive.writing() as db:
        address_id = add_address(db, article.url)
        stored = store(
            db, article, address_id=address_id, run_id=1, page_id=None, now=NOW, reader_version="1", http_status=200,
            etag='"e1"', last_modified="Thu, 25 Jan 2024 10:00:00 GMT",
        )  # fmt: skip
    url_hash = identity.url_hash(article.url)
    content_hash = identity.content_hash(article.title, article.body)
    terms = '[{"term": "astana", "where": "title", "start": 15, "text": "Astana"}]'
    assert stored == Stored(1, url_hash[:12], True)
    assert rows(archive, "articles") == [
        {
            "id": 1, "key": url_hash[:12], "url": article.url, "url_hash": url_hash, "site": "steppe",
            "title": "Envoys meet in Astana", "subtitle": "Second day",
            "body": "The envoys met.\n\nThey agreed to meet again.", "language": "en",
            "authors": '["A. Bek", "Ж. Сұлтан"]', "section": None, "tags": '["Syria"]', "image_url": None,
            "published_at": "2024-01-25T06:30:00Z", "published_on": "2024-01-25", "published_precision": "minute",
            "published_zone": "+03:00", "published_text": "25 January 2024, 09:30",
            "published_rule": "meta:article:published_time", "modified_at": None, "relevance": "core",
            "relevance_score": 7.5, "matched_terms": terms, "original_outlet": None, "original_url": None, "note": None,
            "word_count": 8, "content_hash": content_hash, "layout": None, "reader_version": "1", "revision_count": 1,
            "story_id": 1, "first_seen_at": "2024-01-25T12:30:00Z", "last_seen_at": "2024-01-25T12:30:00Z",
            "changed_at": None, "gone_at": None, "run_id": 1,
        }
    ]  # fmt: skip
    assert rows(archive, "revisions") == [
        {
            "id": 1, "article_id": 1, "number": 1, "seen_at": "2024-01-25T12:30:00Z", "title": None, "body": None,
            "content_hash": content_hash, "cause": "first", "page_id": None,
        }
    ]  # fmt: skip
    assert rows(archive, "evidence") == [
        {
            "id": 1, "revision_id": 1, "field": "title", "value": "Envoys meet in Astana",
            "rule": "json-ld:headline, meta:og:title", "raw": "Envoys meet in Astana", "chosen": 1,
        },
        {
            "id": 2, "revision_id": 1, "field": "title", "value": "Envoys meet", "rule": "title",
            "raw": "Envoys meet" + "x" * 289, "chosen": 0,
        },
    ]  # fmt: skip
    assert rows(archive, "article_meetings") == [
        {
            "article_id": 1, "meeting_id": "round-21", "role": "main", "basis": "dated",
            "quote": "Envoys meet in Astana", "day_offset": 1, "phase": "during",
        }
    ]  # fmt: skip
    (address,) = rows(archive, "addresses")
    assert {name: address[name] for name in ("state", "reason", "article_id", "http_status", "fetched_at", "etag")} == {
        "state": "archived", "reason": None, "article_id": 1, "http_status": 200, "fetched_at": "2024-01-25T12:30:00Z",
        "etag": '"e1"',
    }  # fmt: skip
    assert (address["relevance_score"], address["matched_terms"], address["judged_on"]) == (7.5, terms, "page")


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, (None, None, None)),
        ({"published_on": dt.date(2024, 1, 25), "published_precision": "day"}, (None, "2024-01-25", "day")),
        (
            {"published": NOW, "published_on": dt.date(2024, 1, 25), "published_precision": "day"},
            (None, "2024-01-25", "day"),
        ),
    ],
)
def test_an_instant_is_kept_only_where_the_page_gives_one(archive, fields, kept):
    with archive.writing() as db:
        address_id = add_address(db, "https://steppe.example/1")
        store(
            db, an_article("https://steppe.example/1", **fields, meetings=[MAIN]),
            address_id=address_id, run_id=None, page_id=None, now=NOW, reader_version="1",
        )  # fmt: skip
    (row,) = rows(archive, "articles")
    assert (row["published_at"], row["published_on"], row["published_precision"]) == kept
    (tie,) = rows(archive, "article_meetings")
    assert (tie["day_offset"], tie["phase"]) == ((1, "during") if kept[1] else (None, None))


def test_a_page_that_names_another_address_is_kept_under_that_and_its_own_is_a_duplicate(archive):
    with archive.writing() as db:
        amp = add_address(db, "https://steppe.example/amp/1")
        stored = store(
            db, an_article("https://steppe.example/1"), address_id=amp, run_id=1, page_id=None, now=NOW,
            reader_version="1", http_status=200,
        )  # fmt: skip
    columns = "url, state, reason, article_id, found_by, found_in"
    assert rows(archive, f"(SELECT {columns} FROM addresses)") == [
        {
            "url": "https://steppe.example/amp/1", "state": "duplicate",
            "reason": "the same article as https://steppe.example/1", "article_id": stored.article_id,
            "found_by": "feed", "found_in": "https://steppe.example/feed",
        },
        {
            "url": "https://steppe.example/1", "state": "archived",
            "reason": "named as its address by https://steppe.example/amp/1", "article_id": stored.article_id,
            "found_by": "canonical", "found_in": "https://steppe.example/amp/1",
        },
    ]  # fmt: skip
    assert rows(archive, "(SELECT address_id, state FROM visits)") == [
        {"address_id": 1, "state": "duplicate"}, {"address_id": 2, "state": "archived"},
    ]  # fmt: skip


def test_the_address_that_a_page_names_is_not_fetched_again_when_it_waits_in_the_ledger(archive):
    with archive.writing() as db:
        canonical, amp = add_address(db, "https://steppe.example/1"), add_address(db, "https://steppe.example/amp/1")
        more = {"run_id": 1, "page_id": None, "now": NOW, "reader_version": "1"}
        store(db, an_article("https://steppe.example/1"), address_id=amp, **more)
        waiting = ledger.due(db, "steppe", now=NOW, since=None, until=None, limit=9, exclude=())
    assert waiting == []
    states = rows(archive, "(SELECT id, state, article_id FROM addresses)")
    assert states == [
        {"id": canonical, "state": "archived", "article_id": 1},
        {"id": amp, "state": "duplicate", "article_id": 1},
    ]


def test_an_article_that_is_there_is_not_touched_and_the_second_way_to_it_is_a_duplicate(archive):
    more = {"run_id": 1, "page_id": None, "now": NOW, "reader_version": "1"}
    with archive.writing() as db:
        first = store(db, an_article(), address_id=add_address(db, "https://steppe.example/round-21"), **more)
    before = rows(archive, "articles"), rows(archive, "revisions"), rows(archive, "evidence")
    with archive.writing() as db:
        mirror = add_address(db, "https://steppe.example/node/21")
        second = store(db, an_article(title="Other words"), address_id=mirror, **more)
    assert second == Stored(first.article_id, first.key, False)
    assert (rows(archive, "articles"), rows(archive, "revisions"), rows(archive, "evidence")) == before
    states = rows(archive, "(SELECT url, state, article_id FROM addresses)")
    assert states[1] == {"url": "https://steppe.example/node/21", "state": "duplicate", "article_id": 1}


def test_two_ways_to_one_article_in_flight_leave_its_own_address_archived(archive):
    more = {"run_id": 1, "page_id": None, "now": NOW, "reader_version": "1"}
    with archive.writing() as db:
        own, amp = add_address(db, "https://steppe.example/1"), add_address(db, "https://steppe.example/amp/1")
        store(db, an_article("https://steppe.example/1"), address_id=amp, **more)
        assert store(db, an_article("https://steppe.example/1"), address_id=own, **more).created is False
    assert rows(archive, "(SELECT state FROM addresses)") == [{"state": "archived"}, {"state": "duplicate"}]


@pytest.mark.parametrize("missing", ["site", "title", "body", "relevance"])
def test_nothing_is_kept_of_an_article_without_site_headline_text_or_verdict(archive, missing):
    with pytest.raises(ValueError, match="needs site, headline, text and relevance"), archive.writing() as db:
        address_id = add_address(db, "https://steppe.example/1")
        faulty = an_article(**{missing: None})
        store(db, faulty, address_id=address_id, run_id=None, page_id=None, now=NOW, reader_version="1")
    assert rows(archive, "articles") == rows(archive, "addresses") == []


def test_an_article_has_at_most_one_main_meeting(archive):
    ties = [items.Tie(f"round-{number}", "main", "named", "q") for number in (20, 21)]
    with pytest.raises(exc.IntegrityError, match="UNIQUE"), archive.writing() as db:
        address_id = add_address(db, "https://steppe.example/1")
        store(
            db, an_article(meetings=ties), address_id=address_id, run_id=None, page_id=None, now=NOW, reader_version="1"
        )  # fmt: skip


def test_an_article_is_found_by_its_key_its_address_and_every_address_that_led_to_it(archive):
    with archive.writing() as db:
        amp = add_address(db, "https://steppe.example/amp/1")
        article = an_article("https://steppe.example/1")
        stored = store(db, article, address_id=amp, run_id=None, page_id=None, now=NOW, reader_version="1")
        assert find(db, identity.url_hash("http://www.steppe.example/1?utm_source=x")) == stored.article_id
        assert find(db, identity.url_hash("https://steppe.example/2")) is None
    whole = archive.article("https://steppe.example/1")
    assert (whole["id"], whole["published_on"], whole["first_seen_at"]) == (1, None, NOW)
    ways = (stored.key, stored.key.upper(), "http://www.steppe.example/1/", "https://steppe.example/amp/1")
    assert [archive.article(way) for way in ways] == [whole] * 4
    assert [archive.article(way) for way in ("", "%", "000000000000", "https://steppe.example/2")] == [None] * 4


# --- what a text becomes


def test_texts_lose_what_a_database_cannot_hold_and_nothing_else():
    assert clean_text("a\x00b\ud800c\x1b[31m\r\nd\u0085e\x9f\ufffe") == "abc[31m\nd\ne"
    assert clean_text("\ud83d\ude00 joined") == "\U0001f600 joined"
    assert clean_text("e\u0301 и\u0306") == "é й"
    assert clean_text("گفت‌وگو\tв Астане\n") == "گفت‌وگو\tв Астане\n"


def test_hostile_texts_are_kept_cleaned_in_every_column(archive):
    bad = "Аст\x00ана\ud800"
    article = an_article(
        title=bad, body=bad, subtitle=bad, authors=[bad], tags=[bad], matched_terms=[items.Match("t", "title", 0, bad)],
        candidates=[items.Candidate("title", bad, "h1", bad)],
    )  # fmt: skip
    with archive.writing() as db:
        address_id = add_address(db, article.url)
        store(db, article, address_id=address_id, run_id=None, page_id=None, now=NOW, reader_version="1")
        ledger.settle(db, address_id, "archived", bad, run_id=None, now=NOW)
    (row,), (evidence,), (address,) = rows(archive, "articles"), rows(archive, "evidence"), rows(archive, "addresses")
    assert [row[name] for name in ("title", "body", "subtitle", "authors")] == [
        "Астана",
        "Астана",
        "Астана",
        '["Астана"]',
    ]
    assert (evidence["value"], evidence["raw"], address["reason"]) == ("Астана", "Астана", "Астана")
    assert row["matched_terms"] == '[{"term": "t", "where": "title", "start": 0, "text": "Астана"}]'


def test_a_time_without_a_zone_is_refused_and_an_empty_list_is_null(archive):
    with pytest.raises(exc.StatementError, match="without a zone"), archive.writing() as db:
        ledger.start_run(db, site=None, command="c", version="1", reference_hash=None, now=dt.datetime(2024, 1, 25))
    with archive.writing() as db:
        run_id = ledger.start_run(db, site=None, command="c", version="1", reference_hash=None, now=NOW)
        ledger.finish_run(db, run_id, outcome="done", exit_status=0, counts={}, now=NOW)
    assert rows(archive, "runs")[1]["counts"] is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE addresses SET state = 'lost'",
        "UPDATE addresses SET judged_on = 'guess'",
        "UPDATE articles SET relevance = 'maybe'",
        "UPDATE articles SET published_precision = 'minute', published_on = '2024-01-25'",
        "UPDATE articles SET published_on = '2024-01-25'",
        "UPDATE articles SET site = 'nobody'",
        "UPDATE runs SET outcome = 'fine', finished_at = '2024-01-25T00:00:00Z'",
        "UPDATE runs SET outcome = 'done'",
        "UPDATE revisions SET cause = 'whim'",
        "INSERT INTO revisions VALUES (9, 1, 1, '2024-01-25T00:00:00Z', NULL, NULL, 'h', 'first', NULL)",
        "INSERT INTO evidence VALUES (9, 1, 'body', 'v', 'r', 'raw', 0)",
        "INSERT INTO pages VALUES (9, 'u', '2024-01-25T00:00:00Z', 200, 'hearsay', NULL, 'f', 0, 'd', NULL)",
        "INSERT INTO facets VALUES (1, 'mood', 'sunny', NULL)",
        "INSERT INTO article_meetings VALUES (1, 'round-77', 'main', 'named', NULL, NULL, NULL)",
    ],
)
def test_the_tables_refuse_what_the_contract_does_not_know(archive, statement):
    with archive.writing() as db:
        address_id = add_address(db, "https://steppe.example/1")
        store(db, an_article(), address_id=address_id, run_id=None, page_id=None, now=NOW, reader_version="1")
    with pytest.raises(exc.IntegrityError), archive.writing() as db:
        db.execute(text(statement))


# --- the views, as the sqlite3 shell sees them


def test_the_views_answer_without_python(archive):
    def keep(db, number, day, role="main", relevance="core", site="steppe", published_text=None):
        address = f"https://{site}.example/{number}"
        tie = [items.Tie("round-21", role, "named", "q")]
        dated = {"published_on": day, "published_precision": "day"} if day else {"published_text": published_text}
        article = an_article(address, title=f"Article {number}", site=site, relevance=relevance, meetings=tie, **dated)
        store(
            db, article, address_id=add_address(db, address, site), run_id=1, page_id=None, now=NOW, reader_version="1"
        )

    with archive.writing() as db:
        add_site(db, "sahel", "Sahel Daily", "ar")
        keep(db, 1, dt.date(2024, 1, 20))
        keep(db, 2, dt.date(2024, 1, 24))
        keep(db, 3, None, published_text="last Thursday")
        keep(db, 4, dt.date(2024, 1, 26), relevance="off")
        keep(db, 5, dt.date(2024, 1, 25), role="mentioned", site="sahel", relevance="related")
        add_address(db, "https://sahel.example/6", "sahel")
        old = {"article_id": 1, "number": 2, "seen_at": NOW, "title": "Old", "body": "Old text", "content_hash": "h"}
        db.execute(insert(Revision), old | {"cause": "publisher"})
        ledger.finish_run(db, 1, outcome="done", exit_status=0, counts={"found": 6}, now=NOW)

    shell = sqlite3.connect(archive.path)

    def ask(query):
        return shell.execute(query).fetchall()

    assert ask(
        "SELECT number, meeting, city, starts_on, articles, outlets, languages FROM rounds WHERE number > 20"
    ) == [
        (21, "round-21", "Astana", "2024-01-24", 3, 1, 1),
        (22, "round-22", "Astana", "2024-11-11", 0, 0, 0),
    ]
    steppe, sahel = ("steppe", "The Steppe Courier", "en"), ("sahel", "Sahel Daily", "en")
    assert ask("SELECT * FROM timeline") == [
        ("2024-01-20", *steppe, "Article 1", "https://steppe.example/1", "core", "round-21", "before", 1),
        ("2024-01-24", *steppe, "Article 2", "https://steppe.example/2", "core", "round-21", "during", 2),
        ("2024-01-25", *sahel, "Article 5", "https://sahel.example/5", "related", None, None, 5),
        (None, *steppe, "Article 3", "https://steppe.example/3", "core", "round-21", None, 3),
    ]
    assert ask("SELECT site, before, during, after, articles FROM round_coverage WHERE number = 21") == [
        ("sahel", 0, 0, 0, 0),
        ("steppe", 1, 1, 0, 3),
    ]
    assert ask("SELECT count(*) FROM round_coverage") == [(22 * 2,)]
    assert ask("SELECT site, title, published_text FROM undated") == [("steppe", "Article 3", "last Thursday")]
    assert ask("SELECT number, title, body FROM revision_texts WHERE article_id = 1 ORDER BY number") == [
        (1, "Article 1", "The envoys met.\n\nThey agreed to meet again."),
        (2, "Old", "Old text"),
    ]
    assert ask("SELECT site, articles, newest_on, pending, outcome, exit_status FROM site_health") == [
        ("sahel", 1, "2024-01-25", 1, None, None),
        ("steppe", 3, "2024-01-24", 0, "done", 0),
    ]
    shell.close()
