"""Where the page's own article ends: what endless scrolling appended after it is taken off the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from lxml import etree
from lxml.html import HtmlElement

from astana_crawl.extract.blocks import own_texts
from astana_crawl.extract.jsonld import same
from astana_crawl.extract.page import clean, text_of
from astana_crawl.extract.words import HEAD_WIDGETS

CUT_LENGTH = 200
_HEADING_TAGS = ("h1", "h2", "h3")
_TITLED_TAGS = ("div", "span", "p", "a", "strong")
_TITLED = re.compile(r"title|headline|heading", re.IGNORECASE)
_LONGEST_HEADLINE = 400
_SENTENCE = 40
_LEAST_ARTICLE = 100
_MOST_ABOVE = 400
_MOST_ANCHORS = 5
_BLOCK = 12
_WIDGET = 40
_HEAD_WIDGETS = frozenset(map(same, HEAD_WIDGETS))
_SILENT = ("script", "style", "noscript")


def cut_appended(tree: HtmlElement, headlines: Iterable[str]) -> list[str]:
    """Take everything from the second article's headline on off the tree; the texts cut, shortened.

    An appended article repeats the structure of the first: a heading with another text, at the same place of an equal
    branch of the tree. What stands between the two must be an article by itself, else nothing is cut.
    """
    own = {same(headline) for headline in headlines} - {""}
    headings = [(element, text) for element in _headings(tree) if (text := same(_short_text(element)))]
    if (branch := _doubled_head(tree, own)) is not None:
        return _cut_from(branch)
    anchors = _anchors(headings, own)
    if not anchors:
        return []
    places = {element: at for at, element in enumerate(tree.iter())}
    prose = list(accumulate(map(_prose, places), initial=0))
    for element, text in headings:
        if text in own or places[element] <= places[anchors[0]]:
            continue
        for anchor in anchors:
            branch = _equal_branch(anchor, element)
            if branch is None or places[anchor] >= places[branch]:
                continue
            before, above = (
                prose[places[branch]] - prose[places[anchor]],
                prose[places[element]] - prose[places[branch]],
            )
            if before >= _LEAST_ARTICLE and above <= _MOST_ABOVE:
                return _cut_from(branch)
    return []


def _doubled_head(tree: HtmlElement, own: set[str]) -> HtmlElement | None:
    """Where, below the article, a head like that of the page begins: a line said twice, a text-size widget between."""
    found = list(own_texts(tree))
    if not any(len(text) < _WIDGET and same(text) in _HEAD_WIDGETS for _, text in found):
        return None
    blocks = [(element, text, same(text)) for element, text in found]
    start = next((at for at, (_, _, key) in enumerate(blocks) if key in own), len(blocks))
    keys, length = [key for _, _, key in blocks], 0
    for at, (element, text, key) in enumerate(blocks[start:], start):
        near = keys[at : at + _BLOCK]
        doubled = len(key) >= 20 and key not in own and near.count(key) > 1
        if doubled and length > 2 * _LEAST_ARTICLE and not _HEAD_WIDGETS.isdisjoint(near):
            return _branch(blocks[start][0], element)
        length += len(text) if len(text) >= _SENTENCE and text.endswith((".", "!", "?", "؟", "”", '"')) else 0
    return None


def _branch(first: HtmlElement, other: HtmlElement) -> HtmlElement:
    """The branch that `other` stands on, below the ancestor it has in common with `first`."""
    shared = {first, *first.iterancestors()}
    branch = other
    while (parent := branch.getparent()) is not None and parent not in shared:
        branch = parent
    return branch


def _anchors(headings: list[tuple[HtmlElement, str]], own: set[str]) -> list[HtmlElement]:
    """The headings that show the page's headline: every such h1, else the first other one, else the first h1."""
    showing = [element for element, text in headings if text in own]
    first = [element for element, _ in headings if element.tag == "h1"][:1]
    return [element for element in showing if element.tag == "h1"][:_MOST_ANCHORS] or showing[:1] or first


def _headings(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter(*_HEADING_TAGS, *_TITLED_TAGS):
        if element.tag in _HEADING_TAGS or _TITLED.search(
            f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        ):
            yield element


def _short_text(element: HtmlElement) -> str:
    """The element's text, '' where it is too long for a headline (read only that far)."""
    parts, length = [], 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > 3 * _LONGEST_HEADLINE:
            return ""
    text = clean(" ".join(parts))
    return text if len(text) <= _LONGEST_HEADLINE else ""


def _equal_branch(anchor: HtmlElement, other: HtmlElement) -> HtmlElement | None:
    """The branch of `other` below the common ancestor, where it has the form of the anchor's branch."""
    up, across = [anchor, *anchor.iterancestors()], [other, *other.iterancestors()]
    while up and across and up[-1] is across[-1]:
        up.pop(), across.pop()
    if not up or len(up) != len(across) or any(a.tag != b.tag for a, b in zip(up, across, strict=True)):
        return _other_article(up, across)
    alike = [_alike(a, b) for a, b in zip(up, across, strict=True)]
    telling = any(_classes(a) for a, equal in zip(up, alike, strict=True) if equal)
    in_article = any(a.tag == "article" for a in up)
    if alike[-1] and (in_article or (alike[0] and (telling or anchor.tag == "h1"))):
        return across[-1]
    return None


def _alike(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether two elements have a class in common, or neither has any."""
    return bool(_classes(one) & _classes(other)) or _classes(one) == _classes(other)


def _other_article(up: list[HtmlElement], across: list[HtmlElement]) -> HtmlElement | None:
    """A first heading h1 in an `<article>` of its own, beside the one the anchor stands in."""
    if not up or not across or up[0].tag != "h1" or across[0].tag != "h1":
        return None
    return across[-1] if any(a.tag == "article" for a in across) else None


def _classes(element: HtmlElement) -> frozenset[str]:
    return frozenset(re.sub(r"\d+", "#", element.get("class") or "").split())


def _prose(element: etree._Element) -> int:
    """How many characters of sentences stand directly in the element and behind it."""
    texts = () if element.tag in _SILENT else (element.text, element.tail)
    return sum(len(text) for text in texts if text and len(text.strip()) >= _SENTENCE)


def _cut_from(branch: HtmlElement) -> list[str]:
    doomed = [branch, *branch.itersiblings()]
    cut = []
    for element in doomed:
        if text := text_of(element):
            cut.append(text[:CUT_LENGTH])
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    return cut
