"""The small web and its recording: whether tests that rely on them can be believed."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import tomllib
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.make_sample import ABOUT_URL, SAMPLE, sample
from tests.web import BASES, Answer, Expected, expected, strays, web, wordpress

MEETINGS = Path(__file__).parent.parent / "astana_crawl" / "reference" / "meetings.toml"
SOURCES = {
    "aawsat": ("https://english.aawsat.com/feed", "https://english.aawsat.com/sitemap.xml"),
    "aawsat_ar": ("https://aawsat.com/feed", "https://aawsat.com/sitemap.xml"),
    "syrianobserver": (
        "https://syrianobserver.com/feed",
        "https://syrianobserver.com/wp-json/wp/v2/posts?search=astana",
    ),
    "astanatimes": ("https://astanatimes.com/feed/", "https://astanatimes.com/wp-json/wp/v2/posts?search=syria"),
    "tass": ("https://tass.com/rss/v2.xml", "https://tass.com/sitemap.xml"),
    "orient-dispatch.example": (
        "https://orient-dispatch.example/feed/",
        "https://orient-dispatch.example/wp-json/wp/v2/posts",
        "https://orient-dispatch.example/wp-sitemap.xml",
    ),
}


def decoded(answer: Answer) -> str:
    packed = answer.header("Content-Encoding") == "gzip" or "gzip" in (answer.header("Content-Type") or "")
    return (gzip.decompress(answer.body) if packed else answer.body).decode()


def offered(source: str) -> set[str]:
    """The addresses that one source offers, its children and pages included."""
    answers = [(url, answer) for url, answer in web().items() if url.startswith(source) and answer.status == 200]
    found: set[str] = set()
    for url, answer in answers:
        text = decoded(answer)
        if "/wp-json/" in url:
            found |= {post["link"] for post in json.loads(text)}
        elif "<sitemapindex" in text:
            found |= {page for child in locs(text) for page in locs(decoded(web()[child]))}
        elif "<urlset" not in text:
            found |= {unescape(link) for link in re.findall(r"<link>(.*?)</link>", text.partition("<item>")[2])}
    return found


def locs(text: str) -> list[str]:
    return [unescape(loc) for loc in re.findall(r"<loc>(.*?)</loc>", text)]


def test_the_committed_recording_is_what_its_script_writes_today() -> None:
    committed = SAMPLE.read_bytes()
    assert gzip.decompress(committed) == gzip.decompress(sample()), "run python tests/make_sample.py and commit it"
    assert len(committed) < 1_000_000


def test_the_recording_opens_with_a_page_that_says_what_it_is_and_holds_the_whole_web() -> None:
    records = []
    with SAMPLE.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                head = record.http_headers
                answer = Answer(int(head.get_statuscode()), head.headers, record.raw_stream.read())
                records.append((record.rec_headers.get_header("WARC-Target-URI"), answer))
    assert records[0][0] == ABOUT_URL
    assert b"replicas" in records[0][1].body
    assert dict(records[1:]) == web()


def test_every_round_language_and_kind_of_page_is_there() -> None:
    rows = expected()
    rounds = Counter(row.round for row in rows if row.round)
    assert sorted(rounds) == list(range(1, 23))
    assert min(rounds.values()) >= 2
    kinds = Counter(row.relevance for row in rows)
    assert kinds["core"] + kinds["related"] >= 60
    assert kinds["related"] >= 5
    assert kinds["off"] >= 20
    languages = Counter(row.language for row in rows if row.relevance != "off")
    assert languages["en"] >= 40
    assert languages["ar"] >= 10
    assert languages["ru"] >= 5
    assert languages["tr"] >= 4
    assert {row.site for row in rows} == set(BASES)
    assert {stray.what for stray in strays()} == {"duplicate", "gone", "unreadable", "disallowed"}


def test_articles_are_dated_near_the_meeting_they_are_about() -> None:
    meetings = tomllib.loads(MEETINGS.read_text(encoding="utf-8"))
    for row in expected():
        if row.meeting:
            day = dt.datetime.fromisoformat(row.published).date()
            meeting = meetings[row.meeting]
            first, last = meeting["starts_on"], meeting.get("ends_on", meeting["starts_on"])
            assert first - dt.timedelta(days=7) <= day <= last + dt.timedelta(days=7), row


def test_no_two_articles_share_an_address_a_headline_or_a_sentence() -> None:
    rows = expected()
    for values in ([row.url for row in rows], [row.title for row in rows], [p for row in rows for p in row.paragraphs]):
        assert [value for value, times in Counter(values).items() if times > 1] == []


@pytest.mark.parametrize("row", expected(), ids=lambda row: row.url)
def test_an_article_s_page_holds_its_text_and_its_date(row: Expected) -> None:
    served = web()[row.url]
    page = unescape(decoded(served))
    assert served.status == 200
    assert [paragraph for paragraph in row.paragraphs if paragraph not in page] == []
    assert row.first in page
    assert row.last in page
    assert row.title in page
    assert row.published in page
    assert f'<link rel="canonical" href="{row.url}">' in page


@pytest.mark.parametrize("site", sorted(BASES))
def test_the_sources_of_a_site_offer_all_its_addresses_and_no_other(site: str) -> None:
    given = set().union(*(offered(source) for source in SOURCES[site]))
    rows = [row for row in expected() if row.site == site]
    odd = {stray.url for stray in strays() if stray.site == site}
    assert [row.url for row in rows if not {row.url, *row.also} & given] == []
    assert given - {url for row in rows for url in (row.url, *row.also)} == odd
    assert len(offered(SOURCES[site][0])) >= 10


def test_addresses_that_are_no_article_say_so_when_they_are_fetched() -> None:
    for stray in strays():
        answer = web().get(stray.url)
        if stray.what == "disallowed":
            assert answer is None
        elif stray.what == "gone":
            assert answer is not None and answer.status == 404
        elif stray.what == "duplicate":
            assert f'<link rel="canonical" href="{stray.article}">' in decoded(answer or Answer(0, [], b""))


def test_other_spellings_in_the_feeds_lead_to_the_article() -> None:
    rows = [row for row in expected() if row.also]
    assert len(rows) >= 4
    for row in rows:
        for url in row.also:
            answer = web()[url]
            assert answer == web()[row.url] or answer.header("Location") == row.url


def test_the_posts_api_pages_by_ten_and_says_when_it_has_no_more() -> None:
    def links(page: int) -> list[str]:
        answer = wordpress("astanatimes.com", f"search=syria&per_page=100&page={page}&_fields=link")
        assert answer.header("X-WP-TotalPages") == "2"
        return [post["link"] for post in json.loads(answer.body)]

    assert len(links(1)) == 10
    assert not set(links(1)) & set(links(2))
    past = wordpress("astanatimes.com", "search=syria&per_page=100&page=3")
    assert past.status == 400
    assert json.loads(past.body)["code"] == "rest_post_invalid_page_number"


def test_the_posts_api_keeps_to_the_days_it_is_asked_for() -> None:
    ask = "search=syria&after=2024-01-01T00:00:00&before=2024-02-01T00:00:00&_fields=link"
    answer = wordpress("astanatimes.com", ask)
    slug = "astana-process-guarantors-agree-to-meet-again-in-second-half-of-year"
    assert json.loads(answer.body) == [{"link": f"https://astanatimes.com/2024/01/{slug}/"}]


def test_searches_of_the_plain_site_are_recorded_in_every_script() -> None:
    fields = "id,date_gmt,date,modified_gmt,link,title"
    for term in ("astana", "syria", "астан", "сири", "أستانا", "Suriye"):
        ask = f"search={quote(term, safe='')}&per_page=100&page=1&orderby=date&order=desc&_fields={fields}"
        assert web()[f"https://orient-dispatch.example/wp-json/wp/v2/posts?{ask}"].status == 200
