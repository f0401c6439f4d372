"""Searching the archive: words in any of its languages, and the filters of `scrapy search`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, column, exists, or_, select
from sqlalchemy import text as sql

from astana_crawl.archive.fold import WORD, fold, fold_word, prefixes
from astana_crawl.archive.models import Article, ArticleMeeting, Facet, Meeting, Site

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select

SNIPPET = 160
MOST_TERMS = 100  # FTS5 refuses deep expressions


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for. All words must occur; "a phrase" as it stands, begin* with any ending; '' finds all articles.

    `round` is the number of a round (articles about it), `since` and `until` are days, both included (undated articles
    are then left out). `relevance`: core, related (core and related), all (also those that were judged off). `party`,
    `person` and `topic` are names of the lists in reference/: articles that name them.
    """

    words: str = ""
    round: int | None = None
    site: str | None = None
    language: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    relevance: Literal["core", "related", "all"] = "related"
    limit: int | None = None
    party: str | None = None
    person: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found; `meeting` is the id of the one it is about, `snippet` a piece of its text."""

    key: str
    published_on: dt.date | None
    site: str
    outlet: str
    language: str | None
    title: str
    url: str
    relevance: str
    meeting: str | None
    snippet: str


def search(db: Connection, query: Query) -> list[Hit]:
    """Return what a query finds, newest first, undated articles last."""
    terms = _terms(query.words)
    if query.words.strip() and not terms:
        return []
    wanted = _wanted(terms)
    return [_hit(row._asdict(), wanted) for row in db.execute(_select(query, terms))]


def ids(db: Connection, query: Query) -> list[int]:
    """Return the ids of all articles that a query finds, whatever its limit, in no order; reads no texts."""
    terms = _terms(query.words)
    if query.words.strip() and not terms:
        return []
    return list(db.execute(_ids(query, terms)).scalars())


def _hit(row: dict[str, Any], wanted: tuple[frozenset[str], tuple[str, ...]]) -> Hit:
    return Hit(snippet=_snippet(row.pop("body"), wanted), **row)


def _select(query: Query, terms: list[_Term]) -> Select[Any]:
    """First the ids, so that texts are only read of what is shown."""
    ids = _ids(query, terms)
    newest = (Article.published_on.desc().nulls_last(), Article.published_at.desc().nulls_last(), Article.id.desc())
    if query.limit is not None:
        ids = ids.order_by(*newest).limit(query.limit)
    main = and_(ArticleMeeting.article_id == Article.id, ArticleMeeting.role == "main")
    columns: tuple[Any, ...] = (
        Article.key, Article.published_on, Article.site, Site.outlet, Article.language, Article.title, Article.url,
        Article.relevance, ArticleMeeting.meeting_id.label("meeting"), Article.body,
    )  # fmt: skip
    shown = select(*columns).join(Site, Site.name == Article.site).outerjoin(ArticleMeeting, main)
    return shown.where(Article.id.in_(ids)).order_by(*newest)


def _ids(query: Query, terms: list[_Term]) -> Select[int]:
    ids = select(Article.id).where(*_filters(query))
    if terms:
        matches = sql("SELECT rowid FROM articles_fts WHERE articles_fts MATCH :words").columns(column("rowid"))
        ids = ids.where(Article.id.in_(matches)).params(words=" AND ".join(term.match for term in terms))
    return ids


def _filters(query: Query) -> list[ColumnElement[bool]]:
    kept = {"core": ["core"], "related": ["core", "related"], "all": ["core", "related", "off"]}[query.relevance]
    filters: list[ColumnElement[bool]] = [Article.relevance.in_(kept)]
    if query.round is not None:
        filters.append(_about_round(query.round))
    if query.site is not None:
        filters.append(Article.site == query.site)
    if query.language is not None:
        filters.append(Article.language == query.language)
    if query.since is not None:
        filters.append(Article.published_on >= query.since)
    if query.until is not None:
        filters.append(Article.published_on <= query.until)
    names = {"party": query.party, "person": query.person, "topic": query.topic}
    return [*filters, *(_names(kind, name) for kind, name in names.items() if name is not None)]


def _names(kind: str, name: str) -> ColumnElement[bool]:
    return exists().where(Facet.article_id == Article.id, Facet.kind == kind, Facet.name == name)


def _about_round(number: int) -> ColumnElement[bool]:
    """Articles whose main meeting the round is, and those without one that announce it."""
    about = exists().where(
        ArticleMeeting.article_id == Article.id,
        Meeting.id == ArticleMeeting.meeting_id,
        Meeting.kind == "round",
        Meeting.number == number,
    )
    main = select(ArticleMeeting.article_id).where(ArticleMeeting.role == "main")
    announced = and_(ArticleMeeting.role == "announced", Article.id.not_in(main))
    return about.where(or_(ArticleMeeting.role == "main", announced))


@dataclass(frozen=True, slots=True)
class _Term:
    """One term of a query: its FTS5 expression, the tokens to look for in a text, and those that may go on."""

    match: str
    tokens: frozenset[str]
    beginnings: tuple[str, ...] = ()


_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')


def _terms(words: str) -> list[_Term]:
    terms = []
    for phrase, word in _TERM.findall(words)[:MOST_TERMS]:
        if word.endswith("*") and len(found := WORD.findall(word)) == 1:
            terms.append(_beginning(found[0]))
        elif folded := fold(phrase or word):
            terms.append(_Term(f'"{folded}"', frozenset(folded.split())))
    return terms


def _beginning(word: str) -> _Term:
    ways = list(prefixes(word))
    match = " OR ".join(f'"{" ".join(way)}"*' for way in ways)
    whole = frozenset(token for way in ways for token in way[:-1])
    return _Term(f"({match})", whole, tuple(way[-1] for way in ways))


def _wanted(terms: list[_Term]) -> tuple[frozenset[str], tuple[str, ...]]:
    tokens = frozenset[str]().union(*(term.tokens for term in terms))
    return tokens, tuple(beginning for term in terms for beginning in term.beginnings)


def _snippet(text: str, wanted: tuple[frozenset[str], tuple[str, ...]]) -> str:
    """Return about 160 characters of a text, from where most of the words stand close together, else its beginning."""
    tokens, beginnings = wanted
    places: list[tuple[int, str]] = []
    for word in WORD.finditer(text) if tokens or beginnings else ():
        folded = fold_word(word.group())
        places += [
            (word.start(), token)
            for token in folded.split()
            if token in tokens or (beginnings and token.startswith(beginnings))
        ]
    place = _densest(places)
    return _cut(text, place - SNIPPET // 4 if place > SNIPPET // 2 else 0)


def _densest(places: list[tuple[int, str]]) -> int:
    """Return the place from which the most different words stand within a snippet's length; the first such."""
    best, best_count = 0, 0
    for index, (start, _) in enumerate(places):
        near = {token for place, token in places[index : index + 20] if place - start < SNIPPET * 3 // 4}
        if len(near) > best_count:
            best, best_count = start, len(near)
    return best


def _cut(text: str, start: int) -> str:
    end = start + SNIPPET
    piece = text[start:end]
    if start and not text[start - 1].isspace():
        piece = piece.partition(" ")[2]
    if end < len(text) and not text[end].isspace():
        piece = piece.rpartition(" ")[0] or piece
    piece = " ".join(piece.split())
    return f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}"
