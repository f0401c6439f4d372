"""Which meeting is an article about: named in four scripts, counted, announced, or told by its day."""

import datetime as dt
import re
from pathlib import Path

import pytest

from astana_crawl import reference
from astana_crawl.items import Tie
from astana_crawl.relevance import judge, meetings

SYRIA = {
    "en": "Envoys of Russia, Türkiye and Iran speak of Syria within the Astana format.",
    "ru": "Представители России, Турции и Ирана говорят о Сирии в астанинском формате.",
    "ar": "ممثلو روسيا وتركيا وإيران يتحدثون عن سوريا في مسار أستانا.",
    "tr": "Türkiye, Rusya ve İran temsilcileri Astana formatında Suriye'yi konuşuyor.",
}

# language, headline, the ties that the text names
NAMED = [
    ("en", "Astana-21 opens with bilateral meetings", {"round-21": "main"}),
    ("en", "‘Astana 6’ delegates arrive", {"round-6": "main"}),
    ("en", "Astana XXI: no breakthrough", {"round-21": "main"}),
    ("en", "Astana IV ends with a memorandum", {"round-4": "main"}),
    ("en", "21st round of Astana talks on Syria begins", {"round-21": "main"}),
    ("en", "Twenty-first round of Syria talks begins in Astana", {"round-21": "main"}),
    ("en", "Kazakh capital hosts 22nd Syria peace talks", {"round-22": "main"}),
    ("en", "19th Astana meeting on Syria called mere protocol", {"round-19": "main"}),
    ("en", "The 20th International Meeting on Syria ends", {"round-20": "main"}),
    ("en", "Eighth round of the Astana process summed up", {"round-8": "main"}),
    ("en", "Astana talks: round 12 opens", {"round-12": "main"}),
    ("en", "11th session of the Astana negotiations opens", {"round-11": "main"}),
    ("en", "“Astana 10” talks in Sochi", {"round-10": "main"}),
    ("en", "Nur-Sultan hosts the 14th round of Syria talks", {"round-14": "main"}),
    ("en", "22nd round of Astana talks is planned for autumn", {"round-22": "announced"}),
    ("en", "Kazakhstan to host 17th round of Astana talks in December", {"round-17": "announced"}),
    (
        "en",
        "16th round ends in Astana, 17th round scheduled for December",
        {"round-16": "main", "round-17": "announced"},
    ),
    ("en", "Astana: 20 rounds of talks and no peace", {}),
    ("en", "Astana, 21 January: snow delays Syria talks", {}),
    ("en", "Astana talks on Syria set for 23 January", {}),
    ("en", "In Astana I met both delegations on Syria", {}),
    ("en", "Seventh round of Syria talks ends in Geneva", {}),
    ("en", "Fifth round of the Constitutional Committee and Astana", {}),
    ("en", "Seventh summit of the guarantor states in Tehran", {"summit-7": "main"}),
    ("en", "Astana guarantors: third trilateral summit opens", {"summit-3": "main"}),
    ("en", "Astana-97 is no meeting", {}),
    ("ru", "Астана-21: первый день завершён", {"round-21": "main"}),
    ("ru", "21-й раунд переговоров по Сирии открылся в Астане", {"round-21": "main"}),
    ("ru", "Двадцать первый раунд переговоров по Сирии в Астане", {"round-21": "main"}),
    ("ru", "В Астане начался двадцать второй раунд переговоров", {"round-22": "main"}),
    ("ru", "Участники пятого раунда собрались в Астане", {"round-5": "main"}),
    ("ru", "XVIII раунд по Сирии прошёл в Нур-Султане", {"round-18": "main"}),
    ("ru", "Шестнадцатая международная встреча по Сирии", {"round-16": "main"}),
    ("ru", "20-я встреча в астанинском формате", {"round-20": "main"}),
    ("ru", "Восьмой раунд в Астане намечен на декабрь", {"round-8": "announced"}),
    ("ru", "Следующий, 19-й раунд в Астане состоится осенью", {"round-19": "announced"}),
    ("ru", "В пятницу раунд по Сирии в Астане продолжится", {}),
    ("ru", "Во вторник раунд в Астане завершён", {}),
    ("ru", "Переговоры в Астане 23 января", {}),
    ("ru", "Третий саммит стран-гарантов: Астана и Тегеран", {"summit-3": "main"}),
    ("ru", "Пятый раунд в Женеве и Астана", {}),
    ("ru", "11–12 ноября 22-я встреча в Астане", {"round-22": "main"}),
    ("ru", "В Астане первый день раунда по Сирии", {}),
    ("ru", "Раунд в Астане во второй половине января", {}),
    ("ar", "كانون الثاني موعد محادثات أستانا", {}),
    ("ar", "اليوم الأول من جولة أستانا", {}),
    ("en", "First day of Astana talks ends", {}),
    ("tr", "Astana görüşmelerinde ikinci gün", {}),
    ("ar", "انطلاق أستانا 21", {"round-21": "main"}),
    ("ar", "أستانة16 ينتهي بلا اتفاق", {"round-16": "main"}),
    ("ar", "الجولة الـ21 من مسار أستانا", {"round-21": "main"}),
    ("ar", "الجولة ٢١ من محادثات أستانا", {"round-21": "main"}),
    ("ar", "الجولة الحادية والعشرين من محادثات أستانا", {"round-21": "main"}),
    ("ar", "الجولة الثانية والعشرون من محادثات أستانا", {"round-22": "main"}),
    ("ar", "الجولة التاسعة من مفاوضات أستانا", {"round-9": "main"}),
    ("ar", "الجولة التاسعة عشرة من مفاوضات أستانا", {"round-19": "main"}),
    ("ar", "الاجتماع الدولي الثاني والعشرون حول سوريا بصيغة أستانا", {"round-22": "main"}),
    ("ar", "الاجتماع الثاني عشر لصيغة أستانا", {"round-12": "main"}),
    ("ar", "الجولة الثامنة عشرة من أستانا ستعقد في حزيران", {"round-18": "announced"}),
    ("ar", "محادثات أستانا تبدأ 23 يناير", {}),
    ("ar", "اجتماع أستانا يعقد 14 و15 أيار", {}),
    ("ar", "الجولة الخامسة في جنيف وأستانا", {}),
    ("tr", "16. Astana görüşmeleri başladı", {"round-16": "main"}),
    ("tr", "Astana görüşmelerinin 21. turu sona erdi", {"round-21": "main"}),
    ("tr", "Astana görüşmelerinin 16'ıncısı bugün", {"round-16": "main"}),
    ("tr", "Astana'da yirmi birinci tur", {"round-21": "main"}),
    ("tr", "Suriye konulu 18. Yüksek Düzeyli Astana Toplantısı", {"round-18": "main"}),
    ("tr", "Astana 13 toplantısı bitti", {"round-13": "main"}),
    ("tr", "18. Astana görüşmeleri 14-16 Haziran'da yapılacak", {"round-18": "announced"}),
    ("tr", "Astana sürecinde bir sonraki 20. tur haziranda", {"round-20": "announced"}),
    ("tr", "Astana görüşmeleri 23 Ocak'ta", {}),
    ("tr", "Cenevre'de 5. tur görüşmeler, Astana bekliyor", {}),
]


@pytest.mark.parametrize(("language", "title", "expected"), NAMED)
def test_the_meetings_a_headline_names_are_found_and_no_others(
    language: str, title: str, expected: dict[str, str]
) -> None:
    found = judge(title, SYRIA[language], language).meetings
    assert {one.meeting_id: one.role for one in found} == expected
    assert all(one.basis == "named" and one.quote in title for one in found)


# day, headline, body, the ties
DATED = [
    ("2024-01-24", "Astana talks on Syria open", SYRIA["en"], [("round-21", "main", "dated")]),
    ("2018-07-30", "Syria talks open in Sochi", SYRIA["en"], [("round-10", "main", "dated")]),
    ("2022-07-19", "Tehran summit of three presidents on Syria", SYRIA["en"], [("summit-7", "main", "dated")]),
    ("2018-03-16", "Ministers of three states in Astana", SYRIA["en"], [("ministerial-2018-03-16", "main", "dated")]),
    ("2018-09-07", "Саммит в Тегеране по Сирии", SYRIA["ru"], [("summit-3", "main", "dated")]),
    ("2024-12-07", "Doha: foreign ministers on Syria", SYRIA["en"], [("ministerial-2024-12-07", "main", "dated")]),
    ("2023-11-01", "Astana talks on Syria seen as useful", SYRIA["en"], []),
    ("2024-02-01", "أستانا: ماذا تحقق؟", SYRIA["ar"], [("round-21", "main", "dated")]),
    ("2024-02-02", "أستانا: ماذا تحقق؟", SYRIA["ar"], []),
    ("2024-01-17", "Astana görüşmeleri yaklaşıyor", SYRIA["tr"], [("round-21", "main", "dated")]),
    ("2024-01-16", "Astana görüşmeleri yaklaşıyor", SYRIA["tr"], []),
    ("2024-01-24", "Astana-20 in review", SYRIA["en"], [("round-20", "main", "named")]),
    ("2022-06-13", "18. Astana görüşmeleri yapılacak", SYRIA["tr"], [("round-18", "main", "named")]),
    ("2022-05-01", "18. Astana görüşmeleri yapılacak", SYRIA["tr"], [("round-18", "announced", "named")]),
    (
        "2017-10-31",
        "Восьмой раунд в Астане пройдёт в декабре",
        SYRIA["ru"],
        [("round-7", "main", "dated"), ("round-8", "announced", "named")],
    ),
    (
        "2024-01-19",
        "Envoys expected for Syria talks",
        "The 20th round of Astana talks on Syria left much open. The 21st round of talks will open on Wednesday.",
        [("round-20", "mentioned", "named"), ("round-21", "main", "named")],
    ),
    ("2018-01-30", "Syrian National Dialogue Congress ends", SYRIA["en"], [("congress-2018-01-29", "main", "named")]),
]


@pytest.mark.parametrize(("day", "title", "body", "expected"), DATED)
def test_the_day_of_an_article_tells_the_meeting_where_its_words_do_not(
    day: str, title: str, body: str, expected: list[tuple[str, str, str]]
) -> None:
    judgment = judge(title, body)
    ties = meetings.tie(judgment, title, body, dt.date.fromisoformat(day))
    assert [(one.meeting_id, one.role, one.basis) for one in ties] == expected
    assert all(one.quote and len(one.quote) <= 200 and one.quote in f"{title}\n{body}" for one in ties)


def test_an_undated_article_keeps_only_what_it_names() -> None:
    title = "Astana talks on Syria open"
    assert meetings.tie(judge(title, SYRIA["en"]), title, SYRIA["en"], None) == ()


def test_an_article_on_another_subject_has_no_main_meeting() -> None:
    title, body = (
        "Grain exports rise",
        "Exports rose by a tenth. " * 40 + "The 21st round of Astana talks on Syria ended.",
    )
    ties = meetings.tie(judge(title, body), title, body, dt.date(2024, 1, 25))
    quote = "The 21st round of Astana talks on Syria ended"
    assert ties == (Tie("round-21", "mentioned", "named", quote),)


def test_a_summit_named_by_city_and_year_is_not_taken_for_another_in_that_city() -> None:
    body = (
        "The Astana format on Syria lives on. In 2018 the leaders of Russia, Turkey and Iran met at a summit in Tehran."
    )
    assert [one.meeting_id for one in judge("Astana format on Syria", body).meetings] == ["summit-3"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-01-20", (-4, "before")),
        ("2024-01-24", (0, "during")),
        ("2024-01-25", (1, "during")),
        ("2024-01-26", (2, "after")),
    ],
)
def test_days_are_counted_from_the_first_day(day: str, expected: tuple[int, str]) -> None:
    round_21 = next(one for one in meetings.load() if one.id == "round-21")
    assert meetings.phase(round_21, dt.date.fromisoformat(day)) == expected


def test_all_rounds_and_summits_are_there_and_in_order() -> None:
    table = meetings.load()
    for kind, count in (("round", 22), ("summit", 7)):
        rows = [one for one in table if one.kind == kind]
        assert [one.number for one in rows] == list(range(1, count + 1))
        assert [one.id for one in rows] == [f"{kind}-{number}" for number in range(1, count + 1)]
    assert next(one for one in table if one.id == "round-13") == meetings.Meeting(
        id="round-13",
        kind="round",
        number=13,
        name="International Meeting on Syria in the Astana format, round 13",
        city="Nur-Sultan",
        starts_on=dt.date(2019, 8, 1),
        ends_on=dt.date(2019, 8, 2),
        certainty="high",
        source="en.inform.kz a3553193",
        statement_url=None,
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[round-21]\nstarts_on = "24 January 2024"\n', 2, "round-21.starts_on: must be a date"),
        ('[round-21]\nnumber = 21\ntown = "Astana"\n', 3, "round-21.town: no such key"),
        ('# mine\n[round-23]\nkind = "round"\n', 2, "round-23.name: is missing"),
        ('[round-21]\ncertainty = "sure"\n', 2, "round-21.certainty: must be high or medium"),
        ("[round-21]\n\nends_on = 2023-01-01\n", 3, "round-21.ends_on: lies before starts_on"),
        ("round = 23\n", 1, "round: must be a table"),
    ],
)
def test_a_mistake_in_ones_own_table_names_the_file_the_line_and_the_key(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    own = tmp_path / "meetings.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(reference.ReferenceFileError, match=re.escape(f"{own}, line {line}: ")) as caught:
        meetings.load((reference.FOLDERS[0], tmp_path))
    assert message in str(caught.value)


def test_a_meeting_of_ones_own_stands_among_the_others(tmp_path: Path) -> None:
    row = "[round-23]\nkind = 'round'\nnumber = 23\nname = 'Round 23'\nstarts_on = 2025-02-01\nends_on = 2025-02-02\n"
    (tmp_path / "meetings.toml").write_text(f"{row}certainty = 'medium'\nsource = 'own notes'\n", encoding="utf-8")
    table = meetings.load((reference.FOLDERS[0], tmp_path))
    assert table[-1].id == "round-23"
    assert len(table) == len(meetings.load()) + 1
