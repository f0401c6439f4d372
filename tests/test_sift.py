"""What a source says of an address decides only what it can: nothing that the page might still claim is left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest

from astana_crawl.discover import Feed, Sitemap, Window
from astana_crawl.items import Found
from astana_crawl.run.sift import sift

OURS = "https://news.example/2024/syria-talks-open-in-astana"
LIST, FEED = Sitemap("https://news.example/sitemap.xml"), Feed("https://news.example/feed")
MAY = Window(since=dt.date(2024, 5, 10), until=dt.date(2024, 5, 20))


@dataclass
class Site:
    window: Window = MAY
    zone: str | None = "Asia/Riyadh"
    language: str | None = "en"
    allowed_domains: list[str] = field(default_factory=lambda: ["news.example"])


@pytest.mark.parametrize(
    ("zone", "published", "kept"),
    [
        ("Asia/Riyadh", "2024-05-09T21:30:00Z", True),  # half past midnight there
        ("Asia/Riyadh", "2024-05-09T20:30:00Z", False),
        (None, "2024-05-09T20:30:00Z", True),  # whose tenth of May? the page will say
        (None, "2024-05-21", True),
        (None, "2024-05-08T23:59:00Z", False),
    ],
)
def test_a_long_list_leaves_out_only_what_is_of_another_day_wherever_it_is_read(
    zone: str | None, published: str, kept: bool
) -> None:
    assert (sift(Found(OURS, published=published), LIST, Site(zone=zone)) is not None) is kept


def test_a_change_on_the_eve_of_the_window_may_be_of_its_first_day_elsewhere() -> None:
    states = {
        day: offer.state if (offer := sift(Found(OURS, lastmod=day), FEED, Site())) else None
        for day in ("2024-05-08", "2024-05-09", "2024-06-30", "no day")
    }
    assert states == {
        "2024-05-08": "out_of_window", "2024-05-09": "pending", "2024-06-30": "pending", "no day": "pending"
    }  # fmt: skip


def test_other_sites_and_other_schemes_get_no_row() -> None:
    for url in ("https://other.example/syria-astana", "ftp://news.example/syria", "https://ar.news.example/astana"):
        assert sift(Found(url), FEED, Site()) is None


def test_only_words_that_name_another_subject_speak_against_an_address() -> None:
    told = {
        title: offer.state if (offer := sift(Found(f"https://news.example/{slug}", title), FEED, Site())) else None
        for slug, title in (("1", "Council opens a tram line"), ("2", "Talks on Syria open in Astana"), ("3", None))
    }
    assert told == {
        "Council opens a tram line": "off_topic",
        "Talks on Syria open in Astana": "pending",
        None: "pending",
    }
