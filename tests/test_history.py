"""A site is judged by its own past: quiet days raise no alarm, and what falls silent does."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from astana_crawl.archive import Archive, registry
from astana_crawl.discover import EVER, Feed, Listing, Sitemap, Source, Window, WordPress
from astana_crawl.run.history import MOST_PAGES, shortfall, shortfall_of, turned

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FEED = Feed("https://site.example/feed")
SEARCH = WordPress("https://site.example", term="astana")
SITEMAP = Sitemap("https://site.example/sitemap.xml")
LISTING = Listing("https://site.example/news", "h2 a")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    with Archive.open(f"sqlite:///{tmp_path}/a.db") as archive, archive.writing() as db:
        about = {"outlet": "Site", "title": "Site", "home": None, "country": None, "language": None, "party": None}
        registry.register_site(db, "site", **about)
        yield db


class Past:
    """One source of the site, looked at again and again as a run does it."""

    def __init__(self, db: Connection, source: Source, number: int = 0, expects: int | None = None) -> None:
        self.db, self.source, self.expects = db, source, expects
        self.id = registry.source_id(db, "site", source.kind, f"{source.url}?{number}")

    def look(self, offered: int, window: Window = EVER, *, unchanged: bool = False) -> str | None:
        """Look once, write it down, and return why it offered too little."""
        reason = None if unchanged else self.judge(offered, window)
        registry.look(
            self.db, run_id=None, source_id=self.id, since_on=window.since, until_on=window.until,
            offered=0 if unchanged else offered, new=0, passed_over=0, newest_at=None, complete=reason is None,
            reason=reason,
        )  # fmt: skip
        return reason

    def judge(self, offered: int, window: Window = EVER) -> str | None:
        return shortfall_of(self.db, self.source, self.id, offered=offered, window=window, expects=self.expects)


def day(number: int) -> dt.date:
    return NOW.date() + dt.timedelta(number)


def quiet_life(chance: random.Random, kind: int) -> tuple[Source, list[tuple[int, Window, bool]]]:
    """A source and 40 looks at it, as they are while all is well: how many entries, which days, whether a 304."""
    looks, days = range(40), EVER
    if kind == 0:  # a feed of fixed length; the days asked for change nothing about it
        length = chance.choice([1, 2, 3, 10, 20, 50])
        return FEED, [
            (length, chance.choice([EVER, Window(day(n - 3)), Window(day(0), day(n))]), chance.random() < 0.6)
            for n in looks
        ]
    if kind == 1:  # a short feed
        return FEED, [(chance.randint(1, 3), EVER, chance.random() < 0.3) for _ in looks]
    if kind == 2:  # a feed of the last day or two: a third on Sundays, less on a holiday
        busy = chance.randint(20, 90)
        week = [busy, busy, busy, busy, busy, busy // 2, busy // 3]
        return FEED, [
            (max(1, round(week[n % 7] * chance.uniform(0.75, 1.25))), EVER, chance.random() < 0.2) for n in looks
        ]
    if kind == 3:  # a search: all pages at first, then one; or few results, that may be none
        if chance.random() < 0.5:
            return SEARCH, [(640, EVER, False)] + [(chance.randint(90, 100), EVER, False) for _ in looks]
        return SEARCH, [(chance.choice([0, 1, 1, 2, 3]), EVER, False) for _ in looks]
    if kind == 4:  # an index: whole once a week, else what changed; on the first of a month next to nothing
        return SITEMAP, [
            (chance.randint(9000, 9900) if n % 7 == 0 else chance.randint(36, 400), days, False) for n in looks
        ]
    if kind == 5:  # history by windows that grow, shrink and move
        windows = [Window(day(-chance.randint(1, 3000))) for _ in looks]
        return chance.choice([SITEMAP, SEARCH]), [
            (round((NOW.date() - (w.since or NOW.date())).days * 0.7), w, False) for w in windows
        ]
    return LISTING, [(chance.choice([12, 12, 12, 24, 36]), EVER, False) for _ in looks]


def test_fifty_quiet_lives_raise_no_alarm(db: Connection) -> None:
    """Fifty sources, forty looks each: fixed and short feeds, Sundays, 304s, searches, indexes, windows, first looks."""
    alarms, looks = [], 0
    for number in range(50):
        source, life = quiet_life(random.Random(number), number % 7)
        past = Past(db, source, number)
        for offered, window, unchanged in life:
            looks += 1
            if told := past.look(offered, window, unchanged=unchanged and looks > 1):
                alarms.append((number, source.kind, window, told))
    assert alarms == []
    assert looks >= 2000


@pytest.mark.parametrize(
    ("source", "before", "now", "told"),
    [
        (FEED, [12, 30, 18, 22], 0, "offered 0 entries; the last 4 looks offered 12 to 30"),
        (FEED, [20] * 30, 0, "offered 0 entries; the last 10 looks offered 20"),
        (FEED, [20], 0, "offered 0 entries; the last look offered 20"),
        (FEED, [3], 0, "offered 0 entries; the last look offered 3"),
        (FEED, [20, 20, 20], 3, "offered 3 entries; the last 3 looks offered 20"),
        (FEED, [10, 10, 10], 1, "offered 1 entry; the last 3 looks offered 10"),
        (LISTING, [12, 24, 12], 2, "offered 2 entries; the last 3 looks offered 12 to 24"),
        (SEARCH, [640, 95, 97], 0, "offered 0 entries; the last 3 looks offered 95 to 640"),
        (SEARCH, [640, 95, 97], 10, "offered 10 entries; the last 3 looks offered 95 to 640"),
        (SITEMAP, [9000, 50], 0, "offered 0 entries; the last 2 looks offered 50 to 9000"),
    ],
)
def test_a_source_that_falls_silent_is_told_with_its_figures(
    db: Connection, source: Source, before: list[int], now: int, told: str
) -> None:
    past = Past(db, source)
    assert [past.look(offered) for offered in before] == [None] * len(before)
    assert past.look(now) == told
    assert past.look(now) == told, "what fell silent does not become normal by lasting"
    assert past.look(before[-1]) is None


def test_a_source_that_never_changed_and_then_runs_empty_is_told(db: Connection) -> None:
    past = Past(db, FEED)
    past.look(12)
    for _ in range(20):
        past.look(12, unchanged=True)
    assert past.look(0) == "offered 0 entries; the last look offered 12"


def test_a_wider_window_must_offer_what_a_narrower_one_did(db: Connection) -> None:
    past = Past(db, SITEMAP)
    past.look(400, Window(day(-300)))
    assert past.judge(0, Window(day(-400))) == "offered 0 entries; the last look offered 400"
    assert past.judge(0, Window(day(-200))) is None
    assert past.judge(0, Window(day(-400), day(-350))) is None
    assert past.judge(0) is None


def test_a_spider_may_say_how_many_entries_to_expect(db: Connection) -> None:
    past = Past(db, FEED, expects=10)
    assert past.look(9) == "offered 9 entries; at least 10 are expected"
    assert past.look(10) is None
    may_be_empty = Past(db, FEED, 2, expects=0)
    assert [may_be_empty.look(offered) for offered in (20, 20, 20, 0, 1)] == [None] * 5


def test_a_first_look_has_nothing_to_be_compared_with() -> None:
    assert shortfall(0, []) is None


def lives(chance: random.Random) -> Iterator[list[str]]:
    """The last pages of a site, newest first, as they come one by one; up to one in twenty gives no article."""
    bad = chance.choice([0, 0.01, 0.02, 0.05])
    states: list[str] = []
    for _ in range(200):
        lost = chance.random() < bad
        states.insert(0, chance.choice(["unreadable", "gone"] if lost else ["archived", "off_topic", "duplicate"]))
        yield states[:MOST_PAGES]


def test_pages_lost_now_and_then_raise_no_alarm_in_fifty_sites() -> None:
    told = [reason for number in range(50) for states in lives(random.Random(number)) if (reason := turned(states))]
    assert told == []


@pytest.mark.parametrize(
    ("lost", "before", "told"),
    [
        (3, ["archived"] * 57, "the last 3 pages could not be read, of the 57 before them 57 could"),
        (4, ["off_topic"] * 10, "the last 4 pages could not be read, of the 10 before them 10 could"),
        (
            5,
            [*["archived"] * 24, "gone"] * 2,
            "the last 5 pages could not be read, of the 50 before them 48 could",
        ),
        (2, ["archived"] * 58, None),
        (60, [], "none of the last 60 pages could be read"),
        (13, [], None),
        (5, ["unreadable", "archived"] * 25, None),
    ],
)
def test_pages_that_used_to_be_readable_and_are_not_are_told(lost: int, before: list[str], told: str | None) -> None:
    assert turned(["unreadable"] * lost + before) == told
