"""What a search found, as a table, JSON or CSV."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from astana_crawl.archive import Hit, search
from astana_crawl.ask import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astana_crawl.archive import Archive, Query

ROWS = 20
"""How many articles the table shows unless told otherwise."""

COLUMNS = tuple(field.name for field in fields(Hit))
"""Of JSON and CSV; the `meeting` is the id of the one it is about."""


def show_found(archive: Archive, query: Query, form: str, limit: int | None = None) -> None:
    """Print what a query finds; `form` is table, json or csv. Says so when that is nothing, or not all."""
    hits = archive.search(replace(query, limit=limit or (ROWS if form == "table" else None)))
    with show.printing():
        if form == "json":
            show.json_value([_record(hit) for hit in hits])
        elif form == "csv":
            show.csv_rows(COLUMNS, [tuple(_record(hit).values()) for hit in hits])
        elif hits:
            show.table(("published", "key", "site", "language", "meeting", "title"), [_row(hit) for hit in hits])
    if not hits:
        show.say("No article found. See what the archive holds with: scrapy sites")
    elif form == "table":
        _say_more(archive, query, hits)


def _record(hit: Hit) -> dict[str, Any]:
    return asdict(hit) | {"published_on": hit.published_on and hit.published_on.isoformat()}


def _row(hit: Hit) -> tuple[str | None, ...]:
    day = hit.published_on.isoformat() if hit.published_on else "undated"
    return day, hit.key, hit.site, hit.language, hit.meeting, hit.title


def _say_more(archive: Archive, query: Query, hits: Sequence[Hit]) -> None:
    with archive.reading() as db:
        more = len(search.ids(db, query)) - len(hits)
    if more > 0:
        show.say(f"{more} more; see them with --limit {len(hits) + more}, or keep all with: scrapy export FILE.csv")
