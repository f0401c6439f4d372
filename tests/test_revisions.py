"""An article read again: what was kept stays readable, what is new is found, and every change says whose it is."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from sqlalchemy import text

from astana_crawl import identity, items
from astana_crawl.archive import Archive, Query, ledger
from astana_crawl.archive.articles import store
from astana_crawl.archive.revisions import Revised, differs, revise
from astana_crawl.archive.revisits import replaced
from astana_crawl.ask.difference import difference

NOW = dt.datetime(2024, 1, 25, 12, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2024, 1, 26, 12, 0, tzinfo=dt.UTC)
URL = "https://steppe.example/round-21"
MAIN = items.Tie("round-21", "main", "named", "the 21st round")
TITLE, BODY = "Envoys meet in Astana", "The envoys met on Wednesday.\nThey spoke of the ceasefire."


@pytest.fixture
def archive(tmp_path):
    with Archive.open(f"sqlite:///{tmp_path}/astana.db", kind="live") as opened:
        with opened.writing() as db:
            site = {"outlet": "The Steppe Courier", "title": "The Steppe Courier", "language": "en"}
            ledger.register_site(db, "steppe", **site, home=None, country=None, party=None)
            ledger.start_run(db, site="steppe", command="crawl", version="1", reference_hash=None, now=NOW)
            source = ledger.source_id(db, "steppe", "feed", "https://steppe.example/feed")
            offered = [ledger.Offer(items.Found(URL), "pending", None, None, None)]
            ledger.offer(db, "steppe", source, "feed", "https://steppe.example/feed", offered, NOW, 1)
            store(db, an_article(), address_id=1, run_id=1, page_id=None, now=NOW, reader_version="1")
        yield opened


def an_article(**fields):
    given = {
        "url": URL, "site": "steppe", "title": TITLE, "body": BODY, "language": "en", "authors": ["A. Bek"],
        "tags": ["Syria"], "published": NOW, "published_on": NOW.date(), "published_precision": "minute",
        "published_text": "25 January 2024, 12:00", "published_rule": "meta:date", "relevance": "core",
        "relevance_score": 7.5, "matched_terms": [items.Match("astana", "title", 15, "Astana")], "meetings": [MAIN],
        "candidates": [
            items.Candidate("title", TITLE, "h1", TITLE, chosen=True),
            items.Candidate("tags", "Syria", "meta:keywords", "Syria", chosen=True),
        ],
    }  # fmt: skip
    return items.Article(**(given | fields))


def again(archive, cause="publisher", reader_version="1", **fields):
    with archive.writing() as db:
        return revise(
            db, 1, an_article(**fields), cause=cause, run_id=1, page_id=None, now=LATER, reader_version=reader_version
        )


def rows(archive, table):
    with archive.reading() as db:
        return [dict(row) for row in db.execute(text(f"SELECT * FROM {table}")).mappings()]


def everything(archive):
    tables = ("articles", "revisions", "changes", "evidence", "article_meetings", "addresses", "visits")
    return {table: rows(archive, table) for table in tables}


def found(archive, words):
    return [hit.title for hit in archive.search(Query(words))]


def test_an_article_read_the_same_again_changes_no_row(archive):
    before = everything(archive)
    assert again(archive) == Revised(False, ())
    assert again(archive, body=f"  {BODY} \n") == Revised(False, ())  # white space is no change
    assert everything(archive) == before


def test_a_changed_text_is_a_new_revision_and_the_old_one_stays_readable(archive):
    before = everything(archive)
    title, body = "Envoys part in Astana", "The envoys met on Wednesday.\nThey spoke of corridors."
    candidates = [items.Candidate("title", title, "h1", title, chosen=True)]
    assert again(archive, title=title, body=body, candidates=candidates) == Revised(True, ("title", "body"))
    after = everything(archive)
    old_hash, new_hash = identity.content_hash(TITLE, BODY), identity.content_hash(title, body)
    (article,) = before["articles"]
    assert after["articles"] == [
        article
        | {"title": title, "body": body, "content_hash": new_hash, "revision_count": 2, "word_count": 9}
        | {"changed_at": "2024-01-26T12:00:00Z"}
    ]
    assert after["revisions"] == [
        before["revisions"][0] | {"title": TITLE, "body": BODY},
        {
            "id": 2, "article_id": 1, "number": 2, "seen_at": "2024-01-26T12:00:00Z", "title": None, "body": None,
            "content_hash": new_hash, "cause": "publisher", "page_id": None,
        },
    ]  # fmt: skip
    new = {"id": 3, "revision_id": 2, "field": "title", "value": title, "rule": "h1", "raw": title, "chosen": 1}
    assert after["evidence"] == [*before["evidence"], new]
    unchanged = ("changes", "article_meetings", "addresses", "visits")
    assert {table: after[table] for table in unchanged} == {table: before[table] for table in unchanged}
    with archive.reading() as db:
        told = db.execute(text("SELECT number, title, body, content_hash FROM revision_texts ORDER BY number")).all()
    assert told == [(1, TITLE, BODY, old_hash), (2, title, body, new_hash)]
    assert (found(archive, "corridors"), found(archive, "part"), found(archive, "envoys")) == ([title],) * 3
    assert (found(archive, "ceasefire"), found(archive, "meet")) == ([], [])


def test_a_text_changed_back_and_forth_is_found_by_its_last_words_only(archive):
    for body in ("One corridor.", "Two borders.", "Three crossings.", BODY):
        assert again(archive, body=body).revision
    assert [row["number"] for row in rows(archive, "revisions")] == [1, 2, 3, 4, 5]
    assert found(archive, "ceasefire") == [TITLE]
    assert [found(archive, word) for word in ("corridor", "borders", "crossings")] == [[], [], []]
    with archive.writing() as db:
        db.execute(text("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')"))


def test_every_other_field_that_moves_is_a_change_with_both_values(archive):
    fields = {
        "subtitle": "On the second day", "language": "en-GB", "authors": ["A. Bek", "C. Dal"], "tags": [],
        "section": "World", "image_url": "https://steppe.example/1.jpg", "published": LATER,
        "published_on": LATER.date(), "published_text": "26 January 2024, 12:00", "published_rule": "json-ld:date",
        "modified": LATER, "original_outlet": "SANA", "original_url": "https://sana.example/1", "note": "A note.",
        "layout": "article",
    }  # fmt: skip
    revised = again(archive, **fields)
    told = {row["field"]: (row["old"], row["new"], row["cause"]) for row in rows(archive, "changes")}
    tie = '[{{"meeting_id": "round-21", "role": "main", "basis": "named", "quote": "the 21st round", "day_offset": {}, '
    tie += '"phase": "{}"}}]'
    assert told == {
        "subtitle": (None, "On the second day", "publisher"),
        "language": ("en", "en-GB", "publisher"),
        "authors": ('["A. Bek"]', '["A. Bek", "C. Dal"]', "publisher"),
        "tags": ('["Syria"]', None, "publisher"),
        "section": (None, "World", "publisher"),
        "image_url": (None, "https://steppe.example/1.jpg", "publisher"),
        "published_at": ("2024-01-25T12:00:00Z", "2024-01-26T12:00:00Z", "publisher"),
        "published_on": ("2024-01-25", "2024-01-26", "publisher"),
        "published_text": ("25 January 2024, 12:00", "26 January 2024, 12:00", "publisher"),
        "published_rule": ("meta:date", "json-ld:date", "publisher"),
        "modified_at": (None, "2024-01-26T12:00:00Z", "publisher"),
        "original_outlet": (None, "SANA", "publisher"),
        "original_url": (None, "https://sana.example/1", "publisher"),
        "note": (None, "A note.", "publisher"),
        "layout": (None, "article", "publisher"),
        "meetings": (tie.format(1, "during"), tie.format(2, "after"), "publisher"),
    }
    assert revised == Revised(False, tuple(row["field"] for row in rows(archive, "changes")))
    assert [(row["day_offset"], row["phase"]) for row in rows(archive, "article_meetings")] == [(2, "after")]
    assert {(row["at"], row["run_id"]) for row in rows(archive, "changes")} == {("2024-01-26T12:00:00Z", 1)}


def test_new_evidence_joins_the_old_and_the_chosen_one_is_what_counts_now(archive):
    tag = items.Candidate("tags", "Astana", "meta:keywords", "Astana", chosen=True)
    again(archive, tags=["Astana"], candidates=[tag])
    told = [(row["revision_id"], row["field"], row["value"], row["chosen"]) for row in rows(archive, "evidence")]
    assert told == [(1, "title", TITLE, 1), (1, "tags", "Syria", 0), (1, "tags", "Astana", 1)]


def test_a_date_that_a_page_no_longer_gives_is_not_lost(archive):
    before = everything(archive)
    undated = {"published_on": None, "published_precision": None, "published_text": None, "published_rule": None}
    assert again(archive, published=None, **undated) == Revised(False, ())
    ago = {"published_on": LATER.date(), "published_precision": "day", "published_text": "yesterday"}
    assert again(archive, published=None, **ago) == Revised(False, ())
    assert everything(archive) == before


@pytest.mark.parametrize("cause", ["publisher", "reader", "judge"])
def test_what_the_same_text_is_judged_to_be_is_the_judges(archive, cause):
    fields = {"relevance": "off", "relevance_score": 1.0, "meetings": []}
    assert again(archive, cause, **fields) == Revised(False, ("relevance", "relevance_score", "meetings"))
    assert [(row["field"], row["cause"]) for row in rows(archive, "changes")] == [
        ("relevance", "judge"), ("relevance_score", "judge"), ("meetings", "judge"),
    ]  # fmt: skip
    assert rows(archive, "article_meetings") == []
    assert found(archive, "envoys") == []


def test_a_judge_changes_no_text_and_is_no_reader(archive):
    assert again(archive, "judge", reader_version="2", title="Else", body="Else", tags=["Else"]) == Revised(False, ())
    assert (rows(archive, "articles")[0]["title"], rows(archive, "articles")[0]["reader_version"]) == (TITLE, "1")


def test_a_reader_that_changes_nothing_is_noted_as_the_last_one(archive):
    before = rows(archive, "articles")
    assert again(archive, "reader", reader_version="2") == Revised(False, ())
    assert rows(archive, "articles") == [before[0] | {"reader_version": "2"}]
    assert again(archive, "reader", reader_version="3", body="They met.") == Revised(True, ("body",))
    assert [row["cause"] for row in rows(archive, "revisions")] == ["first", "reader"]


def test_asking_whether_an_article_differs_changes_nothing(archive):
    before = everything(archive)
    with archive.reading() as db:
        assert not differs(db, 1, an_article(), "publisher")
        assert differs(db, 1, an_article(tags=["Else"]), "publisher")
        assert not differs(db, 1, an_article(tags=["Else"]), "judge")
    assert everything(archive) == before


@pytest.mark.parametrize(
    ("fields", "other"),
    [
        ({}, False),
        ({"title": "Live: the second day", "body": "All of it was written anew."}, False),
        ({"title": "Live", "body": "All of it was written anew.", "published": None}, False),
        ({"title": "Live", "body": f"News came in. {BODY}", "published": None, "published_on": None}, False),
        ({"title": "Envoys meet again", "body": "All anew.", "published": None, "published_on": None}, False),
        ({"title": "A regatta", "body": "Eight boats came.", "published": None, "published_on": None}, True),
        ({"title": "A regatta", "body": "Eight boats came.", "published": LATER, "published_on": LATER.date()}, True),
        ({"title": "A regatta", "body": "Eight boats came.", "published": None, "url": f"{URL}/regatta"}, True),
    ],
)
def test_a_rewritten_article_is_the_same_one_and_a_page_about_something_else_is_not(archive, fields, other):
    with archive.reading() as db:
        assert replaced(db, 1, an_article(**fields)) is other


# --- as a person sees it


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("The envoys met.", "The envoys met.", []),
        ("The envoys met.", "The  envoys met.", []),
        ("The envoys met.", "The delegates met today.", ["The [-envoys met.-] {+delegates met today.+}"]),
        ("One stays.\nTwo goes.\nThree stays.", "One stays.\nThree stays.", ["[-Two goes.-]"]),
        ("One stays.", "One stays.\nTwo comes.\nThree comes.", ["{+Two comes. ¶ Three comes.+}"]),
        (
            "a b c d e f g h i j OLD k l m n o p q r s t u v w x y z",
            "a b c d e f g h i j NEW k l m n o p q r s t u v w x y z",
            ["… c d e f g h i j [-OLD-] {+NEW+} k l m n o p q r …"],
        ),
        ("استضافت أستانا الجولة", "استضافت نور سلطان الجولة", ["استضافت [-أستانا-] {+نور سلطان+} الجولة"]),
    ],
)
def test_a_change_is_shown_by_its_words_with_a_few_around(old, new, shown):
    assert list(difference(old, new)) == shown


def test_a_huge_change_is_shown_in_bounded_length_and_time():
    old = "\n".join(f"line {number} of {number % 7}" for number in range(50_000))
    new = "\n".join(f"row {number} of {number % 5}" for number in range(50_000))
    start = time.perf_counter()
    shown = list(difference(old, new)) + list(difference(old.replace("\n", " "), new.replace("\n", " ")))
    assert time.perf_counter() - start < 5
    assert sum(map(len, shown)) < 5_000
