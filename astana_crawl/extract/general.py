"""The text of a page that no layout describes: trafilatura's reading, bounded and completed by what the page says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from astana_crawl.extract.blocks import lines, own_texts
from astana_crawl.extract.jsonld import same, texts
from astana_crawl.extract.page import Page, clean, find, text_of
from astana_crawl.extract.state import State
from astana_crawl.extract.tidy import ENDS, is_text

LONGEST_CAPTION = 600
_FACT_BOX = re.compile(r"(?:fact|fakta|info)s?[-_]?box", re.IGNORECASE)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_FEW = 500
_SHORT = 800
_MOST_INSIDE = 60
_LONGEST_TEASER = 1000
_FEW_PARTS, _FEWEST_WORDS, _DATE = 3, 4, 30
_SENTENCE = 40
_ONE_RUN = 1000
_JOINERS = ("\u200c", "\u200d")
_MUCH = 1.4


def read_general(page: Page, embedded: Callable[[], State]) -> tuple[list[str], list[str]]:
    """The article's lines, and the texts of the boxes that were cut from between them. Changes the page's tree.

    `embedded` gives what the scripts' data holds; it is asked where the page shows little or no text.
    """
    cut = _strip(page)
    read = _lines(page, embedded)
    return read, _between(page, read, cut) if cut else []


def _lines(page: Page, embedded: Callable[[], State]) -> list[str]:
    boxes = find(page.tree, "//*[contains(@itemprop, 'articleBody')]")
    marked = lines(boxes[0]) if len(boxes) == 1 else []
    read = _with_joiners(page.tree, _by_trafilatura(page))
    if len(read) == 1 and len(read[0]) > _ONE_RUN:
        read = _densest(page.tree) or read
    read = _with_headings(page.tree, _in_pieces(page.tree, read))
    stated = [line for value in texts(page.thing.get("articleBody")) for line in _stated(value)]
    read = _within(_within(read, marked), stated) if read else stated
    if is_text(read) and _size(read) > _SHORT:
        return read
    held = embedded().lines
    return held if held and (not is_text(read) or 3 * _size(read) < _size(held)) else read


def _strip(page: Page) -> list[tuple[HtmlElement, str]]:
    """Take off what is read apart or is no part of a text: captions, words for lack of scripts, boxes for other things.

    Such boxes are teasers and boxes of facts (on none of 14 pages of news were they part of the text); returned
    are they and their texts.
    """
    boxes = [element for element in page.tree.iter("ul", "ol") if _is_teasers(element)]
    boxes += [link for link in page.tree.iter("a") if _is_linked_teaser(link)]
    boxes += [box for link in page.tree.iter("a") if (box := _card(link)) is not None]
    boxes += [element for element, name in page.classed if _FACT_BOX.search(name) and not _holds_article(element)]
    cut = [(box, text) for box in boxes if (text := text_of(box))]
    doomed = find(page.tree, "//noscript") + boxes
    doomed += [element for element in caption_elements(page) if len(text_of(element)) <= LONGEST_CAPTION]
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()
    return cut


def caption_elements(page: Page) -> list[HtmlElement]:
    """The elements that are captions by their tag or their name."""
    named = [element for element, name in page.classed if "caption" in name or "Caption" in name]
    return [element for element in page.tree.iter("figcaption") if isinstance(element, HtmlElement)] + named


def _between(page: Page, read: list[str], cut: list[tuple[HtmlElement, str]]) -> list[str]:
    """The texts of the boxes that stood between the first and the last paragraph read; menus are no news."""
    keys = {same(line) for line in read}
    places = {element: at for at, element in enumerate(page.elements)}
    inside = [places[p] for p in page.tree.iter("p") if p in places and same(text_of(p)) in keys]
    found = (text for box, text in cut if inside and inside[0] < places.get(box, 0) < inside[-1])
    return list(dict.fromkeys(found))


def _holds_article(box: HtmlElement) -> bool:
    return bool(find(box, "descendant-or-self::h1 | descendant-or-self::*[contains(@itemprop, 'articleBody')]"))


def _is_teasers(box: HtmlElement) -> bool:
    """Whether every item of a list leads to another article: a heading in each, or nothing but a long link."""
    items = [item for item in box if item.tag == "li"]
    return len(items) > 1 and all(map(_is_teaser, items))


def _is_teaser(item: HtmlElement) -> bool:
    if len(list(islice(item.iter(), _MOST_INSIDE))) == _MOST_INSIDE:
        return False
    link, length = next((link for link in item.iter("a") if link.get("href")), None), len(text_of(item))
    if link is None or length > _LONGEST_TEASER or next(item.iter("h1"), None) is not None:
        return False
    return next(item.iter(*_HEADINGS), None) is not None or length <= len(text_of(link)) + 3


def _is_linked_teaser(link: HtmlElement) -> bool:
    """Whether a link holds a heading and a paragraph: the beginning of the article that it leads to."""
    few = link.get("href") and len(link) and len(list(islice(link.iter(), _MOST_INSIDE))) < _MOST_INSIDE
    return bool(few) and next(link.iter("h1", *_HEADINGS), None) is not None and next(link.iter("p"), None) is not None


def _card(link: HtmlElement) -> HtmlElement | None:
    """The box that holds another article's headline as this link and next to nothing else, such as its date."""
    box = next((up for up in _up(link, 2) if up.tag == "div"), None)
    if box is None or len(box) > _FEW_PARTS or not link.get("href"):
        return None
    headline = text_of(link)
    if len(headline.split()) < _FEWEST_WORDS or headline.endswith(ENDS):
        return None
    return box if len(text_of(box)) <= len(headline) + _DATE else None


def _by_trafilatura(page: Page) -> list[str]:
    import logging

    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(page.tree, url=page.url, include_comments=False, with_metadata=False)
    except Exception:  # a page that the library cannot read gives no text by it
        found = None
    text = getattr(found, "text", None) or ""
    return [line for raw in text.splitlines() if (line := clean(raw).removeprefix("- ").strip("|").strip())]


def _with_joiners(tree: HtmlElement, read: list[str]) -> list[str]:
    """The lines with the invisible joiners that Persian and other scripts are spelled with; trafilatura drops them."""
    whole = str(tree.text_content())
    if not any(joiner in whole for joiner in _JOINERS):
        return read
    written = {same(text): text for _, text in own_texts(tree) if any(joiner in text for joiner in _JOINERS)}
    return [written.get(same(line), line) for line in read]


def _densest(tree: HtmlElement) -> list[str]:
    """The lines of the element that holds most sentences, those of its children counting half, theirs a quarter."""
    weights: dict[HtmlElement, float] = {}
    for element, text in own_texts(tree):
        weight = float(len(text)) if len(text) >= _SENTENCE and text.endswith(ENDS) else 0.0
        for box in _up(element, 3) if weight else ():
            weight /= 2
            weights[box] = weights.get(box, 0.0) + weight
    return lines(max(weights, key=lambda box: weights[box])) if weights else []


def _in_pieces(tree: HtmlElement, read: list[str]) -> list[str]:
    """The lines of all boxes of the kind that holds the lines read, where those are but a piece of the text.

    Advertisements cut some articles into several boxes of one class, a few levels below one element.
    """
    keys = {same(line) for line in read if len(line) >= _SENTENCE}
    parents = [p.getparent() for p in tree.iter("p") if same(text_of(p)) in keys]
    holding = Counter(box for box in parents if box is not None and box.get("class"))
    if not holding:
        return read
    main = max(holding, key=lambda box: holding[box])
    for whole in _up(main, 3):
        if not (boxes := _alike(whole, main))[1:]:
            continue
        found = [line for box in boxes for line in lines(box)]
        return found if _size(found) > _MUCH * _size(read) and _headless(whole, boxes) else read
    return read


def _with_headings(tree: HtmlElement, read: list[str]) -> list[str]:
    """The lines with the sub-headings between two of them that trafilatura passes over outside a container it knows."""
    places = {same(line): at for at, line in enumerate(read)}
    missing: dict[int, str] = {}
    for heading in tree.iter(*_HEADINGS):
        before, behind = heading.getprevious(), heading.getnext()
        if before is None or behind is None or not (text := text_of(heading)) or same(text) in places:
            continue
        at = places.get(same(text_of(behind)))
        if at and same(text_of(before)) in places:
            missing[at] = text
    return [part for at, line in enumerate(read) for part in ((missing[at], line) if at in missing else (line,))]


def _alike(whole: HtmlElement, main: HtmlElement) -> list[HtmlElement]:
    """The boxes below `whole` with the name and classes of `main`, none inside another, that hold sentences."""
    found = [box for box in whole.iter(str(main.tag)) if box.get("class") == main.get("class")]
    every = set(found)
    outer = [box for box in found if every.isdisjoint(box.iterancestors())]
    return [box for box in outer if any(len(text_of(p)) >= _SENTENCE for p in box.iter("p"))]


def _headless(whole: HtmlElement, boxes: list[HtmlElement]) -> bool:
    """Whether the boxes after the first have no headline of their own, which would make each an article."""
    later = [branch for branch in whole if not any(inside is boxes[0] for inside in branch.iter())]
    return not any(
        element.tag in ("h1", "article") or "headline" in (element.get("itemprop") or "")
        for branch in later
        for element in branch.iter("h1", "article", "h2", "h3", "span", "div")
    )


def _up(element: HtmlElement, levels: int) -> Iterator[HtmlElement]:
    for _ in range(levels):
        parent = element.getparent()
        if parent is None:
            return
        yield parent
        element = parent


def _within(read: list[str], told: list[str]) -> list[str]:
    """The lines read, without those above and below what the page marks or states as its text.

    Only where the two agree for the most part, and at that end: statements are often cut short, and leave out
    sub-headings. Where much more is told than was read, what is told.
    """
    text, keys = same(" ".join(told)), [same(line) for line in read]
    size, few = sum(map(len, keys)), len(keys) <= _FEW
    if len(text) > 1.5 * size:
        return told
    whole = {same(line) for line in told}
    inside = [at for at, key in enumerate(keys) if len(key) > 20 and (key in whole or (few and key in text))]
    if sum(len(keys[at]) for at in inside) < 0.6 * size or not inside:
        return read
    first = inside[0] if text.startswith(keys[inside[0]]) else 0
    last = inside[-1] if text.endswith(keys[inside[-1]]) else len(read) - 1
    return read[first : last + 1]


def _stated(value: str) -> list[str]:
    """The lines of a stated text, without its second printing: some sites state the whole twice over."""
    text = re.sub(r"<[^>]+>", "", re.sub(r"<(?:br|/p|/div|/h\d|/li)[^>]*>", "\n", value))
    again = text.find(text[:100], 100) if len(text) > _ONE_RUN else -1
    return [line for raw in text[: again if again > 0 else None].splitlines() if (line := clean(raw))]


def _size(found: list[str]) -> int:
    return sum(map(len, found))
