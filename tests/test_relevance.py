"""The judge: does it keep what researchers need, and does it keep football, flights and other summits out?"""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astana_crawl import reference
from astana_crawl.items import Match
from astana_crawl.relevance import judge, plausible, terms
from astana_crawl.relevance.phrases import Reading

ROWS = [
    pytest.param(row, id=f"{path.stem}: {row['why']}")
    for path in sorted((Path(__file__).parent / "relevance").glob("*.jsonl"))
    if path.stem != "meetings"
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
]


@pytest.mark.parametrize("row", ROWS)
def test_an_article_gets_the_label_a_reader_would_give_it(row: dict[str, str]) -> None:
    judgment = judge(row["title"], row["body"])
    assert judgment.label == row["label"], judgment
    assert (judgment.score > 0.05) == (row["label"] != "off")
    assert bool(judgment.terms) == (row["label"] != "off")


def test_deciding_words_are_given_as_written_where_they_stand() -> None:
    title, body = "Новости", "Вчера. Участники из стран говорили: «Астанинский формат» по Сирии работает."
    found = Match("Astana process", "body", body.index("Астанинский"), "Астанинский формат")
    assert found in judge(title, body).terms


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("قال إن مَسَارَ أَسْتـــانا حول سوريا مستمر", "مَسَارَ أَسْتـــانا"),
        ("İki gün süren Astana’daki görüşmeler Suriye içindi", "Astana’daki görüşmeler"),
        ("Nach dem Gipfel: die Astana-Gespräche zu Syrien", "Astana-Gespräche"),
        ("La reprise des pourparlers d’Astana sur la Syrie", "pourparlers d’Astana"),
        ("رهبران درباره گفت‌وگوهای آستانه و سوریه سخن گفتند", "گفت‌وگوهای آستانه"),
        ("In Nur\u2011Sultan talks on Syria resumed", "Nur\u2011Sultan talks"),
    ],
)
def test_marks_dashes_and_joiners_do_not_shift_the_places(body: str, words: str) -> None:
    found = [(match.start, match.text) for match in judge("", body).terms]
    assert (body.index(words), words) in found


def test_every_place_points_at_its_words() -> None:
    for row in (parameter.values[0] for parameter in ROWS):
        for match in judge(row["title"], row["body"]).terms:
            text = row["title"] if match.where == "title" else row["body"]
            assert text[match.start : match.start + len(match.text)] == match.text != ""


def test_a_headline_weighs_more_than_a_lead_and_a_lead_more_than_a_late_sentence() -> None:
    neutral = "The weather stayed dry and the harvest went on as planned in all districts. " * 12
    named = "The Astana process on Syria goes on. "
    scores = [
        judge("The Astana process on Syria", neutral).score,
        judge("Morning news", named + neutral).score,
        judge("Morning news", neutral + named).score,
        judge("Morning news", neutral).score,
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_empty_and_wordless_texts_are_off() -> None:
    for title, body in (("", ""), ("", " \n"), ("21", "12:30"), ("…", "—"), ("Snow in Astana", "21 cm fell")):
        assert judge(title, body).label == "off"


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        ("https://example.org/news/kazakh-capital-hosts-22nd-peace-talks", None, True),
        ("https://example.org/1311893", "Lavrentyev praises meeting", True),
        ("https://example.org/1311893", "Путин, Эрдоган и Раиси проведут встречу", True),
        ("https://example.org/haber/soci-deki-garantor-zirvesi", None, True),
        ("https://example.org/peregovory-po-sirii-v-nur-sultane", None, True),
        ("https://example.org/%D8%AC%D9%88%D9%84%D8%A9-%D8%A3%D8%B3%D8%AA%D8%A7%D9%86%D8%A7", None, True),
        ("https://example.org/جولة-من-محادثات-نور-سلطان", None, True),
        ("https://example.org/2018/02/19/glavy-mid-rossii-turcii.html", None, True),
        ("https://example.org/1311893", "اردوغان شنبه به تهران می‌رود", True),
        ("https://example.org/1311893", "Erdoğan opens bridge", False),
        ("https://example.org/politics/1311893", "Minister opens bridge", False),
        ("https://example.org/news/harvest-festival-opens-downtown", None, False),
        ("https://example.org/2024/01/25/harvest_festival_opens.html", None, False),
        ("https://example.org/middle-east/world/1311893", None, None),
        ("https://example.org/politics/1311893", "", None),
        ("https://astanatimes.example/?p=5556", None, None),
        ("https://example.org/", None, None),
    ],
)
def test_an_address_is_passed_over_only_when_readable_words_speak_against_it(
    url: str, title: str | None, expected: bool | None
) -> None:
    assert plausible(url, title) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Air raids on Idlib", True),
        ("Форум в Нур-Султане", True),
        ("أمطار في دمشق", True),
        ("Soçi'de kar", True),
        ("FC Astana won", False),
        ("Harvest in Kansas", False),
        ("", False),
    ],
)
def test_a_page_that_names_a_place_of_ours_is_told_from_one_that_does_not(text: str, expected: bool) -> None:
    assert judge("", text).places is expected


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[words]\n# mine\nsyria = "syria"\n', 3, "words.syria must be a list"),
        ('[words]\nsyria = ["shaam"]\nsyrian = [\n  "*",\n]\n', 3, "words.syrian: must be a list of words in quotes"),
        ('[names]\n"Astana process" = [\n  "{astana} way",\n  "{astanna} process",\n]\n', 4, "no group 'astanna'"),
        ('\n[names]\n"Astana process" = ["~ process"]\n', 3, "must begin and end with a word"),
        ("[score]\ntitle = 0.5\ntitel = 1.0\n", 3, "score.titel: no such key"),
        ('[score]\ntitle = "much"\n', 2, "score.title: must be a number"),
        ('[headline]\nnearby = ["astana"]\n', 2, "headline.nearby: no such key"),
        ('[places]\ngroups = ["moscow", "sotchi"]\n', 2, "places.groups: no group 'sotchi'"),
        ('[link_lists]\n"closing" = ["end"]\n', 2, "link_lists.closing: no such key"),
        ('[words]\nmine = ["a"]\n\n[wrods]\nsyria = ["syria"]\n', 4, "wrods: no such section"),
        (
            '[[together]]\nterm = "mine"\nall = ["syria"]\nwithin = 3\n\n[[together]]\nwitin = 3\n',
            7,
            "witin: no such key",
        ),
        ('[[together]]\nterm = "mine"\nall = ["syria"]\n', 1, "within: is missing"),
    ],
)
def test_a_mistake_in_ones_own_rules_names_the_file_the_line_and_the_key(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    own = tmp_path / "terms.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(reference.ReferenceFileError, match=re.escape(f"{own}, line {line}: ")) as caught:
        terms.rules((reference.FOLDERS[0], tmp_path))
    assert message in str(caught.value)


def test_rules_of_ones_own_add_to_those_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "terms.toml").write_text('[false_friends]\n"cheese" = ["{astana} process cheese"]\n', encoding="utf-8")
    title, body = "Astana process cheese on Syria", "The Astana process cheese sells well."
    folders = (reference.FOLDERS[0], tmp_path)
    ours, own = (Reading(terms.rules(which), title, body) for which in (folders[:1], folders))
    assert any(ours.find(ours.rules.names))
    assert not any(own.find(own.rules.names))


def test_a_long_article_is_judged_in_a_few_milliseconds() -> None:
    body = "Envoys of Russia, Türkiye and Iran met in Astana, where talks on Syria went into a second day. " * 40
    judge("warm", body)
    started = time.process_time()
    for number in range(20):
        judge(str(number), body)
    assert (time.process_time() - started) / 20 < 0.02


LETTERS = (
    "Astana|أَسْتـانا|Астанинский|формат|Syria|سوريا|talks|21|٢١|st|XXI|round|الجولة|Nur-Sultan|叙利亚|2018|İ|é|e\u0301"
)
PIECES = st.sampled_from([*LETTERS.split("|"), *"‘’—   ,\u200c", ". ", "\n\n", "!" * 70])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES, max_size=40).map("".join))
def test_any_mixture_of_scripts_is_judged_and_quoted_as_written(title: str, body: str) -> None:
    judgment = judge(title, body)
    assert judgment.label in ("core", "related", "off")
    assert 0 <= judgment.score <= 1
    for match in judgment.terms:
        assert (title if match.where == "title" else body)[match.start :].startswith(match.text)
        assert match.text
    assert all(0 < len(one.quote) <= 200 and (one.quote in title or one.quote in body) for one in judgment.meetings)
    assert sum(one.role == "main" for one in judgment.meetings) <= 1


@pytest.mark.parametrize(
    "body", ["!" * 200_000 + "(", "a" * 300_000, "\n " * 100_000, "Astana 21 " * 10_000, "Read also\n" * 20_000]
)
def test_a_hostile_text_does_not_hold_the_judge_up(body: str) -> None:
    started = time.process_time()
    judge("Astana talks on Syria", body)
    assert time.process_time() - started < 5
