"""What WordPress sites have in common: the posts API with its pages and its error, and the feed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, quote
from zoneinfo import ZoneInfo

from tests.web.lists import cdata, feed, item
from tests.web.model import Answer, Story, stories
from tests.web.served import JSON, answer

MOST_A_PAGE = 10
FIELDS = "id,date_gmt,date,modified_gmt,link,title"
SPACES = ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


@dataclass(frozen=True)
class Blog:
    """One WordPress site; `terms` are what the spiders search it for."""

    site: str
    base: str
    name: str
    zone: str
    terms: tuple[str, ...]

    @property
    def stories(self) -> tuple[Story, ...]:
        return stories(self.site)


def search_url(blog: Blog, term: str, page: int) -> str:
    """The address that the spiders ask, to the letter."""
    ask = f"search={quote(term, safe='')}&per_page=100&page={page}&orderby=date&order=desc&_fields={FIELDS}"
    return f"{blog.base}/wp-json/wp/v2/posts?{ask}"


def posts(blog: Blog, query: str) -> Answer:
    """The API's answer; knows search, after, before, page, per_page, order and _fields, and gives ten posts a page."""
    ask = dict(parse_qsl(query))
    found = [story for story in blog.stories if _matches(blog, story, ask)]
    if ask.get("order") == "asc":
        found.reverse()
    size = min(int(ask.get("per_page", "10")), MOST_A_PAGE)
    page, pages = int(ask.get("page", "1")), -(-len(found) // size)
    if page > max(pages, 1):
        return _past_the_end()
    shown = [_post(blog, story, ask.get("_fields")) for story in found[(page - 1) * size : page * size]]
    extra = (("X-WP-Total", str(len(found))), ("X-WP-TotalPages", str(pages)))
    return answer(json.dumps(shown), JSON, extra=extra)


def searches(blog: Blog) -> dict[str, Answer]:
    """All pages of the searches that spiders make, and one page past the end of each."""
    made = {}
    for term in blog.terms:
        for page in range(1, 9):
            url = search_url(blog, term, page)
            made[url] = posts(blog, url.partition("?")[2])
            if made[url].status == 400:
                break
    return made


def blog_feed(blog: Blog, count: int) -> Answer:
    """The newest posts as WordPress writes them."""
    newest = blog.stories[:count]
    items = [item(story, blog.base + story.path, _creator(blog, story)) for story in newest]
    page = feed(blog.name, blog.base, items, namespaces=SPACES)
    return answer(page, "application/rss+xml; charset=UTF-8", modified=newest[0].published)


def _creator(blog: Blog, story: Story) -> str:
    return f"<dc:creator>{cdata(story.author or blog.name)}</dc:creator>"


def _matches(blog: Blog, story: Story, ask: dict[str, str]) -> bool:
    text = f"{story.title}\n{story.text}".casefold()
    local = story.published.astimezone(ZoneInfo(blog.zone)).replace(tzinfo=None)
    return all(word in text for word in ask.get("search", "").casefold().split()) and _moment(
        ask.get("after"), blog, dt.datetime.min
    ) < local < _moment(ask.get("before"), blog, dt.datetime.max)


def _moment(text: str | None, blog: Blog, otherwise: dt.datetime) -> dt.datetime:
    """A bound of the query in the site's own time, as WordPress reads it."""
    if not text:
        return otherwise
    moment = dt.datetime.fromisoformat(text)
    return moment.astimezone(ZoneInfo(blog.zone)).replace(tzinfo=None) if moment.tzinfo else moment


def _post(blog: Blog, story: Story, fields: str | None) -> dict[str, object]:
    utc = story.published.astimezone(dt.UTC)
    full: dict[str, object] = {
        "id": post_id(story),
        "date": f"{story.published.astimezone(ZoneInfo(blog.zone)):%Y-%m-%dT%H:%M:%S}",
        "date_gmt": f"{utc:%Y-%m-%dT%H:%M:%S}",
        "modified_gmt": f"{utc + dt.timedelta(minutes=7):%Y-%m-%dT%H:%M:%S}",
        "link": blog.base + story.path,
        "title": {"rendered": escape(story.title).replace("&#x27;", "&#8217;").replace("’", "&#8217;")},
    }
    return {name: full[name] for name in (fields or FIELDS).split(",") if name in full}


def post_id(story: Story) -> int:
    """A number that grows with time, as post ids do."""
    return int(story.published.timestamp() - 1_480_000_000) // 3600


def _past_the_end() -> Answer:
    error = {
        "code": "rest_post_invalid_page_number",
        "message": "The page number requested is larger than the number of pages available.",
        "data": {"status": 400},
    }
    return answer(json.dumps(error), JSON, status=400)
