"""What a page says of itself: candidates for every field but the body, each with its rule and raw text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urljoin

from lxml.html import HtmlElement

from astana_crawl import identity
from astana_crawl.extract.head import Head, above_text, is_elsewhere, showing
from astana_crawl.extract.jsonld import same, texts
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.page import Page, clean, find, select, text_of
from astana_crawl.items import Candidate

RAW_LENGTH = 300
_LEADS = re.compile(
    r"introtext|standfirst|sub-?(?:title|head)|second-?title|spot|(?<![a-z])(?:lead|dek|lede|chapo)(?![\w-])"
    r"|(?<![a-z])article(?:__|-)description",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"(?<!cloud-)(?<!cloud_)(?:tags|taglist|etiket(?:ler)?|keywords)(?![a-z])(?![\w-]*cloud)", re.IGNORECASE
)
_KICKER = re.compile(r"kicker|top-?line|over-?line|roof-?line|eyebrow|dachzeile|pre-?title|super-?title", re.IGNORECASE)
_TITLES = "/html/head/title | /html/body/title"
_TITLE = re.compile(r"title|headline|heading", re.IGNORECASE)
_TAG_LIKE = re.compile("[Tt]ags|taglist|[Ee]tiket|[Kk]eywords")
_PARTED = re.compile(r"\s+[-–—|•·»:/]+\s+|:\s+|\s*[|｜]\s*")
_TELLING = 3
_LEAD_TAGS = ("p", "div", "h2", "h3", "h4")
_LONGEST = 2000
_FEW = 20
_TITLE_METAS = (
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "title",
    "itemprop:headline",
)


def candidate(field: str, value: str, rule: str, raw: str | None = None) -> Candidate:
    """A candidate with its raw text shortened to what the archive keeps."""
    return Candidate(field, value[:_LONGEST], rule, (raw if raw is not None else value)[:RAW_LENGTH])


def title_candidates(page: Page, layout: Layout | None) -> Iterator[Candidate]:
    """Headlines as written, site suffixes still on, the surest places first."""
    yield from from_selected("title", page, layout.title if layout else None)
    yield from from_things("title", page, "headline")
    yield from from_metas("title", page, _TITLE_METAS[:1])
    yield from from_microdata("title", page, "headline")
    for heading in page.tree.iter("h1"):
        if text := _without_kicker(heading):
            yield candidate("title", text, "h1", text_of(heading))
    yield from from_metas("title", page, _TITLE_METAS[1:])
    written = [text for element in find(page.tree, _TITLES) if (text := text_of(element))]
    yield from _shown(page, written)
    for text in written:
        yield candidate("title", text, "title-tag")
    yield from from_things("title", page, "name")
    if next(page.tree.iter("h1"), None) is None:
        yield from islice(_named_headings(page), 1)


def subtitle_candidates(page: Page, layout: Layout | None, head: Head) -> Iterator[Candidate]:
    """Second headlines and standfirsts."""
    yield from from_selected("subtitle", page, layout.subtitle if layout else None)
    yield from from_things("subtitle", page, "alternativeHeadline")
    yield from from_things("subtitle", page, "description")
    yield from from_metas("subtitle", page, ("og:description", "twitter:description", "description"))
    leads = (e for e in above_text(page, head) if e.tag in _LEAD_TAGS and _LEADS.search(e.get("class") or ""))
    for element in islice((lead for lead in leads if not is_elsewhere(lead, head)), 1):
        inner = element.iter("h2", "h3", "h4") if next(element.iter("h1"), None) is not None else [element]
        if text := text_of(next(iter(inner), None)):
            yield candidate("subtitle", text, "class:lead")


def section_candidates(page: Page, layout: Layout | None) -> Iterator[Candidate]:
    """The outlet's own section."""
    yield from from_selected("section", page, layout.section if layout else None)
    yield from from_metas("section", page, ("article:section",))
    yield from from_things("section", page, "articleSection")
    yield from from_metas("section", page, ("parsely-section", "section", "category", "cxenseparse:category"))
    yield from from_microdata("section", page, "articleSection")


def tag_candidates(page: Page) -> Iterator[Candidate]:
    """The outlet's own keywords, one candidate a keyword."""
    for rule, raw in _tag_texts(page):
        for tag in re.split(r"\s*[,;،؛|]\s*", raw):
            if 1 < len(tag := clean(tag).removeprefix("#")) <= 80:
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


def from_things(field: str, page: Page, key: str) -> Iterator[Candidate]:
    """The texts under a key of the article's JSON-LD."""
    for value in texts(page.thing.get(key)):
        if text := clean(value):
            yield candidate(field, text, f"json-ld:{key}", value)


def from_metas(field: str, page: Page, names: tuple[str, ...]) -> Iterator[Candidate]:
    """The contents of the meta elements so named."""
    for name, content in page.meta(*names):
        yield candidate(field, content, f"meta:{name}")


def from_microdata(field: str, page: Page, name: str) -> Iterator[Candidate]:
    """The first value of a microdata property."""
    for element, names in page.itemprops:
        if element.tag != "meta" and name in names.split():
            value = element.get("content") or element.get("datetime") or text_of(element)
            if value := clean(value):
                yield candidate(field, value, f"microdata:{name}")
                return


def from_selected(field: str, page: Page, selector: str | None) -> Iterator[Candidate]:
    """What a layout's selector names: machine-readable attributes first, then the text."""
    for element in select(page.tree, selector) if selector else ():
        machine = element.get("datetime") or element.get("content")
        for value in dict.fromkeys(clean(text) for text in (machine, text_of(element)) if text):
            rule = "layout:date" if field == "published" else f"layout:{field}"
            yield candidate(field, value, rule)


def _shown(page: Page, written: list[str]) -> Iterator[Candidate]:
    """Where no surer place has one: the longest part of the title element, the site's name off, that the page shows."""
    if page.thing.get("headline") or next(page.meta("og:title"), None):
        return
    cuts = [(text[: mark.start()], text[mark.end() :]) for text in written[:1] for mark in _PARTED.finditer(text)]
    parts = {same(part): part for cut in cuts for part in cut if len(part.split()) >= _TELLING}
    shown = [parts[same(text_of(element))] for element in islice(showing(page, set(parts)), _FEW)]
    if shown:
        yield candidate("title", max(shown, key=len), "shown")


def _named_headings(page: Page) -> Iterator[Candidate]:
    """Headings that are named a title, for pages whose title element says nothing but the site's name."""
    for element, name in page.classed:
        if element.tag in ("h2", "h3", "h4") and _TITLE.search(name) and len(text_of(element).split()) >= _TELLING:
            yield candidate("title", text_of(element), "heading")


def _without_kicker(heading: HtmlElement) -> str:
    """The heading's text without the line above the headline proper that some sites set inside their h1."""
    kickers = [inner for inner in islice(heading.iterdescendants(), _FEW) if _KICKER.search(inner.get("class") or "")]
    text, said = text_of(heading), clean(" ".join(map(text_of, kickers)))
    return text.removeprefix(said).lstrip(" :–—-/|") or text


def _tag_texts(page: Page) -> Iterator[tuple[str, str]]:
    for name, content in page.meta("article:tag", "parsely-tags", "news_keywords", "keywords"):
        yield f"meta:{name}", content
    for value in texts(page.thing.get("keywords")):
        yield "json-ld:keywords", value
    for link in find(page.tree, "//a[contains(concat(' ', @rel, ' '), ' tag ')]"):
        yield "rel:tag", text_of(link)
    boxes = (box for box in page.named(_TAG_LIKE) if _TAGS.search(box.get("class") or ""))
    for link in islice((link for box in islice(boxes, 10) for link in box.iter("a")), 30):
        yield "class:tags", text_of(link)


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
            yield candidate("canonical", address, rule, href)
    except ValueError:
        return
