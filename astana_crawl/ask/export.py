"""The articles as a file for a spreadsheet (CSV) or a program (JSON Lines): the same bytes for the same archive."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import aliased

from astana_crawl.archive import search
from astana_crawl.archive.models import Article, ArticleMeeting, Facet, Site
from astana_crawl.ask.clean import json_text
from astana_crawl.ask.files import replaced
from astana_crawl.ask.show import printing, say, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from astana_crawl.archive import Archive, Query

FORMATS = ("csv", "jsonl")
BATCH = 500

COLUMNS = (
    "key",  # first 12 hexadecimal digits of the SHA-256 of the canonical address; `scrapy why KEY` explains the article
    "published_on",  # the outlet's local day, YYYY-MM-DD; empty when the page does not say it clearly
    "published_at",  # the instant in UTC, empty unless the minute is known
    "published_precision",  # minute, day
    "site",  # the spider, or the host of a site without one
    "outlet",
    "language",
    "title",
    "subtitle",
    "authors",
    "url",
    "original_outlet",  # where the outlet says it took the article from
    "original_url",
    "relevance",  # core, related
    "relevance_score",  # 0 to 1
    "matched_terms",  # the deciding words as they stand in the text
    "main_meeting",  # the meeting it is about: round-21, summit-2 …
    "basis",  # named in the text, or dated: by its day
    "phase",  # before, during, after the main meeting
    "day_offset",  # days from the main meeting's first day
    "announced_meetings",
    "mentioned_meetings",
    "parties",  # who of those that take part in the process the text names
    "people",  # heads of delegations, envoys, ministers, presidents that it names
    "topics",  # what of the agenda it speaks of
    "story",  # key of the first article of the story, its own when it stands alone
    "word_count",
    "first_seen_at",
    "content_hash",  # SHA-256 over headline and text, white space folded
)
TEXT_COLUMNS = ("body", "note")
"""Added with the texts; `note` is what a page says below an article, as a disclaimer."""


def format_of(name: str, given: str | None = None) -> str:
    """Return the format of an export by the file's ending unless it is given; ValueError when neither tells."""
    ending = Path(name).suffix.removeprefix(".").lower()
    if given is None and ending not in FORMATS:
        raise ValueError(f"the ending of {name} names no format; add --format csv or --format jsonl")
    return given or ending


def export(archive: Archive, query: Query, target: Path | BinaryIO, form: str, *, with_text: bool = False) -> int:
    """Write the articles that a query finds, whatever its limit, and return how many; `form` is one of FORMATS.

    They stand in the order of published_on (undated ones last) and key. A Path is replaced whole when all is written,
    and stays as it was on any error. CSV is UTF-8 with a byte order mark, as Excel takes a file without one for the
    local code page; its cells are made safe for spreadsheets, whereas JSON Lines keeps texts as they are. Raises
    OSError when the file cannot be written.
    """
    columns = COLUMNS + TEXT_COLUMNS if with_text else COLUMNS
    write = _write_csv if form == "csv" else _write_jsonl
    with archive.reading() as db, replaced(target) if isinstance(target, Path) else nullcontext(target) as file:
        counted = _Counted(_records(db, replace(query, limit=None), columns))
        write(file, columns, counted)
    return counted.count


def export_to(archive: Archive, query: Query, name: str, form: str, *, with_text: bool = False) -> None:
    """Export to the file of that name, `-` for standard output; tells a person at the terminal how many there were."""
    if name == "-":
        with printing():
            export(archive, query, sys.stdout.buffer, form, with_text=with_text)
        return
    count = export(archive, query, Path(name), form, with_text=with_text)
    if sys.stderr.isatty():
        say(f"{count} articles written to {name}")


class _Counted:
    """Counts what is taken from it."""

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        self.records, self.count = records, 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for record in self.records:
            self.count += 1
            yield record


def _write_csv(file: BinaryIO, columns: tuple[str, ...], records: Iterable[dict[str, Any]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    write_csv(text, columns, ([record[name] for name in columns] for record in records))
    text.flush()
    text.detach()


def _write_jsonl(file: BinaryIO, columns: tuple[str, ...], records: Iterable[dict[str, Any]]) -> None:
    file.writelines(f"{json_text({name: record[name] for name in columns})}\n".encode() for record in records)


def _records(db: Connection, query: Query, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield a record for each article, by column, times as texts as the archive has them."""
    ordered = in_order(db, search.ids(db, query))
    for start in range(0, len(ordered), BATCH):
        ids = ordered[start : start + BATCH]
        ties, facets = _ties(db, ids, ArticleMeeting), _ties(db, ids, Facet)
        found = {row.id: row for row in db.execute(_select(columns).where(Article.id.in_(ids)))}
        for article_id in ids:
            yield _record(found[article_id]._asdict(), ties[article_id]) | _facets(facets[article_id])


def in_order(db: Connection, ids: list[int]) -> list[int]:
    """Return the ids by published_on (undated last) and key, which do not depend on when an article was found."""
    wanted = set(ids)
    rows = db.execute(select(Article.published_on, Article.key, Article.id)).all()
    dated = [(on or dt.date.max, key, article_id) for on, key, article_id in rows if article_id in wanted]
    return [article_id for _, _, article_id in sorted(dated)]


def _select(columns: tuple[str, ...]) -> Any:
    story = aliased(Article)
    own = [getattr(Article, name) for name in columns if hasattr(Article, name)]
    return (
        select(Article.id, *own, Site.outlet, story.key.label("story"))
        .join(Site, Site.name == Article.site)
        .outerjoin(story, story.id == Article.story_id)
    )


def _ties(db: Connection, ids: list[int], table: type[ArticleMeeting | Facet]) -> dict[int, list[Any]]:
    ties = defaultdict(list)
    columns = table.__table__.c
    for tie in db.execute(select(*columns).where(columns.article_id.in_(ids)).order_by(*table.__table__.primary_key)):
        ties[tie.article_id].append(tie)
    return ties


def _facets(facets: list[Any]) -> dict[str, list[str]]:
    columns = {"parties": "party", "people": "person", "topics": "topic"}
    return {column: [one.name for one in facets if one.kind == kind] for column, kind in columns.items()}


def _record(row: dict[str, Any], ties: list[Any]) -> dict[str, Any]:
    main = next((tie for tie in ties if tie.role == "main"), None)
    return {name: _plain(value) for name, value in row.items()} | {
        "authors": row["authors"] or [],
        "matched_terms": _words(row["matched_terms"]),
        "story": row["story"] or row["key"],
        "main_meeting": main and main.meeting_id,
        "basis": main and main.basis,
        "phase": main and main.phase,
        "day_offset": main and main.day_offset,
        "announced_meetings": [tie.meeting_id for tie in ties if tie.role == "announced"],
        "mentioned_meetings": [tie.meeting_id for tie in ties if tie.role == "mentioned"],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, dt.date) else value


def _words(kept: list[Any] | None) -> list[str]:
    return list(dict.fromkeys(one["text"] if isinstance(one, dict) else str(one) for one in kept or []))
