"""Pages in the charsets of the years since 2000, labelled rightly, wrongly or not at all, are read letter by letter."""

from __future__ import annotations

import gzip
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from astana_crawl.charset import decode
from astana_crawl.extract import read_article
from tests.faults.matrix import Matrix
from tests.faults.raw import Raw, crawl, http, run

TEXTS = {
    "ru": ("В Астане обсудили Сирию", "Делегации России, Турции и Ирана провели в Астане переговоры по Сирии. Страны-гаранты условились встретиться вновь, пишет наш корреспондент."),
    "tr": ("Astana'da Suriye görüşüldü", "Türkiye, Rusya ve İran heyetleri Astana'da Suriye için bir araya geldi. Garantör ülkeler ateşkesi güçlendirme kararı aldığını açıkladı; görüşmeler kışın sürecek."),
    "ar": ("محادثات أستانا حول سوريا", "اجتمعت وفود روسيا وتركيا وإيران في أستانا لبحث الوضع في سوريا. واتفقت الدول الضامنة على لقاء جديد في الشتاء المقبل، بحسب مراسلنا."),
    "fa": ("گفتگوهاي آستانه درباره سوريه", "هيات‌هاي ايران، روسيه و ترکيه در آستانه درباره سوريه گفتگو کردند. کشورهاي ضامن پذيرفتند که در زمستان بار ديگر ديدار کنند."),
    "kk": ("Астанада Сирия талқыланды", "Ресей, Түркия және Иран делегациялары Астанада Сирия жөнінде келіссөз жүргізді. Кепілгер елдер қыста қайта кездесуге уағдаласты, деп жазады тілшіміз."),
    "fr": ("À Astana, la Syrie en débat", "Réunies à Astana, les délégations de la Russie, de la Turquie et de l’Iran ont évoqué la Syrie. Les garants ont décidé de se revoir à l’hiver, écrit notre envoyé."),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A page in a charset, and what its labels claim: `header` of HTTP, `meta`, and `xml`, a declaration."""

    language: str
    charset: str
    header: str | None = None
    meta: str | None = None
    xml: str | None = None

    @property
    def path(self) -> str:
        said = (self.header or "none", self.meta or "none", self.xml or "none")
        return f"/astana-{self.language}-{self.charset}-" + "-".join(said)

    @property
    def page(self) -> bytes:
        title, text = TEXTS[self.language]
        xml = f'<?xml version="1.0" encoding="{self.xml}"?>\n' if self.xml else ""
        meta = f'<meta charset="{self.meta}">' if self.meta else ""
        # Bytes of the page name no language: it is the labels and the bytes that are to tell the charset.
        return (
            f"{xml}<!DOCTYPE html><html><head>{meta}<title>{title}</title></head>"
            f"<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
        ).encode(self.charset)

    @property
    def content_type(self) -> str:
        return f"text/html; charset={self.header}" if self.header else "text/html"


CASES = (
    Case("ru", "windows-1251", header="windows-1251"),
    Case("ru", "windows-1251", meta="windows-1251"),
    Case("ru", "windows-1251", header="utf-8", meta="windows-1251"),
    Case("ru", "windows-1251", header="iso-8859-1", meta="windows-1251"),
    Case("ru", "windows-1251", header="koi8-r"),
    Case("ru", "windows-1251"),
    Case("ru", "koi8-r", header="koi8-r"),
    Case("ru", "koi8-r", header="windows-1251", meta="koi8-r"),
    Case("ru", "koi8-r"),
    Case("ru", "utf-16", header="utf-16"),
    Case("ru", "utf-16-le", header="utf-8"),
    Case("ru", "utf-8", header="windows-1251"),
    Case("tr", "windows-1254", header="windows-1254"),
    Case("tr", "windows-1254", header="utf-8", meta="windows-1254"),
    Case("tr", "iso-8859-9", meta="iso-8859-9"),
    Case("tr", "iso-8859-9", xml="iso-8859-9"),
    Case("tr", "windows-1254"),
    Case("tr", "utf-8-sig", header="iso-8859-9"),
    Case("ar", "windows-1256", header="windows-1256"),
    Case("ar", "windows-1256", header="utf-8", meta="windows-1256"),
    Case("ar", "windows-1256"),
    Case("ar", "utf-16-be", meta="utf-16"),
    Case("ar", "utf-8"),
    Case("fa", "windows-1256", meta="windows-1256"),
    Case("fa", "windows-1256", header="iso-8859-1"),
    Case("kk", "kz1048", header="windows-1251"),
    Case("kk", "utf-8", meta="windows-1251"),
    Case("fr", "windows-1252", header="iso-8859-1"),
    Case("fr", "windows-1252"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path[1:])
def test_the_bytes_alone_give_the_text(case: Case) -> None:
    """Without the header, where the page has another label; else with it."""
    content_type = case.content_type if case.header and not case.meta else None
    assert decode(case.page, content_type).text.endswith(case.page.decode(case.charset)[-200:])
    if content_type is None:
        article = read_article(case.page, f"https://pages.example{case.path}")
        assert (article.title, article.body) == TEXTS[case.language]


@pytest.mark.fault
def test_a_crawl_keeps_every_letter(tmp_path: Path, matrix: Matrix) -> None:
    with Raw({case.path: (http(case.page, case.content_type),) for case in CASES}) as server:
        done = crawl(server, tmp_path)
        tried = run(server, tmp_path, "try", "pages", server.base + CASES[2].path)
    assert (done.returncode, done.stderr) == (0, "")
    with sqlite3.connect(tmp_path / "astana.db") as db:
        kept = {url: (title, body) for url, title, body in db.execute("SELECT url, title, body FROM articles")}
    exact = sum(kept.get(server.base + case.path) == TEXTS[case.language] for case in CASES)
    assert exact == len(kept) == len(CASES)
    assert TEXTS["ru"][1] in tried.stdout
    matrix(31, f"{exact} of {len(CASES)} exact (ar, fa, fr, kk, ru, tr)")


@pytest.mark.fault
def test_the_headlines_of_a_list_are_read_as_pages_are(tmp_path: Path) -> None:
    """They decide which addresses are asked for: read as Mac Cyrillic or as UTF-8, this one would name nothing of ours."""
    title = TEXTS["ru"][0]
    page = Case("ru", "windows-1251", header="utf-8", meta="windows-1251")
    listed = (
        f"<html><head><meta charset=windows-1251></head><body><ul><li><a href='/1'>{title}</a></li></ul></body></html>"
    )
    answers = {
        "/list.html": (http(gzip.compress(listed.encode("cp1251")), "text/html; charset=utf-8", ("Content-Encoding", "gzip")),),
        "/1": (http(page.page, page.content_type),),
    }  # fmt: skip
    with Raw(answers) as server:
        done = run(server, tmp_path, "crawl", "lists")
    assert (done.returncode, done.stderr) == (0, "")
    with sqlite3.connect(tmp_path / "astana.db") as db:
        assert db.execute("SELECT title_hint, state FROM addresses").fetchall() == [(title, "archived")]


@pytest.mark.fault
def test_the_sites_own_hint_outranks_a_wrong_header(tmp_path: Path) -> None:
    """PT154 under another name looks like text too: only somebody who knows the site can say what its old pages are."""
    page = Case("kk", "ptcp154", header="windows-1251")
    with Raw({page.path: (http(page.page, page.content_type),)}) as server:
        assert crawl(server, tmp_path, PAGES_CHARSET="ptcp154").returncode == 0
    with sqlite3.connect(tmp_path / "astana.db") as db:
        assert db.execute("SELECT title, body FROM articles").fetchall() == [TEXTS["kk"]]
    assert decode(page.page, page.content_type).text != page.page.decode("ptcp154")


def test_a_few_broken_bytes_do_not_change_the_charset() -> None:
    page = Case("ru", "utf-8", header="utf-8").page
    broken = page.replace("Сирию".encode(), "Сири".encode() + b"\xd1")
    read = decode(broken, "text/html; charset=utf-8")
    assert (read.charset, read.how, read.text.count("\ufffd")) == ("utf-8", "UTF-8 with broken bytes", 2)


@pytest.mark.parametrize(
    ("body", "charset", "how"),
    [
        (b"", "utf-8", "valid UTF-8"),
        (b"\xff\xfe\xd3\xd3", "utf-16-le", "byte order mark"),
        (b"\x81\x8d\x8f\x90\x9d" * 9, "koi8-r", "looks like text"),
        (b"<meta charset=punycode><p>\xcf\xf0\xe8\xe2\xe5\xf2 ", "cp1251", "looks like text"),
        (b"<meta charset=utf-16><p>\xcf\xf0\xe8\xe2\xe5\xf2 ", "cp1251", "looks like text"),
    ],
)
def test_anything_is_read(body: bytes, charset: str, how: str) -> None:
    read = decode(body, "text/html; charset=\"'unheard of")
    assert (read.charset, read.how) == (charset, how)
