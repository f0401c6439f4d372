"""The ledger: nothing that was offered is lost, every state has its reason, and what is due comes in its order."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from astana_crawl import identity, items
from astana_crawl.archive import Archive, ledger

NOW = dt.datetime(2024, 1, 25, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2024, 1, 26, 12, tzinfo=dt.UTC)
FEED = "https://steppe.example/feed"
SITE = {"outlet": "Steppe", "title": "Steppe, English", "home": None, "country": "KZ", "language": "en", "party": None}


@pytest.fixture
def db(tmp_path):
    with Archive.open(f"sqlite:///{tmp_path / 'astana.db'}", kind="live") as archive, archive.writing() as connection:
        ledger.register_site(connection, "steppe", **SITE)
        ledger.start_run(connection, site="steppe", command="crawl", version="1", reference_hash="r", now=NOW)
        ledger.start_run(connection, site="steppe", command="crawl", version="1", reference_hash="r", now=LATER)
        ledger.source_id(connection, "steppe", "feed", FEED)
        yield connection


def rows(db, table, columns="*"):
    return [dict(row) for row in db.execute(text(f"SELECT {columns} FROM {table}")).mappings()]


def an_offer(path, state="pending", reason=None, on=None, judged_on=None, **hints):
    return ledger.Offer(items.Found(f"https://steppe.example/{path}", **hints), state, reason, on, judged_on)


def offer(db, *offers, source=1, kind="feed", now=NOW, run_id=1):
    return ledger.offer(db, "steppe", source, kind, FEED, offers, now=now, run_id=run_id)


def due(db, now=LATER, since=None, until=None, limit=100, exclude=()):
    found = ledger.due(db, "steppe", now=now, since=since, until=until, limit=limit, exclude=exclude)
    return [one.url.rpartition("/")[2] for one in found]


NEVER = {
    "next_attempt_at": None, "fetched_at": None, "http_status": None, "etag": None, "last_modified": None,
    "relevance_score": None, "matched_terms": None, "article_id": None, "attempts": 0,
}  # fmt: skip


def test_an_offered_address_gets_one_row_with_its_hints_and_one_sighting_of_each_route(db):
    day = dt.date(2024, 1, 24)
    hints = {"title": "Envoys\x00 meet", "published": "24 Jan", "lastmod": "2024-01-25"}
    first = offer(db, an_offer("1", on=day, **hints), an_offer("2", "off_topic", "no word of ours", judged_on="hint"))
    sitemap = ledger.source_id(db, "steppe", "sitemap", "https://steppe.example/sitemap.xml")
    second = offer(db, an_offer("1?utm_source=x", title="Another"), source=sitemap, kind="sitemap", now=LATER, run_id=2)
    third = offer(db, an_offer("1"), now=LATER)
    assert (first, second, third) == (
        ledger.Offered(offered=2, new=2, known=0, off_topic=1, reopened=0),
        ledger.Offered(offered=1, new=0, known=1, off_topic=0, reopened=0),
        ledger.Offered(offered=1, new=0, known=1, off_topic=0, reopened=0),
    )
    common = {"site": "steppe", "found_by": "feed", "found_at": "2024-01-25T12:00:00Z", "found_in": FEED} | NEVER
    assert rows(db, "addresses") == [
        common | {
            "id": 1, "url": "https://steppe.example/1", "url_hash": identity.url_hash("https://steppe.example/1"),
            "title_hint": "Envoys meet", "published_hint": "24 Jan", "lastmod_hint": "2024-01-25",
            "expected_on": "2024-01-24", "state": "pending", "reason": None, "judged_on": None,
        },
        common | {
            "id": 2, "url": "https://steppe.example/2", "url_hash": identity.url_hash("https://steppe.example/2"),
            "title_hint": None, "published_hint": None, "lastmod_hint": None, "expected_on": None,
            "state": "off_topic", "reason": "no word of ours", "judged_on": "hint",
        },
    ]  # fmt: skip
    assert rows(db, "sightings") == [
        {"address_id": 1, "source_id": 1, "seen_at": "2024-01-25T12:00:00Z"},
        {"address_id": 1, "source_id": 2, "seen_at": "2024-01-26T12:00:00Z"},
        {"address_id": 2, "source_id": 1, "seen_at": "2024-01-25T12:00:00Z"},
    ]
    assert rows(db, "visits") == [
        {
            "id": 1, "address_id": 2, "run_id": 1, "at": "2024-01-25T12:00:00Z", "http_status": None,
            "state": "off_topic", "reason": "no word of ours", "page_id": None,
        }
    ]  # fmt: skip


def test_an_address_is_kept_as_it_can_be_fetched_and_its_spellings_are_one(db):
    spellings = [
        "http://www.steppe.example/a/?utm_source=feed#top",
        "https://steppe.example/a",
        "https://steppe.example/A",
    ]
    offers = [ledger.Offer(items.Found(url), "pending", None, None, None) for url in spellings]
    assert offer(db, *offers) == ledger.Offered(offered=3, new=2, known=0)
    kept = ["http://www.steppe.example/a/?utm_source=feed", "https://steppe.example/A"]
    assert [row["url"] for row in rows(db, "addresses")] == kept


def test_what_is_no_web_address_spoils_nothing_for_the_others(db):
    bad = [
        ledger.Offer(items.Found(url), "pending", None, None, None) for url in ("mailto:a@b.example", "https://[x", "")
    ]
    assert offer(db, *bad, an_offer("1")) == ledger.Offered(offered=4, new=1, known=0)
    assert offer(db) == ledger.Offered(offered=0, new=0, known=0)


STATES = [
    "pending", "archived", "off_topic", "duplicate", "unreadable", "blocked", "gone", "failed", "disallowed", "withheld",
]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_an_offer_never_changes_what_was_decided_on_a_page(db, state):
    offer(db, an_offer("1", title="First"))
    ledger.settle(db, 1, state, "seen on its page", run_id=1, now=NOW, judged_on="page", http_status=200)
    before = rows(db, "addresses"), rows(db, "visits")
    assert offer(db, an_offer("1", title="Second", on=dt.date(2024, 1, 1)), now=LATER).reopened == 0
    assert offer(db, an_offer("1", "off_topic", "no", judged_on="hint"), now=LATER).reopened == 0
    assert (rows(db, "addresses"), rows(db, "visits")) == before


@pytest.mark.parametrize("state", ["out_of_window", "off_topic"])
def test_what_was_passed_over_by_its_hints_becomes_pending_when_offered_anew(db, state):
    offer(db, an_offer("1", state, "by its hint", on=dt.date(2017, 1, 24), judged_on="hint"))
    assert offer(db, an_offer("1", state, "by its hint again", judged_on="hint"), now=LATER).reopened == 0
    again = offer(db, an_offer("1", title="Envoys in Astana", on=dt.date(2017, 1, 23)), now=LATER, run_id=2)
    assert again == ledger.Offered(offered=1, new=0, known=1, off_topic=0, reopened=1)
    (row,) = rows(db, "addresses", "state, reason, judged_on, title_hint, expected_on")
    assert row == {
        "state": "pending", "reason": None, "judged_on": None, "title_hint": "Envoys in Astana", "expected_on": "2017-01-23",
    }  # fmt: skip
    assert rows(db, "visits", "run_id, at, state, reason") == [
        {"run_id": 1, "at": "2024-01-25T12:00:00Z", "state": state, "reason": "by its hint"},
        {"run_id": 2, "at": "2024-01-26T12:00:00Z", "state": "pending", "reason": None},
    ]


def test_the_day_that_a_page_gave_keeps_an_address_out_of_a_narrow_window_for_good(db):
    offer(db, an_offer("1"))
    ledger.settle(
        db, 1, "out_of_window", "published on 2017-01-24", run_id=1, now=NOW, expected_on=dt.date(2017, 1, 24)
    )
    offer(db, an_offer("1", on=dt.date(2024, 1, 1)), now=LATER)
    assert due(db, since=dt.date(2023, 1, 1)) == []
    assert due(db, since=dt.date(2017, 1, 1)) == ["1"]


def test_due_addresses_come_newest_first_and_the_undated_last(db):
    days = {"a": dt.date(2024, 1, 1), "b": None, "c": dt.date(2024, 1, 3), "d": dt.date(2024, 1, 2), "e": None}
    offer(db, *(an_offer(path, on=day) for path, day in days.items()), an_offer("f", "off_topic", "no"))
    assert due(db) == ["c", "d", "a", "b", "e"]
    assert due(db, limit=2) == ["c", "d"]
    assert due(db, since=dt.date(2024, 1, 2)) == ["c", "d", "b", "e"]
    assert due(db, since=dt.date(2024, 1, 1), until=dt.date(2024, 1, 2)) == ["d", "a", "b", "e"]
    assert due(db, exclude={3, 2}) == ["d", "a", "e"]
    ledger.register_site(db, "other", **SITE)
    assert ledger.due(db, "other", now=NOW, since=None, until=None, limit=9, exclude=()) == []


def test_a_due_address_says_what_is_known_of_it(db):
    offer(db, an_offer("1", on=dt.date(2024, 1, 24), title="T", published="24 Jan", lastmod="L"))
    ledger.settle(
        db, 1, "pending", "again", run_id=1, now=NOW, http_status=503, etag="e", last_modified="m", attempts=2
    )
    assert ledger.due(db, "steppe", now=NOW, since=None, until=None, limit=9, exclude=()) == [
        ledger.Due(
            id=1, url="https://steppe.example/1", state="pending", title_hint="T", published_hint="24 Jan", lastmod_hint="L",
            expected_on=dt.date(2024, 1, 24), found_by="feed", attempts=2, article_id=None, etag="e", last_modified="m",
        )
    ]  # fmt: skip


def test_settling_writes_the_state_and_the_visit_and_leaves_what_it_is_not_told(db):
    offer(db, an_offer("1", on=dt.date(2024, 1, 24)))
    ledger.settle(
        db, 1, "off_topic", "names no word of ours", run_id=1, now=NOW, http_status=200, relevance_score=0.5,
        matched_terms=["Syria", items.Match("city", "body", 7, "Астане")], judged_on="page", etag="e1",
    )  # fmt: skip
    ledger.settle(db, 1, "gone", "status 404", run_id=2, now=LATER, http_status=404)
    (row,) = rows(db, "addresses")
    assert {name: row[name] for name in (*NEVER, "state", "reason", "judged_on", "expected_on")} == {
        "state": "gone", "reason": "status 404", "attempts": 1, "next_attempt_at": "2024-01-29T12:00:00Z",
        "fetched_at": "2024-01-26T12:00:00Z", "http_status": 404, "etag": "e1", "last_modified": None,
        "relevance_score": 0.5,
        "matched_terms": '["Syria", {"term": "city", "where": "body", "start": 7, "text": "Астане"}]',
        "judged_on": "page", "article_id": None, "expected_on": "2024-01-24",
    }  # fmt: skip
    assert rows(db, "visits", "run_id, at, http_status, state, reason") == [
        {
            "run_id": 1, "at": "2024-01-25T12:00:00Z", "http_status": 200, "state": "off_topic",
            "reason": "names no word of ours",
        },
        {"run_id": 2, "at": "2024-01-26T12:00:00Z", "http_status": 404, "state": "gone", "reason": "status 404"},
    ]  # fmt: skip


def test_a_failing_address_is_tried_after_growing_pauses_and_is_then_failed(db):
    offer(db, an_offer("1"))
    now, pauses, states = NOW, [], []
    for _ in range(6):
        states.append(ledger.retry_later(db, 1, "status 503", run_id=1, now=now, http_status=503))
        (row,) = rows(db, "addresses", "state, reason, attempts, next_attempt_at")
        if row["next_attempt_at"]:
            then = dt.datetime.fromisoformat(row["next_attempt_at"])
            assert due(db, now=then - dt.timedelta(seconds=1)) == []
            assert due(db, now=then) == ["1"]
            pauses.append(then - now)
            now = then
    assert states == ["pending"] * 5 + ["failed"]
    hours = [dt.timedelta(hours=number) for number in (0.25, 1, 6, 24, 72, 24)]
    assert pauses == hours
    (row,) = rows(db, "addresses", "state, reason, next_attempt_at")
    assert row == {"state": "failed", "reason": "status 503", "next_attempt_at": "2024-01-30T19:15:00Z"}
    assert [row["state"] for row in rows(db, "visits")] == states


@pytest.mark.parametrize(("state", "days"), [("blocked", (1, 7, 30)), ("failed", (1, 7, 30)), ("gone", (3,))])
def test_an_address_that_gave_nothing_is_looked_at_again_before_that_is_final(db, state, days):
    """Walls come down, servers come back, and a page is gone once it was found so twice."""
    offer(db, an_offer("1"))
    now, told = NOW, []
    for _ in range(len(days)):
        ledger.settle(db, 1, state, "status 4xx", run_id=1, now=now, http_status=400)
        then = dt.datetime.fromisoformat(rows(db, "addresses")[0]["next_attempt_at"])
        assert (due(db, now=then - dt.timedelta(seconds=1)), due(db, now=then)) == ([], ["1"])
        told.append((then - now).days)
        now = then
    assert tuple(told) == days
    ledger.settle(db, 1, state, "status 4xx", run_id=1, now=now, http_status=400)
    assert rows(db, "addresses", "state, next_attempt_at") == [{"state": state, "next_attempt_at": None}]


def test_a_look_again_that_gets_no_answer_takes_nothing_back(db):
    offer(db, an_offer("1"))
    ledger.settle(db, 1, "blocked", "status 403", run_id=1, now=NOW, http_status=403)
    assert ledger.retry_later(db, 1, "no answer in time", run_id=1, now=LATER) == "blocked"
    (row,) = rows(db, "addresses", "state, reason, next_attempt_at")
    assert row == {
        "state": "blocked", "reason": "looked at again: no answer in time", "next_attempt_at": "2024-02-02T12:00:00Z",
    }  # fmt: skip


def test_attempts_at_a_site_that_is_down_do_not_count(db):
    offer(db, an_offer("1"))
    for day in range(60):
        now = NOW + dt.timedelta(days=day)
        assert ledger.retry_later(db, 1, "status 503", run_id=1, now=now, http_status=503, counted=False) == "pending"
    assert rows(db, "addresses", "attempts, next_attempt_at") == [
        {"attempts": 0, "next_attempt_at": "2024-03-24T12:15:00Z"}
    ]


def test_a_server_that_asks_for_more_time_gets_it(db):
    offer(db, an_offer("1"))
    ledger.retry_later(db, 1, "status 429", run_id=1, now=NOW, not_before=NOW + dt.timedelta(hours=2))
    assert rows(db, "addresses", "next_attempt_at") == [{"next_attempt_at": "2024-01-25T14:00:00Z"}]
    ledger.retry_later(db, 1, "status 429", run_id=1, now=NOW, not_before=NOW + dt.timedelta(minutes=2))
    assert rows(db, "addresses", "next_attempt_at") == [{"next_attempt_at": "2024-01-25T13:00:00Z"}]


def test_a_site_is_described_by_its_spider_but_its_condition_by_a_person(db):
    db.execute(text("UPDATE sites SET condition = 'paused', condition_reason = 'they asked us to'"))
    ledger.register_site(db, "steppe", **SITE | {"outlet": "Steppe News"}, condition="active")
    assert rows(db, "sites") == [
        {
            "name": "steppe",
            **SITE,
            "outlet": "Steppe News",
            "condition": "paused",
            "condition_reason": "they asked us to",
        }
    ]


def test_a_source_remembers_how_it_went(db):
    def state():
        return ledger.source_state(db, ledger.source_id(db, "steppe", "feed", FEED))

    assert state() == ledger.SourceState(1, None, None, None, None, None, None, last_complete=False)
    window = {"since_on": None, "until_on": None, "offered": 20, "new": 3, "passed_over": 2}
    ledger.look(db, run_id=1, source_id=1, **window, newest_at=NOW, complete=True, reason=None)
    ledger.tried(db, 1, now=NOW, ok=True, etag="e", last_modified="m", cursor="c")
    assert state() == ledger.SourceState(1, "e", "m", "c", NOW, NOW, None, last_complete=True)
    ledger.look(
        db, run_id=2, source_id=1, **window, newest_at=dt.date(2024, 1, 24), complete=False, reason="status 503"
    )
    ledger.tried(db, 1, now=LATER, ok=False, reason="status 503")
    assert state() == ledger.SourceState(1, "e", "m", "c", LATER, NOW, "status 503", last_complete=False)
    common = {"source_id": 1, "since_on": None, "until_on": None, "offered": 20, "new": 3, "passed_over": 2}
    assert rows(db, "looks") == [
        {"id": 1, "run_id": 1, **common, "newest_at": "2024-01-25T12:00:00Z", "complete": 1, "reason": None},
        {"id": 2, "run_id": 2, **common, "newest_at": "2024-01-24T00:00:00Z", "complete": 0, "reason": "status 503"},
    ]


def test_a_run_is_closed_with_its_counts_and_one_that_was_killed_by_the_next(db):
    counts = {"found": 9, "new": 3, "off_topic": 2, "sources_failed": 1}
    ledger.finish_run(db, 2, outcome="degraded", exit_status=3, counts=counts, now=LATER)
    assert ledger.close_crashed(db, "steppe", LATER) == 1
    assert ledger.close_crashed(db, "steppe", LATER) == 0
    common = {
        "site": "steppe",
        "command": "crawl",
        "version": "1",
        "reference_hash": "r",
        "finished_at": "2024-01-26T12:00:00Z",
    }
    none = {"duplicates": 0, "unreadable": 0, "failed": 0}
    assert rows(db, "runs") == [
        {
            "id": 1, **common, "started_at": "2024-01-25T12:00:00Z", "outcome": "interrupted", "exit_status": 5,
            "found": 0, "new": 0, "off_topic": 0, "counts": None, **none,
        },
        {
            "id": 2, **common, "started_at": "2024-01-26T12:00:00Z", "outcome": "degraded", "exit_status": 3,
            "found": 9, "new": 3, "off_topic": 2, "counts": '{"sources_failed": 1}', **none,
        },
    ]  # fmt: skip


def test_a_list_of_thousands_is_entered_whole_and_the_queue_needs_no_sorting(db):
    offers = [an_offer(f"page-{number}", on=dt.date(2024, 1, 1 + number % 28)) for number in range(2500)]
    assert offer(db, *offers) == ledger.Offered(offered=2500, new=2500, known=0)
    assert offer(db, *offers) == ledger.Offered(offered=2500, new=0, known=2500)
    assert rows(db, "sightings", "count(*) AS n") == rows(db, "addresses", "count(*) AS n") == [{"n": 2500}]
    plan = db.execute(text(
        "EXPLAIN QUERY PLAN SELECT id FROM addresses WHERE site = 'steppe' AND state = 'pending'"
        " AND (next_attempt_at IS NULL OR next_attempt_at <= '2024') ORDER BY expected_on DESC NULLS LAST, id LIMIT 9"
    )).all()  # fmt: skip
    assert [row.detail for row in plan] == ["SEARCH addresses USING INDEX addresses_newest (site=? AND state=?)"]
