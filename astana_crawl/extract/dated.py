"""When a page says it was published and changed: candidates with their values read by `dates.read_date`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator

from astana_crawl import dates
from astana_crawl.extract.head import Head, is_elsewhere, is_of_the_site
from astana_crawl.extract.layout import Layout
from astana_crawl.extract.metadata import (
    candidate,
    from_metas,
    from_microdata,
    from_selected,
    from_things,
    unique,
)
from astana_crawl.extract.page import Page, clean, text_of
from astana_crawl.extract.state import State
from astana_crawl.items import Candidate

_PUBLISHED_METAS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "itemprop:datepublished",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dcterms.created",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "dc.date.created",
    "article.created",
    "created",
    "date",
    "displaydate",
    "itemprop:datecreated",
)
"""The metas that outlets use most, the more telling first; others are known by their names (_PUBLISHED_NAME)."""
_PUBLISHED_NAME = re.compile(
    r"publi(?:sh|shed|cation|ed)[\W_]?(?:date|time|at|on|day)|(?<![a-z])(?:article[.:_])?published$"
    r"|(?<![a-z])(?:pub|p)[\W_]?(?:date|time)$|(?<![a-z])upload(?:ed|[\W_]?date)$|date[\W_]created"
)
_MODIFIED_METAS = (
    "article:modified_time",
    "og:updated_time",
    "itemprop:datemodified",
    "last-modified",
    "dc.date.modified",
    "lastmod",
)
_MODIFIED_NAME = re.compile(r"modif|updat|revision|last[\W_]?pub", re.IGNORECASE)
_FEW = 20
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$|\d*-)")


def published_candidates(
    page: Page,
    layout: Layout | None,
    head: Head,
    shown: list[str],
    embedded: Callable[[], State],
    *,
    language: str | None,
    zone: str | None,
    fetched_at: dt.datetime | None,
) -> list[Candidate]:
    """Days and moments of publication: JSON-LD, meta, microdata, the layout's selector, `<time>`, the address.

    Where none of them gives a date, what the scripts' data says under the headline, else the first one of the texts
    shown beside it (`shown_dates`).
    """
    found = list(from_things("published", page, "datePublished"))
    found += from_metas("published", page, _PUBLISHED_METAS)
    found += from_metas("published", page, _named(page, _PUBLISHED_NAME, but=_MODIFIED_NAME))
    found += from_microdata("published", page, "datePublished")
    found += from_selected("published", page, layout.date if layout else None)
    found += _times(page, head)
    found += from_things("published", page, "dateCreated")
    found += [candidate("published", "-".join(m.groups()), "url", m.group()) for m in _URL_DAY.finditer(page.url)][:1]
    read = _dated(found, language, zone, fetched_at)
    if not read:
        held = (candidate("published", raw, f"state:{key}") for key, raw in embedded().published)
        read = _dated(held, language, zone, fetched_at)[:1]
    if not read:
        read = _dated((candidate("published", text, "text") for text in shown), language, zone, fetched_at)[:1]
    return read


def modified_candidates(
    page: Page, *, language: str | None, zone: str | None, fetched_at: dt.datetime | None
) -> list[Candidate]:
    """Moments of the last change as the page states them."""
    found = list(from_things("modified", page, "dateModified"))
    found += from_metas("modified", page, _MODIFIED_METAS)
    found += from_metas("modified", page, _named(page, _MODIFIED_NAME))
    found += from_microdata("modified", page, "dateModified")
    return _dated(found, language, zone, fetched_at)


def _named(page: Page, pattern: re.Pattern[str], but: re.Pattern[str] | None = None) -> tuple[str, ...]:
    """The names of the page's metas that say what the pattern does, however the outlet spells them."""
    names = dict.fromkeys(name for name, _ in page.metas if pattern.search(name) and not (but and but.search(name)))
    return tuple(name for name in names if name not in (*_PUBLISHED_METAS, *_MODIFIED_METAS))


def _dated(
    found: Iterable[Candidate], language: str | None, zone: str | None, fetched_at: dt.datetime | None
) -> list[Candidate]:
    kept = []
    for one in found:
        moment = dates.read_date(one.value, language=language, zone=zone, now=fetched_at)
        if moment is not None:
            kept.append(Candidate(one.field, moment.value, one.rule, one.raw, moment.zone))
    return unique(kept)


def _times(page: Page, head: Head) -> Iterator[Candidate]:
    """`<time>` elements, those marked as the publication's first; none of other articles or of the site's head."""
    stamps = [element for element, name in page.classed if element.tag == "abbr" and "published" in name]
    times = [element for element in (*stamps, *page.tree.iter("time")) if not is_elsewhere(element, head)]
    times = [element for element in times[:_FEW] if not is_of_the_site(element, head)]
    marked = [t for t in times if t.get("pubdate") is not None or re.search("publish|entry-date", t.get("class") or "")]
    for element in (marked or times)[:3]:
        if re.search("updat|modif", element.get("class") or ""):
            continue
        for value in (element.get("datetime"), element.get("title"), text_of(element)):
            if value and clean(value):
                yield candidate("published", clean(value), "time")
                break
