"""Pages that list articles: sections, tags, date archives, a search's results."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from parsel import Selector
from parsel.csstranslator import HTMLTranslator
from scrapy.http import TextResponse

from astana_crawl.discover.source import EVER, Reading, Window
from astana_crawl.discover.text import absolute, base_of, plain
from astana_crawl.items import Found

if TYPE_CHECKING:
    from scrapy.http import Response


MOST_TAGS = 200_000  # a tag takes up to 150 bytes of memory


@dataclass(frozen=True, slots=True)
class Listing:
    """A page at `url` whose articles the CSS selector `links` finds (elements with a href).

    The next page is the first link that `older` finds, or, when `url` holds `{page}`, the next number (from 1) while
    there are articles. With `titles` the text of a link is taken for the headline; say False where it is "Read more".
    """

    url: str
    links: str
    older: str | None = None
    titles: bool = True

    kind: ClassVar[str] = "listing"
    bulk: ClassVar[bool] = False
    topical: ClassVar[bool] = False
    newest_first: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.older and "{page}" in self.url:
            raise ValueError(f"Listing({self.url!r}): give either {{page}} in the address or older=, not both")
        for name, selector in (("links", self.links), ("older", self.older)):
            try:
                HTMLTranslator().css_to_xpath(selector or "a")
            except Exception as error:  # cssselect and parsel have no class of their own for all of these
                raise ValueError(f"Listing({self.url!r}): {name}={selector!r} is no CSS selector: {error}") from None

    def asks(self, window: Window = EVER) -> tuple[str, ...]:
        """The first page, which holds the newest."""
        return (self.url.replace("{page}", "1"),)

    def read(self, response: Response, window: Window = EVER) -> Reading:
        """The articles listed, each address once, and the next page. A first page without any is a problem."""
        if not isinstance(response, TextResponse):
            return Reading(problem="not a text: it may be an image, or damaged")
        if response.body.count(b"<") > MOST_TAGS:
            return Reading(problem=f"more than {MOST_TAGS:,} tags")
        page = Selector(text=response.text, type="html")
        base = base_of(response)
        found = self._found(page, base)
        number = self._number(response.url)
        if not found:
            past_the_end = number is not None and number > 1
            return Reading(problem=None if past_the_end else f"no link matches {self.links!r}")
        return Reading(found, self._next(response, page, base, number))

    def _found(self, page: Selector, base: str) -> tuple[Found, ...]:
        titles: dict[str, str | None] = {}
        for link in page.css(self.links):
            address = _address(link, base)
            if address:
                titles[address] = titles.get(address) or (_label(link) if self.titles else None)
        return tuple(Found(address, title) for address, title in titles.items())

    def _next(self, response: Response, page: Selector, base: str, number: int | None) -> tuple[str, ...]:
        if self.older:
            addresses = [_address(link, base) for link in page.css(self.older)[:1]]
            return tuple(address for address in addresses if address and address != response.url)
        if "{page}" not in self.url:
            return ()
        asked = self._number(_asked(response))
        sent_back = number is None and asked not in (None, 1)  # from past the last page to the front
        return () if sent_back else (self.url.replace("{page}", str((number or 1) + 1)),)

    def _number(self, address: str) -> int | None:
        """The page number in an address of the form of `url`; None when it has another form."""
        if "{page}" not in self.url:
            return None
        pattern = r"(\d{1,9})".join(map(re.escape, self.url.partition("{page}")[::2]))
        match = re.fullmatch(_without_scheme(pattern), _without_scheme(address))
        return int(match[1]) if match else None


def _without_scheme(address: str) -> str:
    return re.sub(r"\Ahttps?:", "", address)


def _asked(response: Response) -> str:
    """The address first asked for, before redirects."""
    if response.request is None:
        return response.url
    return str(response.request.meta.get("redirect_urls", [response.request.url])[0])


def _address(link: Selector, base: str) -> str | None:
    href = link.xpath("string(@href)").get("")
    return None if href.startswith("#") else absolute(base, href)


def _label(link: Selector) -> str | None:
    return plain(link.xpath("string()").get(""), markup=False)
