"""What the README says is true: its SQL runs, its commands work, its table of settings is the program's."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from astana_crawl import settings
from tests.conftest import ROOT, scrapy

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
COMMANDS = re.findall(r"^    (scrapy (?:search|export|why|sites|backup|reread).*)$", README, re.MULTILINE)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The archive that the README's first command leaves."""
    folder = tmp_path_factory.mktemp("sample")
    env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{folder}/sample.db", "ASTANA_PAGES_DIR": str(folder / "pages")}
    assert scrapy("update", "--replay", "data/sample.warc.gz", env=env).returncode == 0
    return folder / "sample.db"


@pytest.mark.parametrize("query", EXAMPLES)
def test_an_sql_example_gives_rows(sample: Path, query: str) -> None:
    with sqlite3.connect(f"file:{sample}?mode=ro", uri=True) as db:
        assert db.execute(query).fetchall()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="this machine has no sqlite3 shell")
def test_the_plain_sqlite3_shell_reads_the_archive(sample: Path) -> None:
    done = subprocess.run(["sqlite3", "-readonly", sample], input="\n".join(EXAMPLES), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "21|Astana|2024-01-24|" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_answers(sample: Path, tmp_path: Path, command: str) -> None:
    arguments = shlex.split(command)[1:]
    arguments = [str(tmp_path / word) if word.startswith(("articles.", "astana-")) else word for word in arguments]
    env = {
        "ASTANA_ARCHIVE_URL": f"sqlite:///{sample}",
        "ASTANA_PAGES_DIR": str(sample.parent / "pages"),
        "ASTANA_REPLAY": "data/sample.warc.gz",
    }
    done = scrapy(*arguments, env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout or done.stderr or list(tmp_path.iterdir())


def test_the_settings_of_the_readme_are_the_projects_own() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    own = {name for name in dir(settings) if name.isupper() and getattr(settings, name) is None}
    assert documented == own


def test_the_first_screen_has_the_two_commands() -> None:
    first = "\n".join(README.splitlines()[:28])
    assert "pip install -e . && scrapy update --replay data/sample.warc.gz" in first
    assert "pip install -e '.[test]' && pytest" in first
