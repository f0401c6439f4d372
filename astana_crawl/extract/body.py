"""The article's text off the tree: by the site's layouts, else by the general reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from astana_crawl.extract.appended import CUT_LENGTH
from astana_crawl.extract.blocks import lines, own_texts
from astana_crawl.extract.boxes import LONGEST_CAPTION, caption_elements
from astana_crawl.extract.general import read_general
from astana_crawl.extract.jsonld import same
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.page import Page, clean, select, text_of
from astana_crawl.extract.state import State
from astana_crawl.extract.tidy import ENDS, is_doubled

_FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|sharedaddy|related|newsletter|subscribe|comments?|advert\w*|promo|caption"
    r"|read-?(?:more|also)|recommend\w*|(?:fact|fakta|info)s?[-_]?box)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HEAD = 60
_LONG = 80


@dataclass(slots=True)
class Body:
    """Lines of text as read, the lines after the layout's end mark, which layout read them, what was dropped."""

    lines: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    layout: Layout | None = None
    cut: list[str] = field(default_factory=list)


def read_body(page: Page, layouts: Sequence[Layout], headlines: list[str], embedded: Callable[[], State]) -> Body:
    """The text by the first layout that gives any, else by the general reader. Changes the page's tree.

    `headlines` are the page's own, `embedded` gives what the page's scripts hold as data.
    """
    for layout in layouts:
        if (body := _by_layout(page.tree, layout)).lines:
            return body
    text, cut = read_general(page, headlines, embedded)
    return Body(text, cut=[one[:CUT_LENGTH] for one in cut])


def matching_layout(tree: HtmlElement, layouts: Sequence[Layout]) -> Layout | None:
    """The first layout whose body selector finds text in the tree."""
    return next((one for one in layouts if any(text_of(element) for element in select(tree, one.body))), None)


def captions(page: Page) -> list[str]:
    """Texts that stand for pictures: captions, alternative texts and titles of images, what the head says twice."""
    tree = page.tree
    found = [text_of(element) for element in caption_elements(page)]
    for image in tree.iter("img"):
        # An alternative text that ends like a sentence may be the lead itself, which must stay.
        found += [text for text in (clean(image.get("alt")), clean(image.get("title"))) if not text.endswith(ENDS)]
    said = _sentences(tree) if found else set()
    found = [text for text in found if same(text) not in said]
    blocks = list(islice((text for _, text in own_texts(tree) if len(text) > 12), _HEAD))
    found += [text for text, times in Counter(blocks).items() if is_doubled(text, times)]
    return [text for text in dict.fromkeys(found) if 0 < len(text) <= LONGEST_CAPTION]


def _sentences(tree: HtmlElement) -> set[str]:
    """The longer paragraphs that end like a sentence: a caption that says one again takes none of them away."""
    texts = (text_of(p) for p in tree.iter("p") if not (p.get("class") or "").lower().endswith("caption"))
    return {same(text) for text in texts if len(text) > _LONG and text.endswith(ENDS)}


def _by_layout(tree: HtmlElement, layout: Layout) -> Body:
    body = Body(layout=layout)
    found = select(tree, layout.body)
    every = set(found)
    outer = [element for element in found if every.isdisjoint(element.iterancestors())]
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
