"""Which meeting is an article about: named in eight languages, counted, announced, or told by its day."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from astana_crawl import reference
from astana_crawl.items import Tie
from astana_crawl.relevance import judge, meetings, ties

SYRIA = "Envoys of Russia, Türkiye and Iran speak of Syria within the Astana format."
ROWS = [
    pytest.param(row, id=f"{row['language']} {row['published_on'] or 'undated'}: {row['title']}")
    for row in map(json.loads, (Path(__file__).parent / "relevance/meetings.jsonl").read_text("utf-8").splitlines())
]


@pytest.mark.parametrize("row", ROWS)
def test_an_article_is_tied_to_its_meetings_and_no_others(row: dict[str, Any]) -> None:
    title, body, day = row["title"], row["body"], row["published_on"]
    found = ties.tie(judge(title, body), title, body, day and dt.date.fromisoformat(day))
    assert sorted(f"{one.meeting_id} {one.role} {one.basis}" for one in found) == sorted(row["ties"])
    assert all(one.quote and len(one.quote) <= 200 and one.quote in f"{title}\n{body}" for one in found)


def test_an_undated_article_keeps_only_what_it_names() -> None:
    title = "Astana talks on Syria open"
    assert ties.tie(judge(title, SYRIA), title, SYRIA, None) == ()


def test_an_article_has_one_main_meeting_at_most() -> None:
    title = "From the Ankara summit to the Tehran summit: Russia, Turkey and Iran on Syria"
    found = ties.tie(judge(title, SYRIA), title, SYRIA, dt.date(2018, 10, 10))
    assert [(one.meeting_id, one.role) for one in found] == [("summit-2", "main"), ("summit-3", "mentioned")]


def test_an_article_on_another_subject_has_no_main_meeting() -> None:
    title, body = (
        "Grain exports rise",
        "Exports rose by a tenth. " * 40 + "The 21st round of Astana talks on Syria ended.",
    )
    found = ties.tie(judge(title, body), title, body, dt.date(2024, 1, 25))
    quote = "The 21st round of Astana talks on Syria ended"
    assert found == (Tie("round-21", "mentioned", "named", quote),)


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
