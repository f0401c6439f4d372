"""Reading the archive again with today's reader and judge: from the kept pages, without a network.

Pages are read and compared outside of any transaction; what differs is then written, a hundred at a time, so that a
crawl of another site never waits long.
"""

from __future__ import annotations

from array import array
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from astana_crawl import items
from astana_crawl.archive import ArchiveError, articles, fatal, ledger, offers
from astana_crawl.archive.changes import note_change
from astana_crawl.archive.models import Address, Article
from astana_crawl.archive.revisions import differs, kept_page, revise
from astana_crawl.extract import reader_version
from astana_crawl.fetch.answers import reason_of, utcnow
from astana_crawl.relevance import plausible
from astana_crawl.run import reader
from astana_crawl.run.kept import page_of, read_again, read_kept
from astana_crawl.run.moved import Moved, moved, state_of
from astana_crawl.run.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Row, Select
    from sqlalchemy.orm import InstrumentedAttribute

    from astana_crawl.archive import Archive
    from astana_crawl.archive.revisions import Cause
    from astana_crawl.run.reader import Ways

GROUP = 100
PASSED = ("off_topic", "unreadable", "blocked", "gone")
"""The states of addresses whose kept page may be an article to today's reader."""

OFF = "does not name the Astana process"


@dataclass(frozen=True, slots=True)
class Work:
    """A change to be made in the transaction it is given; `about` names what it changes."""

    about: str
    do: Callable[[Connection], Moved | None]


class _Undo(Exception):
    """Takes back a transaction that was only to show what would change."""


@dataclass(slots=True)
class Reread:
    """One rereading: where it reads and writes, and what it has counted and met so far.

    `troubles` are pages that could not be read from disk, and articles that today's reader cannot read any more;
    `errors` counts what the program could not do.
    """

    archive: Archive
    run_id: int | None
    judge_only: bool
    dry_run: bool
    show: Callable[[Sequence[Moved]], None]
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    errors: int = 0

    def site(self, name: str, ways: Ways | None) -> None:
        """Read a site again; without the `ways` of its pages its articles are only judged."""
        own = select(Article.id).where(Article.site == name)
        self._each(own, Article.key, lambda db, id_: self._article(db, id_, ways))
        passed = select(Address.id).where(Address.site == name, Address.state.in_(PASSED))
        self._each(passed, Address.url, lambda db, id_: self._address(db, id_, ways))

    def _each(
        self, ids: Select[Any], name: InstrumentedAttribute[str], prepare: Callable[[Connection, int], Work | None]
    ) -> None:
        """Prepare and write what is to be done for each row; `name` is what a person knows the row by."""
        with self.archive.reading() as db:
            every = array("q", db.execute(ids).scalars())
        for start in range(0, len(every), GROUP):
            works = self._prepared(every[start : start + GROUP], name, prepare)
            if done := [one for one in self._write(works) if one]:
                self.counts.update(kind for one in done for kind in one.kinds)
                self.counts["changed"] += len(done)
                self.show(done)

    def _prepared(
        self, ids: Iterable[int], name: InstrumentedAttribute[str], prepare: Callable[[Connection, int], Work | None]
    ) -> list[Work]:
        works = []
        with self.archive.reading() as db:
            for id_ in ids:
                try:
                    works.append(prepare(db, id_))
                except Exception as error:
                    about = db.execute(select(name).where(name.class_.id == id_)).scalar_one()
                    self._failed(about, error)
        return [work for work in works if work]

    def _failed(self, about: str, error: Exception) -> None:
        if fatal(error):
            raise error
        self.errors += 1
        self.troubles.append(f"{about}: program error: {reason_of(error)}")

    # --- what would change

    def _article(self, db: Connection, article_id: int, ways: Ways | None) -> Work | None:
        names = ("key", "url", "site", "title", "body", "language", "published_on", "reader_version")
        row = db.execute(select(*(getattr(Article, name) for name in names)).where(Article.id == article_id)).one()
        self.counts["articles"] += 1
        page = kept_page(db, article_id) if ways and not self.judge_only else None
        read = None
        if page and ways:
            again = partial(read_again, db, self.archive.pages_dir, article_id, page, row.site, ways)
            read = self._read(row.key, again)
        if isinstance(read, Verdict):
            self.counts["unreadable"] += 1
            self.troubles.append(f"{row.key}: kept as it was, for today its page is {read.state}: {read.reason}")
        cause: Cause = "reader" if isinstance(read, items.Article) else "judge"
        article = read if isinstance(read, items.Article) else _as_kept(row)
        article.url = row.url  # the key stands, whatever address the page names today
        if not differs(db, article_id, article, cause) and (cause == "judge" or row.reader_version == reader_version()):
            return None
        page_id = page["id"] if page and cause == "reader" else None
        return Work(row.key, lambda db: self._revise(db, article_id, article, cause, page_id))

    def _address(self, db: Connection, address_id: int, ways: Ways | None) -> Work | None:
        names = ("id", "url", "site", "state", "judged_on", "title_hint", "published_hint", "found_by")
        row = db.execute(select(*(getattr(Address, name) for name in names)).where(Address.id == address_id)).one()
        if row.state == "off_topic" and row.judged_on == "hint":
            self.counts["hints"] += 1
            named = plausible(row.url, row.title_hint) is not False
            return Work(row.url, lambda db: self._reopen(db, row)) if named else None
        wanted = row.state == "off_topic" or not self.judge_only
        page = page_of(db, address_id) if ways and wanted else None
        if page is None or ways is None:
            return None
        again = partial(read_kept, self.archive.pages_dir, page, row.published_hint, row.found_by, row.site, ways)
        read = self._read(row.url, again)
        if read is None or isinstance(read, Verdict):
            return None
        if read.relevance != "off":
            return Work(row.url, lambda db: self._enter(db, row, read, page["id"]))
        if row.state != "off_topic":
            return Work(row.url, lambda db: self._set_aside(db, row, read, page["id"]))
        return None

    def _read(self, about: str, again: Callable[[], items.Article | Verdict]) -> items.Article | Verdict | None:
        """What the page gives; None when it cannot be read from disk."""
        self.counts["pages"] += 1
        try:
            return again()
        except ArchiveError as error:
            self.counts["pages_lost"] += 1
            self.troubles.append(f"{about}: {error}")
            return None

    # --- the changes

    def _write(self, works: Sequence[Work]) -> list[Moved | None]:
        """All in one transaction; when that fails one by one, so that only the culprit fails."""
        if not works:
            return []
        try:
            with self._transaction() as db:
                return [work.do(db) for work in works]
        except Exception as error:
            if isinstance(error, ArchiveError) or fatal(error):
                raise
            if len(works) == 1:
                self._failed(works[0].about, error)
                return []
            return [one for work in works for one in self._write([work])]

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self.archive.writing() as db:
                if self.dry_run:
                    db.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # a meeting may be new, and not entered yet
                yield db
                if self.dry_run:
                    raise _Undo
        except _Undo:
            pass

    def _revise(
        self, db: Connection, article_id: int, article: items.Article, cause: Cause, page_id: int | None
    ) -> Moved | None:
        old = state_of(db, article_id)
        revised = revise(
            db, article_id, article, cause=cause, run_id=self.run_id, page_id=page_id, now=utcnow(),
            reader_version=reader_version(),
        )  # fmt: skip
        return moved(old, state_of(db, article_id), revised.fields) if revised.fields else None

    def _reopen(self, db: Connection, row: Row[Any]) -> Moved:
        reason = "its headline or address names it, by the words of today"
        offers.reopen(db, row.id, reason, run_id=self.run_id, now=utcnow())
        return Moved(row.url, row.site, "to be fetched: off_topic → pending", ("pending",))

    def _enter(self, db: Connection, row: Row[Any], article: items.Article, page_id: int) -> Moved:
        stored = articles.store(
            db, article, address_id=row.id, run_id=self.run_id, page_id=page_id, now=utcnow(),
            reader_version=reader_version(),
        )  # fmt: skip
        if not stored.created:
            return Moved(stored.key, row.site, f"{row.url}: {row.state} → duplicate of this article", ("duplicate",))
        if row.state == "off_topic":
            by, now = article.relevance, utcnow()
            note_change(db, stored.article_id, "relevance", "off", by, cause="judge", run_id=self.run_id, now=now)
        return Moved(stored.key, row.site, f"entered: {row.state} → {article.relevance}: {row.url}", ("entered",))

    def _set_aside(self, db: Connection, row: Row[Any], article: items.Article, page_id: int) -> Moved:
        ledger.settle(
            db, row.id, "off_topic", OFF, run_id=self.run_id, now=utcnow(), page_id=page_id, judged_on="page",
            relevance_score=article.relevance_score, matched_terms=article.matched_terms,
        )  # fmt: skip
        return Moved(row.url, row.site, f"can be read: {row.state} → off_topic", ("off_topic",))


def _as_kept(row: Row[Any]) -> items.Article:
    """The article as it stands, judged."""
    article = items.Article(
        url=row.url, title=row.title, body=row.body, language=row.language, published_on=row.published_on, site=row.site
    )
    reader.judge(article)
    return article
