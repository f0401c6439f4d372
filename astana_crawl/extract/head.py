"""What a page shows beside its headline: dates where no machine-readable place gives one, the head's own boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from lxml.html import HtmlElement

from astana_crawl.extract.jsonld import same
from astana_crawl.extract.page import Page, clean, text_of

_LONGEST = 120
_TELLING = 15
_FEW_CHILDREN = 5
_SHOWING = ("h1", "h2", "h3", "h4", "h5", "div", "span", "p", "strong", "b", "font", "td")
_CLOSE, _FAR, _ABOVE = 60, 250, 20
_LONGEST_BOX, _DATE = 200, 60
_HEADLINE, _SENTENCE, _LINE = 4, 8, 16
_NUMBERED = re.compile(r"\W*(?:no|№|number|press release|sayı)\W{0,4}\d", re.IGNORECASE)
_PARAGRAPH = 80
_YEAR = re.compile(r"(?:19|20|1[34])\d\d|[٠-٩۰-۹]{4}")
_MARKED = re.compile(r"date|time|publish|posted|stamp|byline|author|meta|info", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|aktualisiert|güncel|обновлен|تحديث|stand:", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:published|posted|created|date|first published|by|veröffentlicht"
    r"|publié|publicado|опубликовано|дата|yayın\w*|giriş"
    r"|نشر|نُشر|تاريخ النشر|تاریخ انتشار)\b(?:\s+(?:on|am|le|el|в|في))?\s*:?\s*",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\W*(?:published|posted|veröffentlicht|publié|publicado|опубликован|дата публикации|yayın|giriş|жариялан"
    r"|نشر|نُشر|تاريخ النشر|تاریخ انتشار)",
    re.IGNORECASE,
)
_PUBLISHED_TOO = re.compile(_PUBLISHED.pattern.removeprefix(r"\W*"), re.IGNORECASE)
_OWN = re.compile(
    r"publish|posted|(?<![a-z])(?:post|entry|article|news|story|node)[\w-]*(?:date|time|meta)"
    r"|(?<![a-z])date[_-]*(?:post|entry|article|news|story)",
    re.IGNORECASE,
)
_NEAR = 5
_OF_THE_SITE = re.compile(
    r"(?<![a-z])today(?![a-rt-z])|current-?(?:date|day|time)|(?<![a-z])clock|top-?bar|(?:site|page|main)-?header|masthead",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"relat(?!ive)|sidebar|latest|recommend|most-|teaser|comment|(?<!post-)(?<!entry-)footer|copyright|menu|nav|tweet|instagram|embed",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The element that shows the page's headline, and the elements beside it, where dates and bylines stand."""

    headline: HtmlElement | None
    beside: tuple[HtmlElement, ...] = ()


def head_of(page: Page, headlines: list[str]) -> Head:
    """The head of the page's article, by the headlines it declares."""
    headline = _headline_element(page, headlines)
    return Head(headline, () if headline is None else tuple(_beside(page, headline)))


def _headline_element(page: Page, headlines: list[str]) -> HtmlElement | None:
    """The element that shows one of the headlines: a heading, else the first h1, else one that is named a title."""
    own = {same(headline) for headline in headlines}
    headings = [heading for heading in page.tree.iter("h1", "h2", "h3") if text_of(heading)]
    found = [heading for heading in headings if same(text_of(heading)) in own]
    found = found or [heading for heading in headings if heading.tag == "h1"]
    return found[0] if found else next(chain(_titled(page, own), showing(page, own)), None)


def showing(page: Page, keys: set[str]) -> Iterator[HtmlElement]:
    """The elements that show one of these texts (as `jsonld.same` gives them) and nothing else, links aside."""
    for element in page.elements if keys else ():
        if element.tag not in _SHOWING or len(element) >= _FEW_CHILDREN or not isinstance(element, HtmlElement):
            continue
        begun = same((element.text or "")[:_LONGEST_BOX])
        if begun and any(key.startswith(begun) for key in keys) and same(text_of(element)) in keys:
            yield element


def _titled(page: Page, own: set[str]) -> Iterator[HtmlElement]:
    """Elements named a title whose text is a headline, or what stands in one before the site's name."""
    for element, name in page.classed:
        if "title" in name and element.tag in ("div", "span", "p", "strong") and len(element) < _FEW_CHILDREN:
            text = same(text_of(element))
            if len(text) >= _TELLING and any(headline.startswith(text) for headline in own):
                yield element


def is_of_the_site(element: HtmlElement, head: Head) -> bool:
    """Whether an element is of the site's head and not of the article's: the date shown there is today's.

    Such an element says so by its name, or stands above the headline and far from it in the tree.
    """
    headline, own = head.headline, [element, *element.iterancestors()]
    around = [] if headline is None else [headline, *headline.iterancestors()]
    named = any(_OF_THE_SITE.search(box.get("class") or "") for box in own[:3] if box not in around)
    if headline is None or named or headline in own:
        return named
    branch = headline
    for level, box in enumerate(headline.iterancestors(), 1):
        if box in own:
            other = own[own.index(box) - 1] if own.index(box) else box
            far = level > _NEAR or box.tag == "body" or other.tag == "header"
            before = far and other is not box and box.index(other) < box.index(branch)
            return before and not _of_an_article(element)
        branch = box
    return False


def _of_an_article(element: HtmlElement) -> bool:
    """Whether a date says of itself that something was published on it."""
    named = any(_OWN.search(box.get("class") or "") for box in (element, *islice(element.iterancestors(), 1)))
    return named or bool(_PUBLISHED.match(text_of(element)))


def shown_dates(head: Head) -> Iterator[str]:
    """Short texts with a year near the headline, those in elements marked as a date first, in the order of the page."""
    found = [(e, text) for e in head.beside if _YEAR.search(text := own_text(e))]
    found = [(e, text) for e, text in found if not is_elsewhere(e, head) and not is_of_the_site(e, head)]
    found = [(e, text) for e, text in found if not _in_teaser(e, head) and not _is_prose(text)]
    found.sort(key=lambda pair: not _MARKED.search(f"{pair[0].get('class')} {pair[0].get('id')}"))
    for element, text in found:
        if not _CHANGED.search(_YEAR.split(text)[0]) or _PUBLISHED_TOO.search(
            text
        ):  # "24.01.2024 - Güncelleme : 25.01.2024" begins with the day
            yield from _parts(text)
            if (unlinked := _unlinked(element)) != text:
                yield from _parts(unlinked)


def _is_prose(text: str) -> bool:
    """Whether a text tells a story: the date in it is that of an event; numbered documents begin with their own."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    sentence = len(words) > _SENTENCE and text.rstrip("”»\"'").endswith((".", "!", "?", "؟", "۔"))
    return (sentence or len(words) > _LINE) and not _NUMBERED.match(text)


def _in_teaser(element: HtmlElement, head: Head) -> bool:
    """Whether a date stands in a small box with a link to another article."""
    around = () if head.headline is None else (head.headline, *head.headline.iterancestors())
    for box in (element, *islice(element.iterancestors(), 1)):
        links = box.iter("a") if box not in around and len(text_of(box)) <= _LONGEST_BOX else ()
        if any(len(text_of(link).split()) >= _HEADLINE for link in links):
            return True
    return False


def is_marked(element: HtmlElement) -> bool:
    """Whether an element, or the one around it, is named after what stands in an article's head."""
    boxes = (element, *islice(element.iterancestors(), 1))
    return any(_MARKED.search(box.get("class") or "") for box in boxes)


def _is_head(box: HtmlElement) -> bool:
    """Whether a box beside the text is a part of the article's head: nothing but a date, or short and named so."""
    if _MARKED.search(box.get("class") or ""):
        return len(text_of(box)) <= _LONGEST_BOX
    told = " ".join(map(text_of, box.iter("time")))
    return 0 < len(told) <= _DATE and same(told) == same(text_of(box))


def _beside(page: Page, headline: HtmlElement) -> Iterator[HtmlElement]:
    """The elements behind the headline, near it or up to the text's first paragraph, then those just above it."""
    at, begun = page.elements.index(headline), False
    for distance, element in enumerate(page.elements[at + 1 : at + _FAR]):
        begun = begun or (element.tag == "p" and len(text_of(element)) > _PARAGRAPH)
        if begun and distance >= _CLOSE:
            break
        if isinstance(element, HtmlElement):
            yield element
    yield from (element for element in page.elements[max(0, at - _ABOVE) : at] if isinstance(element, HtmlElement))


def above_text(page: Page, head: Head) -> Iterator[HtmlElement]:
    """The headline's box and what stands from it down to the text's first paragraph; all where no headline is shown."""
    around = [] if head.headline is None else list(islice(head.headline.iterancestors(), 1))
    start = 0 if head.headline is None else page.elements.index(head.headline)
    for element in (*around, *page.elements[start:]):
        if isinstance(element, HtmlElement):
            yield element
            if element.tag == "p" and len(text_of(element)) > _PARAGRAPH:
                return


def own_text(element: HtmlElement) -> str:
    """The text of an element that holds little else, '' for longer ones."""
    if element.tag in ("script", "style", "a", "title") or len(list(islice(element.iter(), 13))) > 12:
        return ""
    text = text_of(element)
    return text if len(text) <= _LONGEST else ""


def is_elsewhere(element: HtmlElement, head: Head) -> bool:
    """Whether the element stands in a box for other things; a box that holds the headline too is none."""
    around = set() if head.headline is None else {head.headline, *head.headline.iterancestors()}
    return any(
        box.tag in ("nav", "footer", "figure", "blockquote")
        or (box.tag in ("aside", "ul", "ol") and not _is_head(box))
        or _ELSEWHERE.search(f"{box.get('class') or ''} {box.get('id') or ''}")
        for box in (element, *element.iterancestors())
        if box not in around and box.tag not in ("body", "html")
    )


def _unlinked(element: HtmlElement) -> str:
    """The element's text but that of its links, which name the author, the source or the section."""
    parts = element.xpath(".//text()[not(ancestor::a)]")
    return clean(" ".join(map(str, parts)) if isinstance(parts, list) else "").strip(" ,;|·•-–—")


def _parts(text: str) -> Iterator[str]:
    for part in (text, *re.split(r"\s*[|•·]\s*|\s+(?:[-–—]|by)\s+", text)):
        changed = part != text and _CHANGED.search(_YEAR.split(part)[0])
        if not changed and _YEAR.search(part) and (cleaned := _LABEL.sub("", clean(part))):
            yield cleaned
