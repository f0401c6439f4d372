"""What reading again changed in an article, in words: from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from astana_crawl.archive.models import Article, ArticleMeeting, Facet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

DATES = ("published_at", "published_on")
NAMED = {"left", "entered", "relevance", "meeting"}
"""Changes that are shown with the headline, as a person judges them by it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A change: `what` of which article (`key`, or the address of one that is none) of which site; `kinds` to count."""

    key: str
    site: str
    what: str
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.key}  {self.site}  {self.what}"


def state_of(db: Connection, article_id: int) -> dict[str, Any]:
    """What of an article a person wants to see move."""
    names = ("key", "site", "title", "word_count", "relevance", *DATES)
    row = db.execute(select(*(getattr(Article, name) for name in names)).where(Article.id == article_id)).one()
    ties = select(ArticleMeeting.meeting_id, ArticleMeeting.role).where(ArticleMeeting.article_id == article_id)
    meetings = {tie.meeting_id: tie.role for tie in db.execute(ties)}
    facets = db.execute(select(Facet.kind, Facet.name).where(Facet.article_id == article_id))
    return row._asdict() | {
        "meeting": next((meeting for meeting, role in meetings.items() if role == "main"), None),
        "beside": {f"{role} {meeting}" for meeting, role in meetings.items() if role != "main"},
        "names": {f"{kind} {name}" for kind, name in facets},
    }


def moved(old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[str]) -> Moved:
    """Say what became of an article, from its states before and after and the names of the fields that changed."""
    told: dict[str, str] = {}
    if old["relevance"] != new["relevance"]:
        kind = {"off": "left"}.get(new["relevance"]) or {"off": "entered"}.get(old["relevance"]) or "relevance"
        told[kind] = f"{kind}: {old['relevance']} → {new['relevance']}"
    if "title" in fields:
        told["title"] = f"title: {old['title']!r} → {new['title']!r}"
    if "body" in fields:
        told["body"] = f"body: {old['word_count']} → {new['word_count']} words"
    if _day(old) != _day(new):
        told["date"] = f"date: {_day(old)} → {_day(new)}"
    if old["meeting"] != new["meeting"]:
        told["meeting"] = f"meeting: {old['meeting'] or 'none'} → {new['meeting'] or 'none'}"
    for kind in ("beside", "names") if told.keys().isdisjoint({"left", "entered"}) else ():
        if old[kind] != new[kind]:
            told[kind] = f"{kind}: {_gained(old[kind], new[kind])}"
    others = [name for name in fields if name not in told and not _told(name, told)]
    what = "; ".join([*told.values(), *([", ".join(others)] if others else [])])
    if "title" not in told and not told.keys().isdisjoint(NAMED):
        what = f"{what}  “{new['title']}”"
    return Moved(new["key"], new["site"], what, (*told, *(("other",) if others else ())))


def _told(field: str, told: Mapping[str, str]) -> bool:
    """Whether a field is one of those that what is told already says."""
    return (
        (field.startswith("published_") and "date" in told)
        or (field.startswith("relevance") and not told.keys().isdisjoint({"left", "entered", "relevance"}))
        or (field == "meetings" and not told.keys().isdisjoint({"left", "entered", "meeting", "beside"}))
        or (field == "facets" and not told.keys().isdisjoint({"left", "entered", "names"}))
    )


def _gained(old: set[str], new: set[str]) -> str:
    """What is new with a plus, what is gone with a minus."""
    return ", ".join([*(f"+{one}" for one in sorted(new - old)), *(f"-{one}" for one in sorted(old - new))])


def _day(state: Mapping[str, Any]) -> str:
    at, on = state["published_at"], state["published_on"]
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else str(on) if on else "none"
