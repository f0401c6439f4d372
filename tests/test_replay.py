"""The main job: the recorded web is crawled without a network, shown while it goes on, and left in data/<name>.db."""

from __future__ import annotations

import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, scrapy
from tests.web import expected

WARC = ROOT / "data" / "sample.warc.gz"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def in_terminal(*arguments: str, env: dict[str, str]) -> tuple[int, str]:
    """Run `scrapy …` in a terminal of 120 columns; the status and what the terminal was sent."""
    leader, follower = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASTANA_", "SCRAPY_"))}
    running = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *arguments],
        stdin=follower, stdout=follower, stderr=follower, cwd=ROOT, env=clean | env | {"TERM": "xterm", "COLUMNS": "120"},
    )  # fmt: skip
    os.close(follower)
    sent = bytearray()
    while True:
        try:
            if not (part := os.read(leader, 65536)):
                break
        except OSError:
            break
        sent += part
    os.close(leader)
    return running.wait(), sent.decode()


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Path]:
    """A copy of the sample under a name of its own, so that its archive in data/ is nobody else's."""
    copy = tmp_path / f"replay{os.getpid()}.warc.gz"
    shutil.copy(WARC, copy)
    yield copy
    for left in (ROOT / "data").glob(f"{copy.name.split('.')[0]}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def test_one_command_fills_an_archive_of_its_own_and_says_what_to_do_next(recording: Path) -> None:
    status, sent = in_terminal("update", "--replay", str(recording), env={})
    assert status == 0
    assert "\x1b[?25l" in sent  # the table is drawn again and again while the crawl goes on
    lines = ESCAPES.sub("", sent).replace("\r", "").split("\n")
    head = max(number for number, line in enumerate(lines) if line.startswith("site"))
    assert lines[head].split() == "site found new off topic duplicates unreadable failed outcome".split()
    table = {cells[0]: cells[1:] for cells in (line.split() for line in lines[head + 1 : head + 7])}
    wanted = {site: sum(one.site == site and one.relevance != "off" for one in expected()) for site in table}
    assert {site: int(cells[1]) for site, cells in table.items()} == wanted
    assert set(wanted) == {one.site for one in expected()}
    assert any(line.startswith("Next: scrapy search") for line in lines)
    name = recording.name.split(".")[0]
    with sqlite3.connect(ROOT / "data" / f"{name}.db") as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (sum(wanted.values()),)
        assert db.execute(
            "SELECT count(DISTINCT meeting_id) FROM article_meetings WHERE meeting_id LIKE 'round-%'"
        ).fetchone() == (22,)
        assert {row[0] for row in db.execute("SELECT DISTINCT language FROM articles")} >= {"en", "ar", "ru", "tr"}
        assert db.execute("SELECT DISTINCT origin FROM pages").fetchall() == [("replay",)]


def test_a_replay_opens_no_connection(tmp_path: Path) -> None:
    """Every call that could reach another machine is refused, and the crawl does not notice."""
    guard = tmp_path / "sitecustomize.py"
    guard.write_text(
        "import socket\n"
        "def refuse(self, address):\n"
        "    raise AssertionError(f'a connection to {address}')\n"
        "def no_name(*args, **kwargs):\n"
        "    raise AssertionError(f'a look-up of {args}')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
        "socket.getaddrinfo = socket.gethostbyname = no_name\n"
    )
    env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{tmp_path}/a.db", "ASTANA_PAGES_DIR": str(tmp_path / "pages")}
    done = scrapy("update", "--replay", str(WARC), env=env | {"PYTHONPATH": f"{tmp_path}:{ROOT}"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("SELECT count(*) > 60 FROM articles").fetchone() == (1,)


def test_cron_may_start_it_from_any_folder(tmp_path: Path, recording: Path) -> None:
    """Paths in settings are the project's, wherever the command is called; a good run prints nothing."""
    relative = f"data/{recording.name.split('.')[0]}-cron.db"
    env = {
        "SCRAPY_SETTINGS_MODULE": "astana_crawl.settings",
        "PYTHONPATH": str(ROOT),
        "ASTANA_REPLAY": str(recording),
        "ASTANA_ARCHIVE_URL": f"sqlite:///{relative}",
        "ASTANA_PAGES_DIR": str(tmp_path / "pages"),
    }
    done = scrapy("update", "tass", cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (ROOT / relative).is_file()


def test_a_second_replay_adds_nothing(tmp_path: Path) -> None:
    env = {"ASTANA_ARCHIVE_URL": f"sqlite:///{tmp_path}/a.db", "ASTANA_PAGES_DIR": str(tmp_path / "pages")}
    for _ in range(2):
        assert scrapy("update", "--replay", str(WARC), env=env).returncode == 0
    with sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("SELECT sum(found), sum(new) FROM runs WHERE id > 6").fetchall() == [(0, 0)]


def test_a_new_site_starts_from_our_template(tmp_path: Path) -> None:
    """`scrapy genspider` writes a declaration, with nothing in it to delete."""
    spiders = tmp_path / "fresh"
    spiders.mkdir()
    (spiders / "__init__.py").touch()
    env = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = scrapy("genspider", "northpress", "npasyria.com", "-s", "NEWSPIDER_MODULE=fresh", env=env)
    assert done.returncode == 0
    text = (spiders / "northpress.py").read_text(encoding="utf-8")
    assert text.startswith('"""npasyria.com: ')
    listed = scrapy("list", "-s", "SPIDER_MODULES=fresh", env=env)
    assert (listed.returncode, listed.stdout) == (0, "northpress\n")
