"""The article's text off the tree: by the site's layouts, else by the general reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from astana_crawl.extract.appended import CUT_LENGTH
from astana_crawl.extract.blocks import lines, own_texts
from astana_crawl.extract.jsonld import same, texts
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.page import Page, clean, find, select, text_of
from astana_crawl.extract.tidy import ENDS, is_doubled

_CAPTIONS = "//figcaption | //*[contains(@class, 'caption') or contains(@class, 'Caption')]"
_LONGEST_CAPTION = 600
_FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|sharedaddy|related|newsletter|subscribe|comments?|advert\w*|promo|caption"
    r"|read-?(?:more|also)|recommend\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FEW = 500
_HEAD = 60


@dataclass(slots=True)
class Body:
    """Lines of text as read, the lines after the layout's end mark, which layout read them, what was dropped."""

    lines: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    layout: Layout | None = None
    cut: list[str] = field(default_factory=list)


def read_body(page: Page, layouts: Sequence[Layout]) -> Body:
    """The text by the first layout that gives any, else by the general reader. Changes the page's tree."""
    for layout in layouts:
        if (body := _by_layout(page.tree, layout)).lines:
            return body
    return Body(_general(page))


def matching_layout(tree: HtmlElement, layouts: Sequence[Layout]) -> Layout | None:
    """The first layout whose body selector finds text in the tree."""
    return next((one for one in layouts if any(text_of(element) for element in select(tree, one.body))), None)


def captions(tree: HtmlElement) -> list[str]:
    """Texts that stand for pictures: captions, alternative texts and titles of images, what the head says twice."""
    found = [text_of(element) for element in find(tree, _CAPTIONS)]
    for image in tree.iter("img"):
        # An alternative text that ends like a sentence may be the lead itself, which must stay.
        found += [text for text in (clean(image.get("alt")), clean(image.get("title"))) if not text.endswith(ENDS)]
    blocks = list(islice((text for _, text in own_texts(tree) if len(text) > 12), _HEAD))
    found += [text for text, times in Counter(blocks).items() if is_doubled(text, times)]
    return [text for text in dict.fromkeys(found) if 0 < len(text) <= _LONGEST_CAPTION]


def _by_layout(tree: HtmlElement, layout: Layout) -> Body:
    body = Body(layout=layout)
    found = select(tree, layout.body)
    outer = [element for element in found if not any(parent in found for parent in element.iterancestors())]
    for selector in layout.drop:
        for element in [one for box in outer for one in select(box, selector)]:
            if text := text_of(element):
                body.cut.append(text[:CUT_LENGTH])
            remove(element)
    for element in [one for box in outer for one in (*_foreign_boxes(box), *_links_elsewhere(box))]:
        body.cut.append(text_of(element)[:CUT_LENGTH])
        remove(element)
    for box in outer:
        ends = select(box, layout.ends_before) if layout.ends_before else []
        ending = _split_off(box, ends[0]) if ends and ends[0] is not box else []
        body.lines += lines(box)
        body.ending += ending
        if ending:
            break
    return body


def _foreign_boxes(box: HtmlElement) -> list[HtmlElement]:
    """Boxes inside a body that are named as something else: captions, share bars, related articles, comments."""
    whole, found = len(text_of(box)), []
    for element in box.iter("div", "section", "ul", "ol", "p", "span"):
        named = _FOREIGN.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        if named and element is not box and len(text_of(element)) < 0.3 * whole:
            found.append(element)
    return found


def _links_elsewhere(box: HtmlElement) -> list[HtmlElement]:
    """Blocks inside a body that are nothing but a link to another article."""
    found: list[HtmlElement] = []
    for link in box.iter("a"):
        block, text = link.getparent(), text_of(link)
        if block is None or block is box or block.tag not in ("p", "div", "li") or text_of(block) != text:
            continue
        if len(text.split()) >= 4 and not text.endswith((".", "!", "?", "؟", "…")):
            found.append(block)
    return found


def _split_off(box: HtmlElement, end: HtmlElement) -> list[str]:
    """Take the element and all that follows it inside the box off the tree; their lines."""
    doomed = [end]
    for element in (end, *end.iterancestors()):
        if element is box:
            break
        doomed += element.itersiblings()
    taken = [line for element in doomed for line in lines(element)]
    for element in doomed:
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    return taken


def remove(element: HtmlElement) -> None:
    """Take an element off its tree, the text behind it staying in place."""
    if element.getparent() is not None:
        element.drop_tree()


def _general(page: Page) -> list[str]:
    import logging

    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    for element in find(page.tree, "//noscript"):
        remove(element)
    for element in find(page.tree, _CAPTIONS):
        if len(text_of(element)) <= _LONGEST_CAPTION:
            remove(element)
    boxes = find(page.tree, "//*[contains(@itemprop, 'articleBody')]")
    marked = lines(boxes[0]) if len(boxes) == 1 else []
    try:
        found = bare_extraction(page.tree, url=page.url, include_comments=False, with_metadata=False)
    except Exception:  # a page that the library cannot read gives no text by it
        found = None
    text = getattr(found, "text", None) or ""
    read = [line for raw in text.splitlines() if (line := clean(raw).removeprefix("- ").strip("|").strip())]
    stated = [line for value in texts(page.thing.get("articleBody")) for line in _stated(value)]
    return _within(_within(read, marked), stated) if read else stated


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
    text = re.sub(r"<(?:br|/p|/div|/h\d|/li)[^>]*>", "\n", value)
    return [line for raw in re.sub(r"<[^>]+>", "", text).splitlines() if (line := clean(raw))]
