"""What a page says of itself: candidates for every field but the body, each with its rule and raw text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement

from astana_crawl import dates, identity
from astana_crawl.extract.jsonld import texts
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.page import Page, clean, find, select, text_of
from astana_crawl.items import Candidate

RAW_LENGTH = 300
_PUBLISHED_METAS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "itemprop:datepublished",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publish-date",
    "publish_date",
    "publishdate",
    "published_date",
    "publication_date",
    "article:publicationdate",
    "article.published",
    "pubdate",
    "ptime",
    "dcterms.created",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "dc.date.created",
    "article.created",
    "created",
    "originalpublicationdate",
    "date",
    "displaydate",
    "itemprop:datecreated",
    "cxenseparse:recs:publishtime",
)
_MODIFIED_METAS = (
    "article:modified_time",
    "og:updated_time",
    "itemprop:datemodified",
    "last-modified",
    "dc.date.modified",
    "lastmod",
)
_TITLE_METAS = (
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "title",
    "itemprop:headline",
)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=[/_.-]|$|\d*-)")


def candidate(field: str, value: str, rule: str, raw: str | None = None) -> Candidate:
    """A candidate with its raw text shortened to what the archive keeps."""
    return Candidate(field, value, rule, (raw if raw is not None else value)[:RAW_LENGTH])


def title_candidates(page: Page, layout: Layout | None) -> Iterator[Candidate]:
    """Headlines as written, site suffixes still on, the surest places first."""
    yield from _selected("title", page, layout.title if layout else None)
    yield from _things("title", page, "headline")
    yield from _metas("title", page, _TITLE_METAS[:1])
    yield from _microdata("title", page, "headline")
    for heading in page.tree.iter("h1"):
        if text := text_of(heading):
            yield candidate("title", text, "h1")
    yield from _metas("title", page, _TITLE_METAS[1:])
    for element in find(page.tree, "/html/head/title | /html/body/title"):
        if text := text_of(element):
            yield candidate("title", text, "title-tag")
    yield from _things("title", page, "name")


def subtitle_candidates(page: Page, layout: Layout | None) -> Iterator[Candidate]:
    """Second headlines and standfirsts."""
    yield from _selected("subtitle", page, layout.subtitle if layout else None)
    yield from _things("subtitle", page, "alternativeHeadline")
    yield from _things("subtitle", page, "description")
    yield from _metas("subtitle", page, ("og:description", "twitter:description", "description"))


def section_candidates(page: Page, layout: Layout | None) -> Iterator[Candidate]:
    """The outlet's own section."""
    yield from _selected("section", page, layout.section if layout else None)
    yield from _metas("section", page, ("article:section",))
    yield from _things("section", page, "articleSection")
    yield from _metas("section", page, ("parsely-section", "section", "category", "cxenseparse:category"))
    yield from _microdata("section", page, "articleSection")


def tag_candidates(page: Page) -> Iterator[Candidate]:
    """The outlet's own keywords, one candidate a keyword."""
    for rule, raw in _tag_texts(page):
        for tag in re.split(r"\s*[,;،؛|]\s*", raw):
            if 1 < len(tag := clean(tag)) <= 80:
                yield candidate("tags", tag, rule, raw)


def image_candidates(page: Page) -> Iterator[Candidate]:
    """Addresses of the picture that stands for the article."""
    for name, content in page.meta("og:image", "og:image:url", "twitter:image", "twitter:image:src"):
        yield candidate("image_url", _absolute(page, content), f"meta:{name}", content)
    images = page.thing.get("image")
    for value in images if isinstance(images, list) else [images]:
        address = value.get("url") if isinstance(value, dict) else value
        if isinstance(address, str) and address:
            yield candidate("image_url", _absolute(page, address), "json-ld:image", address)


def canonical_candidates(page: Page) -> Iterator[Candidate]:
    """The page's own address as it says, where that is on the same site and not its home page."""
    for link in page.tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (href := clean(link.get("href"))):
            yield from _own_address(page, href, "link:canonical")
    for name, content in page.meta("og:url"):
        yield from _own_address(page, content, f"meta:{name}")


def published_candidates(
    page: Page, layout: Layout | None, *, language: str | None, zone: str | None, fetched_at: dt.datetime | None
) -> list[Candidate]:
    """Days and moments of publication: JSON-LD, meta, microdata, the layout's selector, `<time>`, the address."""
    found = list(_things("published", page, "datePublished"))
    found += _metas("published", page, _PUBLISHED_METAS)
    found += _microdata("published", page, "datePublished")
    found += _selected("published", page, layout.date if layout else None)
    found += _times(page)
    found += _things("published", page, "dateCreated")
    found += [
        candidate("published", "-".join(m.group(1, 3, 4)), "url", m.group()) for m in _URL_DAY.finditer(page.url)
    ][:1]
    return _dated(found, language, zone, fetched_at)


def modified_candidates(
    page: Page, *, language: str | None, zone: str | None, fetched_at: dt.datetime | None
) -> list[Candidate]:
    """Moments of the last change as the page states them."""
    found = list(_things("modified", page, "dateModified"))
    found += _metas("modified", page, _MODIFIED_METAS)
    found += _microdata("modified", page, "dateModified")
    return _dated(found, language, zone, fetched_at)


def choose_first(candidates: list[Candidate]) -> Candidate | None:
    """The first candidate, marked as chosen."""
    if candidates:
        candidates[0].chosen = True
    return candidates[0] if candidates else None


def unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates without repetitions of the same value by the same rule."""
    seen: dict[tuple[str, str, str], Candidate] = {}
    for one in candidates:
        seen.setdefault((one.field, one.value, one.rule), one)
    return list(seen.values())


def _dated(
    found: Iterable[Candidate], language: str | None, zone: str | None, fetched_at: dt.datetime | None
) -> list[Candidate]:
    kept = []
    for one in found:
        moment = dates.read_date(one.value, language=language, zone=zone, now=fetched_at)
        if moment is not None:
            kept.append(Candidate(one.field, moment.value, one.rule, one.raw, moment.zone))
    return unique(kept)


def _things(field: str, page: Page, key: str) -> Iterator[Candidate]:
    for value in texts(page.thing.get(key)):
        if text := clean(value):
            yield candidate(field, text, f"json-ld:{key}", value)


def _metas(field: str, page: Page, names: tuple[str, ...]) -> Iterator[Candidate]:
    for name, content in page.meta(*names):
        yield candidate(field, content, f"meta:{name}")


def _microdata(field: str, page: Page, name: str) -> Iterator[Candidate]:
    for element in find(page.tree, "//*[@itemprop][not(self::meta)]"):
        if name in (element.get("itemprop") or "").split():
            value = element.get("content") or element.get("datetime") or text_of(element)
            if value := clean(value):
                yield candidate(field, value, f"microdata:{name}")
                return


def _selected(field: str, page: Page, selector: str | None) -> Iterator[Candidate]:
    for element in select(page.tree, selector) if selector else ():
        machine = element.get("datetime") or element.get("content")
        for value in dict.fromkeys(clean(text) for text in (machine, text_of(element)) if text):
            rule = "layout:date" if field == "published" else f"layout:{field}"
            yield candidate(field, value, rule)


def _times(page: Page) -> Iterator[Candidate]:
    """`<time>` elements, those marked as the publication's first; none that stands in a list of other articles."""
    times = [element for element in page.tree.iter("time") if not _aside(element)]
    marked = [t for t in times if t.get("pubdate") is not None or re.search("publish|entry-date", t.get("class") or "")]
    for element in (marked or times)[:3]:
        if re.search("updat|modif", element.get("class") or ""):
            continue
        for value in (element.get("datetime"), text_of(element)):
            if value and clean(value):
                yield candidate("published", clean(value), "time")
                break


def _aside(element: HtmlElement) -> bool:
    return any(
        parent.tag in ("aside", "nav", "footer", "li")
        or re.search(
            r"relat|sidebar|latest|recommend|most-read|teaser|comment", parent.get("class") or "", re.IGNORECASE
        )
        for parent in element.iterancestors()
        if parent.tag not in ("body", "html")
    )


def _tag_texts(page: Page) -> Iterator[tuple[str, str]]:
    for name, content in page.meta("article:tag", "parsely-tags", "news_keywords", "keywords"):
        yield f"meta:{name}", content
    for value in texts(page.thing.get("keywords")):
        yield "json-ld:keywords", value
    for link in find(page.tree, "//a[contains(concat(' ', @rel, ' '), ' tag ')]"):
        yield "rel:tag", text_of(link)


def _absolute(page: Page, address: str) -> str:
    try:
        return urljoin(page.url, clean(address))
    except ValueError:
        return clean(address)


def _own_address(page: Page, href: str, rule: str) -> Iterator[Candidate]:
    address = _absolute(page, href)
    if not re.match(r"https?://[^/]+/[^?#]*[^/?#]|https?://[^/]+/\?.", address):
        return
    try:
        if identity.same_site(page.url, address):
            yield candidate("canonical", identity.canonical_url(address), rule, href)
    except ValueError:
        return
