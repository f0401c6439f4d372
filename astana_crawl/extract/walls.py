"""Pages with status 200 that are no articles: checks for robots, consent, logins, teasers, regrets, empty shells."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from astana_crawl.extract.blocks import lines
from astana_crawl.extract.jsonld import Thing
from astana_crawl.extract.page import Page, select, text_of
from astana_crawl.items import Article

LONGEST = 5000  # characters of text; what is longer is an article, whatever else stands on its page
LONGEST_TEASER = 1800
LONGEST_STUB = 900  # a teaser where the page's data do not say that the article is paid for
SHORTEST_PAID = 600  # where they do, less is no whole article
_MOST_SPEAKS = {True: 0.7, False: 0.3}  # of the text: where the page's data say that it is an article, and where not
_SOME_SPEAKS = 0.15  # beside a headline that says it
_SILENT_START = 500  # characters: a wall does not begin like an article
_ARTICLE_METAS = ("og:type", "article:published_time")
_OF_NEWS = {"pending"}  # breakdowns and repairs are in the news: an article's own headline is not believed to say it
_LONGEST_HEAD = 90
_LONGEST_PROMPT = 300
_PAID_PART = 200  # characters of the part that is paid for: it is open when so many are there
_MOST_LOST = 0.001  # of the characters
_MARKER = 80
_SAME = str.maketrans("’ʼ`أإآٱىیکёЁ", "'''ااااييكеЕ", "\u200c\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")
# A short last line without a stop may be a name.
_BREAKS_OFF = re.compile(r"(?:\.\.\.|…|[^\n]{60}[A-Za-zÀ-ʯ\u0370-\u052f\u0590-\u06ff,])$")
_SENTENCE = re.compile(r"(?<=[.!?؟。…])[”’»\"]*\s+")
_OUTLET = re.compile(r"\s+[|–—·:-]+\s+")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page gives no article: the state its address takes, the reason with the words that decided, its kind."""

    state: str
    reason: str
    teaser: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of such pages, by how they speak; see walls.toml."""

    state: str
    name: str
    said: re.Pattern[str]
    headed: re.Pattern[str]
    asks: re.Pattern[str]

    def heads(self, head: str) -> bool:
        """Whether a headline, or what stands behind the outlet's name in it, begins as one of this kind."""
        return any(map(self.headed.match, _OUTLET.split(head)))

    def heads_wholly(self, head: str) -> bool:
        """Whether it says little else."""
        found = [(part, self.headed.match(part)) for part in _OUTLET.split(head)]
        return any(match and 2 * match.end() >= len(part) for part, match in found)

    def refusal(self, words: str) -> Refusal:
        """The page is one of this kind by these words."""
        return Refusal(self.state, f"{self.name}: “{' '.join(words.split())[:_MARKER]}”")


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of walls.toml by their names there."""
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        key: Kind(
            kind["state"],
            kind["name"],
            _pattern(kind["said"]),
            _pattern(kind["headed"], r"\W*"),
            _pattern(kind["asks"]) if "asks" in kind else _NEVER,
        )
        for key, kind in read.items()
    }


def _pattern(phrases: str, before: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(_plain(phrases).split(chr(10))[:-1])})")


def _plain(text: str) -> str:
    return text.translate(_SAME)


def refuse(article: Article, page: Page) -> None:
    """Take the text of an article whose page is none, and say why; of one that is unreadable already, say it better.

    The text of a teaser is the article's own as far as the page shows it, and stays.
    """
    if found := refusal(page, article.body, article.cut) or _undecoded(page, article):
        article.body = article.body if found.teaser else None
        article.refused, article.unreadable = found.state, found.reason
    elif article.unreadable:
        article.refused = "unreadable"


def refusal(page: Page, body: str | None, cut: Sequence[str] = ()) -> Refusal | None:
    """Why the page whose text is `body` (None: it gave none) is no article; None when it may be one.

    A text is refused when most of it speaks as a wall does, and little suffices where a headline says it. Where the
    page's data say that it is an article, more is asked for: sentence by sentence, and a headline must say nothing
    else. Where they do not, less suffices, and nothing below a headline that says nothing else. A teaser is refused as
    well: a short text on a page whose data say that it is paid for, and that asks for a subscription, breaks off, or is
    hardly longer than a lead. `cut` are the lines that the reader took off the text, prompts to subscribe among them.
    """
    if body is not None and len(body) > LONGEST:
        return None
    said = [line for line in body.split("\n") if line] if body else _short_texts(page)
    return _by_text(page, said) or (_teaser(page, body, cut) if body and len(body) <= LONGEST_TEASER else None)


def _undecoded(page: Page, article: Article) -> Refusal | None:
    """More than one character in a thousand that our decoding, not the publisher, made U+FFFD."""
    text = f"{article.title}\n{article.body}"
    lost = text.count("\ufffd")
    if not (page.decoded and page.decoded.damaged and article.body) or lost <= _MOST_LOST * len(text):
        return None
    how = f"{page.decoded.charset}, {page.decoded.how}"
    return Refusal("unreadable", f"{lost} of {len(text)} characters cannot be decoded (read as {how})")


def _by_text(page: Page, said: Sequence[str]) -> Refusal | None:
    article = bool(page.thing) or any(value.lower() != "website" for _, value in page.meta(*_ARTICLE_METAS))
    heads, heard = _headed(page), _Heard(sum(map(len, said)) or 1)
    alone = None if article or heard.whole > LONGEST_STUB else next((one for one in heads if one[2]), None)
    if alone:
        return alone[0].refusal(alone[1])
    headed = [(kind, head) for kind, head, wholly in heads if wholly or not article]
    for line in said:
        for part in _SENTENCE.split(line) if article else [line]:
            heard.hear(part)
        if heard.silent > (_SILENT_START if not (headed or heard.weights) else heard.whole):
            return None
    for kind, head in headed:
        if heard.weights[kind] >= _SOME_SPEAKS * heard.whole:
            return kind.refusal(head)
    if not heard.weights or heard.whole - heard.silent < _MOST_SPEAKS[article] * heard.whole:
        return None
    kind = max(heard.weights, key=lambda one: heard.weights[one])
    return None if article and kind.state in _OF_NEWS else kind.refusal(heard.words[kind])


@dataclass(slots=True)
class _Heard:
    """How much of a text speaks as which kind, in characters of its lines, and by which words first."""

    whole: int
    silent: int = 0
    weights: Counter[Kind] = field(default_factory=Counter)
    words: dict[Kind, str] = field(default_factory=dict)

    def hear(self, line: str) -> None:
        text, before = _plain(line.lower()), self.weights.total()
        for kind in kinds().values():
            if found := kind.said.search(text):
                self.weights[kind] += len(line)
                self.words.setdefault(kind, found[0])
        self.silent += len(line) * (self.weights.total() == before)


def _headed(page: Page) -> list[tuple[Kind, str, bool]]:
    """The kinds that a title element or headline speaks for, with it, and whether it says little else."""
    heads = [text_of(element) for element in page.tree.iter("title", "h1")]
    heads += [title for _, title in page.meta("og:title")]
    short = [(head, _plain(head.lower())) for head in heads if len(head) <= _LONGEST_HEAD]
    found = [(kind, head, plain) for head, plain in short for kind in kinds().values() if kind.heads(plain)]
    return [(kind, head, kind.heads_wholly(plain)) for kind, head, plain in found]


def _short_texts(page: Page) -> list[str]:
    texts = (text_of(element) for element in page.tree.iter("p", "h1", "h2", "h3", "label", "button"))
    return [text for text in texts if text and len(text) <= LONGEST]


def _teaser(page: Page, body: str, cut: Sequence[str]) -> Refusal | None:
    wall, parts = kinds()["paywall"], _paid_parts(page.thing)
    paid = bool(parts) or any(tier == "locked" for _, tier in page.meta("article:content_tier"))
    if not paid:
        return _asking(wall, [*body.split("\n"), *cut]) if len(body) <= LONGEST_STUB else None
    if found := _asking(wall, lines(page.tree)):
        return found
    if _BREAKS_OFF.search(body):
        return Refusal(wall.state, f"a teaser of an article that is paid for: it breaks off at “{body[-40:]}”", True)
    if len(body) <= SHORTEST_PAID and not any(_shows(page, part) for part in parts):
        return Refusal(
            wall.state, f"a teaser of an article that is paid for: its text has only {len(body)} characters", True
        )
    return None


def _asking(wall: Kind, said: Sequence[str]) -> Refusal | None:
    short = (_plain(line.lower()) for line in said if len(line) <= _LONGEST_PROMPT)
    found = next((found for line in short if (found := wall.asks.search(line))), None)
    return Refusal(wall.state, f"a teaser, and a paywall: “{found[0][:_MARKER]}”", True) if found else None


def _paid_parts(thing: Thing) -> list[str]:
    """The selectors of what is paid for, an empty one for the article as a whole; none where it is free."""
    parts = thing.get("hasPart")
    things = [thing, *(parts if isinstance(parts, list) else [parts])]
    paid = [one for one in things if isinstance(one, dict) and str(one.get("isAccessibleForFree")).lower() == "false"]
    return [str(one.get("cssSelector") or "") for one in paid]


def _shows(page: Page, selector: str) -> bool:
    """Whether what the selector names is there, with a text."""
    try:
        return bool(selector) and sum(len(text_of(part)) for part in select(page.tree, selector)) >= _PAID_PART
    except ValueError:
        return False
