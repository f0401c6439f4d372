"""Which of a page's headlines is the article's, without the site's name behind it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from astana_crawl.extract.jsonld import same, texts
from astana_crawl.extract.page import Page, clean, text_of
from astana_crawl.items import Candidate

_SEPARATOR = re.compile(r"\s+[-–—|•·»:]+\s+|\s*[|｜ㅣ]\s*|\s+::\s+|\s+//\s+|\s*--\s*")
_MARK = re.compile(r"\s*[-_|｜ㅣ]+\s*|\s+[–—•·»:]+\s+|\s+//\s+")
_IN_PIECES = ("h1", "microdata:headline")
_TEMPLATE = ("json-ld:headline", "h1", "title-tag")
_NAME = 8  # characters: a shorter link to the home page may be any word
_TELLING = 4  # words: an h1 of fewer may be the site's name
_CUT_SHORT = re.compile(r"\s*(?:…|\.\.\.)$")


def choose_headline(page: Page, candidates: list[Candidate]) -> Candidate | None:
    """The headline among the candidates, marked as chosen; its value is freed of site suffixes and doubling."""
    sites = _site_names(page)
    known = {same(one.value) for one in candidates}
    for one in candidates:
        one.value = once(_without_site(one.value, sites, known))
    chosen = _best([one for one in candidates if same(one.value) not in sites] or candidates)
    if chosen is not None:
        chosen.chosen = True
        chosen.value = _as_written(chosen, candidates)
    return chosen


def _as_written(chosen: Candidate, candidates: list[Candidate]) -> str:
    """The headline as a place has it that writes it in one piece: elements inside a heading leave blanks behind."""
    if chosen.rule not in _IN_PIECES:
        return chosen.value
    written = (one.value for one in candidates if one.rule not in _IN_PIECES and same(one.value) == same(chosen.value))
    return next((text for text in written if not text.isupper()), chosen.value)


def second_headlines(page: Page, candidates: list[Candidate]) -> list[str]:
    """The subtitles that the page sets as a heading: no part of the text, as a lead in a paragraph may be."""
    said = {same(one.value) for one in candidates if one.field == "subtitle"}
    return [text for heading in page.tree.iter("h2", "h3", "h4") if same(text := text_of(heading)) in said]


def once(text: str) -> str:
    """The text, said once where it is the same words twice."""
    text = clean(text)
    half = len(text) // 2
    return text[:half].strip() if len(text) > 20 and text[:half].strip() == text[half:].strip() else text


def _best(candidates: list[Candidate]) -> Candidate | None:
    """The first whole one; an h1 when it is the only telling one, or borne out; no kicker where og:title has none.

    Where JSON-LD, h1 and title element, which a template fills from one field, say one thing that no other place
    bears out, og:title was written for readers: it was the headline of 15 such pages of news, the other of 3.
    """
    places: dict[str, set[str]] = {}
    for one in candidates:
        places.setdefault(same(one.value), set()).add(one.rule)
    whole = [one for one in candidates if not _CUT_SHORT.search(one.value)]
    told = {same(one.value) for one in whole if one.rule == "h1" and len(one.value.split()) >= _TELLING}
    unsure = {"h1"} | ({"microdata:headline"} if told else set())
    borne_out = [
        one for one in whole if one.rule not in unsure or len(places[same(one.value)]) > 1 or told == {same(one.value)}
    ]
    first = next(iter(borne_out or whole or candidates), None)
    if first is None:
        return None
    for agreed in (_written_apart(candidates, whole), _shown_everywhere(whole, places, first)):
        if agreed is not None:
            return agreed
    for other in candidates:
        if other.rule == "h1" and _begins(other.value, first.value):
            return other
        if other.rule == "meta:og:title" and re.search(rf":\s+{re.escape(other.value)}$", first.value):
            return other
    return first


def _written_apart(candidates: list[Candidate], whole: list[Candidate]) -> Candidate | None:
    """The og:title that stands against what only the template's three places say."""
    first: dict[str, str] = {}
    for one in candidates:
        first.setdefault(one.rule, same(one.value))
    filled = {first.pop(rule, "") for rule in _TEMPLATE}
    own = next((one for one in whole if one.rule == "meta:og:title"), None)
    if own is None or len(filled) > 1 or "" in filled or same(own.value) in filled or "layout:title" in first:
        return None
    others = {key for rule, key in first.items() if rule != "meta:twitter:title"}
    return own if filled.isdisjoint(others) else None


def _shown_everywhere(whole: list[Candidate], places: dict[str, set[str]], first: Candidate) -> Candidate | None:
    """The headline that h1, og:title and microdata agree on, where JSON-LD alone has another."""
    if not first.rule.startswith("json-ld"):
        return None
    agreed = {"h1", "meta:og:title", "microdata:headline"}
    return next((one for one in whole if one.rule in agreed and agreed <= places[same(one.value)]), None)


def _begins(longer: str, shorter: str) -> bool:
    """Whether the shorter is the beginning of the longer, as when JSON-LD headlines are held to 110 characters."""
    return len(shorter) >= 100 and len(same(longer)) > len(same(shorter)) and same(longer).startswith(same(shorter))


def _site_names(page: Page) -> set[str]:
    names = [content for _, content in page.meta("og:site_name", "application-name", "twitter:site", "twitter:domain")]
    for thing in page.things:
        names += texts(thing.get("publisher"))
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    names += [host, *host.split(".")[:-1]]
    names += [text for link in page.tree.iter("a") if link.get("href") == "/" and len(text := text_of(link)) >= _NAME]
    return {same(name) for name in names if len(same(name)) > 1}


def _without_site(text: str, sites: set[str], known: set[str]) -> str:
    """The text up to the last separator before what is no part of the headline: the site's name, the section."""
    for mark in _MARK.finditer(text):
        if same(text[: mark.start()]) in known and mark.start() >= min(15, len(text) // 2):
            return text[: mark.start()].strip()
    while cuts := [(match.start(), match.end()) for match in _SEPARATOR.finditer(text)]:
        for start, end in cuts:
            if same(text[end:]) in known and _names_site(text[:start], sites):
                return text[end:].strip()
        start, end = cuts[-1]
        if same(text[:start]) and _names_site(text[end:], sites):
            text = text[:start].strip()
        elif _names_site(text[: cuts[0][0]], sites) and same(text[cuts[0][1] :]):
            return text[cuts[0][1] :].strip()
        else:
            break
    return text


def _names_site(text: str, sites: set[str]) -> bool:
    key = same(text)
    few = len(text.split()) <= 3
    return key in sites or any(
        len(site) > 3 and (key.endswith(site) or (few and key.startswith(site))) for site in sites
    )
