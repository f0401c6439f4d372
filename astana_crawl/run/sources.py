"""How a crawl reads a source: what it asks for, what it takes from the answers, and when it has asked enough.

A site may be hostile or broken: sitemaps nest without end, a calendar has a next month for ever, a listing repeats
itself. A bound that is reached ends the reading of that source as a failure, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request

from astana_crawl.fetch.answers import LARGEST_PAGE, validators
from astana_crawl.run.sift import is_trap, newest, sift

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from scrapy.http import Response

    from astana_crawl.discover import Reading
    from astana_crawl.newsspider import NewsSpider
    from astana_crawl.run.look import Look

MOST_ASKS = 10_000  # addresses asked of one source in one run
MOST_NEW = 100_000  # addresses that one source brings into the ledger in one run
DEEPEST = 5  # sitemaps within sitemaps
MOST_REPEATS = 10  # pages in a row that name nothing but what earlier ones of the run named
FIRST = 10  # the priority of requests to sources: what they offer may be newer than what waits


def ask(spider: NewsSpider, look: Look, urls: Sequence[str], depth: int = 0) -> list[Request]:
    """Requests to a source for the addresses not asked yet; the first of a source is asked for only if changed."""
    wanted = [url for url in dict.fromkeys(urls) if url not in look.asked and not is_trap(url)]
    if len(wanted) < len(set(urls) - look.asked):
        look.fail("it goes on to addresses that repeat themselves")
    fresh = wanted[: MOST_ASKS - len(look.asked)]
    if len(fresh) < len(wanted):
        look.fail(f"more than {MOST_ASKS:,} pages")
    requests = [_request(spider, look, url, depth, first=not look.asked) for url in fresh]
    look.asked.update(fresh)
    look.open += len(fresh)
    return requests


def _request(spider: NewsSpider, look: Look, url: str, depth: int, *, first: bool) -> Request:
    request = Request(
        url, spider.read_source, errback=spider.source_failed, priority=FIRST, dont_filter=True,
        cb_kwargs={"look": look, "depth": depth},
        meta={"download_maxsize": LARGEST_PAGE} if look.source.kind == "listing" else {},
    )  # fmt: skip
    if first and url == look.source.url and look.memory.valid:
        for header, value in (("If-None-Match", look.state.etag), ("If-Modified-Since", look.state.last_modified)):
            if value:
                request.headers[header] = value
    return request


async def take(spider: NewsSpider, response: Response, look: Look, depth: int) -> Sequence[Request]:
    """Offer what a source's response names to the ledger; the requests with which to go on."""
    if response.status == 304:
        look.unchanged = True
        return ()
    if response.status != 200:
        look.fail(f"status {response.status} at {response.url}")
        return ()
    reading = look.source.read(response, look.memory.window)
    look.unchanged |= look.memory.note(reading)
    look.problem = look.problem or reading.problem
    look.failed |= bool(reading.problem) and not (reading.found or reading.more or reading.listed)
    offers = [offer for found in reading.found if (offer := sift(found, look.source, spider))]
    offered = await spider.run.offer(look, reading, offers, response.url, newest(reading.found, spider))
    _note_validators(look, response, reading)
    if look.source.newest_first and _nothing_left(spider, look, offered.new, [one.expected_on for one in offers]):
        return ()
    return () if _enough(look, reading, depth) else ask(spider, look, reading.more, depth + 1)


def _note_validators(look: Look, response: Response, reading: Reading) -> None:
    index = reading.more or reading.listed  # it may stay while what it lists changes
    alone = response.url == look.source.url and not index
    look.validators |= look.memory.kept(validators(response) if alone else {})


def _nothing_left(spider: NewsSpider, look: Look, new: int, days: Iterable[dt.date | None]) -> bool:
    since, days = spider.window.since, list(days)
    if since is not None:
        return bool(days) and all(day is not None and day < since for day in days)
    return not new and look.state.last_complete


def _enough(look: Look, reading: Reading, depth: int) -> bool:
    """Whether a bound is reached, which fails the look."""
    if not reading.more:
        return False
    if look.source.bulk and depth >= DEEPEST:
        look.fail(f"sitemaps are nested more than {DEEPEST} deep")
    elif look.new > MOST_NEW:
        look.fail(f"more than {MOST_NEW:,} new addresses in one run; the next one goes on")
    elif not look.source.bulk and look.repeats(found.url for found in reading.found) >= MOST_REPEATS:
        look.fail(f"{MOST_REPEATS} pages in a row name nothing but what earlier ones named")
    else:
        return False
    return True
