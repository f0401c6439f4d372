"""The clock time that stands in a text, and the zone it is told in."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

UNPLACED = "?"
"""The zone of a text that names one we cannot place (IST is India's, Israel's or Ireland's): its time says nothing."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `offset` is what stands right after it, `zone` the tz name the text gives, UNPLACED or None."""

    time: dt.time
    offset: dt.tzinfo | None
    zone: str | None


_AM = r"a\.?\s?m\b\.?|ق\.?ظ|صباحا|صبح|ص(?!\w)|πμ|oo\b"
_PM = r"p\.?\s?m\b\.?|ب\.?ظ|مساء|بعد ?از ?ظهر|م(?!\w)|μμ|os\b"
_CLOCK = re.compile(
    r"(?<![\d:.])(?:(?P<am0>上午|午前|오전)\s*|(?P<pm0>下午|午後|오후)\s*)?"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?|"
    r"(?P<h>\d{1,2})(?:\s?h\s?(?P<m1>\d\d)|\.(?P<m2>\d\d)(?=\s*(?:uhr|[ap]m|gmt)\b)))(?![\d:])"
    rf"\s*(?:(?P<am>{_AM})|(?P<pm>{_PM}))?"
)
_OFFSET = re.compile(r"[\s,(]*(?:z\b|(?:gmt|utc|ut)?\s?(?P<sign>[+-])(?P<hours>\d\d?)(?P<minutes>:?\d\d)?(?![\d:./]))")
_AMERICAN = re.compile(r"[\s,(]*(est|edt|pst|pdt)\b")
_HOURS = {"est": -5, "edt": -4, "pst": -8, "pdt": -7}
_ZONES = {
    r"gmt|utc|غرينتش|جرينتش|гринвич\w*": "UTC",
    r"мск|msk|moscow time|московск\w+ врем\w+|بتوقيت موسكو": "Europe/Moscow",
    r"tsi|trt": "Europe/Istanbul",
    r"almt|(?:astana|almaty|nur-sultan) time|времени (?:астаны|алматы|нур-султана)|астанинск\w+ врем\w+": "Asia/Almaty",
    r"irst": "Asia/Tehran",
    r"mez|mesz|cest": "Europe/Berlin",
}
_ZONE = re.compile(r"\b(?:" + "|".join(f"({names})" for names in _ZONES) + r")\b")
_OTHER_ZONE = re.compile(r"بتوقيت|\bпо \w+ времени\b|\bпо времени\b|\bsaatiyle\b|\blocal time\b")
_OTHER_ZONE_AFTER = re.compile(r"[\s,(]*(?:[cm][sd]t|[abcgijk]st|pkt|\w+ time)\b")


def clock_in(folded: str) -> tuple[Clock | None, str]:
    """Return the one clock time of a folded text (None when it has none or several) and the text without its times."""
    clocks: list[Clock] = []
    rest, end, zone = "", 0, _zone(folded)
    for found in _CLOCK.finditer(folded):
        time = _time(found)
        if time is None or found.start() < end:
            continue
        offset, after = _offset(folded, found.end())
        unplaced = offset is None and zone is None and _OTHER_ZONE_AFTER.match(folded, found.end())
        clocks.append(Clock(time, offset, UNPLACED if unplaced else zone))
        rest, end = rest + folded[end : found.start()] + " ", after
    rest = _ZONE.sub(" ", rest + folded[end:])
    return (clocks[0] if len(set(clocks)) == 1 else None), rest


def _time(found: re.Match[str]) -> dt.time | None:
    hour, minute = int(found["hour"] or found["h"]), int(found["minute"] or found["m1"] or found["m2"])
    if (found["pm"] or found["pm0"]) and hour < 12:
        hour += 12
    elif (found["am"] or found["am0"]) and hour == 12:
        hour = 0
    try:
        return dt.time(hour, minute, int(found["second"] or 0))
    except ValueError:
        return None


def _offset(folded: str, at: int) -> tuple[dt.tzinfo | None, int]:
    """Return the offset that stands at a place of the text, and where it ends; one of digits alone needs four."""
    if american := _AMERICAN.match(folded, at):
        return dt.timezone(dt.timedelta(hours=_HOURS[american[1]])), american.end()
    found = _OFFSET.match(folded, at)
    if not found:
        return None, at
    if not found["sign"]:
        return dt.UTC, found.end()
    named = any(map(str.isalpha, found[0]))
    hours, minutes = int(found["hours"]), int((found["minutes"] or "00").lstrip(":"))
    if hours > 14 or minutes % 15 or not (named or (found["minutes"] and len(found["hours"]) == 2)):
        return None, at  # 13:45-24 January 2024
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(offset if found["sign"] == "+" else -offset), found.end()


def _zone(folded: str) -> str | None:
    found = _ZONE.search(folded)
    if found and found.lastindex:
        return list(_ZONES.values())[found.lastindex - 1]
    return UNPLACED if _OTHER_ZONE.search(folded) else None
