"""Revisits: what an article's address answers when it is asked again, and what that says of the article.

Whatever it answers, the address stays `archived` and the article keeps its last good revision.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from astana_crawl import identity
from astana_crawl.archive import ledger
from astana_crawl.archive.changes import note_change
from astana_crawl.archive.fold import fold
from astana_crawl.archive.models import Article
from astana_crawl.archive.types import UtcTime, clean_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from astana_crawl import items

SHARED = 0.05  # of the runs of three words: articles of different subjects share hardly one in a hundred
RUN = 3


def revisited(
    db: Connection,
    address_id: int,
    article_id: int,
    reason: str | None,
    *,
    there: bool | None,
    run_id: int | None,
    now: dt.datetime,
    http_status: int | None,
    page_id: int | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
) -> None:
    """Write down a revisit and set the time of the next one.

    `there` says whether the address still gives the article: with True it was seen, and is gone no more; with False it
    is gone, since the first time that it was; None, where that cannot be told, leaves it as it is. `reason` says what
    came instead. Validators are those of the answer that gave the article.
    """
    seen = db.execute(select(Article.first_seen_at, Article.gone_at).where(Article.id == article_id)).one()
    ledger.settle(
        db, address_id, "archived", reason, run_id=run_id, now=now, http_status=http_status, page_id=page_id,
        etag=etag if there else None, last_modified=last_modified if there else None,
        attempts=0, next_attempt_at=ledger.next_revisit(seen.first_seen_at, now),
    )  # fmt: skip
    if there:
        _set(db, article_id, last_seen_at=now, gone_at=None)
        if seen.gone_at:
            since = UtcTime().process_bind_param(seen.gone_at, db.dialect)
            note_change(db, article_id, "gone_at", since, None, cause="publisher", run_id=run_id, now=now)
    elif there is False and seen.gone_at is None:
        _set(db, article_id, gone_at=now)


def _set(db: Connection, article_id: int, **columns: Any) -> None:
    db.execute(update(Article).where(Article.id == article_id).values(**columns))


def reader_of(db: Connection, article_id: int) -> str:
    """Return the version of the reader that read an article as it stands."""
    return db.execute(select(Article.reader_version).where(Article.id == article_id)).scalar_one()


def replaced(db: Connection, article_id: int, article: items.Article) -> bool:
    """Return whether what was read at an article's address is another article.

    It is the same one as long as the moment of publication, its day under the same address, half of the headline's
    words or some of the wording stay.
    """
    columns = Article.title, Article.body, Article.url_hash, Article.published_at, Article.published_on
    old = db.execute(select(*columns).where(Article.id == article_id)).one()
    if old.published_at is not None and old.published_at == article.published:
        return False
    here = old.url_hash == identity.url_hash(article.url)
    if here and old.published_on is not None and old.published_on == article.published_on:
        return False
    return _other_words(old.title, old.body, article)


def is_another(db: Connection, article_id: int, article: items.Article) -> bool:
    """Return whether an article has another headline and another wording than the one that the archive has."""
    old = db.execute(select(Article.title, Article.body).where(Article.id == article_id)).one()
    return _other_words(old.title, old.body, article)


def _other_words(title: str, body: str, article: items.Article) -> bool:
    was, now = set(fold(title).split()), set(fold(clean_text(article.title or "")).split())
    if 2 * len(was & now) >= min(len(was), len(now)):
        return False
    said, says = _runs(body), _runs(clean_text(article.body or ""))
    return len(said & says) < SHARED * min(len(said), len(says))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = fold(text).split()
    return {tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1))}
