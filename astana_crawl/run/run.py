"""One run of one site: what it finds and settles goes through here to the archive, and is counted."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from astana_crawl.archive import articles, fatal, ledger, pages
from astana_crawl.discover import EVER
from astana_crawl.fetch.answers import utcnow
from astana_crawl.run import history
from astana_crawl.run.answering import Answering
from astana_crawl.run.look import Look
from astana_crawl.run.memory import recall
from astana_crawl.run.writer import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrapy.crawler import Crawler
    from sqlalchemy import Connection

    from astana_crawl.archive.articles import Stored
    from astana_crawl.archive.ledger import Due, Offer, Offered
    from astana_crawl.archive.pages import Place, Served
    from astana_crawl.discover import Reading, Source
    from astana_crawl.items import Article
    from astana_crawl.run.sift import Site
    from astana_crawl.run.writer import T, Writer


@dataclass(slots=True)
class Visit:
    """An address in flight: what the ledger knows of it and, once the response is here, what was served."""

    due: Due
    at: dt.datetime
    status: int | None = None
    served: Served | None = None
    validators: dict[str, Any] = field(default_factory=dict)
    rights: list[str] = field(default_factory=list)


class Run:
    """The side of a crawl that faces the archive. Every address due ends through `settle`, `put_off` or `store`."""

    _of: ClassVar[WeakKeyDictionary[Crawler, Run]] = WeakKeyDictionary()

    def __init__(self, writer: Writer, site: str, run_id: int, origin: str, version: str) -> None:
        self.writer, self.site, self.id = writer, site, run_id
        self.origin, self.version = origin, version
        self.expects: int | None = None
        self.window = EVER
        self.counts: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.troubles: list[str] = []
        self.in_flight: dict[int, Visit] = {}
        self.headlines: defaultdict[bytes, set[str | None]] = defaultdict(set)  # by the digest of a text
        self.stuck: set[int] = set()
        self.looks: dict[str, Look] = {}
        self.answering = Answering()
        self.broken: BaseException | None = None
        self.errors = 0
        self.moved = asyncio.Event()

    @classmethod
    def of(cls, crawler: Crawler) -> Run:
        """The run of a crawler; KeyError when it was started without `scrapy crawl` or `scrapy update`."""
        return cls._of[crawler]

    def belongs_to(self, crawler: Crawler) -> None:
        """Let the crawler's components find this run."""
        self._of[crawler] = self

    async def look_at(self, source: Source, site: Site) -> Look:
        """Begin to read a source of a site."""
        source_id = await self.do(lambda db, _: ledger.source_id(db, self.site, source.kind, source.url))
        state = await self.do(lambda db, _: ledger.source_state(db, source_id))
        memory = recall(state.cursor, source, site, utcnow().date())
        look = self.looks[f"{source.kind} {source.url}"] = Look(source, source_id, state, memory)
        return look

    async def offer(
        self, look: Look, reading: Reading, offers: Sequence[Offer], found_in: str, newest_at: dt.datetime | None
    ) -> Offered:
        """Enter what a response of a source offers into the ledger; `newest_at` is the latest date it states."""
        offered: Offered = await self.do(
            lambda db, _: ledger.offer(db, self.site, look.id, look.source.kind, found_in, offers, utcnow(), self.id)
        )
        look.offered += len(reading.found) + reading.passed_over
        look.new += offered.new
        look.passed_over += reading.passed_over + len(reading.found) - len(offers)
        look.newest_at = max(filter(None, (look.newest_at, newest_at)), default=None)
        self.counts["found"] += offered.new
        self.states["off_topic_by_hint"] += offered.off_topic
        self._wake()
        return offered

    async def close_look(self, look: Look) -> None:
        """Write down how the reading of a source went."""
        look.closed = True
        if not (look.problem or look.unchanged) and (shortfall := await self.do(partial(self._shortfall, look))):
            look.fail(shortfall)
        await self.do(lambda db, _: look.write(db, self.id, self.window, look.problem))
        if look.problem:
            self.counts["sources_failed"] += look.failed
            self.troubles.append(f"{look.source.kind} {look.source.url}: {look.problem}")
        self._wake()

    def _shortfall(self, look: Look, db: Connection, _: object) -> str | None:
        return history.shortfall_of(
            db, look.source, look.id, offered=look.offered, window=self.window, expects=self.expects
        )

    def cut_looks_short(self) -> None:
        """Write down the sources that an ended run was still reading; for the time after the event loop."""
        for look in self.looks.values():
            if not look.closed:
                self.writer.do_now(partial(self._cut_short, look))

    def _cut_short(self, look: Look, db: Connection, _: object) -> None:
        look.write(db, self.id, self.window, "the run ended before the source was read")

    async def due(self, limit: int) -> list[Due]:
        """The next addresses to fetch, at most `limit`, none that is in flight; they are in flight from now on."""
        flying = (*self.in_flight, *self.stuck)
        found: list[Due] = await self.do(
            lambda db, _: ledger.due(
                db,
                self.site,
                now=utcnow(),
                since=self.window.since,
                until=self.window.until,
                limit=limit,
                exclude=flying,
            )
        )
        for due in found:
            self.in_flight[due.id] = Visit(due, utcnow())
        return found

    async def settle(self, address_id: int, state: str, reason: str, *, keep: bool = False, **details: Any) -> None:
        """End an address's visit with a state and its reason; `keep` stores the page as served."""
        visit = self.in_flight[address_id]

        def work(db: Connection, page_id: int | None) -> None:
            ledger.settle(
                db, address_id, state, reason, run_id=self.id, now=utcnow(), http_status=visit.status, page_id=page_id,
                **visit.validators, **details,
            )  # fmt: skip

        once_more = visit.due.state == state  # it was looked at again, and that is no news
        await self.end(address_id, "unchanged" if once_more else state, reason, work, keep=keep)

    async def put_off(
        self, address_id: int, reason: str, not_before: dt.datetime | None = None, *, counted: bool = True
    ) -> None:
        """End an address's visit for now: it comes back after a growing pause, until its attempts are used up.

        Not before the time that the server asked for. An attempt counts when the site answers others.
        """
        visit = self.in_flight[address_id]
        await self.end(
            address_id, "put_off", reason,
            lambda db, _: ledger.retry_later(
                db, address_id, reason, run_id=self.id, now=utcnow(), http_status=visit.status,
                not_before=not_before, counted=counted,
            ),
        )  # fmt: skip

    async def store(self, article: Article) -> Stored:
        """Keep an article with its page, evidence and ties; settles its address."""
        assert article.address_id is not None
        visit = self.in_flight[article.address_id]

        def work(db: Connection, place: Place | None) -> Stored:
            page_id = self._page_row(db, visit, place)
            return articles.store(
                db, article, address_id=visit.due.id, run_id=self.id, page_id=page_id, now=utcnow(),
                reader_version=self.version, http_status=visit.status, revisits=self.origin == "live",
                **visit.validators,
            )  # fmt: skip

        stored = await self.do(work, self._page(visit))
        self.states["archived" if stored.created else "duplicate"] += 1
        self._land(article.address_id)
        return stored

    async def known(self, url_hash: str) -> int | None:
        """The id of the article that has this address, None when the archive has none."""
        found: int | None = await self.do(lambda db, _: articles.find(db, url_hash))
        return found

    async def end(
        self,
        address_id: int,
        state: str,
        reason: str,
        work: Callable[[Connection, int | None], object],
        *,
        keep: bool = False,
    ) -> None:
        """End a visit by `work`, which gets the id of the page where that is kept, and count it as `state`."""
        visit = self.in_flight[address_id]
        try:
            await self.do(
                lambda db, place: work(db, self._page_row(db, visit, place)), self._page(visit) if keep else None
            )
        except Exception:
            self.stuck.add(address_id)
            raise
        finally:
            self._land(address_id)
        self.states[state] += 1
        if state in {"unreadable", "blocked", "failed", "put_off"}:
            self.troubles.append(f"{state.replace('_', ' ')}: {visit.due.url}: {reason}")

    def _page(self, visit: Visit) -> Page | None:
        return Page(self.site, visit.served, visit.at) if visit.served is not None else None

    def _page_row(self, db: Connection, visit: Visit, place: Place | None) -> int | None:
        if place is None or visit.served is None:
            return None
        return pages.pages_row(
            db, url=visit.served.url, fetched_at=visit.at, http_status=visit.served.status, origin=self.origin,
            origin_url=None, place=place, rights=visit.rights,
        )  # fmt: skip

    def _land(self, address_id: int) -> None:
        del self.in_flight[address_id]
        self._wake()

    def _wake(self) -> None:
        self.moved.set()

    async def do(self, work: Callable[[Connection, Place | None], T], page: Page | None = None) -> T:
        """Let the writer do it; an archive that cannot be written ends the run."""
        try:
            return await self.writer.do(work, page)
        except Exception as error:
            if fatal(error):
                self.broken = error
            self._wake()
            raise
