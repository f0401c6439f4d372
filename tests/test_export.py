"""Export: the same bytes for the same archive, whole or not at all, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import random
import stat
from pathlib import Path

import pytest

from astana_crawl.archive import Archive, Query, articles
from astana_crawl.ask.export import COLUMNS, TEXT_COLUMNS, export, format_of
from astana_crawl.ask.files import replaced
from astana_crawl.identity import url_hash
from tests.test_ask import COPY, PLAIN, ROUND, UNDATED, fill

RECORD = {
    "key": "4303f9c7b296",
    "published_on": "2024-01-25",
    "published_at": "2024-01-25T09:30:00Z",
    "published_precision": "minute",
    "site": "tass",
    "outlet": "TASS",
    "language": "en",
    "title": "Guarantors close the twenty-first round",
    "subtitle": "A statement was read out",
    "authors": ["A. Writer", "B. Writer"],
    "url": "https://tass.com/politics/1001",
    "original_outlet": "SANA",
    "original_url": "https://sana.example/1",
    "relevance": "core",
    "relevance_score": 0.9,
    "matched_terms": ["twenty-first round"],
    "main_meeting": "round-21",
    "basis": "named",
    "phase": "during",
    "day_offset": 1,
    "announced_meetings": [],
    "mentioned_meetings": ["round-20"],
    "parties": ["Kazakhstan"],
    "people": [],
    "topics": [],
    "story": "4303f9c7b296",
    "word_count": 16,
    "first_seen_at": "2024-01-26T08:00:00Z",
    "content_hash": "26ed7f65ab9c3e917f2c7fbd539c6b5293e748e2db7457266c0eb2369dd34e3f",
}


@pytest.fixture
def archive(tmp_path: Path):
    with Archive.open(f"sqlite:///{tmp_path}/a.db", kind="live", pages_dir=tmp_path / "pages") as made:
        yield fill(made)


def exported(archive: Archive, form: str, query: Query | None = None, **options: bool) -> bytes:
    written = io.BytesIO()
    export(archive, query or Query(), written, form, **options)
    return written.getvalue()


def records(archive: Archive, query: Query | None = None, **options: bool) -> list[dict[str, object]]:
    return [json.loads(line) for line in exported(archive, "jsonl", query, **options).splitlines()]


def rows(archive: Archive, **options: bool) -> list[dict[str, str]]:
    text = exported(archive, "csv", **options).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_record_has_every_column_in_the_documented_order(archive: Archive) -> None:
    assert list(RECORD) == list(COLUMNS)
    (record,) = [record for record in records(archive) if record["url"] == ROUND]
    assert list(record.items()) == list(RECORD.items())


def test_the_table_says_the_same(archive: Archive) -> None:
    (row,) = [row for row in rows(archive) if row["url"] == ROUND]
    lists = {"authors": "A. Writer; B. Writer", "matched_terms": "twenty-first round"}
    lists |= {
        "announced_meetings": "",
        "mentioned_meetings": "round-20",
        "parties": "Kazakhstan",
        "people": "",
        "topics": "",
    }
    assert row == {name: str(value) for name, value in (RECORD | lists).items()}


def test_texts_come_only_when_asked_for(archive: Archive) -> None:
    (record,) = [record for record in records(archive, with_text=True) if record["url"] == ROUND]
    texts = {
        "body": "The delegations closed the round in the Kazakh capital. They named no day for the next.",
        "note": "Translated by hand.",
    }
    assert tuple(texts) == TEXT_COLUMNS
    assert record == RECORD | texts


def test_articles_stand_by_day_and_key_and_undated_ones_last(archive: Archive) -> None:
    assert [record["url"] for record in records(archive)] == [PLAIN, ROUND, COPY, UNDATED]


def test_the_same_archive_gives_the_same_bytes_in_whatever_order_it_was_filled(archive: Archive) -> None:
    first = {form: exported(archive, form, with_text=True) for form in ("csv", "jsonl")}
    with archive.writing() as db:
        db.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        ids = [id_ for (id_,) in db.exec_driver_sql("SELECT id FROM articles")]
        moved = random.Random(7).sample(range(100, 200), len(ids))
        for old, new in zip(ids, moved, strict=True):
            for table, column in (
                ("articles", "id"), ("articles", "story_id"), ("revisions", "article_id"),
                ("article_meetings", "article_id"), ("facets", "article_id"), ("fingerprints", "article_id"),
                ("story_links", "article_id"), ("addresses", "article_id"),
            ):  # fmt: skip
                db.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (new, old))
    assert {form: exported(archive, form, with_text=True) for form in ("csv", "jsonl")} == first


def test_a_spreadsheet_reads_it_as_utf_8_and_runs_nothing(archive: Archive) -> None:
    assert exported(archive, "csv").startswith(b"\xef\xbb\xbfkey,published_on,")
    assert {row["url"]: row["title"] for row in rows(archive)} == {
        PLAIN: '\'=HYPERLINK("https://evil.example")',
        ROUND: "Guarantors close the twenty-first round",
        COPY: "اختتام الجولة الحادية والعشرين",
        UNDATED: "An undated remark",
    }


def test_json_lines_keep_the_text_as_it_is(archive: Archive) -> None:
    assert {record["title"] for record in records(archive)} >= {
        '=HYPERLINK("https://evil.example")',
        "اختتام الجولة الحادية والعشرين",
    }
    assert "اختتام".encode() in exported(archive, "jsonl")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(words="round"), [ROUND]),
        (Query(round=21), [ROUND, COPY]),
        (Query(site="aawsat_ar"), [COPY]),
        (Query(relevance="core", limit=1), [ROUND, COPY]),
        (Query(words="nothinglikethis"), []),
        (Query(words="!!!"), []),
    ],
    ids=["words", "round", "site", "whatever the limit", "nothing", "no words"],
)
def test_the_filters_of_search_choose(archive: Archive, query: Query, found: list[str]) -> None:
    assert [record["url"] for record in records(archive, query)] == found


def test_a_copy_names_the_first_article_of_its_story(archive: Archive) -> None:
    with archive.writing() as db:
        story = articles.find(db, url_hash(ROUND))
        db.exec_driver_sql("UPDATE articles SET story_id = ? WHERE url = ?", (story, COPY))
    assert {record["url"]: record["story"] for record in records(archive, Query(round=21))} == {
        ROUND: "4303f9c7b296",
        COPY: "4303f9c7b296",
    }


def test_many_articles_are_all_there_once(archive: Archive) -> None:
    with archive.writing() as db:
        db.exec_driver_sql("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
            INSERT INTO articles (key, url, url_hash, site, title, body, relevance, word_count, content_hash,
                                  reader_version, revision_count, first_seen_at, last_seen_at)
            SELECT printf('%012x', i), 'https://tass.com/n/' || i, printf('%064x', i), 'tass', 'n', 'n', 'core', 1, '',
                   '', 1, '2024-01-26T08:00:00Z', '2024-01-26T08:00:00Z' FROM n""")
    keys = [record["key"] for record in records(archive)]
    undated = [f"{number:012x}" for number in range(1, 1201)]
    assert keys == ["941030125ebd", "4303f9c7b296", "b2f2198853ab", *undated, "6086011769d4"]


def test_an_old_file_stays_when_the_new_one_cannot_be_finished(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "out" / "articles.csv"
    target.parent.mkdir()
    target.write_text("old")
    with archive.writing() as db:  # the last article cannot be read
        db.exec_driver_sql("UPDATE articles SET authors = 'no JSON' WHERE url = ?", (UNDATED,))
    with pytest.raises(json.JSONDecodeError):
        export(archive, Query(), target, "csv")
    assert {path.name: path.read_text() for path in target.parent.iterdir()} == {"articles.csv": "old"}


def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(archive: Archive, tmp_path: Path) -> None:
    usual, target = tmp_path / "usual", tmp_path / "articles.csv"
    usual.touch()
    assert export(archive, Query(), target, "csv") == 4
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
    target.chmod(0o600)
    export(archive, Query(), target, "csv")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_bytes() == exported(archive, "csv")


def test_a_link_stays_a_link(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    link, target = tmp_path / "articles.csv", tmp_path / "deep" / "real.csv"
    target.write_text("old")
    link.symlink_to(target)
    export(archive, Query(), link, "csv")
    assert link.is_symlink()
    assert target.read_bytes() == exported(archive, "csv")


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="is not a file"), replaced(tmp_path):
        pass


def test_the_ending_names_the_format() -> None:
    assert [format_of("a.csv"), format_of("A.JSONL"), format_of("a.txt", "csv"), format_of("a.csv", "jsonl")] == [
        "csv", "jsonl", "csv", "jsonl",
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"the ending of a\.xls names no format; add --format csv or --format jsonl"):
        format_of("a.xls")
