"""The rows of `changes`: what of an article moved, from what to what, and by whose doing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from astana_crawl.archive.models import Change

if TYPE_CHECKING:
    from sqlalchemy import Connection


def note_change(
    db: Connection, article_id: int, field: str, old: Any, new: Any, *, cause: str, run_id: int | None, now: dt.datetime
) -> None:
    """Write down that a field of an article moved, from and to a value as the archive keeps it."""
    row = {"article_id": article_id, "field": field, "old": _text(old), "new": _text(new)}
    db.execute(insert(Change), row | {"at": now, "run_id": run_id, "cause": cause})


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
