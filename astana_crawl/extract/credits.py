"""The agency a text credits: in its dateline, in its last lines, or as its only author; never one it only quotes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from astana_crawl import reference
from astana_crawl.extract.jsonld import same
from astana_crawl.items import Article, Candidate
from astana_crawl.reference import FOLDERS, Mistake

_NAME = r"[^\W\d_][\w .'’&-]{1,50}?"
_DATELINES = (
    # ASTANA, January 24. /TASS/. … · ANKARA (AA) – … · (Reuters) - … · АСТАНА, 24 янв — РИА Новости. … · دمشق-سانا: …
    re.compile(rf"^.{{2,60}}?(?<!\S)/(?P<name>{_NAME})/(?=\W)"),
    re.compile(rf"^(?:.{{2,60}}?[\s,.–—-])??\(\s?(?P<name>{_NAME})\s?\)\s*[-–—:]"),
    re.compile(
        r"^(?:(?=[^–—]{0,40}\d)[^!?]{2,40}?|[^a-zа-яё!?]{2,20}?)"  # a day, or a place in capitals or short
        rf"\s*[-–—]\s*(?P<name>{_NAME})\s*[.:،,–—-]"
    ),
)
_LABEL = (
    r"sources?|via|источник|по материалам|по информации|kaynak|المصدر|نقلا عن|نقلاً عن|منبع|به نقل از|дереккөз|quelle"
)
_LAST_LINE = re.compile(rf"^[\W_]*(?:(?:{_LABEL})\s*[:：-]?\s*)?(?P<name>{_NAME})[\W_]*$", re.IGNORECASE)
_LAST_WORDS = re.compile(rf"[\[(]\s?(?:(?:{_LABEL})\s*[:：-]?\s*)?(?P<name>{_NAME})\s?[\])]\W*$", re.IGNORECASE)
_LAST = 3


@functools.cache
def agencies(folders: tuple[Path, ...] = FOLDERS) -> Mapping[str, str]:
    """Return the agencies of reference/agencies.toml by each of their names, as `jsonld.same` gives it.

    Raises ReferenceFileError, naming file, line and key, when an agency has no list of names.
    """
    found: dict[str, str] = {}
    with reference.placing("agencies", folders):
        for agency, names in reference.load("agencies", folders).items():
            if not isinstance(names, list) or not all(isinstance(name, str) and same(name) for name in names):
                raise Mistake((agency,), "must be a list of names in quotes")
            found |= {same(name): agency for name in (agency, *names)}
    return found


def credit_candidates(article: Article, outlets: set[str]) -> Iterator[Candidate]:
    """Candidates for original_outlet from an article's text, note and authors, the surest first.

    `outlets` are the page's own names as `jsonld.same` gives them: an agency is not the source of its own articles.
    """
    known = agencies()
    own = {agency for name, agency in known.items() if name in outlets}
    for name, rule, raw in _credits(article):
        if (agency := known.get(same(name))) and agency not in own:
            yield Candidate("original_outlet", agency, rule, raw[:300])


def _credits(article: Article) -> Iterator[tuple[str, str, str]]:
    """(name, rule, raw text) of what stands where a credit stands, known or not."""
    lines = (article.body or "").split("\n")
    for line in reversed([*lines[1:], *(article.note or "").split("\n")][-_LAST:]):
        if match := _LAST_LINE.match(line):
            yield match["name"], "credit-line", line
    if match := _LAST_WORDS.search(lines[-1]):
        yield match["name"], "credit-line", match.group()
    for pattern in _DATELINES:
        if match := pattern.match(lines[0]):
            yield match["name"], "dateline", match.group()
    if len(article.authors) == 1:
        yield article.authors[0], "byline", article.authors[0]
