"""The filters that `scrapy search` and `scrapy export` share, from the command line to a query."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from astana_crawl.archive import Archive, Query

RELEVANCE = ("core", "related", "all")


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add --round, --site, --language, --since, --until, --party, --person, --topic and --relevance."""
    parser.add_argument("--round", metavar="N", type=number, help="articles about the Nth round")
    parser.add_argument("--site", metavar="SITE", help="articles of one site (see: scrapy sites)")
    parser.add_argument("--language", metavar="CODE", help="articles in one language, as en, ar, ru, tr, fa, kk")
    parser.add_argument("--since", metavar="DATE", type=day, help="published on this day (2024-01-25) or later")
    parser.add_argument("--until", metavar="DATE", type=day, help="published on this day or earlier")
    parser.add_argument("--party", metavar="NAME", help="articles that name a party, as Iran, UNHCR, Syrian opposition")
    parser.add_argument("--person", metavar="NAME", help="articles that name a person, as Lavrentiev, Geir Pedersen")
    parser.add_argument("--topic", metavar="NAME", help="articles that speak of a topic, as detainees, Idlib")
    parser.add_argument(
        "--relevance", choices=RELEVANCE, default="related",
        help="core: about the process; related: also those that name it (default); all: also those judged to be off",
    )  # fmt: skip


def number(text: str) -> int:
    """Return a number of 1 or more; ArgumentTypeError for anything else."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ArgumentTypeError(f"{text} is not a number; write it as 20")
    return int(text)


def day(text: str) -> dt.date:
    """Return the day of `YYYY-MM-DD`; ArgumentTypeError for anything else."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:  # 20240125 and 2024-W04-4 are ISO 8601 too
        raise ArgumentTypeError(f"{text} is not a day; write it as 2024-01-25")
    return found


def query_of(opts: argparse.Namespace, words: Sequence[str]) -> Query:
    """Return the query of options and words.

    Raises ValueError, which says what there is, for a round that was never held, days in wrong order, and a party,
    person or topic that no list of reference/ has.
    """
    from astana_crawl.archive import Query
    from astana_crawl.relevance.facets import named

    if opts.round and opts.round not in (rounds := _rounds()):
        raise ValueError(f"there is no round {opts.round}; known are {min(rounds)} to {max(rounds)}")
    if opts.since and opts.until and opts.since > opts.until:
        raise ValueError(f"--since {opts.since} is later than --until {opts.until}; give the earlier day as --since")
    language = opts.language.lower() if opts.language else None
    party, person, topic = (
        named(kind, name) if (name := getattr(opts, kind)) else None for kind in ("party", "person", "topic")
    )
    return Query(
        " ".join(words), opts.round, opts.site, language, opts.since, opts.until, opts.relevance,
        party=party, person=person, topic=topic,
    )  # fmt: skip


def _rounds() -> list[int]:
    from astana_crawl.relevance import meetings

    return [meeting.number for meeting in meetings.load() if meeting.kind == "round" and meeting.number]


def unknown_site(archive: Archive, site: str | None, spiders: Sequence[str]) -> str | None:
    """Return what to say of a site that neither a spider nor the archive knows, None when it is known or none."""
    import difflib

    from sqlalchemy import select

    from astana_crawl.archive.models import Site

    if site is None or site in spiders:
        return None
    with archive.reading() as db:
        known = sorted({*spiders, *db.execute(select(Site.name)).scalars()})
    if site in known:
        return None
    near = difflib.get_close_matches(site, known, n=1)
    return f"there is no site {site}; " + (f"did you mean {near[0]}?" if near else "see them with: scrapy sites")
