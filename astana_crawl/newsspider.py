"""NewsSpider: reads a site's sources into the ledger, feeds what is due to the engine, hands pages to extract.

A site's spider declares; this class does. No callback yields a request for an article: sources offer addresses to the
ledger, and one feeder takes from it what is due, so that new, resumed and retried addresses all go one way.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider

from astana_crawl.fetch import Refused
from astana_crawl.fetch.answers import LARGEST_PAGE, reason_of, utcnow, validators
from astana_crawl.fetch.certificates import Untrusted
from astana_crawl.fetch.pausing import Paused, Pauses
from astana_crawl.fetch.rights import rights
from astana_crawl.run.arguments import count_argument, window_arguments
from astana_crawl.run.environment import refuse_unknown
from astana_crawl.run.reader import Ways, read_response
from astana_crawl.run.verdicts import Verdict, only_if_changed, verdict_of_revisit, verdict_of_status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.exceptions import DropItem
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from astana_crawl.discover import Source
    from astana_crawl.extract import Layout
    from astana_crawl.items import Article
    from astana_crawl.run.look import Look
    from astana_crawl.run.run import Run


class NewsSpider(Spider):
    """The base of every site: subclasses declare where it offers addresses and how its pages are laid out."""

    allowed_domains: list[str]
    outlet: ClassVar[str]
    home: ClassVar[str]
    country: ClassVar[str | None] = None
    party: ClassVar[str | None] = None
    language: str | None = None
    zone: str | None = None
    charset: str | None = None  # of pages that name none, or a wrong one
    condition: ClassVar[str] = "active"
    condition_reason: ClassVar[str | None] = None
    unverified_because: ClassVar[str | None] = None
    """Why this site is read although nobody vouches for its certificate; None: a certificate is verified."""
    expects: ClassVar[int | None] = None
    """The fewest entries each of `sources` offers; 0 when none is nothing odd; None: its own history tells."""
    sources: tuple[Source, ...] = ()
    archives: tuple[Source, ...] = ()
    layouts: tuple[Layout, ...] = ()

    arguments: ClassVar[tuple[str, ...]] = ("since", "until", "limit")

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        refuse_unknown(arguments, self.arguments, "site argument")
        self.window = window_arguments(arguments.get("since"), arguments.get("until"))
        self.pages_left = count_argument("limit", arguments.get("limit"))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and listen to what becomes of its articles."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.article_dropped, signals.item_dropped)
        crawler.signals.connect(spider.article_failed, signals.item_error)
        crawler.signals.connect(spider.article_passed, signals.item_scraped)
        return spider

    @classmethod
    def site_of(cls, arguments: Mapping[str, str]) -> str:
        """The name under which the archive keeps the site."""
        return cls.name

    @classmethod
    def description(cls, arguments: Mapping[str, str]) -> dict[str, Any]:
        """What the archive's table `sites` says of the site, by column."""
        return {
            "outlet": cls.outlet,
            "title": (sys.modules[cls.__module__].__doc__ or cls.outlet).strip().splitlines()[0],
            "home": cls.home,
            "country": cls.country,
            "language": cls.language,
            "party": cls.party,
            "condition": cls.condition,
            "condition_reason": cls.condition_reason,
        }

    @property
    def ways(self) -> Ways:
        """What the site declares of its pages."""
        return Ways(self.layouts, self.language, self.zone, self.charset)

    @property
    def run(self) -> Run:
        """This crawl's side towards the archive."""
        from astana_crawl.run.run import Run

        return Run.of(self.crawler)

    async def reads(self) -> Sequence[Source]:
        """The sources of this run: all of them for history or from a recording, else those that keep it current."""
        whole = self.window.since or self.settings["REPLAY"]
        return tuple(dict.fromkeys((*self.sources, *(self.archives if whole else ()))))

    async def start(self) -> AsyncIterator[Request]:
        """The first requests to the sources, then whatever the ledger has due, until both are exhausted."""
        from astana_crawl.run import sources

        self.run.window = self.window
        for source in await self.reads():
            look = await self.run.look_at(source, self)
            for request in sources.ask(self, look, source.asks(self.window)):
                yield request
        async for request in self.due_requests():
            yield request

    # --- sources

    async def read_source(self, response: Response, look: Look, depth: int) -> AsyncIterator[Request]:
        """Offer what a source's response names to the ledger, and go on with the source while that brings something."""
        from astana_crawl.run import sources

        self.run.answering.answered(response.status)
        try:
            requests = await sources.take(self, response, look, depth)
        except Exception as error:
            look.fail(f"program error: {reason_of(error)}")
            await self._answered(look)
            raise
        await self._answered(look)
        for request in requests:
            yield request

    async def _answered(self, look: Look) -> None:
        look.open -= 1
        if not look.open:
            await self.run.close_look(look)

    async def source_failed(self, failure: Failure) -> None:
        """A source that gave no response; one that is not asked because its host wants a pause has not failed."""
        look: Look = failure.request.cb_kwargs["look"]  # type: ignore[attr-defined]
        reason = f"{reason_of(failure.value)} at {failure.request.url}"  # type: ignore[attr-defined]
        if isinstance(failure.value, Paused) and not failure.value.news:
            look.problem = look.problem or reason
        else:
            look.fail(reason)
        await self._answered(look)

    # --- articles

    async def due_requests(self) -> AsyncIterator[Request]:
        """Requests for the addresses that are due, about twice as many in flight as are fetched at once."""
        run, most = self.run, 2 * self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        while True:
            run.moved.clear()
            if run.broken:
                raise CloseSpider("archive_cannot_be_written")
            run.answering.pause(Pauses.of(self.crawler).of_site(self.allowed_domains))
            if run.answering.stopped:
                self.pages_left = 0
            room = min(most - len(run.in_flight), most if self.pages_left is None else self.pages_left)
            due = await run.due(room) if room > 0 else []
            for address in due:
                if self.pages_left is not None:
                    self.pages_left -= 1
                yield Request(
                    address.url, self.read_page, errback=self.page_failed, headers=only_if_changed(address),
                    meta={"address_id": address.id, "download_maxsize": LARGEST_PAGE},
                    cb_kwargs={"address_id": address.id}, dont_filter=True,
                )  # fmt: skip
            idle = not due and not run.in_flight and not any(look.open for look in run.looks.values())
            if idle and not run.moved.is_set():  # set: something was offered while the ledger was asked
                return
            await run.moved.wait()

    async def read_page(self, response: Response, address_id: int) -> AsyncIterator[Article]:
        """Read an article's page; every way it can end settles the address."""
        visit = self.run.in_flight[address_id]
        visit.status, visit.at = response.status, utcnow()
        visit.served, visit.validators = response.meta.get("served"), validators(response)
        visit.rights = rights(response)
        self.run.answering.answered(response.status)
        try:
            answered = verdict_of_revisit(response, visit.due) or verdict_of_status(response)
            read = answered or self.read(response, visit.at)
        except Exception as error:
            await self.run.put_off(address_id, f"program error: {type(error).__name__}: {error}")
            raise
        if isinstance(read, Verdict):
            await self._settle(address_id, read)
        else:
            read.site, read.address_id = self.run.site, address_id
            yield read

    def read(self, response: Response, fetched_at: dt.datetime) -> Article | Verdict:
        """The article on a page, or the verdict that there is none."""
        read = read_response(response, self.ways, fetched_at)
        if isinstance(read, Verdict):
            self.logger.warning(
                "No article could be read: %s. See it with: scrapy try %s %s", read.reason, self.name, response.url
            )
        return read

    async def page_failed(self, failure: Failure) -> None:
        """An article's address that gave no response."""
        address_id: int = failure.request.meta["address_id"]  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, Paused):
            await self.run.put_off(address_id, error.reason, error.until, counted=False)
        elif isinstance(error, Refused) and error.state != "pending":
            if isinstance(error, Untrusted):
                self.run.answering.no_answer()
            await self._settle(address_id, Verdict(error.state, error.reason))
        elif isinstance(error, ValueError):  # a redirect to what is no address: javascript:…
            await self._settle(address_id, Verdict("failed", reason_of(error)))
        else:
            await self._no_answer(address_id, reason_of(error))

    async def _no_answer(self, address_id: int, reason: str, not_before: dt.datetime | None = None) -> None:
        answering, asked = self.run.answering, self.run.in_flight[address_id].status == 429 or not_before
        answering.no_answer()
        await self.run.put_off(address_id, reason, not_before, counted=answering.ever and not asked)

    async def _settle(self, address_id: int, verdict: Verdict) -> None:
        from astana_crawl.run import revisits

        visit = self.run.in_flight[address_id]
        if verdict.state == "pending":
            await self._no_answer(address_id, verdict.reason, **verdict.details)
        elif visit.due.article_id is not None:
            await revisits.settle(self, visit, verdict)
        else:
            await self.run.settle(address_id, verdict.state, verdict.reason, keep=verdict.keep, **verdict.details)

    async def article_dropped(self, item: Article, exception: DropItem) -> None:
        """Settle the address of an article that a pipeline dropped: by its verdict, or as failed when it has none."""
        verdict = getattr(exception, "verdict", None) or Verdict("failed", f"dropped: {exception}")
        if item.address_id is not None:
            await self._settle(item.address_id, verdict)

    async def article_passed(self, item: Article) -> None:
        """Put off the address of an article that went through all pipelines and was kept by none."""
        if item.address_id in self.run.in_flight:
            self.run.errors += 1
            await self.run.put_off(
                item.address_id, "program error: no step of ITEM_PIPELINES kept or dropped the article"
            )

    async def article_failed(self, item: Article, failure: Failure) -> None:
        """Put off the address of an article that a pipeline could not handle."""
        self.run.errors += 1
        if item.address_id in self.run.in_flight and not self.run.broken:
            await self.run.put_off(item.address_id, f"program error: {reason_of(failure.value)}")
