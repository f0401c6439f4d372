"""Boxes on a page that are for other things than its article: teasers, lists of headlines, facts, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from astana_crawl.extract.jsonld import same
from astana_crawl.extract.page import Page, find, text_of
from astana_crawl.extract.tidy import ENDS
from astana_crawl.extract.words import BOX_HEADINGS, LIST_HEADINGS

LONGEST_CAPTION = 600
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_CAPTION = re.compile("[Cc]aption")
_FACT_BOX = re.compile(r"(?:fact|fakta|info)s?[-_]?box", re.IGNORECASE)
_BOX_HEADINGS = frozenset(map(same, (*LIST_HEADINGS, *BOX_HEADINGS)))
_CREDIT = re.compile("opyright|redit|hotographer")
_PICTURE = re.compile("photo|image|media|picture", re.IGNORECASE)
_CREDIT_LINE = 100
_LONGEST_HEADING = 60
_MOST_INSIDE = 60
_LONGEST_TEASER = 1000
_FEW_PARTS, _FEWEST_WORDS, _DATE = 3, 4, 30
_FEW_BLOCKS = 2


def strip(page: Page, headlines: list[str]) -> list[tuple[HtmlElement, str]]:
    """Take off what is read apart or is no part of a text: captions, words for lack of scripts, boxes for other things.

    Such boxes are teasers of other articles (not under one of the `headlines`), what stands under a heading like
    "Related" or "Comments", and boxes of facts (on none of 14 pages of news were they part of the text). Returned are
    they and their texts.
    """
    own = {same(headline) for headline in headlines}
    boxes = [element for element in page.tree.iter("ul", "ol") if _is_teasers(element)]
    boxes += [link for link in page.tree.iter("a") if _is_linked_teaser(link)]
    boxes += [box for link in page.tree.iter("a") if (box := _card(link)) is not None]
    boxes += [p for p in page.tree.iter("p") if len(p) == 1 and _is_pointer(p)]
    boxes += [box for heading in page.tree.iter(*HEADINGS) if (box := _headed(heading, own)) is not None]
    boxes += [element for element in page.named(_FACT_BOX) if not _holds_article(element)]
    boxes += [whole for box in boxes if box.tag in ("ul", "ol") and (whole := _around(box)) is not None]
    cut = [(box, text) for box in boxes if (text := text_of(box))]
    doomed = find(page.tree, "//noscript") + boxes
    doomed += [element for element in caption_elements(page) if len(text_of(element)) <= LONGEST_CAPTION]
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()
    return cut


def caption_elements(page: Page) -> list[HtmlElement]:
    """The elements that are captions by their tag or their name."""
    named = page.named(_CAPTION)
    credited = [element for element in page.named(_CREDIT) if _PICTURE.search(element.get("class") or "")]
    named += [element for element in credited if len(text_of(element)) <= _CREDIT_LINE]
    return [element for element in page.tree.iter("figcaption") if isinstance(element, HtmlElement)] + named


def between(page: Page, read: list[str], cut: list[tuple[HtmlElement, str]]) -> list[str]:
    """The texts of the boxes that stood between the first and the last paragraph read; menus are no news."""
    keys = {same(line) for line in read}
    places = {element: at for at, element in enumerate(page.elements)}
    inside = [places[p] for p in page.tree.iter("p") if p in places and same(text_of(p)) in keys]
    found = (text for box, text in cut if inside and inside[0] < places.get(box, 0) < inside[-1])
    return list(dict.fromkeys(found))


def up(element: HtmlElement, levels: int) -> Iterator[HtmlElement]:
    """The element's next ancestors."""
    yield from islice(element.iterancestors(), levels)


def _holds_article(box: HtmlElement) -> bool:
    return bool(find(box, "descendant-or-self::h1 | descendant-or-self::*[contains(@itemprop, 'articleBody')]"))


def _around(box: HtmlElement) -> HtmlElement | None:
    """The box that holds a list of other articles, its heading and next to nothing else."""
    whole = box.getparent()
    if (
        whole is None
        or whole.tag not in ("div", "section", "aside")
        or len(whole) > _FEW_PARTS
        or _holds_article(whole)
    ):
        return None
    return whole if len(text_of(whole)) - len(text_of(box)) <= _LONGEST_HEADING else None


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
    headline = text_of(link)
    dated = len(headline.split()) >= _FEWEST_WORDS and length <= len(headline) + _DATE and not headline.endswith(ENDS)
    return next(item.iter(*HEADINGS), None) is not None or length <= len(headline) + 3 or dated


def _is_linked_teaser(link: HtmlElement) -> bool:
    """Whether a link holds a heading and a paragraph: the beginning of the article that it leads to."""
    few = link.get("href") and len(link) and len(list(islice(link.iter(), _MOST_INSIDE))) < _MOST_INSIDE
    return bool(few) and next(link.iter("h1", *HEADINGS), None) is not None and next(link.iter("p"), None) is not None


def _card(link: HtmlElement) -> HtmlElement | None:
    """The box that holds another article's headline as this link and next to nothing else, such as its date."""
    box = next((one for one in up(link, 2) if one.tag == "div"), None)
    if box is None or len(box) > _FEW_PARTS or not link.get("href"):
        return None
    headline = text_of(link)
    if len(headline.split()) < _FEWEST_WORDS or headline.endswith(ENDS):
        return None
    return box if len(text_of(box)) <= len(headline) + _DATE else None


def _is_pointer(paragraph: HtmlElement) -> bool:
    """Whether a paragraph is nothing but a link with another article's headline."""
    link = next((link for link in paragraph.iter("a") if link.get("href")), None)
    text = text_of(link)
    return len(text.split()) >= _FEWEST_WORDS and not text.endswith((*ENDS, ":")) and text == text_of(paragraph)


def _headed(heading: HtmlElement, own: set[str]) -> HtmlElement | None:
    """The box that begins with this heading and is for other things: a list of them, or a teaser of another article."""
    box = heading.getparent()
    if box is None or box.tag in ("body", "main") or box[0] is not heading or _holds_article(box):
        return None
    text = text_of(heading)
    if len(text) <= _LONGEST_HEADING and same(re.sub(r"\d+", "", text)) in _BOX_HEADINGS:
        return box
    link = next((link for link in heading.iter("a") if link.get("href")), None)
    teaser = link is not None and text_of(link) == text and same(text) not in own and len(text.split()) >= _FEWEST_WORDS
    blocks = len(list(islice(box.iter("p"), _FEW_BLOCKS + 1)))
    return box if teaser and blocks <= _FEW_BLOCKS and len(text_of(box)) <= _LONGEST_TEASER else None
