"""search, sites, why and export as a person types them."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import resource
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from astana_crawl.archive import Archive
from tests.conftest import ROOT
from tests.test_ask import ROUND, WAITING, fill

Run = Callable[..., subprocess.CompletedProcess[str]]

TABLE = """\
published   key           site       language  meeting   title
2024-01-26  b2f2198853ab  aawsat_ar  ar        round-21  اختتام الجولة الحادية والعشرين
2024-01-25  4303f9c7b296  tass       en        round-21  Guarantors close the twenty-first round
2023-06-21  941030125ebd  tass       en                  =HYPERLINK("https://evil.example")
undated     6086011769d4  tass       en                  An undated remark
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asked") / "a.db"
    with Archive.open(f"sqlite:///{path}", kind="live") as archive:
        fill(archive)
    return path


@pytest.fixture
def ask(run_scrapy: Run, file: Path) -> Run:
    return lambda *arguments, **more: run_scrapy(*arguments, "-s", f"ARCHIVE_URL=sqlite:///{file}", **more)


def said(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


def refused(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    """The status and the message of the parser, which follows the usage."""
    assert done.stdout == ""
    return done.returncode, done.stderr.strip().splitlines()[-1].partition("error: ")[2]


# --- search


def test_search_lists_the_newest_first(ask: Run) -> None:
    assert said(ask("search")) == (0, TABLE, "")


def test_search_says_how_many_more_there_are(ask: Run) -> None:
    more = "3 more; see them with --limit 4, or keep all with: scrapy export FILE.csv\n"
    assert said(ask("search", "--limit", "1")) == (0, "".join(TABLE.splitlines(keepends=True)[:2]), more)


def test_search_that_finds_nothing_says_so_and_is_no_failure(ask: Run) -> None:
    nothing = "No article found. See what the archive holds with: scrapy sites\n"
    assert said(ask("search", "zeppelin")) == (0, "", nothing)
    assert said(ask("search", "zeppelin", "--format", "json")) == (0, "[]\n", nothing)


def test_search_takes_words_and_filters_together(ask: Run) -> None:
    done = ask(
        "search", "delegations", "--round", "21", "--site", "tass", "--language", "EN", "--since", "2024-01-25",
        "--until", "2024-01-25", "--relevance", "core", "--party", "KAZAKH", "--format", "json",
    )  # fmt: skip
    assert done.returncode == 0
    assert json.loads(done.stdout) == [
        {
            "key": "4303f9c7b296",
            "published_on": "2024-01-25",
            "site": "tass",
            "outlet": "TASS",
            "language": "en",
            "title": "Guarantors close the twenty-first round",
            "url": ROUND,
            "relevance": "core",
            "meeting": "round-21",
            "snippet": "The delegations closed the round in the Kazakh capital. They named no day for the next.",
        }
    ]


def test_search_gives_csv_that_a_spreadsheet_does_not_run(ask: Run) -> None:
    done = ask("search", "--format", "csv", "--until", "2023-12-31")
    assert list(csv.DictReader(io.StringIO(done.stdout))) == [
        {
            "key": "941030125ebd",
            "published_on": "2023-06-21",
            "site": "tass",
            "outlet": "TASS",
            "language": "en",
            "title": '\'=HYPERLINK("https://evil.example")',
            "url": "https://tass.com/politics/1003",
            "relevance": "related",
            "meeting": "",
            "snippet": "A text that names the process once.",
        }
    ]


def test_search_refuses_what_it_does_not_understand(ask: Run) -> None:
    assert refused(ask("search", "--since", "25.01.2024")) == (
        2, "argument --since: 25.01.2024 is not a day; write it as 2024-01-25",
    )  # fmt: skip
    assert refused(ask("search", "--round", "99")) == (2, "there is no round 99; known are 1 to 22")
    assert refused(ask("search", "--person", "Peterson")) == (
        2,
        "there is no person Peterson; did you mean Geir Pedersen?",
    )
    assert refused(ask("search", "--lnguage", "ar")) == (2, "there is no option --lnguage; see the options with -h")


def test_search_knows_a_misspelt_site(ask: Run) -> None:
    assert said(ask("search", "--site", "tas")) == (1, "", "there is no site tas; did you mean tass?\n")


def test_search_ends_quietly_when_the_reader_leaves(file: Path) -> None:
    command = f"{sys.executable} -m scrapy search --format csv -s ARCHIVE_URL=sqlite:///{file} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert said(done) == (0, "0\n", "")


def test_search_writes_utf_8_whatever_the_locale(ask: Run) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *ask("search").args[3:]], capture_output=True, cwd=ROOT, env=os.environ | plain
    )
    assert done.stdout.decode() == TABLE


def in_terminal(*arguments: str, columns: int = 80) -> str:
    """What a person sees in a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
    with subprocess.Popen(
        [sys.executable, "-m", "scrapy", *arguments], stdout=theirs, cwd=ROOT, env=environment | {"TERM": "xterm"}
    ):
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says EIO when the other side has closed
                break
            if not part:
                break
            seen += part
    os.close(ours)
    return seen.decode().replace("\r\n", "\n")


def test_a_terminal_folds_long_titles_and_keeps_the_key(file: Path) -> None:
    shown = in_terminal("search", "twenty", "-s", f"ARCHIVE_URL=sqlite:///{file}", columns=80)
    unstyled = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert [line.rstrip() for line in unstyled.splitlines()] == [
        "published   key           site  language  meeting   title",
        "2024-01-25  4303f9c7b296  tass  en        round-21  Guarantors close the",
        "                                                    twenty-first round",
    ]


# --- sites


def test_sites_lists_what_is_covered(ask: Run) -> None:
    done = ask("sites")
    lines = done.stdout.splitlines()
    shown = {line.split()[0]: line for line in lines if line}
    assert (done.returncode, done.stderr) == (0, "")
    assert " ".join(shown["site"].split()) == (
        "site language health articles newest pending last run outcome sources history outlet"
    )
    assert " ".join(shown["tass"].split()) == ("tass en good 3 2024-01-25 1 2024-01-26 08:00Z done feed sitemap TASS")
    assert " ".join(shown["news.example"].split()) == (
        "news.example running 0 0 2024-01-26 08:00Z news.example (by anysite)"
    )
    assert lines[-1] == ("Any other site: scrapy crawl anysite -a url=https://… (finds its feed, WordPress or sitemap)")


def test_sites_as_json_names_the_sources(ask: Run, run_scrapy: Run) -> None:
    rows = {row["site"]: row for row in json.loads(ask("sites", "--json").stdout)}
    assert set(rows) == {*run_scrapy("list").stdout.split(), "news.example"}
    assert rows["tass"] == {
        "site": "tass", "spider": "tass", "outlet": "TASS", "language": "en", "zone": "Europe/Moscow",
        "sources": ["feed https://tass.com/rss/v2.xml"], "archives": ["sitemap https://tass.com/sitemap.xml"],
        "condition": "active", "condition_reason": None, "last_run_at": "2024-01-26T08:00:00Z", "last_outcome": "done", "last_reasons": [], "unverified_because": None,
        "articles": 3, "newest_on": "2024-01-25", "pending": 1, "health": "good",
    }  # fmt: skip


def test_sites_works_without_an_archive_and_makes_none(run_scrapy: Run, tmp_path: Path) -> None:
    done = run_scrapy("sites", "-s", f"ARCHIVE_URL=sqlite:///{tmp_path}/none.db")
    assert done.returncode == 0
    assert done.stderr == f"There is no archive at {tmp_path}/none.db yet; make one with: scrapy crawl SITE\n"
    assert {line.split()[2] for line in done.stdout.splitlines()[1:-2]} == {"new"}
    assert list(tmp_path.iterdir()) == []


# --- why


def test_why_explains_an_address(ask: Run, file: Path) -> None:
    status, out, err = said(ask("why", WAITING))
    assert (status, err) == (0, "")
    assert (
        out
        == """\
https://tass.com/politics/1005
state         pending: waits to be fetched
reason        status 503
site          tass
next attempt  2024-01-26T08:15:00Z
attempts      1
last fetched  2024-01-26T08:00:00Z
status        503

Found
  2024-01-26T08:00:00Z  feed  https://tass.com/rss/v2.xml
  first  2024-01-26T08:00:00Z by feed
  in     https://list.example/feed

Visits
  2024-01-26T08:00:00Z  503  pending  status 503
"""
    )


def test_why_takes_the_key_that_search_shows_and_says_where_the_page_lies(ask: Run, tmp_path: Path) -> None:
    done = ask("why", "4303f9c7b296", "-s", f"PAGES_DIR={tmp_path}")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == ROUND
    assert f"  1  2024-01-26T08:00:00Z  first  page kept: {tmp_path}/tass/tass-202401.warc.gz at byte 1234" in (
        done.stdout.splitlines()
    )


def test_why_knows_what_to_do_with_an_unknown_address(ask: Run) -> None:
    url = "https://tass.com/world/syria-talks-in-astana-begin"
    assert said(ask("why", url)) == (
        1,
        "",
        f"{url} is not in the archive: no source has offered it.\n"
        "Its host belongs to the site tass.\n"
        "Its address names something of ours, so it would be fetched once a source offers it.\n"
        f"See what the page gives with: scrapy try tass {url}\n",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abcdef123456", "No key in the archive begins with abcdef123456; see keys with: scrapy search\n"),
        ("hello", "hello is neither a web address (https://…) nor an article's key (at least 6 of its letters)\n"),
        (
            "https://x.example/\x1b]0;title\x07",
            "https://x.example/ is not in the archive: no source has offered it.\n"
            "No site of ours has the host x.example; anysite would read it.\n"
            "Its address alone does not tell what it is about, so it would be fetched once a source offers it.\n"
            "See what the page gives with: scrapy try anysite https://x.example/\n",
        ),
    ],
    ids=["unknown key", "neither", "escape sequence"],
)
def test_why_of_what_is_not_known_ends_with_status_1(ask: Run, text: str, message: str) -> None:
    assert said(ask("why", text)) == (1, "", message)


def test_why_needs_one_address(ask: Run) -> None:
    assert refused(ask("why")) == (2, "give one URL or KEY; see keys with: scrapy search")


# --- export


def test_export_writes_a_file_silently_and_standard_output_alike(ask: Run, tmp_path: Path) -> None:
    target = tmp_path / "articles.csv"
    assert said(ask("export", str(target), "--round", "21", "--with-text")) == (0, "", "")
    again = ask("export", "-", "--format", "csv", "--round", "21", "--with-text")
    assert again.returncode == 0
    assert target.read_text(encoding="utf-8") == again.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["articles.csv"]


def test_export_takes_words(ask: Run) -> None:
    lines = ask("export", "-", "delegations", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["url"] for line in lines] == [ROUND]


def test_export_refuses_what_it_does_not_understand(ask: Run, tmp_path: Path) -> None:
    assert refused(ask("export")) == (2, "give a FILE to write, as articles.csv or articles.jsonl")
    assert refused(ask("export", "articles.xls")) == (
        2,
        "the ending of articles.xls names no format; add --format csv or --format jsonl",
    )
    assert said(ask("export", f"{tmp_path}/no/a.csv")) == (
        1, "", f"{tmp_path}/no/a.csv cannot be written: No such file or directory\n",
    )  # fmt: skip
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert said(ask("export", str(folder))) == (1, "", f"{folder} cannot be written: {folder} is not a file\n")


def test_an_export_that_does_not_fit_leaves_the_old_file(file: Path, tmp_path: Path) -> None:
    copy, target = tmp_path / "a.db", tmp_path / "out" / "articles.jsonl"
    target.parent.mkdir()
    target.write_text("old\n")
    with Archive.open(f"sqlite:///{copy}", kind="live") as archive:
        fill(archive)
        with archive.writing() as db:
            db.exec_driver_sql("UPDATE articles SET body = ?", ("word " * 100_000,))
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "export", str(target), "--with-text", "-s", f"ARCHIVE_URL=sqlite:///{copy}"],
        capture_output=True, text=True, cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )  # fmt: skip
    assert said(done) == (1, "", f"{target} cannot be written: File too large\n")
    assert {path.name: path.read_text() for path in target.parent.iterdir()} == {"articles.jsonl": "old\n"}


# --- all of them


@pytest.mark.parametrize(
    "arguments", [["search"], ["why", ROUND], ["export", "-", "--format", "csv"]], ids=lambda arguments: arguments[0]
)
def test_without_an_archive_the_way_to_one_is_named(run_scrapy: Run, tmp_path: Path, arguments: list[str]) -> None:
    done = run_scrapy(*arguments, "-s", f"ARCHIVE_URL=sqlite:///{tmp_path}/none.db")
    assert said(done) == (1, "", f"there is no archive at {tmp_path}/none.db yet; make one with: scrapy crawl SITE\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["sites", "export"])
def test_a_foreign_file_is_refused_and_left_as_it_is(run_scrapy: Run, tmp_path: Path, command: str) -> None:
    foreign = tmp_path / "notes.db"
    foreign.write_text("These are my notes.\n" * 20)
    arguments = {"export": ["-", "--format", "csv"]}.get(command, [])
    done = run_scrapy(command, *arguments, "-s", f"ARCHIVE_URL=sqlite:///{foreign}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{foreign} is no SQLite database")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"notes.db": "These are my notes.\n" * 20}


def test_a_hostile_title_is_only_shown(run_scrapy: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    with Archive.open(url, kind="live") as archive:
        fill(archive)
        with archive.writing() as db:  # past the archive's own cleaning, as another program might
            db.exec_driver_sql("UPDATE articles SET title = ? WHERE url = ?", ("a\x1b]0;b\x07\u202ec\nd\x9b2J", ROUND))
            db.exec_driver_sql("UPDATE evidence SET value = ?, raw = ?", ("\x1b[2Jv", "\x1b]8;;x\x07r"))
    shown = ""
    for arguments in (["search"], ["search", "--format", "csv"], ["search", "--format", "json"], ["why", ROUND]):
        done = run_scrapy(*arguments, "-s", f"ARCHIVE_URL={url}")
        assert done.returncode == 0
        shown += done.stdout
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)
    assert shown.count("ac d") == 2  # the table and `why`; CSV keeps the line end
