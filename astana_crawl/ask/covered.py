"""The sites, as a table or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astana_crawl.ask import show
from astana_crawl.ask.sites import ANYSITE, coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astana_crawl.archive import Archive
    from astana_crawl.ask.sites import Coverage, Declared

COLUMNS = (
    "site", "language", "health", "articles", "newest", "pending", "last run", "outcome", "sources", "history",
    "outlet",
)  # fmt: skip


def show_covered(declared: Sequence[Declared], archive: Archive | None, *, as_json: bool = False) -> None:
    """Print all sites and, below the table, why a site is not crawled, why its last run was not done, and how one
    without a spider is crawled."""
    rows = coverage(declared, archive)
    with show.printing():
        if as_json:
            show.json_value([row.as_dict() for row in rows])
            return
        sites = [row for row in rows if row.site != ANYSITE]
        show.table(COLUMNS, [_row(row) for row in sites], right=("articles", "pending"))
        show.lines(_notes(rows))


def _row(row: Coverage) -> tuple[str | None, ...]:
    by = f"{row.outlet} (by {ANYSITE})" if row.spider == ANYSITE else row.outlet
    ran = row.last_run_at.strftime("%Y-%m-%d %H:%MZ") if row.last_run_at else "never"
    newest = row.newest_on.isoformat() if row.newest_on else None
    return (
        row.site, row.language, row.health, str(row.articles), newest, str(row.pending), ran,
        row.last_outcome, _kinds(row.sources), _kinds(row.archives), by,
    )  # fmt: skip


def _kinds(sources: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(source.partition(" ")[0] for source in sources))


def _notes(rows: Sequence[Coverage]) -> list[str]:
    notes = [f"{row.site} is {row.health}: {row.condition_reason}" for row in rows if row.condition_reason]
    notes += [
        f"{row.site}: its certificate is not verified: {row.unverified_because}"
        for row in rows
        if row.unverified_because
    ]
    notes += [f"{row.site} {row.last_outcome}: {reason}" for row in rows for reason in row.last_reasons]
    if any(row.site == ANYSITE for row in rows):
        notes.append(f"Any other site: scrapy crawl {ANYSITE} -a url=https://… (finds its feed, WordPress or sitemap)")
    return ["", *notes] if notes else []
