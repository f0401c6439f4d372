"""The text of a page that no layout describes: trafilatura's reading, bounded and completed by what the page says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from lxml.html import HtmlElement

from astana_crawl.extract.blocks import lines, own_texts
from astana_crawl.extract.boxes import HEADINGS, between, strip, up
from astana_crawl.extract.jsonld import same, texts
from astana_crawl.extract.page import Page, clean, find, text_of
from astana_crawl.extract.state import State
from astana_crawl.extract.tidy import ENDS, is_text

_FEW = 500
_SHORT = 800
_SENTENCE = 40
_ONE_RUN = 1000
_JOINERS = ("\u200c", "\u200d")
_MUCH = 1.4


def read_general(page: Page, headlines: list[str], embedded: Callable[[], State]) -> tuple[list[str], list[str]]:
    """The article's lines, and the texts of the boxes that were cut from between them. Changes the page's tree.

    `headlines` are the page's own; `embedded` gives what the scripts' data holds, and is asked where the page shows
    little or no text.
    """
    cut = strip(page, headlines)
    read = _lines(page, embedded)
    return read, between(page, read, cut) if cut else []


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


def _by_trafilatura(page: Page) -> list[str]:
    """The lines by trafilatura's own reader; where that finds hardly any, with the two it falls back on."""
    read = _extracted(page, fast=True)
    return read if is_text(read) and _size(read) > _SHORT else _extracted(page, fast=False)


def _extracted(page: Page, *, fast: bool) -> list[str]:
    import logging

    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(page.tree, url=page.url, include_comments=False, with_metadata=False, fast=fast)
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
        for box in up(element, 3) if weight else ():
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
    for whole in up(main, 3):
        if not (boxes := _alike(whole, main))[1:]:
            continue
        found = [line for box in boxes for line in lines(box)]
        return found if _size(found) > _MUCH * _size(read) and _headless(whole, boxes) else read
    return read


def _with_headings(tree: HtmlElement, read: list[str]) -> list[str]:
    """The lines with the sub-headings between two of them that trafilatura passes over outside a container it knows."""
    places = {same(line): at for at, line in enumerate(read)}
    missing: dict[int, str] = {}
    for heading in tree.iter(*HEADINGS):
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


def _within(read: list[str], told: list[str]) -> list[str]:
    """The lines read, without those above and below what the page marks or states as its text.

    Only where the two agree for the most part, and at that end: statements are often cut short, and leave out
    sub-headings. Where much more is told than was read, what is told.
    """
    text, keys = same(" ".join(told)), [same(line) for line in read]
    if len(keys) == 1 and keys[0] == text:
        return told
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
