"""Texts of the web are data wherever they leave: in a terminal, in a spreadsheet, in a log, in a name on the disk."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from astana_crawl import items
from astana_crawl.archive.pages import PageFiles, Served
from astana_crawl.run.trial import Trial, save
from tests.conftest import ROOT
from tests.faults.matrix import Matrix
from tests.faults.raw import Raw, crawl, http, run, settings

PAYLOADS = {
    "formula": '=HYPERLINK("https://evil.example";"click")', "plus": "+1+cmd|' /C calc'!A0", "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0", "tab": "\t=1+1", "return": "\r=1+1", "wide": "＝1+1", "quoted": '"=1+1', "hidden": "\u200b=1+1",
    "clear": "\x1b[2J\x1b[1;1H", "colour": "\x1b[5;41mred", "window": "\x1b]0;pwned\x07", "link": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07", "device": "\x1bP+q544e\x1b\\", "report": "\x1b[6n", "bell": "\x07\x08\x08", "reset": "\x1bc",
    "c1": "\x9b5;41m\x9d0;pwned\x9c\x90q\x9c", "override": "\u202egpj.exe\u202c", "isolate": "\u2066x\u2069", "tags": "\U000e0041\U000e0042",
    "lines": "\n2024-01-25 00:00:00 [scrapy] CRITICAL: forged\r\nforged", "separators": "\u2028forged\u2029\x85", "zero": "\0%00",
    "markup": "[bold red]x[/bold red] [link=https://evil.example]y[/link] [/] :smile:", "format": "%s %(x)d {0} {x!r} $(id) `id`",
    "html": '<script>alert(1)</script><img src=x onerror="alert(1)">', "script": "javascript:alert(1)//", "path": "../../../etc/passwd", "drive": "C:\\con\\..\\aux",
}  # fmt: skip
TITLES = {name: f"{payload} Astana talks on Syria" for name, payload in PAYLOADS.items()}
TEXT = "Envoys of Russia, Türkiye and Iran met in Astana for talks on Syria, and {} was what one of them wrote down."

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
STYLE = re.compile(r"\x1b\[(?:0|1|2|3[1-6]|9[0-7])?(?:;[0-9;]+)?m|\x1b\[\?25[lh]|\x1b\[[0-9]*[AKG]")
RUNS = re.compile(r"""[\s"'“”‘’«»\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]""")


def html(name: str) -> str:
    payload, title = PAYLOADS[name], TITLES[name]
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": "2024-01-25T09:30:00Z",
        "author": [{"@type": "Person", "name": f"{payload} Nora Field"}], "articleSection": payload, "keywords": [payload],
        "description": f"{payload} said the lead.", "publisher": {"@type": "Organization", "name": payload},
    }  # fmt: skip
    text = "".join(
        f"&#{ord(letter)};" if letter in "<>&" or not letter.isprintable() else letter
        for letter in TEXT.format(payload)
    )
    body = f"<p>{text}</p><p>The hosts spoke of a good beginning, and of the next round in the winter.</p>"
    script = json.dumps(data).replace("</", "<\\/")
    return (
        '<html lang="en"><head><meta charset="utf-8"><title>Astana talks on Syria</title><script type="application/ld+json">'
        f"{script}</script></head><body><article><h1>Astana talks on Syria</h1>{body}</article></body></html>"
    )


def refused(payload: str) -> bytes:
    """A page that is no article, for a reason that quotes it."""
    kind = payload.encode("utf-8", "surrogatepass").decode("latin-1").replace("\r", "").replace("\n", "")
    return http(f"<title>Page not found {payload}</title><p>The page was not found.</p>", f"application/{kind}")


@dataclass(frozen=True)
class Attacked:
    """An archive of hostile pages, and beyond that of texts which another program wrote into every column of it."""

    server: Raw
    folder: Path
    said: str
    log: str


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder = tmp_path_factory.mktemp("outputs")
    pages = {f"/2024/astana-{name}": (http(html(name)),) for name in PAYLOADS}
    walls = {f"/2024/astana-syria-wall-{name}": (refused(payload),) for name, payload in PAYLOADS.items()}
    titles = {path: TITLES[path.rpartition("-")[2]] for path in (*pages, *walls)}
    with Raw(pages | walls, titles) as server:
        done = crawl(server, folder, "-s", "LOG_LEVEL=DEBUG", "-s", f"LOG_FILE={folder}/run.log")
        with closing(sqlite3.connect(folder / "astana.db")) as db:
            assert db.execute("SELECT count(*) FROM articles").fetchone() == (len(PAYLOADS),)
            overwrite(db)
        yield Attacked(server, folder, done.stdout + done.stderr, (folder / "run.log").read_text())


def overwrite(db: sqlite3.Connection) -> None:
    """Put the payloads past the archive's own cleaning into what a page or a source may say."""
    every = list(PAYLOADS.values())
    columns = {
        "articles": ("title", "subtitle", "section", "published_text", "original_outlet", "note", "layout"),
        "addresses": ("title_hint", "published_hint", "reason"), "evidence": ("value", "raw", "rule"), "visits": ("reason",),
        "sources": ("reason",), "looks": ("reason",),
    }  # fmt: skip
    for table, names in columns.items():
        for (row,) in db.execute(f"SELECT rowid FROM {table}").fetchall():
            for number, name in enumerate(names):
                payload = f"{every[(row + 7 * number) % len(every)]} Astana"
                db.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", (payload, row))
    for (row,) in db.execute("SELECT rowid FROM articles").fetchall():
        listed = json.dumps([every[row % len(every)], "Nora Field"], ensure_ascii=False)
        db.execute("UPDATE articles SET authors = ?, tags = ? WHERE rowid = ?", (listed, listed, row))
    db.execute("UPDATE sites SET title = ?, outlet = ?", (" ".join(every), " ".join(every)))
    db.execute("UPDATE article_meetings SET quote = ?", (" ".join(every),))
    db.commit()


def active(text: str) -> list[str]:
    """What a terminal would act on; tabs, line ends and what the program itself styles with are none of it."""
    return sorted({ascii(found) for found in CONTROL.findall(STYLE.sub("", text.replace("\r\n", "\n")))})


def seen(attacked: Attacked, *arguments: str) -> str:
    """What a person sees in a terminal, of both streams."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ASTANA_", "SCRAPY_"))}
    environment |= settings(attacked.server, attacked.folder) | {"TERM": "xterm", "COLUMNS": "200"}
    command = [sys.executable, "-m", "scrapy", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment):
        os.close(theirs)
        parts = []
        while True:
            try:
                parts.append(os.read(ours, 65536))
            except OSError:  # Linux says EIO when the other side has closed
                break
    os.close(ours)
    return b"".join(parts).decode()


def commands(attacked: Attacked) -> dict[str, list[str]]:
    page = f"{attacked.server.base}/2024/astana"
    return {
        "search": ["search", "--limit", "99"],
        "search as CSV": ["search", "--format", "csv"],
        "search as JSON": ["search", "--format", "json"],
        "why, an article": ["why", f"{page}-window"],
        "why, a wall": ["why", f"{page}-syria-wall-link"],
        "try": ["try", "pages", f"{page}-c1"],
        "sites": ["sites"],
        "reread": ["reread", "--dry-run"],
        "export as CSV": ["export", "-", "--format", "csv", "--with-text", "--relevance", "all"],
        "export as JSON lines": ["export", "-", "--format", "jsonl", "--with-text"],
    }  # fmt: skip


@pytest.fixture(scope="module")
def outputs(attacked: Attacked) -> dict[str, str]:
    """What each command says, on both streams, and a person sees of those that are made for one."""
    said = {"crawl": attacked.said, "log": attacked.log}
    for name, arguments in commands(attacked).items():
        done = run(attacked.server, attacked.folder, *arguments)
        assert done.stdout or done.stderr, name
        said[name] = done.stdout + done.stderr
    for name in ("search", "why, an article"):
        said[f"{name}, in a terminal"] = seen(attacked, *commands(attacked)[name])
    return said


@pytest.mark.fault
def test_no_output_holds_what_a_terminal_would_act_on(outputs: dict[str, str], matrix: Matrix) -> None:
    assert {name: active(said) for name, said in outputs.items() if active(said)} == {}
    matrix(34, f"{len(PAYLOADS)} payloads x {len(outputs)} outputs (commands, terminal, log): 0 active")


@pytest.mark.fault
def test_no_cell_is_run_by_a_spreadsheet(outputs: dict[str, str]) -> None:
    for name in ("search as CSV", "export as CSV"):
        rows = list(csv.reader(io.StringIO(outputs[name].removeprefix("\ufeff"), newline="")))
        assert len(rows) == len(PAYLOADS) + 1, name
        cells = [cell for row in rows for cell in row if not re.fullmatch(r"-?\d+(\.\d+)?", cell)]
        assert [cell for cell in cells if RUNS.match(cell) and not cell.startswith("'")] == []
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)


@pytest.mark.fault
def test_what_looks_like_markup_is_shown_as_it_is(outputs: dict[str, str]) -> None:
    for name in ("search", "search, in a terminal", "export as CSV"):
        assert "[bold red]x[/bold red] [link=https://evil.example]y[/link] [/] :smile:" in outputs[name], name
        assert "%s %(x)d {0} {x!r} $(id) `id`" in outputs[name], name
    assert "\x1b[5;41m" not in "".join(outputs.values())


@pytest.mark.fault
def test_no_text_passes_for_a_line_of_the_log(outputs: dict[str, str]) -> None:
    for name in ("log", "crawl", "search", "why, an article", "try"):
        assert [
            line for line in outputs[name].splitlines() if line.startswith(("2024-01-25 00:00:00 [scrapy]", "forged"))
        ] == []
    assert "[pages] WARNING: No article could be read" in outputs["log"]


@pytest.mark.fault
def test_what_is_kept_is_clean_and_every_word_of_it_is_there(outputs: dict[str, str]) -> None:
    records = [json.loads(line) for line in outputs["export as JSON lines"].splitlines() if line.startswith("{")]
    assert len(records) == len(PAYLOADS)
    assert all("was what one of them wrote down." in record["body"] for record in records)


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_title_leads_out_of_the_folder_of_test_pages(tmp_path: Path, name: str) -> None:
    article = items.Article(url="https://steppe.example/1", title=TITLES[name], body="x", site="pages")
    path = save(Trial(article.url, article), tmp_path / "saved")
    assert path.resolve().parent == tmp_path / "saved" / "pages"
    assert re.fullmatch(r"[a-z0-9-]+\.html", path.name)


@pytest.mark.parametrize("site", ["..", "../../x", "/etc/x", "a/b", "c\\d", ".", "x\0", "\x1b]0;x\x07"])
def test_no_name_of_a_site_leads_out_of_the_folder_of_pages(tmp_path: Path, site: str) -> None:
    files = PageFiles(tmp_path / "a" / "pages", "writer")
    files.append(site, Served("https://steppe.example/1", 200, "OK", [], b"x"), dt.datetime(2024, 1, 25, tzinfo=dt.UTC))
    files.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["pages"]
    assert all(path.is_dir() for path in (tmp_path / "a" / "pages").iterdir())
