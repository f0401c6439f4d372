"""Where an address stands and why; for an article, what every field rests on."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from astana_crawl.archive.models import (
    Address,
    Article,
    ArticleMeeting,
    Change,
    Evidence,
    Facet,
    Meeting,
    Page,
    Revision,
    Sighting,
    Site,
    Source,
    Visit,
)  # fmt: skip
from astana_crawl.ask.standing import (
    Changed,
    Dossier,
    FieldEvidence,
    InStory,
    Kept,
    Meets,
    Names,
    Reading,
    Revised,
    Seen,
    Standing,
    Visited,
)  # fmt: skip
from astana_crawl.identity import url_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from astana_crawl.archive import Archive

SHORTEST_KEY = 6
_KEY = re.compile(rf"[0-9a-fA-F]{{{SHORTEST_KEY},64}}")

FIELDS = ("title", "subtitle", "authors", "published", "modified", "section", "language")


class AmbiguousKeyError(ValueError):
    """Raised when the beginning of a key is that of several articles; `keys` are theirs."""

    def __init__(self, text: str, keys: Sequence[str]) -> None:
        super().__init__(f"{text} is the beginning of several keys: {', '.join(keys)}")
        self.keys = tuple(keys)


class NotAnAddressError(ValueError):
    """Raised when a text is neither a web address nor (the beginning of) a key."""


def why(archive: Archive, url_or_key: str) -> Standing | None:
    """Return where an address stands, by any of its spellings or by (the beginning of) an article's key; None: unknown.

    Raises AmbiguousKeyError for the beginning of several keys, NotAnAddressError for a text that can be neither.
    """
    text = url_or_key.strip()
    with archive.reading() as db:
        if is_key(text):
            return _by_key(db, text.lower())
        return _by_address(db, address_hash(text))


def is_key(text: str) -> bool:
    """Return whether a text can be (the beginning of) a key: 6 to 64 hexadecimal digits."""
    return _KEY.fullmatch(text.strip()) is not None


def address_hash(text: str) -> str:
    """Return the url_hash of a web address; NotAnAddressError when it is none."""
    try:
        return url_hash(text)
    except ValueError:
        raise NotAnAddressError(
            f"{text} is neither a web address (https://…) nor an article's key (at least {SHORTEST_KEY} of its letters)"
        ) from None


def _by_key(db: Connection, start: str) -> Standing | None:
    among = Article.url_hash >= start, Article.url_hash < start + "g"
    found = db.execute(select(Article.id, Article.key, Article.url_hash).where(*among).limit(11)).all()
    if len(found) > 1:
        raise AmbiguousKeyError(start, [row.key for row in found])
    if found:
        return _standing(db, _address(db, Address.url_hash == found[0].url_hash), found[0].id)
    hashes = Address.url_hash >= start, Address.url_hash < start + "g"
    addresses = db.execute(select(Address.url_hash).where(*hashes).limit(11)).scalars().all()
    if len(addresses) > 1:
        raise AmbiguousKeyError(start, [value[:12] for value in addresses])
    return _by_address(db, addresses[0]) if addresses else None


def _by_address(db: Connection, hashed: str) -> Standing | None:
    address = _address(db, Address.url_hash == hashed)
    article_id = db.execute(select(Article.id).where(Article.url_hash == hashed)).scalar()
    if address is None and article_id is None:
        return None
    if article_id is None and address is not None:
        article_id = address["article_id"]
    return _standing(db, address, article_id)


def _address(db: Connection, *where: Any) -> dict[str, Any] | None:
    row = db.execute(select(*Address.__table__.c).where(*where)).one_or_none()
    return row._asdict() if row else None


def _standing(db: Connection, address: dict[str, Any] | None, article_id: int | None) -> Standing:
    seen, visits = (_seen(db, address["id"]), _visits(db, address["id"])) if address else ((), ())
    return Standing(address, seen, visits, _dossier(db, article_id) if article_id else None)


def _seen(db: Connection, address_id: int) -> tuple[Seen, ...]:
    found = select(Sighting.seen_at, Source.kind, Source.url).join(Source, Source.id == Sighting.source_id)
    rows = db.execute(found.where(Sighting.address_id == address_id).order_by(Sighting.seen_at, Source.id))
    return tuple(Seen(*row) for row in rows)


_PAGE = (Page.warc_file, Page.warc_offset, Page.fetched_at, Page.origin, Page.rights)


def _kept(columns: Sequence[Any]) -> Kept | None:
    file, offset, fetched_at, origin, rights = columns
    return Kept(file, offset, fetched_at, origin, tuple(rights or ())) if file is not None else None


def _visits(db: Connection, address_id: int) -> tuple[Visited, ...]:
    rows = db.execute(
        select(Visit.at, Visit.http_status, Visit.state, Visit.reason, *_PAGE)
        .outerjoin(Page, Page.id == Visit.page_id)
        .where(Visit.address_id == address_id)
        .order_by(Visit.id)
    )
    return tuple(Visited(*row[:4], _kept(row[4:])) for row in rows)


def _dossier(db: Connection, article_id: int) -> Dossier:
    columns = [column for column in Article.__table__.c if column.name != "body"]
    row = db.execute(select(*columns).where(Article.id == article_id)).one()._asdict()
    others = select(Address.url, Address.state).where(
        Address.article_id == article_id, Address.url_hash != row["url_hash"]
    )
    return Dossier(
        row, _story(db, article_id, row["story_id"]), _meetings(db, article_id), _facets(db, article_id),
        _revisions(db, article_id), _changes(db, article_id), _evidence(db, article_id),
        tuple((url, state) for url, state in db.execute(others.order_by(Address.id))),
    )  # fmt: skip


def _story(db: Connection, article_id: int, story_id: int) -> tuple[InStory, ...]:
    """The other articles of its story, by their day, as the archive knows it, and their keys."""
    published = func.coalesce(Article.published_at, Article.published_on)
    columns = Article.key, Site.outlet, Article.published_at, Article.published_on, Article.title
    others = select(*columns).join(Site, Site.name == Article.site)
    others = others.where(Article.story_id == story_id, Article.id != article_id, Article.relevance != "off")
    rows = db.execute(others.order_by(published.is_(None), published, Article.key))
    return tuple(InStory(key, outlet, at or on, title) for key, outlet, at, on, title in rows)


_ROLES = ("main", "announced", "mentioned")


def _meetings(db: Connection, article_id: int) -> tuple[Meets, ...]:
    tie = ArticleMeeting
    rows = db.execute(
        select(tie.meeting_id, Meeting.name, tie.role, tie.basis, tie.quote, tie.phase, tie.day_offset)
        .join(Meeting, Meeting.id == tie.meeting_id)
        .where(tie.article_id == article_id)
        .order_by(Meeting.starts_on, Meeting.id)
    )
    return tuple(sorted((Meets(*row) for row in rows), key=lambda tie: _ROLES.index(tie.role)))


def _facets(db: Connection, article_id: int) -> tuple[Names, ...]:
    columns = Facet.kind, Facet.name, Facet.words
    rows = db.execute(select(*columns).where(Facet.article_id == article_id).order_by(Facet.kind, Facet.name))
    return tuple(Names(kind, name, tuple(words or ())) for kind, name, words in rows)


def _revisions(db: Connection, article_id: int) -> tuple[Revised, ...]:
    title = func.coalesce(Revision.title, Article.title)
    body = case((Article.revision_count > 1, func.coalesce(Revision.body, Article.body)), else_="")
    rows = db.execute(
        select(Revision.number, Revision.seen_at, Revision.cause, title, body, *_PAGE)
        .join(Article, Article.id == Revision.article_id)
        .outerjoin(Page, Page.id == Revision.page_id)
        .where(Revision.article_id == article_id)
        .order_by(Revision.number)
    )
    return tuple(
        Revised(number, seen_at, cause, title, _kept(page), body) for number, seen_at, cause, title, body, *page in rows
    )


def _changes(db: Connection, article_id: int) -> tuple[Changed, ...]:
    columns = Change.at, Change.field, Change.old, Change.new, Change.cause
    rows = db.execute(select(*columns).where(Change.article_id == article_id).order_by(Change.id))
    return tuple(Changed(*row) for row in rows)


def _evidence(db: Connection, article_id: int) -> tuple[FieldEvidence, ...]:
    """The evidence of the newest revision that has any: a reread may add a revision without new readings."""
    newest = (
        select(Revision.id)
        .where(
            Revision.article_id == article_id, select(Evidence.id).where(Evidence.revision_id == Revision.id).exists()
        )
        .order_by(Revision.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = Evidence.field, Evidence.value, Evidence.rule, Evidence.raw, Evidence.chosen
    rows = db.execute(
        select(*columns).where(Evidence.revision_id == newest).order_by(Evidence.chosen.desc(), Evidence.id)
    )
    fields: dict[str, list[Reading]] = defaultdict(list)
    for field, value, rule, raw, chosen in rows:
        fields[field].append(Reading(value, rule, raw, bool(chosen)))
    evidence = [FieldEvidence(field, tuple(readings)) for field, readings in fields.items()]
    return tuple(sorted(evidence, key=lambda one: (not one.disagree, _place(one.field), one.field)))


def _place(field: str) -> int:
    return FIELDS.index(field) if field in FIELDS else len(FIELDS)
