"""Where a text was taken from: the agency it credits and the original it links to, and none that it only quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from astana_crawl.extract import read_article
from astana_crawl.extract.credits import agencies
from astana_crawl.reference import FOLDERS, ReferenceFileError

URL = "https://paper.example/2024/01/talks-end/"
LINES = (
    "The envoys of three states met behind closed doors for most of the morning and left by different doors.",
    "The hosts served tea, counted the chairs and said that the statement would be read out at noon.",
)


def page(*lines: str, head: str = "", byline: str = "", url: str = URL) -> tuple[str | None, str | None]:
    """(original_outlet, original_url) of a page with these paragraphs."""
    text = "".join(f"<p>{line}</p>" for line in lines)
    html = f"<html><head><title>Talks end</title>{head}</head><body><article><h1>Talks end</h1>{byline}{text}</article></body></html>"
    article = read_article(html, url)
    assert article.body
    return article.original_outlet, article.original_url


@pytest.mark.parametrize(
    ("lines", "outlet"),
    [
        ((f"ASTANA, January 24. /TASS/. {LINES[0]}", LINES[1]), "TASS"),
        ((f"ASTANA (Reuters) - {LINES[0]}", LINES[1]), "Reuters"),
        ((f"(AFP) – {LINES[0]}", LINES[1]), "AFP"),
        ((f"ANKARA (AA) - {LINES[0]}", LINES[1]), "Anadolu"),
        ((f"Дамаск, 24 янв — РИА Новости. {LINES[0]}", LINES[1]), "RIA Novosti"),
        ((f"АСТАНА, 24 января. /ТАСС/. {LINES[0]}", LINES[1]), "TASS"),
        ((f"دمشق-سانا: {LINES[0]}", LINES[1]), "SANA"),
        ((*LINES, "(РИА Новости)"), "RIA Novosti"),
        ((LINES[0], f"{LINES[1]} (РИА Новости)"), "RIA Novosti"),
        ((*LINES, "نقلا عن وكالة سانا"), "SANA"),
        ((*LINES, "المصدر: الأناضول"), "Anadolu"),
        ((*LINES, "Kaynak: AA"), "Anadolu"),
        ((*LINES, "kaynak AA"), "Anadolu"),
        ((*LINES, "منبع: ایرنا"), "IRNA"),
        ((*LINES, "AFP"), "AFP"),
        ((*LINES, "— Reuters"), "Reuters"),
        ((*LINES, "ҚазАқпарат"), "Kazinform"),
    ],
)
def test_an_agency_is_named_by_its_credit(lines: tuple[str, ...], outlet: str) -> None:
    assert page(*lines)[0] == outlet


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        (LINES[0], "The minister told Reuters (and AFP) that nothing was signed; the hall was empty by then."),
        (f"Speaking to TASS / RIA / others, the envoy was brief. {LINES[0]}", LINES[1]),
        (LINES[0], f"{LINES[1]} (in Arabic)"),
        (*LINES, "AFP, Reuters"),
        (*LINES, "Agencies"),
        (f"Послы согласились на встречу — Рейтер. {LINES[0]}", LINES[1]),
        (f"Some of them joined the Justice Party (AP). {LINES[0]}", LINES[1]),
        ("Reuters was not let in, the spokesman said, and neither was anybody else who came.", LINES[1]),
        (LINES[0], "His party (AP) left the hall before the end, and nobody followed it into the cold."),
    ],
)
def test_an_agency_that_is_only_quoted_is_no_origin(lines: tuple[str, ...]) -> None:
    assert page(*lines) == (None, None)


def test_an_agency_is_not_the_origin_of_its_own_articles() -> None:
    dateline = f"ASTANA, January 24. /TASS/. {LINES[0]}"
    assert page(dateline, LINES[1], url="https://tass.com/politics/1") == (None, None)
    assert page(*LINES, "(РИА Новости)", url="https://ria.ru/20240124/1.html") == (None, None)


def test_an_agency_as_the_only_author_is_the_origin() -> None:
    assert page(*LINES, head='<meta name="author" content="AFP">')[0] == "AFP"
    assert page(*LINES, head='<meta name="author" content="Jane Doe">')[0] is None


ORIGINAL = "https://gazette.example/ar/77"


@pytest.mark.parametrize(
    "line",
    [
        f'Read <a href="{ORIGINAL}">the original article</a> in Arabic.',
        f'This article was translated from <a href="{ORIGINAL}">The Gazette</a>.',
        f'Оригинал статьи: <a href="{ORIGINAL}">здесь</a>',
        f'لقراءة <a href="{ORIGINAL}">المقال الأصلي</a>',
        f'Haberin aslı: <a href="{ORIGINAL}">Gazete</a>',
        f'متن اصلی: <a href="{ORIGINAL}">اینجا</a>',
        f'Source: <a href="{ORIGINAL}">The Gazette</a>',
    ],
)
def test_a_link_to_the_original_is_kept(line: str) -> None:
    assert page(*LINES, line)[1] == ORIGINAL


def test_what_a_page_declares_as_its_original_is_kept() -> None:
    thing = (
        '{"@type": "NewsArticle", "headline": "Talks end", "translationOfWork": {"@type": "NewsArticle", "url": "%s"}}'
    )
    assert page(*LINES, head=f'<script type="application/ld+json">{thing % ORIGINAL}</script>')[1] == ORIGINAL
    assert page(*LINES, head=f'<meta name="original-source" content="{ORIGINAL}">')[1] == ORIGINAL


@pytest.mark.parametrize("href", ["https://gazette.example/", URL, f"{URL}?utm_source=feed", "http://[bad", "#top"])
def test_a_link_to_a_front_page_or_to_itself_is_no_original(href: str) -> None:
    assert page(*LINES, f'Read <a href="{href}">the original article</a>.')[1] is None


def test_a_faulty_list_of_agencies_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "agencies.toml").write_text('"Our Wire" = ["OW"]\nOther = "OT"\n', encoding="utf-8")
    with pytest.raises(
        ReferenceFileError, match=f"{tmp_path}/agencies.toml, line 2: Other: must be a list of names in quotes"
    ):
        agencies((FOLDERS[0], tmp_path))
