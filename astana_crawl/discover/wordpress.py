"""The search of WordPress sites: the posts of the REST API (developer.wordpress.org/rest-api/reference/posts)."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, urlencode

from astana_crawl.discover.parts import read_in_parts
from astana_crawl.discover.source import EVER, Reading, Window
from astana_crawl.discover.text import UnreadableError, absolute, plain, unaddressed
from astana_crawl.items import Found

if TYPE_CHECKING:
    from scrapy.http import Response

PER_PAGE = 100  # the most that WordPress gives
_FIELDS = "id,date_gmt,date,modified_gmt,link,title"
_ZONES = dt.timedelta(days=1)
_PAGE = re.compile(r"(?<=[?&]page=)\d+")
_PAST_THE_END = "rest_post_invalid_page_number"


@dataclass(frozen=True, slots=True)
class WordPress:
    """The posts of the WordPress site at `base` that hold `term`; several terms are asked one by one, None for all."""

    base: str
    term: str | tuple[str, ...] | None = None

    kind: ClassVar[str] = "wordpress"
    bulk: ClassVar[bool] = False
    newest_first: ClassVar[bool] = True

    @property
    def topical(self) -> bool:
        """A search for terms of ours; all posts are not."""
        return None not in self._terms()

    @property
    def url(self) -> str:
        """The posts' address with the terms, so that two searches of one site are two sources."""
        terms = urlencode([("search", term) for term in self._terms() if term], quote_via=quote)
        return f"{self.base.rstrip('/')}/wp-json/wp/v2/posts" + (f"?{terms}" if terms else "")

    def asks(self, window: Window = EVER) -> tuple[str, ...]:
        """The first page of each term, newest first; a day wider than the window, as it counts in the site's zone."""
        endpoint = f"{self.base.rstrip('/')}/wp-json/wp/v2/posts"
        return tuple(f"{endpoint}?{_query(term, window)}" for term in self._terms())

    def read(self, response: Response, window: Window = EVER) -> Reading:
        """The posts of one page, and the next page while there is one."""
        return read_in_parts(response, lambda text: self._page(text, response))

    def _page(self, text: str, response: Response) -> Reading:
        posts = _posts(text, response.url)
        entries = [_entry(post, response.url) for post in posts]
        found = tuple(entry for entry in entries if entry)
        problem = unaddressed(len(entries) - len(found), len(entries))
        return Reading(found, _next_page(response, len(posts)), problem=problem)

    def _terms(self) -> tuple[str | None, ...]:
        return self.term if isinstance(self.term, tuple) else (self.term,)


def _query(term: str | None, window: Window) -> str:
    query = {"search": term} if term else {}
    query |= {"per_page": str(PER_PAGE), "page": "1", "orderby": "date", "order": "desc", "_fields": _FIELDS}
    if window.since:
        query["after"] = f"{window.since - _ZONES}T00:00:00"
    if window.until:
        query["before"] = f"{window.until + 2 * _ZONES}T00:00:00"
    return urlencode(query, quote_via=quote, safe=",:")


def _posts(text: str, url: str) -> list[Any]:
    """The posts of an answer; none past the last page, which WordPress calls an error. Raises UnreadableError."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("not JSON: the site may have no open WordPress API") from None
    if isinstance(answer, list):
        return answer
    error = answer if isinstance(answer, dict) else {}
    if error.get("code") == _PAST_THE_END and _page(url) > 1:
        return []
    raise UnreadableError(f"WordPress answered {error.get('code')}: {plain(str(error.get('message')))}")


def _entry(post: Any, url: str) -> Found | None:
    fields = post if isinstance(post, dict) else {}
    address = absolute(url, _text(fields.get("link")))
    if address is None:
        return None
    title = fields.get("title")
    title = plain(_text(title.get("rendered") if isinstance(title, dict) else title))
    published = _moment(fields.get("date_gmt")) or _text(fields.get("date"))
    return Found(address, title, published, _moment(fields.get("modified_gmt")))


def _text(value: Any) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _moment(value: Any) -> str | None:
    """A GMT column with its zone; None for the zeros of a post that never had one."""
    text = _text(value)
    return None if text is None or text.startswith("0000") else text.removesuffix("Z") + "Z"


def _page(url: str) -> int:
    match = _PAGE.search(url)
    return int(match[0]) if match else 1


def _next_page(response: Response, posts: int) -> tuple[str, ...]:
    """The next page by the number of pages the site states, else while pages come full."""
    page = _page(response.url)
    stated = (response.headers.get(b"X-WP-TotalPages") or b"").strip()
    more = page < int(stated) if stated.isdigit() else posts >= PER_PAGE
    following = _PAGE.sub(str(page + 1), response.url)
    return (following,) if more and posts and following != response.url else ()
