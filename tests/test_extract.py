"""Reading an article: what users would be hurt by is an article under the wrong headline, or half of another's text."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astana_crawl.extract import Layout, read_article
from astana_crawl.extract.page import parse
from astana_crawl.items import Article, Candidate

URL = "https://news.example/world/syria-round-opens"
TITLE = "Syria Round Opens with a Quarrel over Chairs"
OTHER = "Harbour Pilots Vote for a Shorter Week"
OWN = [
    "The round opened an hour late on Tuesday, because two delegations had been given the same row of chairs.",
    "The hosts brought more chairs from the restaurant, and the head of the protocol department apologised.",
    "The Turkish delegation then spoke for ten minutes about Idlib and the Russian one for twelve.",
    "A statement by the three guarantors is expected on Wednesday afternoon, with the date of the next round.",
]
FOREIGN = [
    "Harbour pilots in the northern ports have voted for a week of four days, their union said on Monday.",
    "The port authority called the vote a surprise and asked for talks before the end of the month.",
    "Ships would have to wait for up to six hours at night, according to a study of the chamber of commerce.",
    "The pilots answer that tired men make dearer mistakes than waiting ships.",
    "The last strike of the pilots lasted for nine days and ended with a new tariff.",
    "Nobody at the quays wants to see the queue of that winter again.",
    "The union's chairman is to speak in the council on Thursday evening.",
    "Two of the tugboat companies have said that they would follow the pilots.",
    "The ministry of transport keeps silent and points to the law of 1974.",
    "An arbitration court in the capital may be asked to decide.",
    "Its last ruling on the pilots filled forty pages and pleased neither side.",
    "Meanwhile the pilots go to work, five days a week, as they have for a century.",
]


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>\n" for line in lines)


def page(main: str, *, head: str = "", title: str = TITLE, lang: str = "en") -> str:
    data = {"@type": "NewsArticle", "headline": title, "datePublished": "2024-01-23T10:00:00+05:00"}
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | News Example</title>
    <meta property="og:site_name" content="News Example"><script type="application/ld+json">{json.dumps(data)}</script>
    {head}</head><body><header><a href="/">News Example</a></header>{main}<footer>© News Example</footer></body></html>"""


def body_of(article: Article) -> list[str]:
    return (article.body or "").split("\n")


SHAPES = {
    "two articles": "<main><article><h1>{0}</h1>{1}</article><article><h1>{2}</h1>{3}</article></main>",
    "two divs": '<div class="story"><h1>{0}</h1><div>{1}</div></div><div class="story"><h1>{2}</h1><div>{3}</div></div>',
    "one container": '<div class="body"><h1>{0}</h1>{1}<h1>{2}</h1>{3}</div>',
}


@pytest.mark.parametrize("length", [2, 4, 12], ids=["shorter", "equal", "three times longer"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layouts", [(), (Layout(body="article, div.story, div.body"),)], ids=["general", "layout"])
def test_an_article_that_scrolling_appended_never_gets_into_the_text(
    shape: str, length: int, layouts: tuple[Layout, ...]
) -> None:
    main = SHAPES[shape].format(TITLE, paragraphs(OWN), OTHER, paragraphs(FOREIGN[:length]))
    article = read_article(page(main), URL, layouts)
    assert (article.title, body_of(article)) == (TITLE, OWN)
    assert any(OTHER in text or FOREIGN[0] in text for text in article.cut)


def test_headlines_and_captions_that_the_page_repeats_are_in_the_text_not_even_once() -> None:
    head = f"<h1>{TITLE}</h1><p>Chairs in the hall (AFP)</p><p>Chairs in the hall (AFP)</p><p>TT</p><p>20</p>" * 2
    article = read_article(page(f"<div class='text'>{head}{paragraphs(OWN)}</div>"), URL, Layout(body="div.text"))
    assert body_of(article) == OWN


def test_an_appended_article_is_told_by_its_doubled_head_where_no_heading_tells_it() -> None:
    def block(title: str, caption: str, text: list[str]) -> str:
        return paragraphs([title, caption, caption, "TT", title, caption, caption, *text])

    main = block(TITLE, "Chairs in the hall (AFP)", OWN) + block(OTHER, "A pilot boat (AP)", FOREIGN)
    for layouts in ((), (Layout(body="div.text"),)):
        assert body_of(read_article(page(f"<div class='text'>{main}</div>"), URL, layouts)) == OWN


def test_a_lead_that_the_page_says_twice_is_kept_once() -> None:
    main = f"<h1>{TITLE}</h1><div class='text'><img src='a.jpg' alt='{OWN[0]}'><p>{OWN[0]}</p>{paragraphs(OWN)}</div>"
    for layouts in ((), (Layout(body="div.text"),)):
        assert body_of(read_article(page(main), URL, layouts)) == OWN


def test_a_comment_in_the_middle_of_a_paragraph_costs_nothing_of_it() -> None:
    text = paragraphs([line.replace(", ", ", <!-- -->") for line in OWN])
    for layouts in ((), (Layout(body="div.text"),)):
        assert body_of(read_article(page(f"<h1>{TITLE}</h1><div class='text'>{text}</div>"), URL, layouts)) == OWN


def test_subheadings_lists_quotes_and_tables_stay_in_the_text_in_their_order() -> None:
    main = (
        f"<h1>{TITLE}</h1><div class='text'><p>{OWN[0]}</p><h2>The second hour</h2><p>{OWN[1]}</p>"
        "<ul><li>first the maps</li><li>then the prisoners</li></ul><blockquote><p>“We sat down at last.”</p></blockquote>"
        "<table><tr><th>Round</th><th>Year</th></tr><tr><td>21</td><td>2024</td></tr></table></div>"
    )
    article = read_article(page(main), URL, Layout(body="div.text", name="2024"))
    assert body_of(article) == [
        OWN[0],
        "The second hour",
        OWN[1],
        "first the maps",
        "then the prisoners",
        "“We sat down at last.”",
        "Round | Year",
        "21 | 2024",
    ]
    assert article.layout == "2024"


def test_layouts_are_tried_in_order_and_one_without_text_gives_way_to_the_next() -> None:
    main = f"<h1>{TITLE}</h1><div class='new'></div><div class='old'>{paragraphs(OWN)}</div>"
    layouts = (Layout(body="div.new"), Layout(body="div.old", name="2019"))
    assert read_article(page(main), URL, layouts).layout == "2019"


def test_what_a_layout_drops_and_what_stands_behind_its_end_is_not_text() -> None:
    main = (
        f"<h1>{TITLE}</h1><div class='text'><p>{OWN[0]}</p><div class='box'>Buy our calendar</div><p>{OWN[1]}</p>"
        "<p class='end'>Responsibility for this text lies with its author.</p><p>Source: The Other Paper</p></div>"
    )
    article = read_article(page(main), URL, Layout(body="div.text", ends_before="p.end", drop=("div.box",)))
    assert body_of(article) == OWN[:2]
    assert article.note == "Responsibility for this text lies with its author.\nSource: The Other Paper"
    assert (article.original_outlet, "Buy our calendar" in article.cut) == ("The Other Paper", True)


def test_a_selector_that_is_no_css_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"'div\.\.text'"):
        read_article(page(paragraphs(OWN)), URL, Layout(body="div..text"))


def test_a_page_whose_text_is_that_of_another_headline_is_unreadable() -> None:
    article = read_article(page(f"<article><h1>{OTHER}</h1>{paragraphs(FOREIGN)}</article>"), URL)
    assert article.body is None
    assert article.unreadable is not None
    assert OTHER in article.unreadable


def test_a_shell_that_only_a_browser_would_fill_is_unreadable() -> None:
    shell = '<div id="root"></div><noscript>Please enable JavaScript.</noscript><script src="/app.js"></script>'
    article = read_article(page(shell), URL)
    assert (article.body, article.unreadable) == (None, "no text found")


@pytest.mark.parametrize("html", ["", b"", b"\x00\xff\xfe", "<", "<!DOCTYPE html>", '{"error": 404}', "<html><body>"])
def test_a_page_that_is_no_page_is_unreadable_not_an_exception(html: bytes | str) -> None:
    assert read_article(html, URL).unreadable is not None


def test_every_candidate_is_kept_and_the_believed_ones_are_marked() -> None:
    head = '<meta property="og:title" content="Quarrel over Chairs at Syria Round | News Example">'
    article = read_article(page(f"<h1>{TITLE}</h1>{paragraphs(OWN)}", head=head), URL)
    titles = [one for one in article.candidates if one.field == "title"]
    raw = f"{TITLE} | News Example"
    assert titles == [
        Candidate("title", TITLE, "json-ld:headline", TITLE),
        Candidate("title", "Quarrel over Chairs at Syria Round", "meta:og:title", "Quarrel over Chairs at Syria Round | News Example", chosen=True),
        Candidate("title", TITLE, "h1", TITLE),
        Candidate("title", TITLE, "title-tag", raw),
    ]  # fmt: skip
    assert not [one for one in article.candidates if one.field == "body" or len(one.raw) > 300]


def test_a_moment_keeps_the_offset_of_the_page_and_the_day_is_the_outlets() -> None:
    article = read_article(page(f"<h1>{TITLE}</h1>{paragraphs(OWN)}"), URL, zone="America/New_York")
    assert (article.published, article.published_on, article.published_precision, article.published_rule) == (
        dt.datetime(2024, 1, 23, 10, tzinfo=dt.timezone(dt.timedelta(hours=5))),
        dt.date(2024, 1, 23),
        "minute",
        "json-ld:datePublished",
    )


def bare(text: str, main: str = "") -> str:
    return (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{text}{main or paragraphs(OWN)}</body></html>"
    )


def test_a_day_alone_is_a_day_and_its_midnight_is_no_moment_to_keep() -> None:
    article = read_article(bare('<div class="date">23 January 2024</div>'), URL, zone="Asia/Almaty")
    assert (article.published_on, article.published_precision) == (dt.date(2024, 1, 23), "day")
    assert article.published is not None
    assert article.published.isoformat() == "2024-01-23T00:00:00+06:00"


def test_a_year_in_the_footer_or_a_date_in_a_list_of_other_articles_is_no_date() -> None:
    rest = '<aside><ul><li>Old story <time datetime="2020-02-02">2 February 2020</time></li></ul></aside><footer>© 2023</footer>'
    assert read_article(bare("", paragraphs(OWN) + rest), URL).published_on is None


STORY = "The round held on 24 January 2017 ended late, as the hosts recalled on Monday over a second cup of tea."
COMMENT = (
    '<div id="comments"><h3>Comments (1)</h3><div>guest77 20.11.2023 10:00<p>Thank you for this one!</p></div></div>'
)


@pytest.mark.parametrize("shown", [f"<p>{STORY}</p>", COMMENT], ids=["an event's day", "a comment's day"])
def test_a_day_that_a_sentence_or_a_reader_tells_is_no_publication(shown: str) -> None:
    assert read_article(bare("", shown + paragraphs(OWN)), URL).published_on is None
    assert read_article(bare("", paragraphs(OWN) + shown), URL).published_on is None


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (
            '<div class="byline">By Laura Whitfield in Beirut and Daniel Okafor in London</div>',
            ["Laura Whitfield", "Daniel Okafor"],
        ),
        ('<div class="author">Laura Whitfield, Diplomatic Editor</div>', ["Laura Whitfield"]),
        ('<div class="info">Beirut: «Laura Whitfield»</div>', ["Laura Whitfield"]),
        ("<div>Posted on: 14 May 2018 | Author: Laura Whitfield | Views: 1,204</div>", ["Laura Whitfield"]),
        ('<div class="submitted">Submitted by Laura Whitfield on Mon, 05/14/2018 - 14:30</div>', ["Laura Whitfield"]),
        ('<span class="author">Laura Whitfield @lwhitfield (Editor)</span>', ["Laura Whitfield"]),
    ],
)
def test_a_byline_gives_the_names_and_nothing_else(byline: str, names: list[str]) -> None:
    assert read_article(bare("", byline + paragraphs(OWN)), URL).authors == names


TODAY = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
SITE_HEADS = {
    "a header": '<header><div class="date">Wednesday, 25 November 2026</div></header><main>{}',
    "a bar": '<div class="top-bar"><span class="current-date">25 November 2026</span></div><main>{}',
    "a box above": '<div class="date">25 November 2026</div><main>{}',
    "a clock": '<div class="clock"><time>25 November 2026 12:00</time></div><main>{}',
    "a time element": '<header><time datetime="2026-11-25">25 November 2026</time></header><main>{}',
}


@pytest.mark.parametrize("head", SITE_HEADS.values(), ids=SITE_HEADS)
def test_the_date_in_the_sites_head_is_todays_and_not_the_articles(head: str) -> None:
    def on(article: str) -> dt.date | None:
        html = f"<html><head><title>{TITLE}</title></head><body>{head.format(article)}{paragraphs(OWN)}</main></body></html>"
        return read_article(html, URL, fetched_at=TODAY).published_on

    assert on(f"<h1>{TITLE}</h1>") is None
    assert on(f"<h1>{TITLE}</h1><span>24 January 2024</span>") == dt.date(2024, 1, 24)
    assert on(f'<div class="meta">24 January 2024</div><h1>{TITLE}</h1>') == dt.date(2024, 1, 24)


@pytest.mark.parametrize(
    ("name", "content", "value"),
    [
        ("article:published:time", "2024-01-24T10:20:00Z", "2024-01-24T10:20:00+00:00"),
        ("prism.publicationDate", "2024-01-24", "2024-01-24"),
        ("published_at", "2024-01-24", "2024-01-24"),
        ("video:upload_date", "2024-01-24", "2024-01-24"),
        ("cXenseParse:recs:publishtime", "2024-01-24T10:20:00Z", "2024-01-24T10:20:00+00:00"),
        ("article:expiration_time", "2024-01-24T10:20:00Z", None),
        ("last_published_update", "2024-01-24", None),
        ("revisit-after", "2024-01-24", None),
    ],
)
def test_a_meta_that_says_when_is_known_by_its_name_and_no_other_is(name: str, content: str, value: str | None) -> None:
    html = bare("").replace("<head>", f'<head><meta name="{name}" content="{content}">')
    found = [one.value for one in read_article(html, URL).candidates if one.field == "published"]
    assert found == ([value] if value else [])


def test_a_date_far_from_the_headline_is_found_before_the_text_and_not_behind_it() -> None:
    share = '<div class="relative"><i></i></div>' * 100
    assert read_article(bare(f"{share}<span>24 January 2024</span>"), URL).published_on == dt.date(2024, 1, 24)
    later = f"{paragraphs(OWN)}{share}<span>24 January 2024</span>"
    assert read_article(bare("", later), URL).published_on is None
    head = '<aside class="article-meta"><time datetime="2024-01-24">24 January 2024</time></aside>'
    assert read_article(bare(head), URL).published_on == dt.date(2024, 1, 24)


def test_a_date_with_its_update_beside_the_headline_is_that_of_the_publication() -> None:
    shown = '<div><span class="tarih">24.01.2024 - Güncelleme : 25.01.2024</span></div>'
    assert read_article(bare(shown), URL, language="tr").published_on == dt.date(2024, 1, 24)


def test_a_date_beside_a_headline_that_is_no_heading_is_found() -> None:
    main = f'<div class="box"><div class="date">24 January 2024</div><div class="photo-title">{TITLE}</div>{paragraphs(OWN)}</div>'
    html = f"<html><head><title>{TITLE} - Ministry</title></head><body>{main}</body></html>"
    assert read_article(html, URL).published_on == dt.date(2024, 1, 24)


@pytest.mark.parametrize(
    ("name", "authors"),
    [("articleAuthor", ["Raed Salem"]), ("twitter:misc:Written by", ["Raed Salem"]), ("twitter:creator", [])],
)
def test_a_meta_that_names_an_author_is_known_by_its_name(name: str, authors: list[str]) -> None:
    html = bare("").replace("<head>", f'<head><meta name="{name}" content="Raed Salem">')
    assert read_article(html, URL).authors == authors


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ('<p><a href="/author/raed-salem">Raed Salem</a></p>', ["Raed Salem"]),
        ("<address>By Raed Salem and Mira Haddad</address>", ["Raed Salem", "Mira Haddad"]),
        ("<span>Written by Raed Salem</span>", ["Raed Salem"]),
        ("<p>بقلم: رائد سالم</p>", ["رائد سالم"]),
        ("<p>Автор: Раед Салем</p>", ["Раед Салем"]),
        ("<p>By land and by sea they came to the talks</p>", []),
        ('<nav><a href="/author/raed-salem">Raed Salem</a></nav>', []),
        ('<p><a href="/politics/raed-salem">Raed Salem</a></p>', []),
    ],
)
def test_an_author_is_found_beside_the_headline_where_nothing_is_marked(head: str, authors: list[str]) -> None:
    assert read_article(bare(head), URL).authors == authors


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Raed Salem", ["Raed Salem"]),
        ("By Raed Salem and Mira Haddad", ["Raed Salem", "Mira Haddad"]),
        ("Moscow: Raed Salem", ["Raed Salem"]),
        ("London - Raed Salem", ["Raed Salem"]),
        ("Raed Salem, AFP", ["Raed Salem", "AFP"]),
        ("AFP", ["AFP"]),
        ("London: News Example", ["News Example"]),
        ("News Example Staff", ["News Example Staff"]),
        ("politics by Raed Salem 24 January 2024", ["Raed Salem"]),
        ("<span>Raed Salem</span> <span>Mira Haddad</span>", ["Raed Salem", "Mira Haddad"]),
        ("London", []),
        ("admin", []),
        ("desk@news.example", []),
    ],
)
def test_authors_are_as_the_byline_says_without_by_cities_and_machine_names(byline: str, authors: list[str]) -> None:
    html = page(f"<h1>{TITLE}</h1><div class='article-author'>{byline}</div>{paragraphs(OWN)}")
    assert read_article(html, URL).authors == authors


ARABIC = "افتتحت الجولة الحادية والعشرون من محادثات أستانا حول سوريا في العاصمة الكازاخية الأربعاء بحضور وفود الدول الضامنة. "
PERSIAN = (
    "گفت‌وگوهای صلح سوریه در پایتخت قزاقستان چهارشنبه با حضور نمایندگان کشورهای ضامن آغاز شد و پنجشنبه پایان می‌گیرد. "
)
RUSSIAN = (
    "Двадцать первый раунд переговоров по Сирии открылся в столице Казахстана, были объявлены сроки следующей встречи. "
)
KAZAKH = "Сирия мәселесі жөніндегі жиырма бірінші кездесу елордада өтті, кепілгер елдердің өкілдері бірлескен мәлімдеме қабылдады. "
TURKISH = "Suriye konulu yirmi birinci toplantı başkentte başladı ve garantör ülkeler ortak bir açıklama için bir araya geldi, dedi. "
ENGLISH = " ".join(OWN)


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("ar", ARABIC, "ar"),
        ("en", ARABIC, "ar"),
        ("fa", PERSIAN, "fa"),
        ("ar", PERSIAN, "fa"),
        ("ru", RUSSIAN, "ru"),
        ("en", RUSSIAN, "ru"),
        ("ru", KAZAKH, "kk"),
        ("en", TURKISH, "tr"),
        ("ar", ENGLISH, "en"),
    ],
)
def test_the_language_is_that_of_the_text_even_where_the_page_declares_another(
    declared: str, text: str, language: str
) -> None:
    title = text.split(",")[0][:60]
    html = page(
        f"<h1>{title}</h1>" + f"<p>{text}</p>" * 1 + f"<p>{text[::1]} {text}</p>" * 2, title=title, lang=declared
    )
    assert read_article(html, URL).language == language


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("https://news.example/world/syria-round", "https://news.example/world/syria-round"),
        ("/world/syria-round", "https://news.example/world/syria-round"),
        ("https://elsewhere.example/world/syria-round", None),
        ("https://news.example/", None),
        ("https://[broken", None),
    ],
)
def test_a_canonical_address_counts_only_on_the_same_site_and_not_as_its_home_page(
    href: str, canonical: str | None
) -> None:
    article = read_article(page(paragraphs(OWN), head=f'<link rel="canonical" href="{href}">'), URL + "?page=5")
    assert (article.canonical, article.url) == (canonical, canonical or URL + "?page=5")


BROKEN_JSON = [
    '<!-- {"@type": "NewsArticle", "headline": "%s"} -->',
    '//<![CDATA[\n{"@type": "NewsArticle", "headline": "%s"}\n//]]>',
    '{"@type": "NewsArticle", "description": "two\nlines\tand a tab", "headline": "%s",}',
    '{"@type": "NewsArticle", "description": "a "bad" quote", "headline": "%s"}',
    '{"@context": "x", "@graph": [[{"@type": ["Article", "NewsArticle"], "headline": "%s"}]]};',
    '{"@type": "WebSite", "name": "x"}\n{"@type": "http://schema.org/NewsArticle", "headline": "%s"}',
]


@pytest.mark.parametrize("script", BROKEN_JSON)
def test_json_ld_is_read_however_badly_it_is_written(script: str) -> None:
    html = f'<html><head><script type="application/ld+json">{script % TITLE}</script></head><body>{paragraphs(OWN)}</body></html>'
    assert read_article(html, URL).title == TITLE


PAGES = sorted(Path(__file__).parent.glob("pages/*/*.html"))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_mutilated_page_raises(data: st.DataObject) -> None:
    html = bytearray(data.draw(st.sampled_from(PAGES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at, length = data.draw(st.integers(0, len(html))), data.draw(st.integers(0, 400))
        html[at : at + length] = data.draw(
            st.binary(max_size=40) | st.sampled_from([b"<div>" * 300, b"<h1>", b'"', b"\x00"])
        )
    article = read_article(bytes(html), URL, Layout(body="div.entry-content", ends_before="p.disclaimer"))
    assert (article.body is None) == (article.unreadable is not None)


@pytest.mark.parametrize(
    "unit", ["<h1 class=t>Another Headline</h1>", "<div class='title caption byline'>", "<p>TT</p><time>x</time>"]
)
def test_reading_takes_time_in_proportion_to_the_page(unit: str) -> None:
    import time

    def seconds(times: int) -> float:
        html = page(f"<h1 class=t>{TITLE}</h1>{paragraphs(OWN)}{unit * times}")
        started = time.process_time()
        read_article(html, URL, Layout(body="main, body"))
        return time.process_time() - started

    seconds(100)
    assert seconds(8000) < 12 * max(seconds(2000), 0.02)


def test_a_text_that_advertisements_cut_into_boxes_is_read_whole() -> None:
    first, *rest = (OWN * 3)[:5], FOREIGN[:6], FOREIGN[6:]
    boxes = "".join(
        f"<div class='row'><div class='article-body wide'>{paragraphs(p)}</div></div>" for p in (first, *rest)
    )
    article = read_article(page(f"<main><h1>{TITLE}</h1><div class='chunks'>{boxes}</div></main>"), URL)
    assert body_of(article) == [*OWN, *FOREIGN]


STATES = {
    "json script": '<script id="__NEXT_DATA__" type="application/json">{"props": %s}</script>',
    "assigned": "<script>window.__STATE__ = %s;window.other = 1;</script>",
    "pushed rows": "<script>self.__next_f.push([1,%s])</script>",
}


@pytest.mark.parametrize("kind", STATES)
@pytest.mark.parametrize("form", ["html", "blocks"])
def test_a_text_that_only_the_scripts_data_holds_is_read_with_its_date(kind: str, form: str) -> None:
    text = paragraphs(OWN) if form == "html" else [{"type": "p", "children": [{"text": line}]} for line in OWN]
    other = {"title": OTHER, "content": paragraphs(FOREIGN), "publishedAt": "2023-05-05T10:00:00Z"}
    own = {"headline": TITLE, "publishedAt": "2024-01-23T10:00:00+05:00", "content": text, "related": [other]}
    data = json.dumps({"story": own, "next": other})
    shell = STATES[kind] % (json.dumps("1:" + data) if kind == "pushed rows" else data)
    article = read_article(bare(f'<meta property="og:title" content="{TITLE}">', f"<div id='root'></div>{shell}"), URL)
    assert (article.title, body_of(article), article.published_rule) == (TITLE, OWN, "state:publishedAt")
    assert article.published == dt.datetime(2024, 1, 23, 10, tzinfo=dt.timezone(dt.timedelta(hours=5)))


def test_teasers_of_other_articles_behind_the_text_are_not_the_text() -> None:
    teasers = "".join(
        f"<li><a href='/{at}'><h3>{OTHER}</h3></a><p>{line}</p></li>" for at, line in enumerate(FOREIGN[:3])
    )
    main = f"<div class='column'><h1>{TITLE}</h1><div class='article'>{paragraphs(OWN)}</div><ul>{teasers}</ul></div>"
    assert body_of(read_article(page(main), URL)) == OWN


def test_a_caption_that_says_a_paragraph_again_costs_the_text_nothing() -> None:
    long = "The chairs that were brought from the neighbouring hall in the night stood unused in front of the doors all day."
    figure = f"<figure><img src='a.jpg' alt='{long[:-1]}'><figcaption>{long[:-1]}</figcaption></figure>"
    article = read_article(page(f"<article><h1>{TITLE}</h1>{figure}{paragraphs([long, *OWN])}</article>"), URL)
    assert body_of(article) == [long, *OWN]


@pytest.mark.parametrize(
    "suffix", [" | News Example", " - News Example", "-News Example", "_News", "｜News Example Online"]
)
def test_the_headline_is_free_of_the_sites_name_however_it_is_appended(suffix: str) -> None:
    html = f"<html><head><title>{TITLE}{suffix}</title></head><body><h1>{TITLE}</h1>{paragraphs(OWN)}</body></html>"
    assert read_article(html, URL).title == TITLE


def test_the_line_above_a_headline_inside_its_h1_is_no_part_of_it() -> None:
    html = f'<html><body><h1><span class="topline">Kazakhstan</span> <span>{TITLE}</span></h1>{paragraphs(OWN)}</body></html>'
    title = next(one for one in read_article(html, URL).candidates if one.field == "title")
    assert (title.value, title.raw) == (TITLE, f"Kazakhstan {TITLE}")


def test_what_readers_see_and_share_is_the_headline_not_the_one_for_search_engines() -> None:
    html = page(f'<h1 itemprop="headline">{TITLE}</h1>{paragraphs(OWN)}', title="Syria talks Astana 2024 live chairs")
    html = html.replace("<head>", f'<head><meta property="og:title" content="{TITLE}">')
    assert read_article(html, URL).title == TITLE


def test_the_only_heading_is_the_headline_where_the_page_declares_none() -> None:
    html = f"<html><head><title>Chairs, talks, Syria: all you need to know</title></head><body><h1>{TITLE}</h1>{paragraphs(OWN)}</body></html>"
    assert read_article(html, URL).title == TITLE
    logo = f"<html><head><title>{TITLE}</title></head><body><h1>Orient News</h1>{paragraphs(OWN)}</body></html>"
    assert read_article(logo, URL).title == TITLE


def test_a_headline_in_pieces_is_written_as_the_page_writes_it_elsewhere() -> None:
    title = f"Astana: {TITLE}"
    html = f"<html><head><title>{title}</title></head><body><h1><span>Astana</span>: <b>{TITLE}</b></h1>{paragraphs(OWN)}</body></html>"
    assert read_article(html, URL).title == title


def test_a_subtitle_set_as_a_heading_is_no_line_of_the_text_and_a_lead_in_a_paragraph_is() -> None:
    subtitle = "Two delegations wanted the same row, and the hosts had to fetch more from the restaurant"
    head = f'<meta name="description" content="{subtitle}">'
    heading = read_article(
        page(f"<article><h1>{TITLE}</h1><h2>{subtitle}</h2>{paragraphs(OWN)}</article>", head=head), URL
    )
    assert (heading.subtitle, body_of(heading)) == (subtitle, OWN)
    lead = read_article(page(f"<article><h1>{TITLE}</h1><p>{subtitle}.</p>{paragraphs(OWN)}</article>", head=head), URL)
    assert body_of(lead) == [f"{subtitle}.", *OWN]


BOXES = {
    "facts": '<div class="fact-box"><b>The hall</b><p>The hall was built in 1998 and holds four hundred people in rows of chairs.</p></div>',
    "a linked teaser": f'<a href="/x"><h3>{OTHER}</h3><p>{FOREIGN[0]}</p></a>',
    "a card": f'<div class="inline"><a href="/x">{OTHER} of Four Days</a><div>1 January</div></div>',
}


@pytest.mark.parametrize(("box", "layout"), [*((box, None) for box in BOXES), ("facts", Layout(body="article"))])
def test_boxes_for_other_things_inside_a_text_are_cut_and_told(box: str, layout: Layout | None) -> None:
    article = read_article(
        page(f"<h1>{TITLE}</h1><article>{paragraphs(OWN[:2])}{BOXES[box]}{paragraphs(OWN[2:])}</article>"), URL, layout
    )
    assert body_of(article) == OWN
    assert any(("hall was built" if box == "facts" else OTHER) in cut for cut in article.cut)


def test_a_tag_with_thousands_of_attributes_is_read_without_them_and_a_picture_in_a_tag_is_not_touched() -> None:
    monster = "<div " + " ".join(f"a{at}=1" for at in range(9_000)) + ">"
    picture = f'<img alt="a hall" src="data:image/png;base64,{"iVBORw0KGgo" * 9_000}">'
    tree = parse(page(f"<h1>{TITLE}</h1>{monster}{picture}{paragraphs(OWN)}</div>"), URL).tree
    assert [len(box.attrib) for box in tree.iter("div")] == [0]
    assert [len(image.get("src") or "") > 90_000 for image in tree.iter("img")] == [True]


def each(form: str, many: int = 6) -> str:
    return "".join(form.format(at, OTHER, line) for at, line in enumerate(FOREIGN[:many]))


AROUND = {
    "comments": f'<div id="comments"><h2>12 Comments</h2><ol class="comment-list">{each("<li><p>{2}</p></li>", 12)}</ol></div>',
    "a discussion": f'<section class="talk"><h3>Comments (14)</h3>{each("<div><b>User {0}</b><p>{2}</p></div>", 12)}</section>',
    "related links": f'<div class="related"><h3>Related Articles</h3>{each("""<p><a href="/{0}">{2}</a></p>""")}</div>',
    "related cards": f'<div class="more"><h3>You may also like</h3>{each("""<div><h4><a href="/{0}">{1} {0}</a></h4><p>{2}</p></div>""")}</div>',
    "teasers": each('<article class="teaser"><h2><a href="/{0}">{1} part {0}</a></h2><p>{2}</p></article>'),
    "most read": f'<div class="most-read"><h3>Most read</h3><ol>{each("""<li><a href="/{0}">{2}</a></li>""")}</ol></div>',
    "an aside": f"<aside><h3>Related</h3>{paragraphs(FOREIGN[:2])}</aside>",
    "a read also line": f'<p><strong>Read also:</strong> <a href="/x">{OTHER}</a></p>',
    "a newsletter": "<div class='newsletter'><h3>Newsletter</h3><p>The best of our reporting every morning, for free and without any obligations.</p></div>",
    "about the outlet": "<div class='about'><h4>About us</h4><p>News Example was founded in 1998 and is edited by a council of its journalists.</p></div>",
    "a pull quote": f'<blockquote class="pullquote">{OWN[1]}</blockquote>',
    "a share bar": '<ul class="share"><li>Facebook</li><li>Twitter</li><li>WhatsApp</li></ul>',
    "a player": '<div class="video"><p>Video player is loading.</p></div>',
    "a news code": "<p>News Code: 82640866</p><p>0 Persons</p>",
}
FRAMES = {
    "article": "<main><article><h1>{title}</h1><div>{above}{inside}{below}</div>{behind}</article>{outside}</main>",
    "boxes": '<div class="wrap"><div class="story"><h1>{title}</h1>{above}{inside}{below}{behind}</div>{outside}</div>',
    "a table": "<table><tr><td><h1>{title}</h1>{above}{inside}{below}{behind}</td><td>{outside}</td></tr></table>",
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("around", AROUND)
def test_what_stands_around_a_text_or_in_it_is_not_the_text(around: str, frame: str) -> None:
    for place in ("inside", "behind", "outside"):
        parts = dict.fromkeys(("inside", "behind", "outside"), "") | {place: AROUND[around]}
        main = FRAMES[frame].format(title=TITLE, above=paragraphs(OWN[:2]), below=paragraphs(OWN[2:]), **parts)
        assert body_of(read_article(page(main), URL)) == OWN, place


def test_a_page_beyond_all_size_is_read_at_its_beginning() -> None:
    html = page(f"<article><h1>{TITLE}</h1>{paragraphs(OWN)}</article>" + "<i>x</i>" * 60_000)
    assert body_of(read_article(html, URL))[: len(OWN)] == OWN
