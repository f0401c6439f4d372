"""Search: a word finds its articles in every spelling and case, filters keep to themselves, no input is an error."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from astana_crawl import items
from astana_crawl.archive import Archive, Hit, Query, ledger
from astana_crawl.archive.articles import store

NOW = dt.datetime(2024, 11, 25, 12, tzinfo=dt.UTC)

TEXTS = {
    "en-round": ("steppe", "en", "2024-01-24", "core", [("round-21", "main")], "Envoys meet in Astana",
                 "The 21st round opened on Wednesday.\n\nRussia's delegation and the guarantors spoke of Idlib."),
    "en-plans": ("steppe", "en", "2024-01-25", "core", [("round-22", "announced")], "Next meeting in autumn",
                 "The guarantors will meet again, the ministry said. It's a plan."),
    "en-later": ("steppe", "en", "2024-03-01", "related", [("round-21", "mentioned")], "Bread is dear in Idlib",
                 "Prices rose. Nothing has come of the talks of January."),
    "en-undated": ("steppe", "en", None, "core", [("round-21", "main")], "A photograph of envoys", "No day is given here."),
    "en-off": ("steppe", "en", "2024-01-20", "off", [], "Astana has a new tram", "The tram runs along the river."),
    "ru-round": ("parus", "ru", "2024-01-24", "core", [("round-21", "main"), ("round-20", "mentioned")],
                 "Лаврентьев прибыл на переговоры", "Стороны встретились в Астане. Ещё раз обсудили Сирию и беженцев."),
    "ru-adjective": ("parus", "ru", "2022-06-15", "core", [], "Астанинский формат", "О формате говорили долго."),
    "ar-round": ("sahel", "ar", "2024-01-23", "core", [("round-21", "main")], "انطلاق المحادثات في الأستانة",
                 "وصلت الوفود إلى العاصمة، وقالت الدول الضامنة إنّ سورية بحاجة إلى حل."),
    "ar-other": ("sahel", "ar", "2017-05-04", "core", [("round-4", "main")], "أستانة4: مناطق خفض التصعيد",
                 "أعلنت الدول الضامنة اتفاقها."),
    "tr-round": ("ova", "tr", "2024-11-12", "core", [("round-22", "main")], "Suriye görüşmeleri Astana'da bitti",
                 "Türkiye'nin heyeti İstanbul’a döndü."),
}  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "astana.db"
    with Archive.open(f"sqlite:///{path}", kind="live") as opened:
        with opened.writing() as db:
            for site, outlet in (("steppe", "Steppe"), ("parus", "Парус"), ("sahel", "الساحل"), ("ova", "Ova")):
                more = {"home": None, "country": None, "language": None, "party": None}
                ledger.register_site(db, site, outlet=outlet, title=outlet, **more)
            for slug, told in TEXTS.items():
                keep(db, slug, *told)
        yield opened


def keep(db, slug, site, language, day, relevance, ties, title, body):
    article = items.Article(
        f"https://{site}.example/{slug}", title=title, body=body, language=language, site=site, relevance=relevance,
        published_on=dt.date.fromisoformat(day) if day else None, published_precision="day" if day else None,
        meetings=[items.Tie(meeting, role, "named", "q") for meeting, role in ties],
    )  # fmt: skip
    source = ledger.source_id(db, site, "feed", "f")
    ledger.offer(
        db, site, source, "feed", "f", [ledger.Offer(items.Found(article.url), "pending", None, None, None)], NOW, None
    )
    (due,) = ledger.due(db, site, now=NOW, since=None, until=None, limit=9, exclude=())
    store(db, article, address_id=due.id, run_id=None, page_id=None, now=NOW, reader_version="1")


def found(archive, words="", **filters):
    return [hit.url.rpartition("/")[2] for hit in archive.search(Query(words, **filters))]


EVERYWHERE = ["tr-round", "en-round", "ru-round", "ar-round", "ar-other"]
"""The articles that name the city, newest first."""


@pytest.mark.parametrize("word", ["Astana", "астана", "Астаной", "أستانا", "أستانة", "الأستانة", "آستانه", "ASTANA'DA"])
def test_the_city_is_found_in_every_spelling_by_any_of_them(archive, word):
    assert sorted(found(archive, word)) == sorted(EVERYWHERE)


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("Лаврентьева", ["ru-round"]),
        ("переговорах", ["ru-round"]),
        ("беженец", []),
        ("беженцы", ["ru-round"]),
        ("еще", ["ru-round"]),
        ("астанинского формата", ["ru-adjective"]),
        ("سوريا", ["ar-round"]),
        ("محادثات", ["ar-round"]),
        ("ضامنة", ["ar-round", "ar-other"]),
        ("turkiye", ["tr-round"]),
        ("TÜRKİYE istanbul", ["tr-round"]),
        ("gorusmeleri", ["tr-round"]),
        ("round 21st", ["en-round"]),
        ("guarantors autumn", ["en-plans"]),
        ("guarantors tram", []),
        ('"meet again"', ["en-plans"]),
        ('"again meet"', []),
        ('"Сторонам встретились в Астану"', ["ru-round"]),
        ("guarant*", ["en-plans", "en-round"]),
        ("guarant", []),
        ("переговоро*", ["ru-round"]),
        ("مح*", ["ar-round"]),
        ("أستا* 4", ["ar-other"]),
        ("٤ أستانة", ["ar-other"]),
        ("envoys", ["en-round", "en-undated"]),
    ],
)
def test_all_words_must_occur_in_any_of_their_forms(archive, words, slugs):
    assert found(archive, words) == slugs


def test_filters_keep_to_themselves_and_the_undated_come_last(archive):
    newest_first = [
        "tr-round", "en-later", "en-plans", "ru-round", "en-round", "ar-round", "ru-adjective", "ar-other", "en-undated",
    ]  # fmt: skip
    assert found(archive) == newest_first
    assert found(archive, limit=2) == newest_first[:2]
    assert found(archive, relevance="core") == [slug for slug in newest_first if slug != "en-later"]
    assert found(archive, relevance="all") == [*newest_first[:6], "en-off", *newest_first[6:]]
    assert found(archive, site="parus") == ["ru-round", "ru-adjective"]
    assert found(archive, language="ar") == ["ar-round", "ar-other"]
    assert found(archive, since=dt.date(2024, 1, 24)) == newest_first[:5]
    assert found(archive, until=dt.date(2022, 6, 15)) == ["ru-adjective", "ar-other"]
    assert found(archive, since=dt.date(2024, 1, 24), until=dt.date(2024, 1, 24)) == ["ru-round", "en-round"]
    assert found(archive, "idlib", relevance="core") == ["en-round"]


def test_a_round_is_its_own_articles_and_its_announcements_but_not_mere_mentions(archive):
    assert found(archive, round=21) == ["ru-round", "en-round", "ar-round", "en-undated"]
    assert found(archive, round=22) == ["tr-round", "en-plans"]
    assert found(archive, round=20) == found(archive, round=99) == []


def test_a_hit_says_what_was_found_where(archive):
    (hit,) = archive.search(Query("Сирия", language="ru"))
    assert hit == Hit(
        key=archive.article("https://parus.example/ru-round")["key"], published_on=dt.date(2024, 1, 24), site="parus",
        outlet="Парус", language="ru", title="Лаврентьев прибыл на переговоры", url="https://parus.example/ru-round",
        relevance="core", meeting="round-21",
        snippet="Стороны встретились в Астане. Ещё раз обсудили Сирию и беженцев.",
    )  # fmt: skip


def test_a_snippet_shows_the_place_where_the_words_stand_together(tmp_path):
    filler = "Nothing of note was said on this day either. " * 20
    body = f"{filler}The envoy alone spoke. {filler}\n\nThen the envoy met the guarantors in the old hall. {filler}"
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}", kind="live") as archive:
        with archive.writing() as db:
            more = {"home": None, "country": None, "language": None, "party": None}
            ledger.register_site(db, "steppe", outlet="Steppe", title="Steppe", **more)
            keep(db, "long", "steppe", "en", "2024-01-24", "core", [], "A long day", body)
        (both,), (beginning,), (headline,) = (
            archive.search(Query(words)) for words in ("guarantors envoy", "", "long")
        )
    assert "Then the envoy met the guarantors in the old hall." in both.snippet
    assert both.snippet.startswith("… ")
    assert both.snippet.endswith(" …")
    assert beginning.snippet == headline.snippet
    assert headline.snippet.startswith("Nothing of note was said on this day either.")
    assert max(len(hit.snippet) for hit in (both, beginning, headline)) <= 164


@pytest.mark.parametrize(
    "words",
    [
        "AND", "NOT envoys", "envoys OR", "NEAR(a b)", "title:envoys", "envoys^2", "(", '"', '""', '"envoys', "*", "**", "-", "'",
        "a*b*", "{title}: x", "\x00", "\ud800", "%", "envoys; DROP TABLE articles", "+", "::", "x" * 10_000, "a " * 5000,
        "a* " * 500, '"' * 99,
    ],
)  # fmt: skip
def test_no_input_is_an_error(archive, words):
    archive.search(Query(words))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(alphabet=st.sampled_from("abم\"*() -:^'ـа٤\u0301") | st.characters(), max_size=20))
def test_no_input_is_an_error_however_odd(archive, words):
    archive.search(Query(words))


def test_words_that_hold_nothing_to_search_for_find_nothing_rather_than_everything(archive):
    assert found(archive, "… — !") == []
    assert len(found(archive, "  ")) == 9


@pytest.mark.parametrize("slug", sorted(TEXTS))
def test_every_article_is_found_by_every_word_of_its_own(archive, slug):
    *_, title, body = TEXTS[slug]
    for word in f"{title} {body}".split():
        if any(letter.isalnum() for letter in word):
            assert slug in found(archive, word, relevance="all"), word
