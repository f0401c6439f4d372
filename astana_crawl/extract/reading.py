"""The order in which a page is read: headline, fields, text, dates; what read_article does."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from astana_crawl import dates
from astana_crawl.extract import dated, metadata
from astana_crawl.extract.agreement import disagreement
from astana_crawl.extract.appended import cut_appended
from astana_crawl.extract.authors import author_candidates, choose_authors, signed
from astana_crawl.extract.body import Body, captions, matching_layout, read_body
from astana_crawl.extract.credits import credit_candidates
from astana_crawl.extract.head import Head, head_of, shown_dates
from astana_crawl.extract.headline import choose_headline, second_headlines
from astana_crawl.extract.language import choose_language, language_candidates
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.names import SHOWN, outlet_names
from astana_crawl.extract.origin import origin_candidates, origin_in_note, original_addresses
from astana_crawl.extract.page import Page, parse
from astana_crawl.extract.state import State, read_state
from astana_crawl.extract.tidy import is_text, tidy
from astana_crawl.extract.walls import refuse
from astana_crawl.items import Article, Candidate


def read(
    html: bytes | str,
    url: str,
    layout: Layout | Sequence[Layout] | None,
    *,
    language: str | None,
    zone: str | None,
    fetched_at: dt.datetime | None,
    content_type: str | None,
    charset: str | None,
) -> Article:
    """Read one page; see read_article."""
    page = parse(html, url, language=language, content_type=content_type, charset=charset)
    layouts = [layout] if isinstance(layout, Layout) else list(layout or ())
    used = matching_layout(page.tree, layouts)
    article = Article(url=url)
    _read_headline(article, page, used)
    head = head_of(page, _headlines(article))
    _read_fields(article, page, used, head)
    shown = list(shown_dates(head))  # before the text is read, which takes captions away
    embedded = functools.cache(lambda: read_state(page.tree, _headlines(article)))
    _read_text(article, page, layouts, embedded, language)
    refuse(article, page)
    _read_dates(
        article,
        page,
        used,
        head,
        shown,
        embedded,
        language=article.language or language,
        zone=zone,
        fetched_at=fetched_at,
    )
    return article


def _read_headline(article: Article, page: Page, layout: Layout | None) -> None:
    candidates = metadata.unique(metadata.title_candidates(page, layout))
    chosen = choose_headline(page, candidates)
    article.title = chosen.value if chosen else None
    article.candidates += metadata.unique(candidates)


def _read_fields(article: Article, page: Page, layout: Layout | None, head: Head) -> None:
    named = {
        "subtitle": metadata.unique(metadata.subtitle_candidates(page, layout, head)),
        "section": metadata.unique(metadata.section_candidates(page, layout)),
        "image_url": metadata.unique(metadata.image_candidates(page)),
        "canonical": metadata.unique(metadata.canonical_candidates(page)),
    }
    for name, candidates in named.items():
        chosen = metadata.choose_first(candidates)
        setattr(article, name, chosen.value if chosen else None)
        article.candidates += candidates
    article.url = article.canonical or article.url
    authors = metadata.unique(author_candidates(page, layout, head))
    article.authors = choose_authors(page, authors)
    tags = metadata.unique(metadata.tag_candidates(page))
    article.tags = _tags(tags)
    article.candidates += [*authors, *tags]


def _tags(candidates: list[Candidate]) -> list[str]:
    chosen: dict[str, Candidate] = {}
    for one in candidates:
        chosen.setdefault(one.value.casefold(), one).chosen = True
    return [one.value for one in chosen.values()]


def _read_text(
    article: Article, page: Page, layouts: Sequence[Layout], embedded: Callable[[], State], language: str | None
) -> None:
    outlets = outlet_names(page)
    origins, addresses = list(origin_candidates(page, outlets)), metadata.unique(original_addresses(page))
    headlines = _headlines(article)
    pictures, second = captions(page), second_headlines(page, article.candidates)
    article.cut = cut_appended(page.tree, headlines)
    body = read_body(page, layouts, headlines, embedded)
    names = metadata.unique(signed(body.lines, outlets))
    article.candidates += names
    if not article.authors and (first := metadata.choose_first(names)):
        article.authors = [first.value]
    _fill_body(article, body, [*headlines, *_as_shown(article), *second], pictures)
    _read_origin(article, origins, addresses, outlets)
    candidates = list(language_candidates(page))
    text = f"{article.body or ''}\n{article.title or ''}"
    article.language = choose_language(candidates, text, language)
    article.candidates += metadata.unique(candidates)


def _read_origin(
    article: Article, sources: list[tuple[Candidate, str | None]], addresses: list[Candidate], outlets: set[str]
) -> None:
    """Where the text was taken from: as its source line says, else as note, last lines, dateline or author credit."""
    named = [one for one, _ in sources]
    named += filter(None, [origin_in_note(article.note, outlets)])
    named = metadata.unique([*named, *credit_candidates(article, outlets)])
    first = metadata.choose_first(named)
    article.original_outlet = first.value if first else None
    linked = next((url for one, url in sources if one is first and url), None)
    address = None if linked else metadata.choose_first(addresses)
    article.original_url = address.value if address else linked
    article.candidates += [*named, *addresses]


def _headlines(article: Article) -> list[str]:
    """The page's own headlines: the chosen one and what it declares; an h1 may be that of an appended article."""
    return [one.value for one in article.candidates if one.field == "title" and (one.chosen or one.rule != "h1")]


def _as_shown(article: Article) -> list[str]:
    """The headline as the page shows it, with the line above it that some sites set into the same heading."""
    titles = [one for one in article.candidates if one.field == "title" and one.rule == "h1"]
    return [one.raw for one in titles if one.value == article.title]


def _fill_body(article: Article, body: Body, headlines: list[str], pictures: list[str]) -> None:
    bylines = [one.raw for one in article.candidates if one.field == "authors" and one.rule in SHOWN]
    tidied = tidy(
        body.lines, headlines=headlines, captions=pictures, tags=article.tags, authors=article.authors, bylines=bylines
    )
    article.cut = [*article.cut, *body.cut, *tidied.cut]
    article.layout = (body.layout.name or body.layout.body) if body.layout else None
    article.note = "\n".join([*tidied.note, *body.ending]) or None
    article.body = "\n".join(tidied.lines) if is_text(tidied.lines) else None
    if article.body is None:
        article.unreadable = "no text found"
    elif not article.title:
        article.unreadable = "no headline found"
    else:
        titles = [one for one in article.candidates if one.field == "title"]
        declared = [one.value for one in titles if one.rule not in ("h1", "layout:title")]
        shown = [one.value for one in titles if one.rule in ("h1", "layout:title")]
        article.unreadable = disagreement(declared, shown, article.body)
    if article.unreadable:
        article.body = None


def _read_dates(
    article: Article,
    page: Page,
    layout: Layout | None,
    head: Head,
    shown: list[str],
    embedded: Callable[[], State],
    *,
    language: str | None,
    zone: str | None,
    fetched_at: dt.datetime | None,
) -> None:
    read = dated.published_candidates(
        page, layout, head, shown, embedded, language=language, zone=zone, fetched_at=fetched_at
    )
    changed = dated.modified_candidates(page, language=language, zone=zone, fetched_at=fetched_at)
    article.candidates += [*read, *changed]
    dates.date_article(article, fetched_at=fetched_at, zone=zone)
    if article.published_on and not article.published:
        midnight = dt.datetime.combine(article.published_on, dt.time())
        article.published = midnight.replace(tzinfo=ZoneInfo(zone) if zone else dt.UTC)
    if (last := metadata.choose_first(changed)) and "T" in last.value:
        article.modified = dt.datetime.fromisoformat(last.value)
