"""Can a person without Python change the tables, and is a mistake in them said with its place?"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from astana_crawl import reference
from astana_crawl.reference import FOLDERS, PROJECT, ReferenceFileError

OURS = """
list = ["a", "b"]
word = "ours"
[hosts."a.example"]
drop = ["x"]
[hosts."b.example"]
drop = ["y"]
"""

THEIRS = """
list = ["c"]
word = "theirs"
new = 1
[hosts."a.example"]
drop = {replace = ["z"]}
[hosts."c.example"]
keep = []
"""


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    (tmp_path / "ours/table.toml").write_text(OURS, encoding="utf-8")
    yield tmp_path / "ours", tmp_path / "theirs"
    reference.clear()


def test_without_a_file_of_ones_own_the_packages_table_holds(folders: tuple[Path, Path]) -> None:
    assert reference.load("table", folders) == {
        "list": ["a", "b"],
        "word": "ours",
        "hosts": {"a.example": {"drop": ["x"]}, "b.example": {"drop": ["y"]}},
    }


def test_a_file_of_ones_own_adds_and_overrides(folders: tuple[Path, Path]) -> None:
    (folders[1] / "table.toml").write_text(THEIRS, encoding="utf-8")
    assert reference.load("table", folders) == {
        "list": ["a", "b", "c"],
        "word": "theirs",
        "new": 1,
        "hosts": {"a.example": {"drop": ["z"]}, "b.example": {"drop": ["y"]}, "c.example": {"keep": []}},
    }


def test_a_table_is_read_once_and_again_after_clear(folders: tuple[Path, Path]) -> None:
    before = reference.load("table", folders)
    (folders[1] / "table.toml").write_text('word = "theirs"\n', encoding="utf-8")
    assert reference.load("table", folders) is before
    reference.clear()
    assert reference.load("table", folders)["word"] == "theirs"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a = 1\nlist = [}", "not valid TOML: .*line 2, column 9"),
        (b'word = "a"\nword = "b"\n', "not valid TOML: .*line 2"),
        (b'\nword = "\xff"', "line 2: not UTF-8 text"),
        (b'list = "c"', "line 1: list must be a list, as in the file it adds to"),
        (b'hosts = ["a.example"]', "line 1: hosts must be a table, as in the file it adds to"),
        (b'[hosts]\n"a.example" = 1\n', r"line 2: hosts\.a\.example must be a table, as in the file it adds to"),
        (b"new = 1\nword = []", "line 2: word must be a plain value, as in the file it adds to"),
        (b"list = {replace = 1}", "line 1: list must be a list, as in the file it adds to"),
    ],
)
def test_a_mistake_is_said_with_its_file_and_place(folders: tuple[Path, Path], content: bytes, complaint: str) -> None:
    (folders[1] / "table.toml").write_bytes(content)
    with pytest.raises(ReferenceFileError, match=f"theirs/table.toml(: |, ){complaint}"):
        reference.load("table", folders)


def test_a_table_that_nobody_has_is_said_with_the_places_looked_in(folders: tuple[Path, Path]) -> None:
    with pytest.raises(ReferenceFileError, match=f"no reference file tabel.toml in {folders[0]} or {folders[1]}"):
        reference.load("tabel", folders)


def test_the_digest_names_what_the_tables_say(folders: tuple[Path, Path]) -> None:
    digests = [reference.digest(folders)]
    for path, content in [("table.toml", "a = 1\n"), ("table.toml", "a = 2\n"), ("other.toml", "a = 2\n")]:
        (folders[1] / path).write_text(content, encoding="utf-8")
        digests.append(reference.digest(folders))
    assert len(set(digests)) == 4
    (folders[1] / "other.toml").unlink()
    (folders[1] / "notes.txt").write_text("not a table", encoding="utf-8")
    assert reference.digest(folders) == digests[2]
    assert len(digests[0]) == len(hashlib.sha256().hexdigest())


def test_the_project_is_the_folder_of_scrapy_cfg() -> None:
    assert (PROJECT / "astana_crawl" / "items.py").is_file()
    assert FOLDERS == (PROJECT / "astana_crawl/reference", PROJECT / "data/reference")


@pytest.mark.parametrize("path", sorted(FOLDERS[0].glob("*.toml")), ids=lambda path: path.name)
def test_every_table_of_the_package_can_be_read(path: Path) -> None:
    assert reference.load(path.stem, FOLDERS[:1])
