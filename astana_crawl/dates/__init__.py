"""Reading a date as a page writes it, strictly: what is not surely one day is None."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self
from zoneinfo import ZoneInfo

from astana_crawl.dates.calendars import FIRST_YEAR, GREGORIAN, days_in, fold, other_day
from astana_crawl.dates.clocks import UNPLACED, Clock, clock_in
from astana_crawl.items import Article, Candidate

LONGEST = 200
"""Characters: a longer text tells a story, it is not a date."""

TRUST = ("json-ld", "meta", "microdata", "layout", "time", "state", "url", "hint")
"""The places a date may be read from, the most trusted first: a rule's part before its first colon."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as it was read.

    `at` is the aware moment, None when only the day is known; `on` the day in the outlet's zone (in the text's own when
    the outlet's is not known); `zone` the name or offset that `at` was read with; `text` the raw text.
    """

    at: dt.datetime | None
    on: dt.date
    precision: Literal["minute", "day"]
    zone: str | None
    text: str

    @property
    def value(self) -> str:
        """ISO 8601: `2024-01-25` or `2024-01-25T09:30:00+03:00`."""
        return (self.at or self.on).isoformat()

    @classmethod
    def from_value(cls, value: str, zone: str | None = None) -> Self:
        """Return the moment of a `value`, its day in `zone`; a moment without an offset or no ISO raises ValueError."""
        if len(value) == 10:
            return cls(None, dt.date.fromisoformat(value), "day", None, value)
        at = dt.datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(f"a moment needs its offset from UTC: {value!r}")
        return cls(at, _local(at, zone), "minute", zone, value)


def site_day(moment: Moment, zone: str | None) -> dt.date:
    """Return the day of a moment in the outlet's zone (a tz database name); of a bare day that day."""
    return _local(moment.at, zone) if moment.at else moment.on


def read_date(
    text: str | None, *, language: str | None = None, zone: str | None = None, now: dt.datetime | None = None
) -> Moment | None:
    """Return the one date that a text states, None when it states none, several, or one that may be read in two ways.

    `language` is the page's (`ar`, `en-GB`), `zone` the outlet's tz database name: a clock time without a zone of its
    own is taken in it, and without either the date is a bare day. `now` is when the page was fetched (aware): words
    like "yesterday" are read only against it, and nothing later than a day after it (after the real time when it is
    not given) is a date. Of "24.01.2017 - Güncelleme : 25.01.2017" the first is meant, the second is the update.
    Raises ValueError for a zone that the tz database does not know.
    """
    raw = (text or "").strip()
    if not raw or len(raw) > LONGEST or not any(map(str.isalnum, raw)):
        return None
    language = language.replace("_", "-").partition("-")[0].lower() if language else None
    read = _iso(raw, zone) or _rfc(raw, zone) or _written(raw, language, zone) or _foreign(raw, language, zone, now)
    latest = (now or dt.datetime.now(dt.UTC)) + _DAY
    if read is None or read.on.year < FIRST_YEAR:
        return None
    return read if (read.at <= latest if read.at else read.on <= latest.date()) else None


def choose(
    candidates: Sequence[Candidate], *, fetched_at: dt.datetime | None = None, zone: str | None = None
) -> Candidate | None:
    """Return the candidate for `published` to believe, and mark it (alone) as chosen; None when there is none.

    The place trusted most (TRUST) says the day; among the candidates for that same day the most trusted that knows the
    minute is taken. A moment is of a day when it falls on it by its own offset or in `zone`, the outlet's. Local time
    that is labelled UTC gives way to the candidate that tells it for what it is. What lies later than a day after
    `fetched_at` (aware; the real time when not given) or is no ISO 8601 is passed over.
    """
    latest = (fetched_at or dt.datetime.now(dt.UTC)) + _DAY
    if zone:
        _named(zone)
    known = [(c, m) for c in candidates if c.field == "published" and (m := _dated(c, zone, latest))]
    known.sort(key=lambda pair: _trust(pair[0].rule))
    for candidate in candidates:
        candidate.chosen = candidate.chosen and candidate.field != "published"
    if not known:
        return None
    day = known[0][1].on
    same = [c for c, m in known if m.at and day in (m.on, m.at.date())]
    winner = same[0] if same else known[0][0]
    winner = next((c for c, m in known if _unmasks(m, Moment.from_value(winner.value), zone)), winner)
    winner.chosen = True
    return winner


def _unmasks(other: Moment, moment: Moment, zone: str | None) -> bool:
    """Whether `other` shows that `moment`, labelled UTC, is local time: the same clock with another offset.

    Its own offset, or that of the outlet's zone. Of 563 pages of news 12 state such a pair.
    """
    if not other.at or not moment.at or moment.at.utcoffset():
        return False
    clocks = [other.at] + ([other.at.astimezone(_named(zone))] if zone else [])
    return any(clock.utcoffset() and clock.replace(tzinfo=dt.UTC) == moment.at for clock in clocks)


def date_article(article: Article, *, fetched_at: dt.datetime | None = None, zone: str | None = None) -> None:
    """Choose again among all candidates of an article and set its `published` fields by the winner (else to None)."""
    winner = choose(article.candidates, fetched_at=fetched_at, zone=zone)
    moment = Moment.from_value(winner.value, zone) if winner else None
    article.published = moment.at if moment else None
    article.published_on = moment.on if moment else None
    article.published_precision = moment.precision if moment else None
    article.published_zone = winner.zone if winner else None
    article.published_text = winner.raw if winner else None
    article.published_rule = winner.rule if winner else None


def _trust(rule: str) -> int:
    place = rule.partition(":")[0]
    return TRUST.index(place) if place in TRUST else len(TRUST)


def _dated(candidate: Candidate, zone: str | None, latest: dt.datetime) -> Moment | None:
    try:
        moment = Moment.from_value(candidate.value, zone)
    except ValueError:
        return None
    return moment if (moment.at <= latest if moment.at else moment.on <= latest.date()) else None


@functools.cache
def _named(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone {zone!r} in the tz database (names are like 'Asia/Almaty')") from error


def _local(at: dt.datetime, zone: str | None) -> dt.date:
    return at.astimezone(_named(zone)).date() if zone else at.date()


def _moment(at: dt.datetime, zone: str | None, text: str, own: str | None = None) -> Moment:
    """Return the moment of a clock time: aware, or naive and of the zone `own`, else of the outlet's."""
    at = at.replace(microsecond=0)
    if at.tzinfo is not None:
        return Moment(at, _local(at, zone), "minute", at.strftime("%z")[:3] + ":" + at.strftime("%z")[3:5], text)
    name = own or zone
    if name is None:
        return Moment(None, at.date(), "day", None, text)
    at = at.replace(tzinfo=_named(name))
    return Moment(at, _local(at, zone), "minute", name, text)


_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?|\d{8}T\d\d:?\d\d.*", re.ASCII)


def _iso(raw: str, zone: str | None, text: str | None = None) -> Moment | None:
    """Read ISO 8601 with four-digit years: 2024-01-25, 2020-12-01T14:02:00+0600, 20260816T0002 (as ria.ru writes)."""
    if not _ISO.fullmatch(raw):
        return None
    try:
        at = dt.datetime.fromisoformat(raw)
    except ValueError:
        return None
    if at.year < FIRST_YEAR:  # 1395-11-05 is of the Iranian calendar
        return None
    return Moment(None, at.date(), "day", None, raw) if len(raw) == 10 else _moment(at, zone, text or raw)


_UPDATED = (
    r"updat\w*|modifi\w*|guncelle\w*|обновлен\w*|изменен\w*|оновлен\w*|жаңарт\w*|(?:ال)?تحديث|به روز\w*|"
    r"mis a jour|aktualisiert|stand(?=:)|actualizad\w|aggiornat\w|atualizad\w"
)
_PUBLISHED = r"publi\w*|post\w*|yayin\w*|giris|опубликован\w*|жариялан\w*|نشر|veroffentlicht|erstellt"
_LABEL = re.compile(rf"\b(?:({_UPDATED})|{_PUBLISHED})(?!\w)")


_RFC = re.compile(
    r"(?:[A-Za-z]{3}, )?(\d\d?) ([A-Za-z]{3}) (\d{4}) (\d\d:\d\d(?::\d\d)?) ([+-]\d{4}|GMT|UTC|UT|Z)", re.ASCII
)


def _rfc(raw: str, zone: str | None) -> Moment | None:
    """Read the dates of feeds (RFC 822 with a year of four digits): Tue, 24 Jan 2017 09:12:00 +0300."""
    found = _RFC.fullmatch(raw)
    if not found or found[2].lower() not in GREGORIAN:
        return None
    offset = found[5] if found[5][0] in "+-" else "Z"
    return _iso(f"{found[3]}-{GREGORIAN[found[2].lower()]:02}-{found[1]:0>2}T{found[4]}{offset}", zone, raw)


def _written(raw: str, language: str | None, zone: str | None) -> Moment | None:
    """Read a date in words or figures that may have other words around it."""
    for part in _parts(fold(raw)):
        clock, rest = clock_in(part)
        days = days_in(rest, language)
        if days:
            return _stated(days[0], clock, zone, raw) if len(days) == 1 else None
    return None


def _parts(folded: str) -> tuple[str, str]:
    """Return what the text says of the publication and, after words like "Updated", of later changes."""
    published, updated, start, later = "", "", 0, False
    for label in (*_LABEL.finditer(folded), None):
        part = folded[start : label.start() if label else None] + " \n "
        published, updated = (published, updated + part) if later else (published + part, updated)
        if label:
            start, later = label.end(), label[1] is not None
    return published, updated


def _stated(day: dt.date, clock: Clock | None, zone: str | None, raw: str) -> Moment:
    if clock is None or (clock.offset is None and clock.zone == UNPLACED):
        return Moment(None, day, "day", None, raw)
    return _moment(dt.datetime.combine(day, clock.time, clock.offset), zone, raw, clock.zone)


def _foreign(raw: str, language: str | None, zone: str | None, now: dt.datetime | None) -> Moment | None:
    """Read dates in other languages than our outlets', and words like "yesterday", the clock time as everywhere."""
    folded, here = fold(raw), now.astimezone(_named(zone)) if now and zone else now
    day = other_day(raw, folded, language, here) if language else None
    return _stated(day, clock_in(folded)[0], zone, raw) if day else None
