"""Archive: an opened archive, to read from, to write to, to search, and to hold a site of."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import exc, insert, select, update

from astana_crawl.archive import articles, filling, locks, models, opening, search, upgrades
from astana_crawl.archive.errors import ArchiveError, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    from sqlalchemy import Connection, Engine


class Archive:
    """An opened archive; a context manager that closes it. Made by `open`, usable from several threads.

    `path` is its file, `pages_dir` the folder of its page files, `kind` 'live' or 'replay'.
    """

    def __init__(self, path: Path, kind: str, pages_dir: Path, engine: Engine) -> None:
        self.path, self.kind, self.pages_dir, self._engine = path, kind, pages_dir, engine

    @classmethod
    def open(
        cls,
        url: str | None = None,
        *,
        must_exist: bool = False,
        kind: Literal["live", "replay"] | None = None,
        pages_dir: Path | None = None,
    ) -> Archive:
        """Open the archive at a URL (None: ASTANA_ARCHIVE_URL, else data/astana.db of the project), or make it.

        `kind` is what a run writes and must be that of the archive; None is for asking, and takes either. Opened with
        a kind, an archive of an older version is upgraded, a backup first, the table of meetings is brought up to
        reference/meetings.toml, and articles get what older versions did not keep of them. `pages_dir` is by default
        ASTANA_PAGES_DIR, else `pages` beside the archive. Raises ArchiveError for a folder, a file that is foreign,
        newer or damaged (which stays as it is), one of the other kind, an older one that is only asked, one that cannot
        be made, or, with `must_exist`, none.
        """
        path = opening.path_of(url)
        made = False
        if not path.exists():
            if must_exist:
                raise ArchiveError(f"there is no archive at {path} yet; make one with: scrapy crawl SITE")
            opening.create(path, kind or "live")
            made = True
        found = opening.kind_of(path)
        if kind and found != kind:
            raise ArchiveError(_OTHER_KIND[kind].format(path))
        if kind:
            upgrades.upgrade(path)
        else:
            upgrades.refuse_older(path)
        archive = cls(path, found, _pages_dir(path, pages_dir), opening.engine_of(path))
        if kind or made:
            archive._prepare()
        return archive

    def _prepare(self) -> None:
        opening.use_wal(self.path)
        with self.writing() as db:
            _refresh_meetings(db)
        filling.fill(self)

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the archive as it is now, for as long as the block lasts, and cannot write."""
        with self._engine.connect() as db:
            db.exec_driver_sql("PRAGMA query_only = ON")
            try:
                yield db
            finally:
                db.rollback()
                db.exec_driver_sql("PRAGMA query_only = OFF")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in one transaction (BEGIN IMMEDIATE), committed at the end, rolled back on an error.

        Waits up to 30 s for another writer. Raises ArchiveError, which says what to do, when the archive cannot be
        written: it is held for longer, read-only or damaged, or the disk is full.
        """
        try:
            with self._engine.connect().execution_options(immediate=True) as db, db.begin():
                yield db
        except exc.DBAPIError as error:
            if says := unwritable(self.path, error):
                raise ArchiveError(says) from error
            raise

    def hold(self, site: str) -> AbstractContextManager[None]:
        """Hold a site until the block ends or the process dies; raises Held at once when another run has it."""
        return locks.hold(opening.locks_of(self.path), site)

    def search(self, query: search.Query) -> list[search.Hit]:
        """Return the articles that a query finds, newest first, undated ones last."""
        with self.reading() as db:
            return search.search(db, query)

    def article(self, key_or_url: str) -> dict[str, Any] | None:
        """Return an article by its key or by any address known to lead to it: its row by column; None when none is."""
        with self.reading() as db:
            return articles.article(db, key_or_url)


_OTHER_KIND = {
    "live": "{} is an archive of replayed pages and takes none from the live web; set ARCHIVE_URL to another file",
    "replay": "{} is an archive of the live web and takes no replayed pages; set ARCHIVE_URL to another file, or leave "
    "it out",
}


def _pages_dir(path: Path, given: Path | None) -> Path:
    from astana_crawl.reference import PROJECT

    return PROJECT / (given or os.environ.get("ASTANA_PAGES_DIR") or path.parent / "pages")


def _refresh_meetings(db: Connection) -> None:
    """Add and correct meetings by their ids; none is ever deleted, as articles may name it."""
    from astana_crawl.relevance import meetings

    columns = [column.name for column in models.Meeting.__table__.columns]
    known = {row.id: row._asdict() for row in db.execute(select(*models.Meeting.__table__.columns))}
    for meeting in meetings.load():
        row = {name: getattr(meeting, name) for name in columns}
        if meeting.id not in known:
            db.execute(insert(models.Meeting), row)
        elif row != known[meeting.id]:
            db.execute(update(models.Meeting).where(models.Meeting.id == meeting.id), row)
