"""Who and what an article names: parties, people and topics in eight languages, and none of their false friends."""

from __future__ import annotations

from pathlib import Path

import pytest

from astana_crawl.reference import FOLDERS, ReferenceFileError
from astana_crawl.relevance.facets import directory, facets, named
from tests.benchmarks.facets import counts, found, rows

Folders = tuple[Path, ...]

FRIENDS = [pytest.param(row, id=f"{row['language']}: {row['why']}") for row in rows() if "why" in row]


def test_precision_comes_before_recall() -> None:
    right, wrong, missed, told = counts()
    assert len(rows()) >= 60
    for key in right:
        assert right[key] / (right[key] + wrong[key]) >= 0.98, (key, told)
        assert right[key] / (right[key] + missed[key]) >= 0.9, (key, told)


@pytest.mark.parametrize("row", FRIENDS)
def test_a_false_friend_is_none_of_ours(row: dict[str, list[str]]) -> None:
    assert found(row["text"]) == set(row["facets"])


def test_the_words_are_given_as_written_in_the_order_of_the_text() -> None:
    title = "Педерсен прибыл"
    body = "Гейр Педерсен (ООН) говорил о воз\u00adвращении беженцев. Педерсена ждут снова."
    person, topic = (one for one in facets(title, body) if one.kind != "party")
    assert (person.name, person.words) == ("Geir Pedersen", ("Педерсен", "Гейр Педерсен", "Педерсена"))
    assert topic.words == ("воз\u00adвращении беженцев",)


def test_a_surname_alone_counts_where_the_office_or_the_full_name_stands() -> None:
    assert facets("Tomah speaks", "Nothing else is known.") == ()
    (person,) = facets("Tomah speaks", "Ahmad Tomah leads them.")
    assert person.words == ("Tomah", "Ahmad Tomah")
    (person,) = (
        one for one in facets("Jaafari speaks", "The Syrian government delegation stays.") if one.kind == "person"
    )
    assert (person.name, person.words) == ("Bashar Jaafari", ("Jaafari",))


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        ("person", "Lavrentiev", "Alexander Lavrentiev"),
        ("person", "лаврентьев", "Alexander Lavrentiev"),
        ("person", "بيدرسون غير", None),
        ("party", "turkiye", "Türkiye"),
        ("party", "الأردن", "Jordan"),
        ("topic", "Detainees", "detainees"),
        ("topic", "committee", "Constitutional Committee"),
        ("party", "Syrian", None),
        ("party", "", None),
    ],
)
def test_a_name_may_be_given_in_any_spelling(kind: str, text: str, name: str | None) -> None:
    if name:
        assert named(kind, text) == name
    else:
        with pytest.raises(ValueError, match=r"which party\?|there is no"):
            named(kind, text)


def test_what_a_list_of_links_names_is_not_what_the_article_speaks_of() -> None:
    body = "The envoys left.\nRead also: Lavrentiev on the return of refugees\nThe hall is empty."
    assert facets("Talks end", body) == ()


@pytest.fixture
def own(tmp_path: Path) -> Folders:
    """The package's folder, and one for lists of one's own."""
    return FOLDERS[0], tmp_path


def test_a_list_of_ones_own_adds_names_and_people(own: Folders) -> None:
    text = '["Geir Pedersen"]\nnames = ["the norwegian"]\n["Jane Doe"]\nnames = ["jane doe"]\n'
    (own[1] / "people.toml").write_text(text, encoding="utf-8")
    names = [one.name for one in facets("", "The Norwegian met Jane Doe.", own)]
    assert names == ["Geir Pedersen", "Jane Doe"]


@pytest.mark.parametrize(
    ("row", "line", "complaint"),
    [
        ("", 2, "Jane Doe.names: is missing"),
        ('names = "jane doe"', 3, "Jane Doe.names: must be a list of words in quotes"),
        ('names = ["*"]', 3, "Jane Doe.names: must be a list of words in quotes"),
        ('names = ["jane",\n"jane ~"]', 4, "Jane Doe.names: the phrase 'jane ~' must begin and end with a word"),
        ('names = ["{talks} jane"]', 3, "Jane Doe.names: no group 'talks'"),
        ('names = ["jane"]\nnmaes = []', 4, "Jane Doe.nmaes: no such key; there are names, short, beside, never"),
    ],
)
def test_a_mistake_is_said_with_its_file_line_and_key(own: Folders, row: str, line: int, complaint: str) -> None:
    (own[1] / "people.toml").write_text(f'# mine\n["Jane Doe"]\n{row}\n', encoding="utf-8")
    with pytest.raises(ReferenceFileError, match=f"{own[1]}/people.toml, line {line}: {complaint}"):
        directory(own)
