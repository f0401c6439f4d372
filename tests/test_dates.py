"""Is every date the one the page states, to the minute where it says so, and nothing where it does not?"""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astana_crawl.dates import TRUST, Moment, choose, date_article, read_date, site_day
from astana_crawl.dates.calendars import GREGORIAN, JALALI, fold, jalali_day
from astana_crawl.items import Article, Candidate

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
NO_ZONE = None
MOSCOW, ISTANBUL, TEHRAN, RIYADH = "Europe/Moscow", "Europe/Istanbul", "Asia/Tehran", "Asia/Riyadh"
ALMATY, DAMASCUS = "Asia/Almaty", "Asia/Damascus"

# language, the outlet's zone, the text, the value it must have
FORMS = [
    # ISO 8601
    ("en", ALMATY, "2020-12-01T14:02:00+0600", "2020-12-01T14:02:00+06:00"),
    ("en", NO_ZONE, "2020-12-01T14:02:00+06:00", "2020-12-01T14:02:00+06:00"),
    ("en", NO_ZONE, "2020-04-28T22:57:38Z", "2020-04-28T22:57:38+00:00"),
    ("en", NO_ZONE, "2020-04-28T22:57:38.123Z", "2020-04-28T22:57:38+00:00"),
    ("en", NO_ZONE, "2020-04-28T22:57:38.123456789+03:00", "2020-04-28T22:57:38+03:00"),
    ("en", NO_ZONE, "2024-01-25T09:30-05", "2024-01-25T09:30:00-05:00"),
    ("ru", MOSCOW, "20260816T0002", "2026-08-16T00:02:00+03:00"),
    ("ru", NO_ZONE, "20260816T0002", "2026-08-16"),
    ("en", NO_ZONE, "20200516T14:51:53Z", "2020-05-16T14:51:53+00:00"),
    ("en", ALMATY, "2017-01-24 09:12", "2017-01-24T09:12:00+06:00"),
    ("en", ALMATY, "2017-01-24 09:12:33", "2017-01-24T09:12:33+06:00"),
    ("en", NO_ZONE, "2017-01-24 09:12", "2017-01-24"),
    ("en", ALMATY, "2017-01-24T25:61:00", "2017-01-24"),
    ("en", ALMATY, "2017-01-24", "2017-01-24"),
    (None, ALMATY, "  2017-01-24\n", "2017-01-24"),
    ("en", ALMATY, "Published 2017-01-24T09:12:00+03:00 in World", "2017-01-24T09:12:00+03:00"),
    # feeds, scripts, mail
    (None, NO_ZONE, "Tue, 24 Jan 2017 09:12:00 +0300", "2017-01-24T09:12:00+03:00"),
    (None, NO_ZONE, "24 Jan 2017 09:12 GMT", "2017-01-24T09:12:00+00:00"),
    (None, NO_ZONE, "Tue, 4 Jan 2017 09:12:00 UT", "2017-01-04T09:12:00+00:00"),
    (None, NO_ZONE, "Tue, 24 Jan 2017 09:12:00 EST", "2017-01-24T09:12:00-05:00"),
    ("en", NO_ZONE, "Tue Nov 19 2019 05:44:06 GMT+0000", "2019-11-19T05:44:06+00:00"),
    ("en", NO_ZONE, "Tue Nov 19 2019 05:44:06 GMT+0300 (Moscow Standard Time)", "2019-11-19T05:44:06+03:00"),
    ("en", NO_ZONE, "19 Nov 2019 07:09 GMT", "2019-11-19T07:09:00+00:00"),
    ("en", NO_ZONE, "Tue Nov 19 05:44:06 +0000 2019", "2019-11-19T05:44:06+00:00"),
    ("en", NO_ZONE, "Tue Jan 24 09:12:00 MSK 2017", "2017-01-24T09:12:00+03:00"),
    # English
    ("en", ALMATY, "8 December 2021, 21:38", "2021-12-08T21:38:00+06:00"),
    ("en", ALMATY, "10:29, 28 November 2018", "2018-11-28T10:29:00+06:00"),
    ("en", "Asia/Tehran", "November 28, 2017 - 19:17", "2017-11-28T19:17:00+03:30"),
    ("en", ISTANBUL, "June 30, 2026 - 4.34pm", "2026-06-30T16:34:00+03:00"),
    ("en", MOSCOW, "8 Jul 2021, 12:05", "2021-07-08T12:05:00+03:00"),
    ("en", DAMASCUS, "2024/11/08 10:28 pm", "2024-11-08T22:28:00+03:00"),
    ("en", DAMASCUS, "2024/11/08 12:28 a.m.", "2024-11-08T00:28:00+03:00"),
    ("en", "Asia/Tehran", "Wednesday, 24 January 2024 02:30 PM", "2024-01-24T14:30:00+03:30"),
    ("en", NO_ZONE, "22:57  GMT 28.04.2020", "2020-04-28T22:57:00+00:00"),
    ("en", NO_ZONE, "16 March 2018", "2018-03-16"),
    ("en", NO_ZONE, "No: 187, 1 October 2026, Regarding the Talks", "2026-10-01"),
    ("en", NO_ZONE, "24th of January, 2017", "2017-01-24"),
    ("en", NO_ZONE, "Sept. 7, 2018", "2018-09-07"),
    ("en", NO_ZONE, "24-Jan-2017", "2017-01-24"),
    ("en", NO_ZONE, "2017 January 24", "2017-01-24"),
    ("en", "Asia/Tehran", "January, 24, 2024 - 11:02", "2024-01-24T11:02:00+03:30"),
    ("en", ALMATY, "1/25/2024 3:15:00 PM", "2024-01-25T15:15:00+06:00"),
    ("en", NO_ZONE, "Jan. 25, 2024, 3:15 p.m. ET", "2024-01-25"),
    ("en", NO_ZONE, "May 15, 2018 | Updated May 16, 2018", "2018-05-15"),
    ("en", RIYADH, "Published: 14:30-24 January 2024 AD ـ 12 Rajab 1445 AH", "2024-01-24T14:30:00+03:00"),
    ("en", ISTANBUL, "Published 24 January 2017 14:30, updated 25 January 2017 08:00", "2017-01-24T14:30:00+03:00"),
    ("en", ISTANBUL, "Updated: 25 January 2017 Published: 24 January 2017", "2017-01-24"),
    ("en", ISTANBUL, "Last updated: 25 January 2017", "2017-01-25"),
    ("en", NO_ZONE, "24/01/2018", "2018-01-24"),
    ("en", NO_ZONE, "01/24/2018", "2018-01-24"),
    ("en", NO_ZONE, "05/05/2018", "2018-05-05"),
    ("en", NO_ZONE, "20.08.2026", "2026-08-20"),
    ("en", ALMATY, "24 Jan 2017 09:12 GMT+3", "2017-01-24T09:12:00+03:00"),
    ("en-GB", NO_ZONE, "24 January 2017", "2017-01-24"),
    # Russian
    ("ru", MOSCOW, "22 января 2017, 08:23", "2017-01-22T08:23:00+03:00"),
    ("ru", ALMATY, "24 января 2017 г. в 14:30 МСК", "2017-01-24T14:30:00+03:00"),
    ("ru", ALMATY, "24 января 2017 г. 14:30 (МСК)", "2017-01-24T14:30:00+03:00"),
    ("ru", ALMATY, "14:30 по московскому времени, 24 января 2017 года", "2017-01-24T14:30:00+03:00"),
    ("ru", ALMATY, "1 Декабря 2020 14:02", "2020-12-01T14:02:00+06:00"),
    ("ru", ALMATY, "13:51, 15 Август 2025", "2025-08-15T13:51:00+05:00"),
    ("ru", MOSCOW, "24.01.2017 09:12", "2017-01-24T09:12:00+03:00"),
    ("ru", MOSCOW, "04.05.2017", "2017-05-04"),
    ("ru", MOSCOW, "04/05/2017", "2017-05-04"),
    ("ru", MOSCOW, "24 янв. 2017", "2017-01-24"),
    ("ru", MOSCOW, "Последнее обновление: 26.01.2024, опубликовано: 25.01.2024", "2024-01-25"),
    ("ru", NO_ZONE, "Thu Jan 25 15:15:00 MSK 2024", "2024-01-25T15:15:00+03:00"),
    ("ru", MOSCOW, "25 января 2024 15:15 по времени Астаны", "2024-01-25T15:15:00+06:00"),
    ("ru", MOSCOW, "25 января 2024 15:15 по времени Бишкека", "2024-01-25"),
    ("ru", MOSCOW, "Опубликовано 24 мая 2017, обновлено 25 мая 2017", "2017-05-24"),
    ("uk", NO_ZONE, "24 січня 2017", "2017-01-24"),
    # Turkish
    ("tr", ISTANBUL, "24.01.2017 - Güncelleme : 25.01.2017", "2017-01-24"),
    ("tr", ISTANBUL, "Giriş: 24.01.2017 14:30 Güncelleme: 25.01.2017 09:00", "2017-01-24T14:30:00+03:00"),
    ("tr", ISTANBUL, "24 Ocak 2017 Salı 14:30", "2017-01-24T14:30:00+03:00"),
    ("tr", ISTANBUL, "5 AĞUSTOS 2018", "2018-08-05"),
    ("tr", ISTANBUL, "24 KASIM 2018", "2018-11-24"),
    ("tr", ISTANBUL, "Haziran 20, 2023 09:15", "2023-06-20T09:15:00+03:00"),
    ("tr", ISTANBUL, "12 Kasım 2024 Salı 08:05 | Kategori: Dünya | Okunma: 1520", "2024-11-12T08:05:00+03:00"),
    ("tr", ISTANBUL, "3 Şubat 2018'de", "2018-02-03"),
    ("tr", ALMATY, "24 Ocak 2017 14:30 TSİ", "2017-01-24T14:30:00+03:00"),
    ("az", NO_ZONE, "24 iyul 2018", "2018-07-24"),
    # Kazakh
    ("kk", ALMATY, "24 қаңтар 2017, 14:30", "2017-01-24T14:30:00+06:00"),
    ("kk", ALMATY, "24 қаңтар, 2017 жыл", "2017-01-24"),
    ("kk", ALMATY, "2017 жылғы 24 қаңтар", "2017-01-24"),
    ("kk", ALMATY, "2022 жылдың 22 қарашасында", "2022-11-22"),
    ("kk", ALMATY, "2017 жылдың 24 қаңтары", "2017-01-24"),
    ("kk", ALMATY, "24 qańtar 2017", "2017-01-24"),
    # Arabic: Gulf, Levantine, both, Maghreb
    ("ar", RIYADH, "الأربعاء 24 يناير 2024", "2024-01-24"),
    ("ar", RIYADH, "٢٤ يناير ٢٠٢٤", "2024-01-24"),
    ("ar", DAMASCUS, "24 كانون الثاني 2017", "2017-01-24"),
    ("ar", DAMASCUS, "الثلاثاء ٢٤ كانون الثاني ٢٠١٧ - 14:30", "2017-01-24T14:30:00+02:00"),
    ("ar", DAMASCUS, "12 كانون الاول 2019", "2019-12-12"),
    ("ar", DAMASCUS, "5 تشرين الأول 2018", "2018-10-05"),
    ("ar", DAMASCUS, "5 تشرين الثاني 2018", "2018-11-05"),
    ("ar", DAMASCUS, "24 كانون الثاني / يناير 2017", "2017-01-24"),
    ("ar", DAMASCUS, "الخميس 25 كانون ثاني 2024", "2024-01-25"),
    ("ar", DAMASCUS, "الخميس 13 رجب 1445 هـ الموافق 25 يناير 2024 م", "2024-01-25"),
    ("ar", DAMASCUS, "آذار 15, 2018", "2018-03-15"),
    ("ar", DAMASCUS, "10 ديسمبر، 2019 3:05 م", "2019-12-10T15:05:00+02:00"),
    ("ar", DAMASCUS, "24 يناير/كانون الثاني 2017", "2017-01-24"),
    ("ar", DAMASCUS, "24 كانون الثاني (يناير) 2017", "2017-01-24"),
    ("ar", DAMASCUS, "14 آذار 2017", "2017-03-14"),
    ("ar", NO_ZONE, "24 جانفي 2017", "2017-01-24"),
    ("ar", NO_ZONE, "15 أوت 2018", "2018-08-15"),
    ("ar", NO_ZONE, "15 غشت 2018", "2018-08-15"),
    ("ar", RIYADH, "نُشر: 13:45-24 يناير 2024 م ـ 12 رجب 1445 هـ", "2024-01-24T13:45:00+03:00"),
    ("ar", RIYADH, "24 يناير 2024 10:28 م", "2024-01-24T22:28:00+03:00"),
    ("ar", RIYADH, "24 يناير 2024 12:28 ص بتوقيت غرينتش", "2024-01-24T00:28:00+00:00"),
    ("ar", RIYADH, "24/01/2024 - 12/07/1445", "2024-01-24"),
    ("ar", RIYADH, "04/05/2017", "2017-05-04"),
    ("ar", RIYADH, "24 يناير 2024 آخر تحديث: 25 يناير 2024", "2024-01-24"),
    # Persian: the Iranian calendar and the Gregorian
    ("fa", TEHRAN, "۴ بهمن ۱۳۹۵", "2017-01-23"),
    ("fa", TEHRAN, "سه‌شنبه ۵ بهمن ۱۳۹۵ ساعت ۱۴:۳۰", "2017-01-24T14:30:00+03:30"),
    ("fa", TEHRAN, "5 بهمن‌ماه 1395", "2017-01-24"),
    ("fa", TEHRAN, "5 بهمن ماه 1395", "2017-01-24"),
    ("fa", TEHRAN, "1395/11/05", "2017-01-24"),
    ("fa", TEHRAN, "۱۳۹۵/۱۱/۰۵ - ۱۴:۳۰", "2017-01-24T14:30:00+03:30"),
    ("fa", TEHRAN, "1395-11-05", "2017-01-24"),
    ("fa", TEHRAN, "۳۰ اسفند ۱۳۹۹", "2021-03-20"),
    ("fa", TEHRAN, "۳۰ اسفند ۱۴۰۰", None),
    ("fa", TEHRAN, "۲۴ ژانویه ۲۰۱۷", "2017-01-24"),
    ("fa", TEHRAN, "2 تير 1399 - 12:09:08 ب.ظ", "2020-06-22T12:09:08+04:30"),
    ("fa", TEHRAN, "۵ بهمن ۱۳۹۵ - 24 January 2017", "2017-01-24"),
    # others
    ("fr", NO_ZONE, "mardi 24 janvier 2017 à 14h30", "2017-01-24"),
    ("fr", "Europe/Paris", "1er août 2018 à 14 h 30", "2018-08-01T14:30:00+02:00"),
    ("fr", NO_ZONE, "Publié le 24 février 2017, mis à jour le 25 février 2017", "2017-02-24"),
    ("de", "Europe/Berlin", "24. März 2017, 14.30 Uhr", "2017-03-24T14:30:00+01:00"),
    ("de", "Europe/Berlin", "04.05.2017", "2017-05-04"),
    (
        "de",
        "Europe/Berlin",
        "Stand: 09.07.2021, 08:00 Uhr | Veröffentlicht: 08.07.2021, 14:12 Uhr",
        "2021-07-08T14:12:00+02:00",
    ),
    ("es", NO_ZONE, "24 de enero de 2017", "2017-01-24"),
    ("pt", NO_ZONE, "24 de agosto de 2017", "2017-08-24"),
    ("it", NO_ZONE, "24 gennaio 2017", "2017-01-24"),
    ("he", NO_ZONE, "24 בינואר 2017", "2017-01-24"),
    ("ja", NO_ZONE, "2024年1月25日", "2024-01-25"),
    ("sv", NO_ZONE, "24 januari 2017", "2017-01-24"),
    ("ja", "Asia/Tokyo", "2024年1月25日 午後3:05", "2024-01-25T15:05:00+09:00"),
    ("ko", "Asia/Seoul", "2024년 1월 25일 오전 9:05", "2024-01-25T09:05:00+09:00"),
    ("el", "Europe/Athens", "19 Αυγούστου 2020 9:02 μμ", "2020-08-19T21:02:00+03:00"),
    ("cs", "Europe/Prague", "24. 1. 2025 12:38", "2025-01-24T12:38:00+01:00"),
    ("hu", "Europe/Budapest", "2020. 06. 04. 11:27", "2020-06-04T11:27:00+02:00"),
    ("pl", "Europe/Warsaw", "24 stycznia 2017, 14:30", "2017-01-24T14:30:00+01:00"),
]


@pytest.mark.parametrize(("language", "zone", "text", "value"), FORMS)
def test_a_date_is_read_as_its_page_means_it(
    language: str | None, zone: str | None, text: str, value: str | None
) -> None:
    moment = read_date(text, language=language, zone=zone, now=NOW)
    assert (moment and moment.value) == value
    if moment:
        assert moment.precision == ("minute" if "T" in moment.value else "day")
        assert (moment.at is None) == (moment.precision == "day")
        assert moment.text == text.strip()


# What other readers make dates of; none of it states a day.
GARBAGE = [
    "", " ", "to", "a", "A", "I", "May", "Mar", "Sat", "Monday", "now", "2", "5", "12", "٥", "1-2", "2019", "22:00",
    "12:30", "12:30 PM", "© 2024", "Copyright 2017-2024", "January 2024", "24 January", "24 янв, 09:12", "22 янв",
    "АСТАНА, 22 янв — РИА Новости.", "NUR-SULTAN, July 8. /TASS/.", "2 min", "5 min read", "1h", "3.14", "v1.2.3",
    "12/2019", "2019-20", "21st round", "Astana-21", "+7 7172 123456", "1485249120", "1485249120000", "20170124",
    "24.01.17", "24/01/17", "31 February 2017", "2017-13-45", "2017-02-30", "0000-00-00",
    "0001-01-01T00:00:00", "1970-01-01T00:00:00Z", "12 رجب 1445", "1445-07-12", "TT", "the 5 of may", "Kasım", "آب",
    "23-24 January 2017", "from 1 May 2017 to 3 May 2017", "24 كانون الثاني / فبراير 2017", "192.168.10.2017",
    "24 and 25 January 2017", "с 24 по 25 января 2017", "24 et 25 janvier 2017", "24 ve 25 Ocak 2017", "S/2017/123",
]  # fmt: skip


@pytest.mark.parametrize("text", GARBAGE)
@pytest.mark.parametrize("language", [None, "en", "ru", "ar", "tr", "fa", "fr", "sv", "no-such"])
def test_what_states_no_day_is_no_date(language: str | None, text: str) -> None:
    assert read_date(text, language=language, zone=ALMATY, now=NOW) is None


@pytest.mark.parametrize("text", ["03/04/2018", "3-4-2018", "03/04/2018 14:30", "Updated 03/04/2018"])
@pytest.mark.parametrize("language", [None, "en", "en-GB", "de"])
def test_day_and_month_are_never_guessed(language: str | None, text: str) -> None:
    assert read_date(text, language=language, zone=ALMATY, now=NOW) is None


def test_a_story_is_not_searched_for_a_date() -> None:
    assert read_date("24 January 2017 " + "and the delegations went on talking " * 6, language="en", now=NOW) is None


# language, text, value; read on 22 November 2026 at 12:00 UTC, 15:00 in Moscow
RELATIVE = [
    ("ru", "вчера, 18:05", "2026-11-21T18:05:00+03:00"),
    ("ru", "3 часа назад", "2026-11-22"),
    ("en", "3 hours ago", "2026-11-22"),
    ("en", "20 hours ago", "2026-11-21"),
    ("en", "yesterday", "2026-11-21"),
    ("ar", "منذ 3 ساعات", "2026-11-22"),
    ("ar", "قبل يومين", "2026-11-20"),
    ("ar", "أمس 14:05", "2026-11-21T14:05:00+03:00"),
    ("tr", "2 saat önce", "2026-11-22"),
    ("tr", "dün 14:05", "2026-11-21T14:05:00+03:00"),
    ("kk", "кеше 14:05", "2026-11-21T14:05:00+03:00"),
    ("kk", "3 сағат бұрын", "2026-11-22"),
    ("fa", "۳ ساعت پیش", "2026-11-22"),
    ("en", "2 weeks ago", None),
    ("en", "3 months ago", None),
    ("en", "2 years ago", None),
    ("en", "tomorrow", None),
    (None, "yesterday", None),
]


@pytest.mark.parametrize(("language", "text", "value"), RELATIVE)
def test_yesterday_is_the_day_before_the_page_was_fetched(language: str | None, text: str, value: str | None) -> None:
    moment = read_date(text, language=language, zone=MOSCOW, now=NOW)
    assert (moment and moment.value) == value
    assert read_date(text, language=language, zone=MOSCOW) is None


def test_yesterday_is_counted_in_the_outlets_zone() -> None:
    late = dt.datetime(2026, 11, 22, 21, 30, tzinfo=dt.UTC)
    days = {zone: read_date("вчера", language="ru", zone=zone, now=late) for zone in ("Europe/London", ALMATY)}
    assert {zone: moment and moment.value for zone, moment in days.items()} == {
        "Europe/London": "2026-11-21",
        ALMATY: "2026-11-22",
    }


@pytest.mark.parametrize(
    ("zone", "text", "value"),
    [
        (ALMATY, "2024-02-29 12:00", "2024-02-29T12:00:00+06:00"),
        (ALMATY, "2024-03-01 12:00", "2024-03-01T12:00:00+05:00"),
        (ISTANBUL, "2016-01-15 12:00", "2016-01-15T12:00:00+02:00"),
        (ISTANBUL, "2017-01-15 12:00", "2017-01-15T12:00:00+03:00"),
        (TEHRAN, "2021-07-08 12:00", "2021-07-08T12:00:00+04:30"),
        (TEHRAN, "2023-07-08 12:00", "2023-07-08T12:00:00+03:30"),
        (DAMASCUS, "2021-12-08 12:00", "2021-12-08T12:00:00+02:00"),
        (DAMASCUS, "2022-12-08 12:00", "2022-12-08T12:00:00+03:00"),
    ],
)
def test_a_clock_time_is_told_by_the_rules_of_its_day(zone: str, text: str, value: str) -> None:
    moment = read_date(text, zone=zone, now=NOW)
    assert moment and (moment.value, moment.zone) == (value, zone)


def test_the_day_is_the_outlets_own() -> None:
    moment = read_date("2020-06-28T21:16:15Z", zone=MOSCOW, now=NOW)
    assert moment == Moment(
        dt.datetime(2020, 6, 28, 21, 16, 15, tzinfo=dt.UTC),
        dt.date(2020, 6, 29),
        "minute",
        "+00:00",
        "2020-06-28T21:16:15Z",
    )
    assert (site_day(moment, MOSCOW), site_day(moment, "America/New_York"), site_day(moment, None)) == (
        dt.date(2020, 6, 29),
        dt.date(2020, 6, 28),
        dt.date(2020, 6, 28),
    )


def test_a_clock_time_in_a_zone_we_cannot_place_leaves_the_day_alone() -> None:
    for text in ("24 Jan 2017 09:12 IST", "24 Jan 2017 09:12 local time", "24 يناير 2017 14:30 بتوقيت بيروت"):
        moment = read_date(text, zone=ALMATY, now=NOW)
        assert moment == Moment(None, dt.date(2017, 1, 24), "day", None, text)


def test_two_clock_times_leave_the_day_alone() -> None:
    moment = read_date("24 January 2017 09:12 14:30", language="en", zone=ALMATY, now=NOW)
    assert moment and moment.value == "2017-01-24"


def test_nothing_is_dated_in_the_future() -> None:
    assert read_date("2026-11-24T12:30:00+00:00", now=NOW) is None
    assert read_date("2026-11-24", now=NOW) is None
    assert read_date("25 January 2027", language="en", now=NOW) is None
    assert read_date(f"{dt.datetime.now(dt.UTC) + dt.timedelta(days=3):%Y-%m-%d}") is None
    tomorrow = read_date("2026-11-23T11:00:00+00:00", now=NOW)
    assert tomorrow and tomorrow.value == "2026-11-23T11:00:00+00:00"


def test_an_unknown_zone_is_said_and_not_passed_over() -> None:
    for zone in ("Asia/Astana", "../etc/passwd", "MSK"):
        with pytest.raises(ValueError, match=f"no time zone '{zone}' in the tz database"):
            read_date("2017-01-24 09:12", zone=zone, now=NOW)
        with pytest.raises(ValueError, match=f"no time zone '{zone}' in the tz database"):
            choose([], zone=zone)


def test_a_moment_is_the_same_after_it_was_kept() -> None:
    moment = read_date("24 января 2017, 14:30", language="ru", zone=MOSCOW, now=NOW)
    assert moment
    again = Moment.from_value(moment.value, MOSCOW)
    assert (again.at, again.on, again.precision) == (moment.at, moment.on, moment.precision)
    assert Moment.from_value("2017-01-24") == Moment(None, dt.date(2017, 1, 24), "day", None, "2017-01-24")
    for value in ("2017-01-24T14:30:00", "24 January 2017", "yesterday."):
        with pytest.raises(ValueError):
            Moment.from_value(value)


@given(st.datetimes(dt.datetime(1991, 1, 1), dt.datetime(2026, 11, 21)), st.sampled_from([MOSCOW, ALMATY, TEHRAN]))
def test_a_moment_written_by_a_machine_comes_back_whole(naive: dt.datetime, zone: str) -> None:
    at = naive.replace(microsecond=0, tzinfo=ZoneInfo(zone))
    moment = read_date(at.isoformat(), zone=zone, now=NOW)
    assert moment and moment.at and (moment.at.isoformat(), moment.on) == (at.isoformat(), at.date())


@given(
    st.text(max_size=210) | st.from_regex(r"[0-9٠-٩۰-۹:./ \-+TZ]{1,30}", fullmatch=True),
    st.sampled_from([None, "en", "fa", "ar"]),
)
def test_no_text_whatever_breaks_the_reader_or_takes_it_into_the_future(text: str, language: str | None) -> None:
    moment = read_date(text, language=language, zone=ALMATY, now=NOW)
    assert moment is None or dt.date(1990, 1, 1) <= moment.on <= dt.date(2026, 11, 24)


def test_no_name_stands_for_two_months() -> None:
    assert set(GREGORIAN.values()) == set(JALALI.values()) == set(range(1, 13))
    assert not set(GREGORIAN) & set(JALALI)


@pytest.mark.parametrize(
    ("name", "month"), [("ҚАҢТАР", 1), ("Août", 8), ("EKİM", 10), ("KASIM", 11), ("أَيَّار", 5), ("Май", 5), ("آذار", 3)]
)
def test_a_months_name_is_known_in_capitals_and_with_vowel_signs(name: str, month: int) -> None:
    assert GREGORIAN[fold(name)] == month


def test_the_iranian_calendar_has_no_gap_and_no_day_twice() -> None:
    days = [day for y in range(1300, 1499) for m in range(1, 13) for d in range(1, 32) if (day := jalali_day(y, m, d))]
    assert (days[0], days[-1]) == (dt.date(1921, 3, 21), dt.date(2120, 3, 20))
    assert all(after - before == dt.timedelta(days=1) for before, after in pairwise(days))


@pytest.mark.parametrize(
    ("iranian", "day"),
    [
        ((1395, 1, 1), (2016, 3, 20)),
        ((1399, 12, 30), (2021, 3, 20)),
        ((1403, 1, 1), (2024, 3, 20)),
        ((1404, 1, 1), (2025, 3, 21)),
    ],
)
def test_iranian_new_years_are_the_official_ones(iranian: tuple[int, int, int], day: tuple[int, int, int]) -> None:
    assert jalali_day(*iranian) == dt.date(*day)


def candidate(rule: str, value: str, field: str = "published") -> Candidate:
    return Candidate(field, value, rule, value)


# what the page says, where; what is believed
CHOICES = [
    ([], None),
    ([("url", "2024-01-25")], "url"),
    ([("url", "2024-01-24"), ("meta:article:published_time", "2024-01-25")], "meta:article:published_time"),
    ([("meta:date", "2024-01-25"), ("json-ld:datePublished", "2024-01-25T09:30:00+03:00")], "json-ld:datePublished"),
    ([("layout:date", "2024-01-25"), ("time", "2024-01-25T09:30:00+03:00")], "time"),
    ([("layout:date", "2024-01-25"), ("hint:feed", "2024-01-25T09:30:00+03:00"), ("time", "2024-01-25")], "hint:feed"),
    ([("layout:date", "2024-01-25"), ("hint:feed", "2024-01-26T09:30:00+03:00")], "layout:date"),
    (
        [("time", "2024-01-25T08:00:00Z"), ("microdata:datePublished", "2024-01-25T09:00:00Z")],
        "microdata:datePublished",
    ),
    ([("layout:date", "2024-01-26"), ("hint:feed", "2024-01-25T22:30:00Z")], "hint:feed"),
    ([("nobody", "2024-01-25"), ("hint:feed", "2024-01-26")], "hint:feed"),
    ([("json-ld:datePublished", "2026-12-25"), ("url", "2024-01-25")], "url"),
    # local time that is labelled UTC: by another place's offset, or by the outlet's zone
    ([("json-ld:datePublished", "2024-01-25T09:30:00Z"), ("time", "2024-01-25T09:30:00+05:30")], "time"),
    ([("json-ld:datePublished", "2024-01-25T09:30:00Z"), ("meta:date", "2024-01-25T06:30:00Z")], "meta:date"),
    (
        [("json-ld:datePublished", "2024-01-25T09:30:00+03:00"), ("time", "2024-01-25T09:30:00Z")],
        "json-ld:datePublished",
    ),
    (
        [("json-ld:datePublished", "2024-01-25T09:30:00Z"), ("time", "2024-01-25T10:15:00+03:00")],
        "json-ld:datePublished",
    ),
    ([("json-ld:datePublished", "2026-11-24T12:30:00Z")], None),
    ([("json-ld:datePublished", "soon"), ("meta:date", "2024-01-25T09:30:00")], None),
]


@pytest.mark.parametrize(("said", "believed"), CHOICES)
def test_the_place_trusted_most_says_the_day_and_the_finest_of_that_day_the_minute(
    said: list[tuple[str, str]], believed: str | None
) -> None:
    candidates = [candidate(rule, value) for rule, value in said]
    winner = choose(candidates, fetched_at=NOW, zone=MOSCOW)
    assert (winner and winner.rule) == believed
    assert [one.rule for one in candidates if one.chosen] == ([believed] if believed else [])


def test_trust_is_in_the_order_of_the_rules_of_conduct() -> None:
    candidates = [candidate(f"{place}:x", f"2024-01-{day:02}") for day, place in enumerate(reversed(TRUST), 1)]
    order = []
    while winner := choose(candidates, fetched_at=NOW):
        order.append(winner.rule.removesuffix(":x"))
        candidates.remove(winner)
    assert order == ["json-ld", "meta", "microdata", "layout", "time", "state", "url", "hint"]


def test_choosing_again_leaves_one_winner_and_other_fields_alone() -> None:
    title = Candidate("title", "2024-01-01", "json-ld:headline", "2024-01-01", chosen=True)
    modified = candidate("json-ld:dateModified", "2024-01-26", field="modified")
    first, better = candidate("url", "2024-01-25"), candidate("meta:date", "2024-01-25")
    assert choose([title, modified, first], fetched_at=NOW) is first
    assert choose([title, modified, first, better], fetched_at=NOW) is better
    assert [title.chosen, modified.chosen, first.chosen, better.chosen] == [True, False, False, True]


def test_an_article_is_dated_by_its_winner_or_not_at_all() -> None:
    article = Article("https://tass.example/1", candidates=[candidate("url", "2020-06-29")])
    article.candidates.append(Candidate("published", "2020-06-28T21:16:15+00:00", "hint:feed", "raw", "+00:00"))
    date_article(article, fetched_at=NOW, zone=MOSCOW)
    assert (article.published, article.published_on, article.published_precision) == (
        dt.datetime(2020, 6, 28, 21, 16, 15, tzinfo=dt.UTC),
        dt.date(2020, 6, 29),
        "minute",
    )
    assert (article.published_zone, article.published_text, article.published_rule) == ("+00:00", "raw", "hint:feed")
    article.candidates.clear()
    date_article(article, fetched_at=NOW, zone=MOSCOW)
    assert article == Article("https://tass.example/1")
