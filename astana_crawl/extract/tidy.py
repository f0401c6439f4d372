"""Lines of a body that are not the article's: widgets, captions, repeated headlines, closing notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from astana_crawl.dates.calendars import GREGORIAN, JALALI, days_in, fold
from astana_crawl.extract.appended import CUT_LENGTH
from astana_crawl.extract.jsonld import same
from astana_crawl.extract.origin import SOURCE_LINE
from astana_crawl.extract.words import ASIDES, INVITATION, LIST_HEADINGS, NOTES, WIDGETS

_HEAD = 12
ENDS = (".", "!", "?", "؟", "۔", "。")
_LONG_LINE = 60
_WIDGETS = frozenset(map(same, WIDGETS))
_LIST_HEADINGS = frozenset(map(same, LIST_HEADINGS))
_INITIALS = re.compile(
    r"[A-Z][a-z]{0,2}(?:\s?\.\s?[A-Z][\w'’-]*){1,3}\.?(?:\s?/\s?[A-Z][\w. '’-]*)*"
    r"|[A-Z][\w.]{0,12}\s?/\s?[A-Z][\w. ]{0,20}"
    r"|[ء-ي](?:\s?\.\s?[ء-ي])+\.?(?:\s?[ء-ي]{2,12})?"
)
_BYLINE = re.compile(r"(?:by|von|par|بقلم|автор)\s*:?\s+[^.!?]{3,70}", re.IGNORECASE)
_DATELIKE = re.compile(
    r"[^.!?]{0,30}\b(?:19|20)\d\d\b[^.!?]{0,40}"
    r"|(?:published|updated|posted|last modified|обновлено|опубликовано)\b.{0,60}",
    re.IGNORECASE,
)
_TEXT_SIZES = ("A+", "A-", "A", "А+", "А-", "А", "أ+", "أ-")
_POINTER, _INVITING = 120, 90
_PICTURE = re.compile(r"^[^.!?]{0,200}©[^.!?]{0,80}$")
_WITH_AGENCY = re.compile(
    r"[^.!?]{2,30}\s(?:avec|with|mit|con)\s(?:agenc\w+|Agenturen|AFP|AP|Reuters|dpa|EFE|ANSA)\b[^.!?]{0,20}"
)
_PRESENTED = re.compile(r"\s*(?:is (?:an?|the)\b|est (?:une?|le|la)\b|ist (?:eine?|der|die)\b|—)", re.IGNORECASE)
_LONGEST_NOTE = 400
_SENTENCE_END = re.compile(r"[.!?…:;»”\"'’)\]؟۔。！？]\s*$")


@dataclass(slots=True)
class Tidied:
    """The article's lines, the closing note's lines, and what was cut."""

    lines: list[str]
    note: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)


def tidy(
    lines: Iterable[str],
    *,
    headlines: Iterable[str] = (),
    captions: Iterable[str] = (),
    tags: Iterable[str] = (),
    authors: Iterable[str] = (),
    bylines: Iterable[str] = (),
) -> Tidied:
    """Keep of a body's lines what is the article's.

    Taken off: the page's own headlines and captions where the body repeats them, lines doubled in the head, widgets,
    related-article boxes, subscription lines, the outlet's tags in a row, reporters' initials; closing disclaimers
    go to the note. Sub-headings, list items and quotes stay.
    """
    kept, headlines, persons = list(lines), list(headlines), [name for name in authors if " " in name]
    cut: list[str] = []
    for step in (
        lambda kept: _without_widgets(kept, set(map(same, captions)) - set(map(same, headlines))),
        lambda kept: _without_head(kept, {same(text) for text in headlines}, {same(text) for text in bylines}),
        _without_repeats,
        lambda kept: _without_end(kept, [same(tag) for tag in tags], persons),
    ):
        kept, gone = step(kept)
        cut += gone
    kept, note = _without_notes(kept)
    kept, gone = _without_end(kept, [], persons)
    cut += gone
    return Tidied(kept, note, [line[:CUT_LENGTH] for line in cut if any(map(str.isalnum, line))])


def is_doubled(line: str, times: int) -> bool:
    """Whether a line of the head is there for a picture: said twice, or thrice where it ends like a sentence."""
    return times > (2 if line.endswith(ENDS) else 1)


def is_text(lines: list[str]) -> bool:
    """Whether there is a sentence among the lines; menus and labels alone are no article."""
    return any(len(line) >= _LONG_LINE or _SENTENCE_END.search(line) for line in lines)


def _split(lines: list[str], gone: list[bool]) -> tuple[list[str], list[str]]:
    pairs = list(zip(lines, gone, strict=True))
    return [line for line, out in pairs if not out], [line for line, out in pairs if out]


def _without_widgets(lines: list[str], captions: set[str]) -> tuple[list[str], list[str]]:
    gone, listing = [], False
    for line in lines:
        key = same(line)
        listing = key in _LIST_HEADINGS or (listing and not _SENTENCE_END.search(line) and len(line) < 200)
        widget = key in _WIDGETS or not (any(map(str.isalpha, line)) or ("|" in line and key))
        widget = widget or line in _TEXT_SIZES or (len(line) < _POINTER and line.endswith((">>", "»»", "...>")))
        caption = (len(key) >= 12 and key in captions) or bool(_PICTURE.search(line))
        aside = (len(line) < 250 and ASIDES.match(line)) or (len(line) < _INVITING and INVITATION.match(line))
        gone.append(listing or widget or caption or bool(aside))
    return _split(lines, gone)


def _without_head(lines: list[str], headlines: set[str], bylines: set[str]) -> tuple[list[str], list[str]]:
    """Without headline, byline, date and doubled captions that stand before the first paragraph."""
    keys = [same(line) for line in lines[:_HEAD]]
    head = Counter(keys)
    above = max((at for at, key in enumerate(keys) if key in headlines), default=0)
    gone = [False] * len(lines)
    for at, key in enumerate(keys):
        line = lines[at]
        furniture = at < above and len(line) < 60 and not _SENTENCE_END.search(line)
        early = all(gone[:at]) and (
            key in bylines
            or (len(line) < 80 and (_BYLINE.fullmatch(line) or _DATELIKE.fullmatch(line)))
            or _is_dates(line)
        )
        gone[at] = (
            key in headlines
            or _ends_with_headline(key, headlines)
            or (len(key) > 12 and is_doubled(line, head[key]))
            or furniture
            or bool(early)
        )
    return _split(lines, gone)


def _ends_with_headline(key: str, headlines: set[str]) -> bool:
    """Whether a line is a headline behind a few words of a line above it, which some sites set into one heading."""
    fronts = [key.removesuffix(one) for one in headlines if len(one) >= 20 and key.endswith(one)]
    return any(len(front) <= 30 and not any(map(str.isdigit, front)) for front in fronts)


def _is_dates(line: str) -> bool:
    """Whether a line only says when something was published and changed."""
    if len(line) > 120 or not days_in(folded := fold(line)):
        return False
    left = [word for word in re.findall(r"[^\W\d_]{2,}", folded) if word not in GREGORIAN and word not in JALALI]
    return len(left) <= 2 + 2 * len(re.findall(r"\d{4}", folded))


def _without_repeats(lines: list[str]) -> tuple[list[str], list[str]]:
    """Without a paragraph's second printing (pull quotes, leads that some sites send twice)."""
    seen: set[str] = set()
    gone = []
    for line in lines:
        key = same(line)
        gone.append(len(key) >= 60 and key in seen)
        seen.add(key)
    return _split(lines, gone)


def _without_end(lines: list[str], tags: list[str], authors: list[str]) -> tuple[list[str], list[str]]:
    gone = [False] * len(lines)
    for at in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
        line = lines[at]
        credit = _INITIALS.fullmatch(line) or SOURCE_LINE.match(line) or _WITH_AGENCY.fullmatch(line)
        if at == 0 or not (credit or _is_tags(line, tags) or any(_is_of_author(line, name) for name in authors)):
            break
        gone[at] = True
    return _split(lines, gone)


def _is_of_author(line: str, name: str) -> bool:
    """Whether a last line is the author's name, or says who that is: "Jane Doe is a correspondent in Ankara." """
    if not line.startswith(name):
        return False
    return same(line) == same(name) or bool(_PRESENTED.match(line[len(name) :]) and len(line) < _LONGEST_NOTE)


def _is_tags(line: str, tags: list[str]) -> bool:
    left, used = same(line), 0
    for tag in sorted(filter(None, tags), key=len, reverse=True):
        if tag in left:
            left, used = left.replace(tag, ""), used + 1
    return used >= 1 and not left and len(line) < 300


def _without_notes(lines: list[str]) -> tuple[list[str], list[str]]:
    """The body and its closing note: from the first disclaimer among the last lines on, never the whole body."""
    for at in range(max(1, len(lines) - 5), len(lines)):
        if NOTES.search(lines[at]) and len(lines[at]) < 700:
            return lines[:at], lines[at:]
    return lines, []
