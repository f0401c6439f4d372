"""The days that stand in a text: months' names in our outlets' languages, their scripts' digits, two calendars."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

_ALIKE = str.maketrans(
    {"ـ": " ", "\u200c": " ", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ٱ": "ا", "ı": "i", "’": "'", "ʼ": "'"}
)


def fold(text: str) -> str:
    """Return a text in lower case with ASCII digits, without accents, vowel signs and invisible characters.

    Letters that writers use for one another become one (`أ` and `آ` are `ا`, `ı` is `i`); a month's name and the text
    it is looked up in both go through here, so the result is for comparing, not for reading.
    """
    if text.isascii():
        return text.lower()
    letters = []
    for letter in unicodedata.normalize("NFKD", text).casefold():
        category = unicodedata.category(letter)
        if category == "Nd":
            letters.append(str(unicodedata.digit(letter)))
        elif category not in ("Mn", "Cf") or letter == "\u200c":
            letters.append(letter)
    return unicodedata.normalize("NFC", "".join(letters).translate(_ALIKE))


# One line a language: the twelve months in their order, the spellings of one month parted by `|`.
_GREGORIAN = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept "
    "october|oct november|nov december|dec",
    "de": "januar|jänner|jan februar|feb märz|maerz|mrz april mai juni juli august september oktober|okt "
    "november dezember|dez",
    "fr": "janvier|janv février|févr|fév mars avril|avr mai juin juillet|juil août septembre octobre novembre "
    "décembre|déc",
    "es": "enero|ene febrero marzo abril|abr mayo junio julio agosto|ago septiembre|setiembre octubre noviembre "
    "diciembre|dic",
    "it": "gennaio|gen febbraio marzo aprile maggio|mag giugno|giu luglio|lug agosto settembre|set ottobre|ott "
    "novembre dicembre",
    "pt": "janeiro fevereiro|fev março abril maio|mai junho julho agosto setembro outubro|out novembro dezembro",
    "nl": "januari februari maart|mrt april mei juni juli augustus september oktober november december",
    "tr": "ocak|oca şubat|şub mart nisan|nis mayıs haziran|haz temmuz|tem ağustos|ağu eylül|eyl ekim|eki "
    "kasım|kas aralık|ara",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "ru": "января|январь|янв февраля|февраль|фев|февр марта|март|мар апреля|апрель|апр мая|май июня|июнь|июн "
    "июля|июль|июл августа|август|авг сентября|сентябрь|сен|сент октября|октябрь|окт "
    "ноября|ноябрь|ноя|нояб декабря|декабрь|дек",
    "uk": "січня|січень лютого|лютий березня|березень квітня|квітень травня|травень червня|червень липня|липень "
    "серпня|серпень вересня|вересень жовтня|жовтень листопада|листопад грудня|грудень",
    "kk": "қаңтар|қаң|qańtar|qañtar|qantar ақпан|ақп|aqpan наурыз|нау|naýryz|nauryz сәуір|сәу|sáýir|säuir "
    "мамыр|мам|mamyr маусым|мау|maýsym|mausym шілде|шіл|shilde|şılde тамыз|там|tamyz "
    "қыркүйек|қыр|qyrkúıek|qyrküiek қазан|қаз|qazan қараша|қар|qarasha|qaraşa желтоқсан|жел|jeltoqsan",
    "ar": "يناير|كانون_الثاني|كانون_ثاني|جانفي فبراير|شباط|فيفري مارس|آذار أبريل|إبريل|نيسان|أفريل مايو|أيار|ماي "
    "يونيو|يونيه|حزيران|جوان يوليو|يوليه|تموز|جويلية|يوليوز أغسطس|آب|أوت|غشت سبتمبر|أيلول|شتنبر "
    "أكتوبر|تشرين_الأول|تشرين_أول|اكتوبر نوفمبر|تشرين_الثاني|تشرين_ثاني|نونبر ديسمبر|كانون_الأول|كانون_أول|دجنبر",
    "fa": "ژانویه فوریه مارس آوریل مه|می ژوئن|ژوین ژوئیه|جولای|ژوییه اوت|آگوست|اگست سپتامبر اکتبر نوامبر دسامبر",
    "he": "ינואר פברואר מרץ|מרס אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
}
_JALALI = "فروردین اردیبهشت خرداد تیر مرداد|امرداد شهریور مهر آبان آذر دی بهمن اسفند"
_KAZAKH_ENDINGS = ("", "ы", "і", "да", "де", "та", "те", "ында", "інде", "сы", "сі", "сында", "сінде")


def _numbered(line: str) -> dict[str, int]:
    pairs = ((name, number) for number, names in enumerate(line.split(), 1) for name in names.split("|"))
    return {fold(name).replace("_", " "): number for name, number in pairs}


def _gregorian() -> dict[str, int]:
    months: dict[str, int] = {}
    for language, line in _GREGORIAN.items():
        for name, number in _numbered(line).items():
            endings = _KAZAKH_ENDINGS if language == "kk" else ("",)
            forms = ("", "ב") if language == "he" else ("",)
            for form in (front + name + end for front in forms for end in endings):
                if months.setdefault(form, number) != number:
                    raise ValueError(f"the month {form} is both {months[form]} and {number} ({language})")
    return months


LANGUAGES = frozenset(_GREGORIAN)
"""The languages whose months' names are known here."""

GREGORIAN = _gregorian()
"""Folded name -> number of the month, over all languages: no name stands for two months."""

JALALI = _numbered(_JALALI)
"""Folded name -> number of the month of the Iranian solar calendar."""


def jalali_day(year: int, month: int, day: int) -> dt.date | None:
    """Return the Gregorian day of a day of the Iranian solar calendar, None when there is no such day.

    Leap years by the 33-year cycle, which agrees with the official calendar from 1206 to 1498 (1827 to 2120).
    """
    last = 31 if month <= 6 else 30 if month <= 11 or year % 33 in _LEAP else 29
    if not (1300 <= year <= 1498 and 1 <= month <= 12 and 1 <= day <= last):
        return None
    before = (month - 1) * 31 if month <= 6 else (month - 1) * 30 + 6
    return dt.date.fromordinal(_NEW_YEAR_1395 + _days(year) - _days(1395) + before + day - 1)


_LEAP = (1, 5, 9, 13, 17, 22, 26, 30)
_NEW_YEAR_1395 = dt.date(2016, 3, 20).toordinal()


def _days(year: int) -> int:
    """Return the days before 1 Farvardin of a year, from the calendar's first."""
    return year * 365 + (year // 33) * len(_LEAP) + sum(1 for rest in _LEAP if rest < year % 33)


FIRST_YEAR = 1990
"""No outlet of ours has older web pages; earlier years are placeholders (1970-01-01) or of another calendar."""

_DAY_FIRST = frozenset(("ru", "uk", "kk", "tr", "az", "ar", "fr", "es", "it", "pt", "fa"))
"""Languages in which `03/04/2018` is never 4 March. In English it may be, and German pages with slashes keep the order
of an American template (seen: `2/21/2025`), so there it is no date."""


_FILLER = r"[\s.,،/()'-]*(?:(?:de|del|of|سال|ماه|عام|سنه)\s+)*"
_WORD = r"(?:كانون|تشرين)\s+[^\W\d_]+|[^\W\d_]+"
_MONTH = rf"(?<![^\W\d_])(?P<month>{_WORD})\.?(?:\s*[/(]\s*(?P<twin>{_WORD})\s*\)?)?"
_TO = r"\s?[-–—]\s?|\s(?:and|to|и|по|до|ve|et|au|und|bis|y|al|و)\s"
_FROM = rf"(?:(?<!\d)(?P<from>\d{{1,2}})(?:{_TO}))?"
_DAY = rf"{_FROM}(?<![\d.])(?P<day>\d{{1,2}})"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        # 24 January 2017 · 24 كانون الثاني / يناير 2017 · 1er février 2018 · 24 de enero de 2017
        rf"{_DAY}(?:(?:st|nd|rd|th|er)\b|º|-го)?[\s.,/-]*(?:(?:de|of)\s+)?{_MONTH}{_FILLER}{_YEAR}",
        # November 28, 2017 · Tue Nov 19 2019 · January, 24, 2024
        rf"{_MONTH}[\s,-]+{_DAY}(?:st|nd|rd|th)?(?!\d)[,،]?\s+{_YEAR}",
        # 2017 жылғы 24 қаңтар · 2017 ж. 24 қаңтар
        rf"(?<!\d)(?P<year>\d{{4}})\s*(?:жыл\w*|ж\.|jyl\w*)\s*{_DAY}\s*{_MONTH}",
        # 2017 January 24 · 2017-Jan-24
        rf"(?<!\d)(?P<year>\d{{4}})[\s.,/-]+{_MONTH}[\s.,/-]+{_DAY}(?!\d)",
    )
)
_NUMERIC = (
    re.compile(
        r"(?<![\d./-])(?P<year>\d{4})(?P<sign>[-/]|\.\s?)(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?![\d/]|[.-]\d)"
    ),
    re.compile(
        r"(?<![\d./-])(?P<day>\d{1,2})(?P<sign>[-/]|\.\s?)(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})(?![\d/]|[.-]\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>\d{4})[年년]\s*(?P<month>\d{1,2})[月월]\s*(?P<day>\d{1,2})[日일]"),
)


def days_in(folded: str, language: str | None = None) -> list[dt.date]:
    """Return the different days that a folded text states in full (year, month, day), in the order of the text's forms.

    A span (`23-24 January 2017`, `с 23 по 24 января 2017`) gives both its days. Companion dates of the Hijri calendar
    are passed over; a numeric date of the Iranian one is read in Persian only. A numeric date whose day and month could
    change places is a day only when it is dotted, begins with the year, or the language writes it one way only.
    """
    days = [*_named_days(folded), *_numeric_days(folded, language)]
    return list(dict.fromkeys(day for day in days if day.year >= FIRST_YEAR))


def _named_days(folded: str) -> Iterator[dt.date]:
    for pattern in _NAMED:
        for found in pattern.finditer(folded):
            name, twin = (" ".join((found[part] or "").split()) for part in ("month", "twin"))
            if twin and GREGORIAN.get(name) != GREGORIAN.get(twin):
                continue
            for number in (found["from"], found["day"]):
                day = _named_day(int(found["year"]), name, int(number)) if number else None
                if day:
                    yield day


def _named_day(year: int, name: str, day: int) -> dt.date | None:
    if name in JALALI:
        return jalali_day(year, JALALI[name], day)
    return _day(year, GREGORIAN[name], day) if name in GREGORIAN else None


def _numeric_days(folded: str, language: str | None) -> Iterator[dt.date]:
    for pattern in _NUMERIC:
        for found in pattern.finditer(folded):
            year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
            if year < 1500:
                read = jalali_day(year, month, day) if language == "fa" else None
            elif pattern is not _NUMERIC[1] or found["sign"][0] == "." or language in _DAY_FIRST or month == day:
                read = _day(year, month, day) or (_day(year, day, month) if pattern is _NUMERIC[1] else None)
            else:
                read = _day(year, month, day) if day > 12 else _day(year, day, month) if month > 12 else None
            if read:
                yield read


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


_PAST = (
    "ago|yesterday|today|назад|вчера|сегодня|тому|вчора|сьогодні|бұрын|кеше|бүгін|önce|dün|bugün|əvvəl|dünən|"
    "منذ|قبل|أمس|اليوم|پیش|دیروز|امروز|vor|gestern|heute|il y a|hier|aujourd'hui|hace|ayer|hoy|fa|ieri|oggi|"
    "há|ontem|hoje|geleden|gisteren|vandaag|לפני|אתמול|היום"
)
_RELATIVE = re.compile(rf"\b(?:{fold(_PAST)})\b")  # "2 min" alone is how long a text takes to read
_YEAR_AND_WORD = re.compile(r"(?=.*(?<!\d)(?:19|20)\d\d(?!\d))(?=.*(?<!\d)\d{1,2}(?!\d)).*[^\W\d_]{2,}")


def other_day(raw: str, folded: str, language: str, now: dt.datetime | None) -> dt.date | None:
    """Return, by dateparser, the day of a text in a language whose months are not known here, or of "3 hours ago".

    `now` (in the outlet's zone) is what "yesterday" is counted from; without it such words are no date, and what lies a
    week back or more never is: sites round it.
    """
    if len(folded.split()) > 12:
        return None
    if _YEAR_AND_WORD.match(folded):
        return None if language in LANGUAGES else _parsed(raw, language, {"PARSERS": ["absolute-time"]})
    if now is None or not _RELATIVE.search(folded):
        return None
    base = {"PARSERS": ["relative-time"], "RELATIVE_BASE": now.replace(tzinfo=None)}
    day = _parsed(raw, language, base)
    return day if day and 0 <= (now.date() - day).days < 7 else None


def _parsed(raw: str, language: str, settings: dict[str, object]) -> dt.date | None:
    import dateparser

    strict = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"]}
    try:
        read: dt.datetime | None = dateparser.parse(raw, languages=[language], settings=strict | settings)
    except ValueError:  # a language that dateparser does not know
        return None
    return read.date() if read else None
