"""Asking: an address or an article is explained, sites are told as they are, nothing from the web acts on the terminal."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, select, update

from astana_crawl.archive import Archive, Query, articles, ledger, models, pages, search
from astana_crawl.archive.models import Address, Change, Evidence, Revision
from astana_crawl.ask.account import account, terms
from astana_crawl.ask.clean import cell, clean, json_text
from astana_crawl.ask.export import in_order
from astana_crawl.ask.filters import add_filters, day, number, query_of, unknown_site
from astana_crawl.ask.show import aligned
from astana_crawl.ask.sites import Declared, coverage, declaration, owner
from astana_crawl.ask.standing import FieldEvidence, Reading
from astana_crawl.ask.stranger import stranger
from astana_crawl.ask.why import AmbiguousKeyError, NotAnAddressError, why
from astana_crawl.identity import url_hash
from astana_crawl.items import Article, Candidate, Facet, Found, Match, Tie

DAY = dt.datetime(2024, 1, 26, 8, 0, tzinfo=dt.UTC)

ROUND = "https://tass.com/politics/1001"
COPY = "https://aawsat.com/home/2002"
PLAIN = "https://tass.com/politics/1003"
UNDATED = "https://tass.com/politics/1004"
AMP = "https://tass.com/amp/politics/1001"
WAITING = "https://tass.com/politics/1005"
OFF = "https://tass.com/sport/football-cup-final-tonight"

SITE = {"title": "", "home": None, "country": None, "party": None}


def fill(archive: Archive) -> Archive:
    """An archive of two sites and a host: four articles and addresses in other states."""
    with archive.writing() as db:
        ledger.register_site(db, "tass", outlet="TASS", language="en", **SITE)
        ledger.register_site(db, "aawsat_ar", outlet="Asharq Al-Awsat", language="ar", **SITE)
        ledger.register_site(db, "news.example", outlet="news.example", language=None, **SITE)
        run = {site: start(db, site) for site in ("tass", "aawsat_ar", "news.example")}
        feed = ledger.source_id(db, "tass", "feed", "https://tass.com/rss/v2.xml")
        sitemap = ledger.source_id(db, "tass", "sitemap", "https://tass.com/sitemap.xml")
        arabic = ledger.source_id(db, "aawsat_ar", "feed", "https://aawsat.com/feed")
        offer(db, "tass", feed, "feed", run["tass"], ROUND, PLAIN, UNDATED, AMP, WAITING)
        offer(db, "tass", sitemap, "sitemap", run["tass"], ROUND, at=DAY + dt.timedelta(hours=1))
        offer(db, "aawsat_ar", arabic, "feed", run["aawsat_ar"], COPY)
        offer(
            db,
            "tass",
            sitemap,
            "sitemap",
            run["tass"],
            OFF,
            state="off_topic",
            reason="its headline names nothing of ours",
        )
        for article in (round_article(), copy_article(), plain_article(), undated_article()):
            keep(db, article, run[article.site], article.site)
        ledger.settle(
            db, address(db, AMP), "duplicate", "the AMP page of it", run_id=run["tass"], now=DAY,
            article_id=articles.find(db, url_hash(ROUND)),
        )  # fmt: skip
        ledger.retry_later(db, address(db, WAITING), "status 503", run_id=run["tass"], now=DAY, http_status=503)
        finish(db, run["tass"], "done", 0)
        finish(db, run["aawsat_ar"], "degraded", 3)
    return archive


def start(db, site):
    return ledger.start_run(db, site=site, command="crawl", version="0.1.0", reference_hash=None, now=DAY)


def finish(db, run_id, outcome, status):
    ledger.finish_run(db, run_id, outcome=outcome, exit_status=status, counts={}, now=DAY + dt.timedelta(minutes=5))


def offer(db, site, source, kind, run_id, *urls, state="pending", reason=None, at=DAY):
    offers = [
        ledger.Offer(Found(url, published="Thu, 25 Jan 2024 12:30:00 +0300" if url == ROUND else None), state, reason, None,
                     "hint" if state == "off_topic" else None)
        for url in urls
    ]  # fmt: skip
    ledger.offer(db, site, source, kind, f"https://list.example/{kind}", offers, at, run_id)


def address(db, url):
    return db.execute(select(Address.id).where(Address.url_hash == url_hash(url))).scalar_one()


def keep(db, article, run_id, site):
    place = pages.Place(f"{site}/{site}-202401.warc.gz", 1234, "sha256:00")
    page_id = pages.pages_row(
        db, url=article.url, fetched_at=DAY, http_status=200, origin="live", origin_url=None, place=place
    )
    articles.store(
        db, article, address_id=address(db, article.url), run_id=run_id, page_id=page_id, now=DAY,
        reader_version="0.1.0", http_status=200,
    )  # fmt: skip


def round_article() -> Article:
    return Article(
        url=ROUND, site="tass", title="Guarantors close the twenty-first round", subtitle="A statement was read out",
        body="The delegations closed the round in the Kazakh capital. They named no day for the next.",
        language="en", authors=["A. Writer", "B. Writer"],
        published=dt.datetime(2024, 1, 25, 12, 30, tzinfo=dt.timezone(dt.timedelta(hours=3))),
        published_on=dt.date(2024, 1, 25), published_precision="minute", published_zone="Europe/Moscow",
        published_text="25 Jan 2024, 12:30", published_rule="json-ld:datePublished",
        original_outlet="SANA", original_url="https://sana.example/1", note="Translated by hand.", layout="text-block",
        relevance="core", relevance_score=0.9,
        matched_terms=[Match("astana round", "title", 25, "twenty-first round")],
        meetings=[
            Tie("round-20", "mentioned", "named", "after the twentieth round"),
            Tie("round-21", "main", "named", "the twenty-first round"),
        ],
        facets=[Facet("party", "Kazakhstan", ("Kazakh",))],
        candidates=[
            Candidate("title", "Guarantors close the twenty-first round", "meta:og:title", "Guarantors close the twenty-first round", chosen=True),
            Candidate("published", "2024-01-25T12:30:00+03:00", "json-ld:datePublished", "2024-01-25T12:30:00+03:00", chosen=True),
            Candidate("published", "2024-01-26", "url", "/2024/01/26/"),
        ],
    )  # fmt: skip


def copy_article() -> Article:
    return Article(
        url=COPY, site="aawsat_ar", title="اختتام الجولة الحادية والعشرين", body="اختتمت الوفود الجولة في العاصمة.",
        language="ar", published_on=dt.date(2024, 1, 26), published_precision="day", published_text="26 يناير 2024",
        published_rule="meta:date", relevance="core", relevance_score=0.8,
        meetings=[Tie("round-21", "main", "dated", "الجولة الحادية والعشرين")],
    )  # fmt: skip


def plain_article() -> Article:
    return Article(
        url=PLAIN, site="tass", title="=HYPERLINK(\"https://evil.example\")", body="A text that names the process once.",
        language="en", published_on=dt.date(2023, 6, 21), published_precision="day", relevance="related",
        relevance_score=0.3,
    )  # fmt: skip


def undated_article() -> Article:
    return Article(
        url=UNDATED, site="tass", title="An undated remark", body="The day of this text is not known.", language="en",
        relevance="related", relevance_score=0.2,
    )  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path):
    with Archive.open(f"sqlite:///{tmp_path}/a.db", kind="live", pages_dir=tmp_path / "pages") as made:
        yield fill(made)


def told(archive: Archive, text: str) -> str:
    standing = why(archive, text)
    assert standing is not None
    return "\n".join(line.rstrip() for line in account(standing, Path("/pages")))


PAYLOADS = {
    "colour": ("\x1b[31mred\x1b[0m text", "red text"),
    "clear the screen": ("a\x1b[2J\x1b[1;1Hb", "ab"),
    "8-bit control sequence": ("a\x9b2Jb", "ab"),
    "window title": ("a\x1b]0;pwned\x07b", "ab"),
    "hyperlink": ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"),
    "8-bit operating system command": ("a\x9d52;c;cHduZWQ=\x9cb", "ab"),
    "device control string": ("a\x1bP+q544e\x1b\\b", "ab"),
    "operating system command without an end": ("a\x1b]0;b", "a0;b"),
    "reset": ("a\x1bcb", "ab"),
    "lone escape at the end": ("a\x1b", "a"),
    "backspaces and a bell": ("rm\b\b\x07ls", "rmls"),
    "carriage return that overwrites": ("good\rbad", "good bad"),
    "lines and tabs": ("a\r\nb\tc\u2028d\x85e", "a b c d e"),
    "bidi override": ("a\u202egpj.exe\u202c", "agpj.exe"),
    "bidi isolate": ("a\u2067b\u2069", "ab"),
    "invisible tags": ("a\U000e0041\U000e007fb", "ab"),
    "lone surrogate": ("a\ud800b", "ab"),
    "NUL": ("a\0b", "ab"),
    "Persian joiner stays": ("می\u200cخواهم", "می\u200cخواهم"),
    "Arabic, Chinese and an emoji stay": ("أستانا 阿斯塔纳 🕊️", "أستانا 阿斯塔纳 🕊️"),
    "nothing": (None, ""),
}


@pytest.mark.parametrize(("given", "shown"), PAYLOADS.values(), ids=PAYLOADS)
def test_nothing_from_the_web_acts_on_the_terminal(given: str | None, shown: str) -> None:
    assert clean(given) == shown


@pytest.mark.parametrize(
    "given", [given for given, _ in PAYLOADS.values() if given], ids=[n for n in PAYLOADS if n != "nothing"]
)
def test_json_shows_no_control_character_and_loses_nothing(given: str) -> None:
    written = json_text([given])
    assert json.loads(written) == [given]
    assert clean(written) == written


FORMULAS = {
    "equals": ("=1+1", "'=1+1"),
    "plus": ("+1", "'+1"),
    "minus": ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
    "at": ("@SUM(1)", "'@SUM(1)"),
    "tab": ("\t=1", "'\t=1"),
    "tab before a word": ("\tword", "'\tword"),
    "carriage return": ("\r=1", "'=1"),
    "line end": ("\n=1", "'\n=1"),
    "blanks": ("   =1", "'   =1"),
    "no-break space": ("\u00a0=1", "'\u00a0=1"),
    "quotes": ('"=1"', '\'"=1"'),
    "typographic quotes": ("“=1", "'“=1"),
    "full width equals": ("＝1+1", "'＝1+1"),
    "full width at": ("＠SUM(1)", "'＠SUM(1)"),
    "byte order mark": ("\ufeff=1", "'\ufeff=1"),
    "hidden by a control character": ("\x01=1", "'=1"),
    "hidden by an escape sequence": ("\x1b[0m=1", "'=1"),
    "a sentence": ("Round 21 = the last", "Round 21 = the last"),
    "quoted headline": ("“A day” in Astana", "“A day” in Astana"),
    "number": (-3, -3),
    "score": (0.5, 0.5),
    "list": (["=1", "b"], "'=1; b"),
    "nothing": (None, ""),
}


@pytest.mark.parametrize(("given", "written"), FORMULAS.values(), ids=FORMULAS)
def test_a_spreadsheet_runs_no_cell(given: object, written: object) -> None:
    assert cell(given) == written


def test_wide_and_joined_letters_keep_their_columns() -> None:
    rows = [["阿斯塔纳", "1"], ["أستانا", "22"], ["e\u0301a", "333"]]
    assert list(aligned(["name", "n"], rows, right=["n"])) == [
        "name        n",
        "阿斯塔纳    1",
        "أستانا     22",
        "e\u0301a        333",
    ]


def test_an_article_is_explained_with_all_it_rests_on(archive: Archive) -> None:
    assert (
        told(archive, ROUND)
        == """\
https://tass.com/politics/1001
state         archived: in the archive
article       4303f9c7b296
site          tass
next attempt  2024-01-26T09:00:00Z
last fetched  2024-01-26T08:00:00Z
status        200

Found
  2024-01-26T08:00:00Z  feed     https://tass.com/rss/v2.xml
  2024-01-26T09:00:00Z  sitemap  https://tass.com/sitemap.xml
  first            2024-01-26T08:00:00Z by feed
  in               https://list.example/feed
  published there  Thu, 25 Jan 2024 12:30:00 +0300

Visits
  2024-01-26T08:00:00Z  200  archived  page kept: /pages/tass/tass-202401.warc.gz at byte 1234

Article 4303f9c7b296
  title         Guarantors close the twenty-first round
  subtitle      A statement was read out
  authors       A. Writer, B. Writer
  url           https://tass.com/politics/1001
  site          tass
  language      en
  published     2024-01-25, at 2024-01-25T09:30:00Z, read in the zone Europe/Moscow
  by the rule   json-ld:datePublished
  as written    25 Jan 2024, 12:30
  relevance     core, score 0.9
  by the words  twenty-first round (astana round, title)
  taken from    SANA
  original at   https://sana.example/1
  note          Translated by hand.
  words         16
  layout        text-block
  first seen    2024-01-26T08:00:00Z
  last seen     2024-01-26T08:00:00Z

Meetings
  main       round-21  named  during, day +1   “the twenty-first round”
  mentioned  round-20  named  after, day +219  “after the twentieth round”

Names
  party  Kazakhstan  Kazakh

Evidence for published: 2 values disagree
  *  2024-01-25T12:30:00+03:00  json-ld:datePublished
     2024-01-26                 url                    “/2024/01/26/”

Evidence for title
  *  Guarantors close the twenty-first round  meta:og:title

Revisions
  1  2024-01-26T08:00:00Z  first  page kept: /pages/tass/tass-202401.warc.gz at byte 1234

Other addresses of it
  https://tass.com/amp/politics/1001  duplicate"""
    )


def test_each_deciding_term_is_told_once_with_its_fewest_words() -> None:
    kept = [
        {"term": "a", "where": "title", "text": "Guarantors gather in Astana"},
        {"term": "b", "where": "title", "text": "Astana 6"},
        {"term": "a", "where": "body", "text": "Astana guarantors"},
        {"term": "c", "where": "title", "text": "Astana 6"},
        "an older archive's words",
    ]
    assert terms(kept) == ["Astana guarantors (a, body)", "Astana 6 (b; c, title)", "an older archive's words"]


def test_any_spelling_and_the_beginning_of_the_key_lead_to_the_same_answer(archive: Archive) -> None:
    spellings = [
        "http://www.tass.com/politics/1001?utm_source=x#top",
        "4303f9c7b296",
        "4303f9",
        "4303F9C7",
        url_hash(ROUND),
    ]
    assert {told(archive, spelling) for spelling in spellings} == {told(archive, ROUND)}


def test_an_address_that_waits_says_for_what(archive: Archive) -> None:
    assert (
        told(archive, WAITING)
        == """\
https://tass.com/politics/1005
state         pending: waits to be fetched
reason        status 503
site          tass
next attempt  2024-01-26T08:15:00Z
attempts      1
last fetched  2024-01-26T08:00:00Z
status        503

Found
  2024-01-26T08:00:00Z  feed  https://tass.com/rss/v2.xml
  first  2024-01-26T08:00:00Z by feed
  in     https://list.example/feed

Visits
  2024-01-26T08:00:00Z  503  pending  status 503"""
    )


def test_an_address_that_was_passed_over_says_so(archive: Archive) -> None:
    assert told(archive, OFF).splitlines()[:4] == [
        OFF,
        "state   off_topic: not kept: it is about something else (judged by its address and headline, not fetched)",
        "reason  its headline names nothing of ours",
        "site    tass",
    ]


def test_a_duplicate_leads_to_the_article_that_stands(archive: Archive) -> None:
    standing = why(archive, AMP)
    assert standing is not None and standing.article is not None and standing.address is not None
    assert (standing.address["state"], standing.article.row["url"]) == ("duplicate", ROUND)
    assert standing.article.other_addresses == ((AMP, "duplicate"),)


def test_what_changed_is_told_with_what_it_was(archive: Archive) -> None:
    later = DAY + dt.timedelta(days=2)
    with archive.writing() as db:
        article_id = articles.find(db, url_hash(ROUND))
        first = db.execute(select(Revision.id).where(Revision.article_id == article_id)).scalar_one()
        db.execute(
            update(Revision).where(Revision.id == first), {"title": "An earlier headline", "body": "An earlier text."}
        )
        db.execute(
            insert(Revision),
            {"article_id": article_id, "number": 2, "seen_at": later, "content_hash": "x", "cause": "publisher"},
        )
        db.execute(update(models.Article).where(models.Article.id == article_id), {"revision_count": 2})
        db.execute(
            insert(Change),
            {
                "article_id": article_id,
                "field": "section",
                "old": None,
                "new": "Politics",
                "at": later,
                "cause": "publisher",
            },
        )
    account = told(archive, ROUND)
    assert (
        account[account.index("Revisions") : account.index("\n\nOther")]
        == """\
Revisions
  1  2024-01-26T08:00:00Z  first      page kept: /pages/tass/tass-202401.warc.gz at byte 1234
  2  2024-01-28T08:00:00Z  publisher
       headline: [-An earlier headline-] {+Guarantors close the twenty-first round+}
       [-An earlier text.-] {+The delegations closed the round in the Kazakh capital. They named no day for the next.+}

Changes
  2024-01-28T08:00:00Z  section  (nothing) -> Politics  publisher"""
    )
    assert "Evidence for published: 2 values disagree" in account


def test_fields_that_disagree_come_first_and_the_chosen_value_leads(archive: Archive) -> None:
    with archive.writing() as db:
        article_id = articles.find(db, url_hash(ROUND))
        revision = db.execute(select(Revision.id).where(Revision.article_id == article_id)).scalar_one()
        row = {"revision_id": revision, "field": "language", "rule": "html:lang", "raw": "en"}
        db.execute(insert(Evidence), [row | {"value": "ru", "chosen": 0}, row | {"value": "en", "chosen": 1}])
    standing = why(archive, ROUND)
    assert standing is not None and standing.article is not None
    order = [(one.field, one.disagree, one.readings[0].value) for one in standing.article.evidence]
    assert order == [
        ("published", True, "2024-01-25T12:30:00+03:00"),
        ("language", True, "en"),
        ("title", False, "Guarantors close the twenty-first round"),
    ]


@pytest.mark.parametrize(
    ("field", "readings", "disagree"),
    [
        ("published", [("2024-01-25T12:30:00+03:00", "json-ld"), ("2024-01-25T09:30:00+00:00", "hint:feed")], False),
        ("published", [("2024-01-25T12:30:00+03:00", "json-ld"), ("2024-01-25", "url")], False),
        ("published", [("2024-01-25T12:30:00+03:00", "json-ld"), ("2024-01-26", "url")], True),
        ("tags", [("Syria", "meta:keywords"), ("Astana", "meta:keywords")], False),
        ("authors", [("Raed Salem", "json-ld, byline"), ("Mira Haddad", "json-ld, byline")], False),
        ("authors", [("Raed Salem", "json-ld"), ("News Desk", "byline")], True),
        ("title", [("Round opens", "h1"), ("Round ends", "json-ld")], True),
    ],
)
def test_readings_disagree_when_they_mean_different_things(
    field: str, readings: list[tuple[str, str]], disagree: bool
) -> None:
    evidence = FieldEvidence(field, tuple(Reading(value, rule, value, False) for value, rule in readings))
    assert evidence.disagree == disagree


def test_what_is_neither_an_address_nor_a_key_is_refused(archive: Archive) -> None:
    for text in ("hello", "4303f", "ftp://tass.com/x"):
        with pytest.raises(NotAnAddressError, match="neither a web address"):
            why(archive, text)


def test_the_beginning_of_two_keys_names_both(archive: Archive) -> None:
    with archive.writing() as db:
        row = {"site": "tass", "found_by": "feed", "found_at": DAY, "state": "pending"}
        for end in ("1", "2"):
            db.execute(insert(Address), row | {"url": f"https://tass.com/{end}", "url_hash": "abcdef" + end * 58})
    with pytest.raises(AmbiguousKeyError, match="abcdef is the beginning of several keys: abcdef111111, abcdef222222"):
        why(archive, "abcdef")


TASS = Declared("tass", "TASS", "en", "Europe/Moscow", ("tass.com",), ("feed https://tass.com/rss/v2.xml",))
AAWSAT = Declared(
    "aawsat",
    "Asharq Al-Awsat",
    "en",
    None,
    ("english.aawsat.com",),
    condition="known_wall",
    condition_reason="asks for a browser",
)
AAWSAT_AR = Declared("aawsat_ar", "Asharq Al-Awsat", "ar", None, ("aawsat.com",))
ANYSITE = Declared("anysite")
DECLARED = [ANYSITE, AAWSAT, TASS, AAWSAT_AR]


def test_an_unknown_address_is_told_whose_it_is_and_how_to_see_it() -> None:
    assert list(stranger("https://tass.com/world/syria-talks-in-astana-begin", DECLARED)) == [
        "https://tass.com/world/syria-talks-in-astana-begin is not in the archive: no source has offered it.",
        "Its host belongs to the site tass.",
        "Its address names something of ours, so it would be fetched once a source offers it.",
        "See what the page gives with: scrapy try tass https://tass.com/world/syria-talks-in-astana-begin",
    ]
    assert list(stranger("https://other.example/sport/cup-final-tonight", DECLARED)) == [
        "https://other.example/sport/cup-final-tonight is not in the archive: no source has offered it.",
        "No site of ours has the host other.example; anysite would read it.",
        "Its address names nothing of ours: a long list that offers it would pass it over.",
        "See what the page gives with: scrapy try anysite https://other.example/sport/cup-final-tonight",
    ]


def test_the_nearest_domain_owns_a_host() -> None:
    hosts = ("english.aawsat.com", "aawsat.com", "turkish.aawsat.com", "notaawsat.com")
    assert [owner(host, DECLARED) for host in hosts] == ["aawsat", "aawsat_ar", "aawsat_ar", None]


def test_sites_tell_what_is_declared_and_what_the_archive_holds(archive: Archive) -> None:
    rows = {row.site: row for row in coverage(DECLARED, archive)}
    assert list(rows) == ["aawsat", "aawsat_ar", "news.example", "tass", "anysite"]
    assert rows["tass"].as_dict() == {
        "site": "tass", "spider": "tass", "outlet": "TASS", "language": "en", "zone": "Europe/Moscow",
        "sources": ("feed https://tass.com/rss/v2.xml",), "archives": (), "condition": "active", "condition_reason": None,
        "unverified_because": None,
        "last_run_at": "2024-01-26T08:00:00Z", "last_outcome": "done", "last_reasons": (), "articles": 3, "newest_on": "2024-01-25",
        "pending": 1, "health": "good",
    }  # fmt: skip
    told = {name: (row.spider, row.health, row.articles, row.pending) for name, row in rows.items()}
    assert told == {
        "aawsat": ("aawsat", "walled", 0, 0),
        "aawsat_ar": ("aawsat_ar", "degraded", 1, 0),
        "news.example": ("anysite", "running", 0, 0),
        "tass": ("tass", "good", 3, 1),
        "anysite": ("anysite", "-", 0, 0),
    }


def test_a_site_without_its_spider_is_retired_and_a_paused_one_paused(archive: Archive) -> None:
    with archive.writing() as db:
        db.exec_driver_sql(
            "UPDATE sites SET condition = 'paused', condition_reason = 'asked to wait' WHERE name = 'tass'"
        )
    rows = {row.site: row for row in coverage([TASS], archive)}
    assert (rows["aawsat_ar"].spider, rows["aawsat_ar"].health) == (None, "retired")
    assert (rows["tass"].health, rows["tass"].condition_reason) == ("paused", "asked to wait")


def test_an_article_that_proved_to_be_off_topic_is_not_counted(archive: Archive) -> None:
    with archive.writing() as db:
        db.exec_driver_sql("UPDATE articles SET relevance = 'off' WHERE url = ?", (ROUND,))
    (row,) = [row for row in coverage([TASS], archive) if row.site == "tass"]
    assert (row.articles, row.newest_on) == (2, dt.date(2023, 6, 21))


def test_without_an_archive_every_site_is_new() -> None:
    assert [(row.site, row.health) for row in coverage([TASS, AAWSAT_AR], None)] == [
        ("aawsat_ar", "new"),
        ("tass", "new"),
    ]


def test_a_spider_declares_what_is_told_of_it() -> None:
    from astana_crawl.spiders.tass import TassSpider

    assert declaration(TassSpider) == Declared(
        "tass", "TASS", "en", "Europe/Moscow", ("tass.com",), ("feed https://tass.com/rss/v2.xml",),
        ("sitemap https://tass.com/sitemap.xml",), "active", None,
    )  # fmt: skip


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_filters(parser)
    return parser.parse_args(arguments)


def test_all_filters_come_into_the_query() -> None:
    given = parsed(
        "--round", "21", "--site", "tass", "--language", "AR", "--since", "2024-01-01", "--until", "2024-01-31",
        "--relevance", "all",
    )  # fmt: skip
    days = dt.date(2024, 1, 1), dt.date(2024, 1, 31)
    assert query_of(given, ["two", "words"]) == Query("two words", 21, "tass", "ar", *days, "all", None)
    assert query_of(parsed(), []) == Query()


@pytest.mark.parametrize("text", ["25.01.2024", "2024-1-5", "2024-02-30", "20240125", "2024-W04-4", "yesterday", ""])
def test_a_day_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a day; write it as 2024-01-25"):
        day(text)


@pytest.mark.parametrize("text", ["0", "-1", "x", "٢", "1.5", ""])
def test_a_number_is_one_or_more(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a number; write it as 20"):
        number(text)


def test_days_in_the_wrong_order_and_rounds_never_held_are_refused() -> None:
    with pytest.raises(ValueError, match="--since 2024-01-25 is later than --until 2024-01-24; give the earlier day"):
        query_of(parsed("--since", "2024-01-25", "--until", "2024-01-24"), [])
    with pytest.raises(ValueError, match="there is no round 99; known are 1 to"):
        query_of(parsed("--round", "99"), [])


def test_a_site_is_known_by_its_spider_or_by_the_archive(archive: Archive) -> None:
    assert [unknown_site(archive, site, ["aawsat"]) for site in (None, "aawsat", "tass", "news.example")] == [None] * 4
    assert unknown_site(archive, "tas", []) == "there is no site tas; did you mean tass?"
    assert unknown_site(archive, "zzz", []) == "there is no site zzz; see them with: scrapy sites"


def test_counting_and_ordering_read_no_texts(archive: Archive) -> None:
    asked: list[tuple[str, object]] = []

    def note(_db, _cursor, statement, parameters, _context, _many):
        if "FROM articles" in statement:
            asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        coverage([TASS], archive)
        with archive.reading() as db:
            in_order(db, search.ids(db, Query()))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with archive.reading() as db:
        plans = [db.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given).all() for one, given in asked]
    assert [plan[0][-1] for plan in plans] == ["SCAN articles USING COVERING INDEX articles_published"] * 3
