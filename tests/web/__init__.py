"""A small web for tests and demonstration: replicas of outlets' pages with texts written for this project.

    web()        -> dict[str, Answer]   every recorded address and what it answers
    expected()   -> list[Expected]      every article of it: what an archive must hold
    strays()     -> list[Stray]         offered addresses that give no article of their own
    wordpress(host, query) -> Answer    the posts API, for queries that are not recorded

Nothing here depends on the clock or on chance.
"""

from __future__ import annotations

from functools import cache

from tests.web.model import Answer, Expected, Stray, expect, stories
from tests.web.outlets import asharq, astanatimes, observer, orient, tass
from tests.web.outlets import wordpress as _wordpress
from tests.web.served import redirect

__all__ = ["BASES", "BLOGS", "Answer", "Expected", "Stray", "expected", "strays", "web", "wordpress"]

OUTLETS = (asharq, astanatimes, observer, orient, tass)
BLOGS = {blog.base.removeprefix("https://"): blog for blog in (astanatimes.BLOG, observer.BLOG, orient.BLOG)}
BASES = {
    "aawsat": asharq.ENGLISH.base,
    "aawsat_ar": asharq.ARABIC.base,
    "syrianobserver": observer.BLOG.base,
    "astanatimes": astanatimes.BLOG.base,
    "tass": tass.BASE,
    "orient-dispatch.example": orient.BLOG.base,
}


@cache
def _web() -> dict[str, Answer]:
    made: dict[str, Answer] = {}
    for outlet in OUTLETS:
        made |= outlet.answers()
    for row in expected():
        for url in row.also:
            made[url] = made[row.url] if url.startswith(row.url) else redirect(row.url)
    return made


def web() -> dict[str, Answer]:
    """Absolute address to answer; all of it is fresh, so that a test may change it."""
    return {url: Answer(one.status, list(one.headers), one.body) for url, one in _web().items()}


def expected() -> list[Expected]:
    """Every article, by site, newest first."""
    return [expect(site, base, story) for site, base in BASES.items() for story in stories(site)]


def strays() -> list[Stray]:
    """The offered addresses that are duplicates, gone, unreadable or disallowed."""
    return [stray for outlet in OUTLETS for stray in outlet.strays()]


def wordpress(host: str, query: str) -> Answer:
    """The answer of https://<host>/wp-json/wp/v2/posts?<query>; KeyError for a host without WordPress."""
    return _wordpress.posts(BLOGS[host], query)
