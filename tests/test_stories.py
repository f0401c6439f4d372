"""Copies and translations of an article form one story, whichever comes first, and nothing else does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from astana_crawl import items
from astana_crawl.archive import Archive, ledger, likeness
from astana_crawl.archive.articles import store
from astana_crawl.archive.fold import fold
from astana_crawl.archive.revisions import revise
from astana_crawl.ask.account import account
from astana_crawl.ask.why import why
from tests.benchmarks.copies import Language, quality
from tests.conftest import scrapy
from tests.faults.test_upgrades import FIRST_VERSION

NOW = dt.datetime(2024, 1, 26, 9, tzinfo=dt.UTC)
DAY = dt.date(2024, 1, 25)
RNG = random.Random(5)
LANGUAGES = {name: Language(name, RNG) for name in ("en", "ar", "ru", "tr", "fa")}
TEXTS = [" ".join(LANGUAGES["en"].sentences(150)) for _ in range(6)]


@dataclasses.dataclass
class Newsroom:
    """An archive of three sites, into which articles are put as a crawl puts them."""

    archive: Archive
    path: Path
    urls: dict[str, int] = dataclasses.field(default_factory=dict)

    def put(self, url: str, body: str, **fields: object) -> int:
        """Keep an article (its site is its host) and return its id."""
        site = url.split("/")[2].partition(".")[0]
        with self.archive.writing() as db:
            source = ledger.source_id(db, site, "feed", "f")
            offer = ledger.Offer(items.Found(url), "pending", None, None, None)
            ledger.offer(db, site, source, "feed", "f", [offer], NOW, None)
            address_id = db.exec_driver_sql("SELECT id FROM addresses WHERE url = ?", (url,)).scalar_one()
            article = made(url, body, site=site, **fields)
            stored = store(db, article, address_id=address_id, run_id=None, page_id=None, now=NOW, reader_version="1")
        self.urls[url] = stored.article_id
        return stored.article_id

    def change(self, article_id: int, body: str, **fields: object) -> None:
        """Let the publisher change an article."""
        url = next(url for url, id_ in self.urls.items() if id_ == article_id)
        with self.archive.writing() as db:
            article = made(url, body, site=url.split("/")[2].partition(".")[0], **fields)
            revise(db, article_id, article, cause="publisher", run_id=None, page_id=None, now=NOW, reader_version="1")

    def sql(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as db:
            return db.execute(query, values).fetchall()

    def story(self, article_id: int) -> object:
        return self.sql("SELECT story_id FROM articles WHERE id = ?", article_id)[0][0]


def made(
    url: str,
    body: str,
    *,
    title: str = "Envoys meet",
    on: dt.date | None = DAY,
    at: str | None = None,
    **fields: object,
) -> items.Article:
    moment = dt.datetime.fromisoformat(at) if at else None
    precision = "minute" if at else "day" if on else None
    dated = {"published": moment, "published_on": moment.date() if moment else on, "published_precision": precision}
    return items.Article(url, title, body=body, language="en", relevance="core", **dated, **fields)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Archive.open(f"sqlite:///{tmp_path}/a.db", kind="live") as archive:
        with archive.writing() as db:
            for site in ("steppe", "parus", "ova"):
                ledger.register_site(
                    db, site, outlet=site, title=site, home=None, country=None, language=None, party=None
                )
        yield Newsroom(archive, tmp_path / "a.db")


def edited(text: str, share: float = 0.08, seed: int = 1) -> str:
    """The text with a share of its words changed."""
    rng, words = random.Random(seed), text.split()
    for number in rng.sample(range(len(words)), round(share * len(words))):
        words[number] = f"other{rng.randrange(1000)}"
    return " ".join(words)


def test_copies_are_found_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/a.db", kind="live") as archive:
        told = quality(archive, stories_wanted=600, copies=200)
    assert told["false"] == 0
    assert told["recall"] >= 0.98


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_lightly_edited_copy_joins_the_story_in_any_script(newsroom: Newsroom, name: str) -> None:
    text = " ".join(LANGUAGES[name].sentences(120))
    first = newsroom.put("https://steppe.example/1", text)
    copy = newsroom.put("https://parus.example/1", f"{edited(text)} {' '.join(LANGUAGES[name].sentences(15))}")
    other = newsroom.put("https://ova.example/1", " ".join(LANGUAGES[name].sentences(120)))
    assert [newsroom.story(id_) for id_ in (first, copy, other)] == [first, first, other]


def test_an_address_of_another_form_with_the_same_text_is_the_same_story(newsroom: Newsroom) -> None:
    first = newsroom.put("https://steppe.example/1", TEXTS[0])
    assert newsroom.story(newsroom.put("https://steppe.example/amp/1", TEXTS[0])) == first
    assert newsroom.story(newsroom.put("https://steppe.example/1?page=5", TEXTS[0])) == first


@pytest.mark.parametrize(
    ("days", "first", "second"),
    [(1, "12 shellings on 3 March", "9 shellings on 4 March"), (200, "the 20th meeting", "the 21st meeting")],
)
def test_a_bulletin_and_a_statement_of_another_day_are_no_copies(
    newsroom: Newsroom, days: int, first: str, second: str
) -> None:
    rest = " ".join(word for word in TEXTS[0].split() if not any(map(str.isdecimal, word)))
    day = DAY + dt.timedelta(days)
    ids = [
        newsroom.put("https://steppe.example/1", f"{first}. {rest}"),
        newsroom.put("https://steppe.example/2", f"{second}. {rest}", on=day),
    ]
    assert [newsroom.story(id_) for id_ in ids] == ids
    assert newsroom.story(newsroom.put("https://parus.example/1", f"{second}. {rest}", on=day)) == ids[1]


def test_a_story_is_found_after_the_archive_was_closed(newsroom: Newsroom) -> None:
    first = newsroom.put("https://steppe.example/1", TEXTS[0])
    newsroom.archive.close()
    with Archive.open(f"sqlite:///{newsroom.path}", kind="live") as again:
        copy = Newsroom(again, newsroom.path).put("https://parus.example/1", edited(TEXTS[0]))
    assert newsroom.story(copy) == first


def test_the_same_background_is_no_copy_wherever_it_stands(newsroom: Newsroom) -> None:
    background = " ".join(LANGUAGES["en"].sentences(130))
    own = [" ".join(LANGUAGES["en"].sentences(60)) for _ in range(4)]
    bodies = [f"{own[0]} {background}", f"{own[1]} {background}", f"{background} {own[2]}", f"{background} {own[3]}"]
    ids = [newsroom.put(f"https://steppe.example/{number}", body) for number, body in enumerate(bodies)]
    assert [newsroom.story(id_) for id_ in ids] == ids


def test_a_daily_bulletin_is_a_story_of_its_own_each_day_unless_it_is_run_again(newsroom: Newsroom) -> None:
    form = "{} over the past day {} violations were counted of them {} in one province and {} in another the centre said and {}"
    words = " ".join(LANGUAGES["en"].sentences(100))
    monday = form.format(words, 31, 17, 14, 902)
    tuesday = form.format(words, 28, 19, 9, 877)
    first = newsroom.put("https://steppe.example/1", monday)
    second = newsroom.put("https://steppe.example/2", tuesday, on=DAY + dt.timedelta(days=1))
    again = newsroom.put("https://parus.example/1", monday, on=DAY + dt.timedelta(days=1))
    assert [newsroom.story(id_) for id_ in (first, second, again)] == [first, second, first]


def test_a_statement_in_the_words_of_the_last_round_is_another_story(newsroom: Newsroom) -> None:
    last = newsroom.put("https://steppe.example/1", TEXTS[0], on=dt.date(2023, 6, 21))
    now = newsroom.put("https://steppe.example/2", edited(TEXTS[0], 0.12))
    assert newsroom.story(now) == now != last


def test_a_short_text_is_a_copy_only_word_for_word(newsroom: Newsroom) -> None:
    short = "The talks have ended. A statement will follow in the course of the day, the ministry said."
    first = newsroom.put("https://steppe.example/1", short)
    same = newsroom.put("https://parus.example/1", short.replace(" will", "  WILL"))
    other = newsroom.put("https://ova.example/1", short.replace("ended", "begun"))
    headline = newsroom.put("https://ova.example/2", short, title="Something else")
    assert [newsroom.story(id_) for id_ in (first, same, other, headline)] == [first, first, other, headline]


def test_every_copy_resembles_the_first_text_and_no_chain_is_made(newsroom: Newsroom) -> None:
    texts, ids = [TEXTS[0]], []
    for number in range(4):
        texts.append(edited(texts[-1], 0.12, seed=number))
    for number, text in enumerate(texts):
        ids.append(newsroom.put(f"https://steppe.example/{number}", text))
    first, last = newsroom.story(ids[1]), newsroom.story(ids[4])
    assert (first, last != first) == (ids[0], True)


def test_a_changed_text_is_found_by_what_it_says_now(newsroom: Newsroom) -> None:
    stub = newsroom.put("https://steppe.example/1", TEXTS[1])
    first = newsroom.put("https://parus.example/1", TEXTS[0])
    newsroom.change(stub, edited(TEXTS[0]))
    assert newsroom.story(stub) == newsroom.story(first) == stub  # kept first, whoever ran it first
    moved = newsroom.sql("SELECT article_id, field, old, new, cause FROM changes WHERE field = 'story_id'")
    assert moved == [(first, "story_id", str(first), str(stub), "publisher")]
    assert newsroom.story(newsroom.put("https://ova.example/1", TEXTS[1])) == 3
    newsroom.change(stub, TEXTS[2])
    assert newsroom.story(newsroom.put("https://ova.example/2", edited(TEXTS[2]))) == newsroom.story(stub)


def test_a_copy_that_is_rewritten_leaves_the_story(newsroom: Newsroom) -> None:
    first = newsroom.put("https://steppe.example/1", TEXTS[0])
    copy = newsroom.put("https://parus.example/1", edited(TEXTS[0]))
    newsroom.change(copy, TEXTS[3])
    assert [newsroom.story(first), newsroom.story(copy)] == [first, copy]


@pytest.mark.parametrize("original_first", [True, False])
def test_a_translation_is_tied_to_the_original_it_links_to(newsroom: Newsroom, original_first: bool) -> None:
    russian = " ".join(LANGUAGES["ru"].sentences(120))
    puts = [
        lambda: newsroom.put("https://parus.example/novost/7/", russian),
        lambda: newsroom.put(
            "https://steppe.example/7", TEXTS[0], original_url="http://www.parus.example/novost/7?utm_source=x"
        ),
    ]
    first, second = (put() for put in (puts if original_first else reversed(puts)))
    copy = newsroom.put("https://ova.example/7", edited(TEXTS[0]))
    assert {newsroom.story(id_) for id_ in (first, second, copy)} == {first}


def test_a_link_makes_one_story_of_two(newsroom: Newsroom) -> None:
    english, copy = (newsroom.put(f"https://{site}.example/1", TEXTS[0]) for site in ("steppe", "ova"))
    arabic = " ".join(LANGUAGES["ar"].sentences(120))
    first, second = (newsroom.put(f"https://{site}.example/ar", arabic) for site in ("steppe", "ova"))
    newsroom.put("https://parus.example/1", edited(arabic), original_url="https://steppe.example/1")
    assert {newsroom.story(id_) for id_ in (english, copy, first, second)} == {english}
    moved = newsroom.sql("SELECT article_id, old, new FROM changes WHERE field = 'story_id' ORDER BY article_id")
    assert moved == [(id_, str(first), str(english)) for id_ in (first, second)]


def test_a_link_to_nothing_of_ours_ties_nothing(newsroom: Newsroom) -> None:
    alone = newsroom.put("https://steppe.example/1", TEXTS[0], original_url="not an address")
    other = newsroom.put("https://steppe.example/2", TEXTS[1], original_url="https://elsewhere.example/")
    assert [newsroom.story(alone), newsroom.story(other)] == [alone, other]


@pytest.mark.parametrize(
    ("dates", "first", "first_by", "undated"),
    [
        ([{"at": "2024-01-25T10:00:00+05:00"}, {"at": "2024-01-25T07:30:00+03:00"}], 2, "minute", 0),
        ([{"at": "2024-01-25T10:00:10+03:00"}, {"at": "2024-01-25T10:00:50+03:00"}], 1, "tie", 0),
        ([{"at": "2024-01-25T10:00:00+03:00"}, {"on": DAY}], 1, "tie", 0),
        ([{"on": DAY}, {"at": "2024-01-24T23:00:00+03:00"}], 2, "day", 0),
        ([{"on": DAY}, {"on": DAY}], 1, "tie", 0),
        ([{"on": DAY + dt.timedelta(days=1)}, {"on": DAY}], 2, "day", 0),
        ([{"on": DAY + dt.timedelta(days=1)}, {"at": "2024-01-25T10:00:00+03:00"}, {"at": "2024-01-25T09:00:00+03:00"}], 3, "minute", 0),
        ([{"on": None}, {"on": DAY}], 2, "day", 1),
        ([{"on": None}, {"on": None}], None, None, 2),
        ([{"at": "2024-01-25T10:00:00+03:00"}], 1, "minute", 0),
    ],
)  # fmt: skip
def test_who_ran_it_first_is_said_as_exactly_as_the_dates_are(
    newsroom: Newsroom, dates: list[dict[str, object]], first: int | None, first_by: str | None, undated: int
) -> None:
    for number, date in enumerate(dates):
        newsroom.put(f"https://{('steppe', 'parus', 'ova')[number]}.example/1", TEXTS[0], **date)
    query = "SELECT story_id, articles, outlets, first_site, first_by, undated FROM stories"
    site = first and ("steppe", "parus", "ova")[first - 1]
    assert newsroom.sql(query) == [(1, len(dates), len(dates), site, first_by, undated)]


def test_why_names_the_other_articles_of_the_story(newsroom: Newsroom) -> None:
    newsroom.put("https://steppe.example/1", TEXTS[0], title="Envoys meet")
    newsroom.put("https://parus.example/1", TEXTS[0], title="Envoys met", at="2024-01-25T10:00:00+03:00")
    standing = why(newsroom.archive, "https://steppe.example/1")
    assert standing is not None
    lines = list(account(standing, newsroom.path))
    told = lines[lines.index("The same story") + 1].split("  ")
    assert [word for word in told if word] == ["2024-01-25T07:00:00Z", "parus", "5624027aea78", "Envoys met"]


def test_what_is_off_the_subject_is_in_no_story_that_is_shown(newsroom: Newsroom) -> None:
    newsroom.put("https://steppe.example/1", TEXTS[0])
    newsroom.put("https://parus.example/1", TEXTS[0])
    with closing(sqlite3.connect(newsroom.path)) as db, db:
        db.execute("UPDATE articles SET relevance = 'off' WHERE id = 1")
    assert newsroom.sql("SELECT articles, first_site FROM stories") == [(1, "parus")]


def test_signatures_stay_what_they_are() -> None:
    """They are kept; when this fails, likeness.VERSION must be another one, and the archives' signatures are made anew."""
    body = "Послы стран-гарантов встретились в Астане, говорили о беженцах. The envoys met, ve toplantı bitti. " * 6
    signed = likeness.signature(likeness.text(fold("Title"), fold(body)))
    assert (likeness.VERSION, signed[:12].hex(), len(signed)) == (1, "f114c7009345d2099345d209", 384)


def test_signatures_of_another_version_are_made_anew(newsroom: Newsroom) -> None:
    first = newsroom.put("https://steppe.example/1", TEXTS[0])
    with closing(sqlite3.connect(newsroom.path)) as db, db:
        db.execute("UPDATE fingerprints SET version = 0, signature = zeroblob(384)")
        db.execute("DELETE FROM story_bands")
    assert newsroom.put("https://parus.example/1", TEXTS[0]) == newsroom.story(2)
    with Archive.open(f"sqlite:///{newsroom.path}", kind="live"):
        assert newsroom.story(2) == first


def test_an_archive_of_the_first_version_gets_its_stories_and_names(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress(FIRST_VERSION.read_bytes()))
    env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{path}", "ASTANA_PAGES_DIR": str(tmp_path / "pages")}
    asked = scrapy("search", env=env)
    assert (asked.returncode, "older version" in asked.stderr) == (1, True)
    done = scrapy("reread", "--judge-only", "steppe", env=env)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT id, story_id FROM articles").fetchall() == [(1, 1), (2, 1), (3, 3)]
        assert db.execute("SELECT count(DISTINCT article_id) FROM story_bands").fetchone() == (2,)
        names = db.execute("SELECT name FROM facets WHERE article_id = 2 ORDER BY name").fetchall()
        assert ("Alexander Lavrentiev",) in names
        assert db.execute("SELECT articles, first_by FROM stories WHERE story_id = 1").fetchall() == [(2, "tie")]
    assert [copy.name.startswith("old.schema-1.") for copy in tmp_path.glob("old.schema*")] == [True]
    assert scrapy("search", "Lavrentyev", env=env).returncode == 0
