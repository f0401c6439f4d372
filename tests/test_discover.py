"""Are all addresses found that a site offers, as it wrote them, and is it said when some are not?"""

import datetime as dt
import gzip
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse, XmlResponse

from astana_crawl.discover import (
    EVER,
    Feed,
    Listing,
    Reading,
    Sitemap,
    Window,
    WordPress,
    guesses,
    probe,
    robots_sitemaps,
)
from astana_crawl.items import Found

FEED = Feed("https://news.example/feed/")
MAP = Sitemap("https://news.example/sitemap.xml")
DOCTYPE = "it has a DOCTYPE, which is not read: entities can be made to fill the memory"


def feed(body: str | bytes, content_type: str | None = None) -> Reading:
    return FEED.read(answer(FEED.url, body, content_type))


def sitemap(body: str | bytes, window: Window = EVER, source: Sitemap = MAP, url: str = MAP.url) -> Reading:
    return source.read(answer(url, body), window)


def answer(url: str, body: str | bytes, content_type: str | None = None) -> Response:
    headers = {"Content-Type": content_type} if content_type else None
    return Response(url, body=body.encode() if isinstance(body, str) else body, headers=headers)


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def titled(title: str) -> str:
    return rss(f"<item><title>{title}</title><link>https://news.example/a</link></item>")


def only_title(body: str | bytes, content_type: str | None = None) -> str | None:
    reading = feed(body, content_type)
    assert reading.problem is None
    (found,) = reading.found
    assert found.url == "https://news.example/a"
    return found.title


# feeds


def test_an_rss_feed_gives_its_entries_in_order_with_their_own_texts():
    body = """<?xml version="1.0" encoding="utf-8"?>
    <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
         xmlns:atom="http://www.w3.org/2005/Atom"><channel>
      <title>The channel, not an entry</title><link>https://news.example/</link>
      <atom:link rel="self" href="https://news.example/feed/"/>
      <item><media:title>A photograph</media:title><title><![CDATA[Guarantors <i>meet</i> &amp; talk]]></title>
        <link>
          https://news.example/first?a=1&amp;b=2
        </link><pubDate>الخميس, 25 يناير 2024
          10:00</pubDate><media:content><media:title>x</media:title></media:content></item>
      <item><title>Second</title><link>/second</link><dc:date>2024-01-24</dc:date>
        <atom:updated>2024-01-26T00:00:00Z</atom:updated></item>
    </channel></rss>"""
    assert feed(body) == Reading(
        found=(
            Found("https://news.example/first?a=1&b=2", "Guarantors meet & talk", "الخميس, 25 يناير 2024 10:00"),
            Found("https://news.example/second", "Second", "2024-01-24", "2024-01-26T00:00:00Z"),
        )
    )


def test_an_atom_feed_gives_the_page_not_the_other_links_of_an_entry():
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/en/">
      <entry xml:base="world/"><title type="html">Talks &amp;amp; more &lt;b&gt;now&lt;/b&gt;</title>
        <link rel="enclosure" href="https://news.example/a.mp4"/><link rel="self" href="https://news.example/1.atom"/>
        <link type="application/json" rel="alternate" href="a.json"/><link rel="alternate" type="text/html" href="a"/>
        <published>2024-01-25T10:00:00+06:00</published><updated>2024-01-26T10:00:00Z</updated>
        <source><title>Elsewhere</title><link href="https://other.example/"/></source></entry>
      <entry><title>Why &lt;b&gt; is a tag</title><link href="b"/><updated>2024-01-24</updated></entry>
      <entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <b>&lt;two&gt;</b></div></title>
        <id>https://news.example/c</id></entry>
    </feed>"""
    assert feed(body) == Reading(
        found=(
            Found(
                "https://news.example/en/world/a",
                "Talks & more now",
                "2024-01-25T10:00:00+06:00",
                "2024-01-26T10:00:00Z",
            ),
            Found("https://news.example/en/b", "Why <b> is a tag", None, "2024-01-24"),
            Found("https://news.example/c", "One <two>"),
        )
    )


def test_rdf_feeds_and_prefixed_feeds_are_read_like_others():
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:r="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><r:channel rdf:about="https://news.example/"/>
      <r:item rdf:about="https://news.example/a"><r:title>A</r:title><dc:date>2024-01-25</dc:date></r:item></rdf:RDF>"""
    assert feed(body) == Reading(found=(Found("https://news.example/a", "A", "2024-01-25"),))


def test_json_feeds_are_read_too():
    items = [
        {"url": "/a", "title": "A &amp; B", "date_published": "2024-01-25", "date_modified": "2024-01-26"},
        {"id": "7"},
        "what",
    ]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    found = (Found("https://news.example/a", "A & B", "2024-01-25", "2024-01-26"),)
    assert feed(body) == Reading(found=found, problem="2 of 3 entries carry no address")
    assert feed('{"items": []}') == Reading(problem="JSON, but not a JSON Feed")


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("<guid>https://news.example/g</guid>", "https://news.example/g"),
        ('<guid isPermaLink="true">https://news.example/g</guid>', "https://news.example/g"),
        ("<link/>https://news.example/tail", "https://news.example/tail"),
        ('<link href="https://news.example/h"/>', "https://news.example/h"),
        ("<guid>https://news.example/?p=1</guid><link>https://news.example/l</link>", "https://news.example/l"),
        ("<link></link><guid>HTTPS://news.example/g</guid>", "https://news.example/g"),
        ("<link>https://news.example/two words\n  /on</link>", "https://news.example/two%20words/on"),
        ("<link>//news.example/s</link>", "https://news.example/s"),
        ("<link>https://count.example/1</link><feedburner:origLink>https://news.example/o</feedburner:origLink>",
         "https://news.example/o"),
    ],
)  # fmt: skip
def test_the_address_of_an_entry_is_found_wherever_feeds_put_it(entry, address):
    assert feed(rss(f"<item>{entry}</item>")) == Reading(found=(Found(address),))


@pytest.mark.parametrize(
    "entry",
    [
        '<guid isPermaLink="false">https://news.example/?p=1</guid>',
        "<guid>tag:news.example,2024:1</guid>",
        "<link>javascript:alert(1)</link>",
        "<link>http://[broken</link>",
        "<link>https://news.example:99999/</link>",
        "<link>file:///etc/hostname</link>",
        "<title>Alone</title>",
    ],
)
def test_an_entry_without_an_address_is_said_and_none_is_made_up(entry):
    whole = "<item><link>https://news.example/a</link></item>"
    assert feed(rss(whole, f"<item>{entry}</item>")) == Reading(
        found=(Found("https://news.example/a"),), problem="1 of 2 entries carry no address"
    )


def test_broken_xml_loses_no_entry():
    body = """<br /><b>Warning</b>: mysql went away in /srv/x.php on line 3
      <!-- <rss> --><?xml version="1.0"?>
      <rss xmlns:content="x"><channel><item><title>Oil & gas, 3 < 4 &nbsp;&laquo;talks&raquo; &bogus; &#8217;s</title>
      <link>https://news.example/a?x=1&y=2&copy=3</link><dc:date>2024-01-25</dc:date>
      <description>it's <b>broken<p></description></item>
      <item><title>After\x08 it&#1;</title><link>https://news.example/b</link></item></channel></rss><!-- cached -->"""
    assert feed(body) == Reading(
        found=(
            Found("https://news.example/a?x=1&y=2&copy=3", "Oil & gas, 3 < 4 «talks» &bogus; ’s", "2024-01-25"),
            Found("https://news.example/b", "After it"),
        )
    )


def test_a_feed_that_is_cut_short_gives_what_it_has_and_says_so():
    body = rss("<item><link>https://news.example/a</link></item>", "<item><link>https://news.example/b</link></item>")
    found = (Found("https://news.example/a"),)
    cut = body[: body.index("https://news.example/b")]
    problem = "cut short: it does not end with </rss>"
    assert feed(cut + "</") == Reading(found=found, problem=problem)
    huge = f"<item><link>https://news.example/a</link><x>{'y' * 10_100_000}</x></item>"
    reading = feed(rss(huge, "<item><link>https://news.example/b</link></item>"))
    assert reading == Reading(problem="an entry larger than 2 MiB")
    for opened in ("<!-- <item>", "<![CDATA[ <item>"):
        inside = "cut short: it ends inside a comment or CDATA"
        assert feed(rss("<item><link>https://news.example/a</link></item>", opened)) == Reading(found, problem=inside)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize(
    "header", [None, "text/xml; charset=iso-8859-1", "application/xml; charset=utf-8", "x; charset=?"]
)
def test_letters_survive_unicode_encodings_whatever_is_declared(encoding, header):
    title = "Астанинский процесс: تركيا ve İran"
    body = titled(title).replace('"1.0"', '"1.0" encoding="utf-16"')
    assert only_title(body.encode(encoding), header) == title


@pytest.mark.parametrize(
    ("encoding", "header", "prolog"),
    [
        ("windows-1251", None, "windows-1251"),
        ("windows-1251", "text/xml; charset=windows-1251", None),
        ("windows-1251", "text/xml; charset=iso-8859-1", "windows-1251"),
        ("windows-1251", "text/xml; charset=utf-8", "windows-1251"),
        ("koi8-r", "text/xml; charset=koi8-r", "windows-1251"),
    ],
)
def test_older_encodings_are_told_by_the_declaration_that_fits(encoding, header, prolog):
    declared = f' encoding="{prolog}"' if prolog else ""
    body = titled("Встреча в Астане").replace('"1.0"', f'"1.0"{declared}').encode(encoding)
    assert only_title(body, header) == "Встреча в Астане"


def test_a_title_cut_inside_a_letter_does_not_garble_the_others():
    body = titled("Встреча в Астане X").encode().replace(b"X", "й".encode()[:1])
    assert only_title(body, "text/xml; charset=iso-8859-1") == "Встреча в Астане \ufffd"


def test_a_doctype_is_refused_and_nothing_is_expanded_or_read():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for subset in (f'<!ENTITY l0 "ha">{laughs}', '<!ENTITY l9 SYSTEM "file:///etc/hostname">'):
        body = titled("&l9;").replace("<rss", f"<!DOCTYPE rss [{subset}]><rss", 1)
        assert feed(body) == Reading(problem=DOCTYPE)
        assert sitemap(body) == Reading(problem=DOCTYPE)
    late = (
        titled("x")
        .replace("<channel>", '<!DOCTYPE rss [<!ENTITY e "ha">]><channel>')
        .replace("x</title>", "&e;</title>")
    )
    assert only_title(late) == "&e;"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "the response is empty"),
        (" \n", "the response is empty"),
        ("<!DOCTYPE html><html><p>Just a moment…</p></html>", "an HTML page, neither a feed nor a sitemap"),
        ("<html><rss/></html>", "an HTML page, neither a feed nor a sitemap"),
        ("Not found", "neither RSS, RDF, Atom, JSON Feed nor a sitemap"),
        ("<opml/>", "neither RSS, RDF, Atom, JSON Feed nor a sitemap"),
        ("{" * 100_000, "JSON that cannot be read"),
        ("<urlset/>", "a sitemap (urlset), not a feed"),
        (
            b"\x1f\x8bnonsense-nonsense",
            "damaged gzip data (Error -3 while decompressing data: unknown compression method)",
        ),
        (gzip.compress(b"<rss/>")[:-9], "gzip data that is cut short"),
    ],
)
def test_what_is_no_feed_is_named(body, problem):
    assert feed(body) == Reading(problem=problem)


def test_an_empty_feed_is_no_fault():
    assert feed("<rss><channel/></rss>") == feed("<rss/>") == feed("<feed xmlns='x'></feed>") == Reading()


# sitemaps


URLSET = """<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="/s.xsl"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
 <url><loc> https://news.example/a?x=1&amp;y=2 </loc><lastmod>2024-01-20</lastmod>
  <image:image><image:loc>https://news.example/a.jpg</image:loc><image:title>A picture</image:title></image:image></url>
 <url><xhtml:link rel="alternate" hreflang="tr" href="https://news.example/tr/b"/>
  <loc><![CDATA[https://news.example/b]]></loc><news:news><news:publication><news:name>News</news:name>
  <news:language>en</news:language></news:publication><news:publication_date>2024-01-25T01:00:00+06:00</news:publication_date>
  <news:title>Talks &amp;quot;end&amp;quot;</news:title></news:news></url>
 <url><loc>https://news.example/c</loc></url>
</urlset>"""
A = Found("https://news.example/a?x=1&y=2", lastmod="2024-01-20")
B = Found("https://news.example/b", 'Talks "end"', "2024-01-25T01:00:00+06:00")
C = Found("https://news.example/c")


@pytest.mark.parametrize(
    "body",
    [
        URLSET,
        gzip.compress(URLSET.encode()),
        gzip.compress(gzip.compress(URLSET.encode())),
        gzip.compress(URLSET[:400].encode()) + gzip.compress(URLSET[400:].encode()),
        URLSET.encode("utf-16"),
        "\ufeff\n" + URLSET,
        URLSET.replace("http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.google.com/schemas/sitemap/0.84"),
        URLSET.replace(' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', ""),
        URLSET.replace(' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', ""),
        URLSET.replace("&amp;y", "&y"),
    ],
)
def test_a_sitemap_gives_all_entries_however_it_is_packed_or_declared(body):
    assert sitemap(body) == Reading(found=(A, B, C))


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, (A, B, C)),
        (dt.date(2024, 1, 21), None, (A, B, C)),
        (dt.date(2024, 1, 22), None, (B, C)),
        (dt.date(2024, 1, 27), None, (C,)),
        (None, dt.date(2024, 1, 24), (A, B, C)),
        (None, dt.date(2024, 1, 23), (A, C)),
    ],
)
def test_the_window_leaves_out_only_what_is_surely_outside_and_counts_it(since, until, found):
    reading = sitemap(URLSET, Window(since, until))
    assert reading == Reading(found=found, passed_over=3 - len(found))


def test_a_text_modified_lately_is_not_taken_for_new_when_its_publication_is_stated():
    body = URLSET.replace("<loc><![CDATA", "<lastmod>2026-01-01</lastmod><loc><![CDATA")
    assert sitemap(body, Window(since=dt.date(2025, 1, 1))) == Reading(found=(C,), passed_over=2)


INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
 <sitemap><loc>https://news.example/news-2.xml.gz</loc><lastmod>2024-02-01T00:00:00Z</lastmod></sitemap>
 <sitemap><loc>/news-1.xml</loc><lastmod>2023-12-31</lastmod></sitemap>
 <sitemap>https://www.news.example/photos.xml</sitemap>
 <sitemap><loc>https://mirror.example/news-9.xml</loc></sitemap>
 <sitemap><loc>https://news.example/sitemap.xml</loc></sitemap>
 <sitemap><loc>https://news.example/news-2.xml.gz</loc></sitemap>
</sitemapindex>"""
NEWS_2, NEWS_1, PHOTOS = (
    "https://news.example/news-2.xml.gz",
    "https://news.example/news-1.xml",
    "https://www.news.example/photos.xml",
)
LISTED = (("f0946c56d2dd2506", dt.date(2023, 12, 31)),)  # news-2 is listed a second time, without a date


def test_an_index_gives_its_children_once_each_and_counts_those_of_other_hosts():
    assert sitemap(INDEX) == Reading(more=(NEWS_2, NEWS_1, PHOTOS), passed_over=1, listed=LISTED)
    assert sitemap(INDEX.encode("utf-16")) == sitemap(INDEX)


def test_children_that_were_not_touched_since_the_window_began_are_not_asked_for():
    since = Window(since=dt.date(2024, 1, 25), until=dt.date(2024, 1, 26))
    assert sitemap(INDEX, since) == Reading(more=(NEWS_2, PHOTOS), passed_over=2, listed=LISTED)


def test_children_that_state_what_they_stated_before_are_not_asked_for_again():
    settled = Window(settled=frozenset(mark for mark, _ in LISTED))
    assert sitemap(INDEX, settled) == Reading(more=(NEWS_2, PHOTOS), passed_over=2, listed=LISTED)
    changed = INDEX.replace("2023-12-31", "2024-02-02")
    assert sitemap(changed, settled).more == (NEWS_2, NEWS_1, PHOTOS)
    renamed = INDEX.replace("/news-1.xml", "/news-0.xml")
    assert sitemap(renamed, settled).more == (NEWS_2, "https://news.example/news-0.xml", PHOTOS)


def test_an_index_of_other_hosts_only_is_a_problem():
    body = "<sitemapindex><sitemap><loc>https://cdn.example/1.xml</loc></sitemap></sitemapindex>"
    problem = "all 1 sitemaps listed are on other hosts, as https://cdn.example/1.xml"
    assert sitemap(body) == Reading(passed_over=1, problem=problem)


def test_children_on_the_host_that_the_index_moved_to_are_its_own():
    body = "<sitemapindex><sitemap><loc>https://moved.example/1.xml</loc></sitemap></sitemapindex>"
    assert sitemap(body, url="https://moved.example/map.xml") == Reading(more=("https://moved.example/1.xml",))


def test_only_chooses_among_what_the_named_sitemap_lists_and_a_chosen_child_is_read_whole():
    chosen = Sitemap(MAP.url, only=r"/news-\d")
    assert sitemap(INDEX, source=chosen) == Reading(more=(NEWS_2, NEWS_1), passed_over=2, listed=LISTED)
    assert sitemap(URLSET, source=chosen, url=NEWS_1) == Reading(found=(A, B, C))
    assert sitemap(URLSET, source=Sitemap(MAP.url, only="/b$")) == Reading(found=(B,), passed_over=2)
    assert sitemap("https://news.example/a\n", source=Sitemap(MAP.url, only="/b$")) == Reading(passed_over=1)


def test_an_only_that_matches_no_child_is_a_problem_and_a_broken_one_is_refused():
    problem = "none of the 3 sitemaps listed matches only='/sport/'"
    assert sitemap(INDEX, source=Sitemap(MAP.url, only="/sport/")) == Reading(passed_over=4, problem=problem)
    with pytest.raises(ValueError, match=r"only='\(' is no regular expression"):
        Sitemap(MAP.url, only="(")


def test_plain_text_and_feeds_serve_as_sitemaps():
    body = "\ufeffhttps://news.example/a\r\n\r\nhttps://news.example/c\r\n# end\r\n"
    found = (Found("https://news.example/a"), C)
    assert sitemap(body) == Reading(found=found, problem="1 of 3 entries carry no address")
    assert sitemap(gzip.compress(b"https://news.example/c")) == Reading(found=(C,))
    assert sitemap(titled("A")) == Reading(found=(Found("https://news.example/a", "A"),))


def test_a_sitemap_that_is_cut_short_or_holds_no_addresses_says_so():
    cut = URLSET[: URLSET.index("<url><loc>https://news.example/c")]
    assert sitemap(cut) == Reading(found=(A, B), problem="cut short: it does not end with </urlset>")
    empty = "<urlset><url><loc></loc></url><url><loc>https://news.example/c</loc></url></urlset>"
    assert sitemap(empty) == Reading(found=(C,), problem="1 of 2 entries carry no address")
    assert sitemap("<html>blocked</html>") == Reading(problem="an HTML page, neither a feed nor a sitemap")


def test_a_gzip_bomb_is_refused():
    bomb = gzip.compress(gzip.compress(b"<" * 80 * 2**20))
    assert sitemap(bomb) == Reading(problem="larger than 50 MiB when unpacked")
    nested = gzip.compress(gzip.compress(gzip.compress(URLSET.encode())))
    assert sitemap(nested) == Reading(problem="packed with gzip more than 2 times")
    many = gzip.compress(f"<urlset>{'<url/>' * 600_000}</urlset>".encode())
    assert sitemap(many) == Reading(problem="more than 500,000 tags")


def test_a_large_sitemap_is_read_in_parts_as_if_it_were_one():
    padding = "x" * 500
    urls = [f"https://news.example/{padding}/{number}" for number in range(30_000)]
    body = '<?xml version="1.0" encoding="utf-8"?><s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9">'
    body += "".join(f"<s:url><s:loc>{url}</s:loc></s:url>" for url in urls)
    assert len(body) > 15_000_000
    assert sitemap(body + "</s:urlset>") == Reading(found=tuple(map(Found, urls)))
    cut = sitemap(body[:-300])
    assert (len(cut.found), cut.problem) == (30_000, "cut short: it does not end with </urlset>")
    assert sitemap("\n".join(urls)) == Reading(found=tuple(map(Found, urls)))


def test_a_large_feed_is_read_in_parts_and_an_endless_one_not():
    item = "<item><title>Talks</title><link>/%d</link><description>%s</description></item>"
    body = "".join(item % (number, "word " * 200) for number in range(10_000))
    reading = feed(f'<rss version="2.0"><channel><title>News</title>{body}</channel></rss>')
    assert [found.url for found in reading.found] == [f"https://news.example/{number}" for number in range(10_000)]
    assert reading.problem is None
    assert sitemap(f"<urlset>{'<p>word</p>' * 600_000}</urlset>") == Reading(problem="an entry larger than 2 MiB")
    many = "".join(f"<url><loc>https://n.example/{number}</loc></url>" for number in range(110_000))
    found = sitemap(f"<urlset>{many}</urlset>")
    assert (len(found.found), found.problem) == (60_000, "more than 60,000 entries")
    assert sitemap(f"<urlset>{many}</urlset>".encode("utf-16")).problem == "larger than 4 MiB in UTF-16 or UTF-32"


def test_a_sitemap_of_fifty_thousand_is_read_in_a_moment():
    url = "<url><loc>https://news.example/%d</loc><lastmod>2024-01-25</lastmod></url>"
    body = f"<urlset>{''.join(url % number for number in range(50_000))}</urlset>"
    started = time.process_time()
    reading = sitemap(body)
    assert time.process_time() - started < 5  # measured 0.4 s; room for a busy machine
    assert (len(reading.found), reading.problem) == (50_000, None)


# WordPress


PRESS = WordPress("https://wp.example/en/", "astana process")
FIELDS = "_fields=id,date_gmt,date,modified_gmt,link,title"
FIRST = (
    "https://wp.example/en/wp-json/wp/v2/posts?search=astana%20process&per_page=100&page=1&orderby=date&order=desc&"
    + FIELDS
)


def post(number: int) -> dict[str, object]:
    return {"id": number, "link": f"https://wp.example/{number}"}


def wordpress(posts: object, url: str = FIRST, pages: str | None = None, status: int = 200) -> Reading:
    headers = {"X-WP-TotalPages": pages} if pages else None
    body = posts if isinstance(posts, bytes) else json.dumps(posts).encode()
    return PRESS.read(TextResponse(url, status=status, headers=headers, body=body))


def test_wordpress_is_asked_for_each_term_and_a_day_wider_than_the_window():
    assert PRESS.asks() == (FIRST,)
    window = Window(dt.date(2024, 1, 25), dt.date(2024, 1, 26))
    assert PRESS.asks(window) == (FIRST + "&after=2024-01-24T00:00:00&before=2024-01-28T00:00:00",)
    two = WordPress("https://wp.example", ("astana", "أستانا"))
    start, end = "https://wp.example/wp-json/wp/v2/posts?", f"per_page=100&page=1&orderby=date&order=desc&{FIELDS}"
    arabic = "search=%D8%A3%D8%B3%D8%AA%D8%A7%D9%86%D8%A7"
    assert two.asks() == (f"{start}search=astana&{end}", f"{start}{arabic}&{end}")
    assert two.url == f"{start}search=astana&{arabic}"
    assert WordPress("https://wp.example").asks() == (start + end,)
    assert WordPress("https://wp.example").url == "https://wp.example/wp-json/wp/v2/posts"


def test_wordpress_posts_are_read_with_their_times_in_utc():
    posts = [
        {"id": 1, "date": "2024-01-25T13:00:00", "date_gmt": "2024-01-25T10:00:00",
         "modified_gmt": "2024-01-26T10:00:00", "link": "https://wp.example/1",
         "title": {"rendered": "Guarantors&#8217; <em>talks</em> &amp; more\ud800"}},
        {"id": 2, "date": "2024-01-24T13:00:00", "date_gmt": "0000-00-00T00:00:00", "modified_gmt": None,
         "link": "https://wp.example/2", "title": ""},
        {"id": 3, "link": False},
    ]  # fmt: skip
    assert wordpress(posts) == Reading(
        found=(
            Found("https://wp.example/1", "Guarantors’ talks & more", "2024-01-25T10:00:00Z", "2024-01-26T10:00:00Z"),
            Found("https://wp.example/2", None, "2024-01-24T13:00:00"),
        ),
        problem="1 of 3 entries carry no address",
    )


def test_wordpress_pages_are_followed_to_the_last_one():
    second = FIRST.replace("&page=1", "&page=2")
    one = (Found("https://wp.example/1"),)
    assert wordpress([post(1)], pages="2") == Reading(found=one, more=(second,))
    assert wordpress([post(1)], second, pages="2") == Reading(found=one)
    assert wordpress([post(1)]) == Reading(found=one)
    hundred = [post(number) for number in range(100)]
    assert wordpress(hundred).more == (second,)
    assert wordpress(hundred, pages="1").more == ()
    assert wordpress([], pages="9") == Reading()


def test_the_error_past_the_last_page_is_the_end_and_any_other_is_a_problem():
    past = {
        "code": "rest_post_invalid_page_number",
        "message": "The page number is too large.",
        "data": {"status": 400},
    }
    assert wordpress(past, FIRST.replace("&page=1", "&page=3"), status=400) == Reading()
    problem = "WordPress answered rest_post_invalid_page_number: The page number is too large."
    assert wordpress(past, status=400) == Reading(problem=problem)
    closed = {"code": "rest_forbidden", "message": "Only <b>members</b>"}
    assert wordpress(closed, status=401) == Reading(problem="WordPress answered rest_forbidden: Only members")
    page = b"<!DOCTYPE html><p>Just a moment"
    assert wordpress(page) == Reading(problem="not JSON: the site may have no open WordPress API")
    assert wordpress("text") == Reading(problem="WordPress answered None: None")


# listings


def listing(source: Listing, html: str, url: str | None = None, asked: str | None = None) -> Reading:
    request = None
    if asked:
        request = Request(url or source.url, meta={"redirect_urls": [asked]})
    return source.read(HtmlResponse(url or source.url, body=html, encoding="utf-8", request=request))


CARDS = """<base href="/en/"><nav><a href="/about">About</a></nav>
  <div class="card"><a href="news/1"><img src="1.jpg"></a><h2><a href="news/1"> First
     &amp; <b>best</b></a></h2></div>
  <div class="card"><h2><a href="/en/news/2">Second</a></h2><a href="#top">up</a>
    <a href="mailto:a@b.example">write</a></div>
  <a class="next" href="?page=2">Older</a>"""
FIRST_CARD, SECOND_CARD = "https://site.example/en/news/1", "https://site.example/en/news/2"


def test_a_listing_gives_each_article_once_with_its_headline_and_the_next_page():
    source = Listing("https://site.example/en/", "div.card a", older="a.next")
    found = (Found(FIRST_CARD, "First & best"), Found(SECOND_CARD, "Second"))
    assert source.asks() == ("https://site.example/en/",)
    assert listing(source, CARDS) == Reading(found=found, more=("https://site.example/en/?page=2",))
    last = CARDS.replace("?page=2", "https://site.example/en/")
    assert listing(source, last) == Reading(found=found)
    untitled = Listing(source.url, "div.card a", titles=False)
    assert listing(untitled, CARDS) == Reading(found=(Found(FIRST_CARD), Found(SECOND_CARD)))


def test_numbered_pages_follow_each_other_while_they_hold_articles():
    source = Listing("https://site.example/en/page/{page}/", "div.card a", titles=False)
    found = (Found(FIRST_CARD), Found(SECOND_CARD))
    first, second, third = (source.url.replace("{page}", number) for number in "123")
    assert source.asks() == (first,)
    assert listing(source, CARDS, first) == Reading(found=found, more=(second,))
    assert listing(source, CARDS, second) == Reading(found=found, more=(third,))
    assert listing(source, "<p>Nothing here</p>", third) == Reading()
    front = "https://site.example/en/"
    assert listing(source, CARDS, front, asked=first) == Reading(found=found, more=(second,))
    assert listing(source, CARDS, front, asked=third) == Reading(found=found)


def test_a_listing_whose_links_are_gone_is_a_problem():
    source = Listing("https://site.example/", "article a")
    assert listing(source, CARDS) == Reading(problem="no link matches 'article a'")
    assert source.read(Response(source.url, body=b"\x00")) == Reading(
        problem="not a text: it may be an image, or damaged"
    )


def test_a_listing_that_cannot_work_is_refused_when_it_is_declared():
    with pytest.raises(ValueError, match="links='a\\[' is no CSS selector"):
        Listing("https://site.example/", "a[")
    with pytest.raises(ValueError, match="not both"):
        Listing("https://site.example/{page}", "a", older="a.next")


# sites without a spider


def test_a_front_page_says_where_its_feeds_and_its_api_are():
    head = """<link rel="alternate" type="application/rss+xml" title="News" href="/feed/">
      <link rel="alternate" type="application/rss+xml" title="News &raquo; Comments Feed" href="/comments/feed/">
      <link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://site.example/atom.xml">
      <link rel="alternate" type="application/json+oembed" href="/oembed">
      <link rel="alternate" hreflang="tr" href="/tr/">
      <link rel="ALTERNATE" type="application/rss+xml" href="/feed/"><link rel="https://api.w.org/" href="/en/wp-json/">
      <link rel="sitemap" type="application/xml" href="/map.xml"><link rel="stylesheet" href="/s.css">"""
    response = HtmlResponse("https://site.example/", body=head, encoding="utf-8")
    feeds = Feed("https://site.example/feed/"), Feed("https://site.example/atom.xml")
    last = Sitemap("https://site.example/map.xml")
    assert probe(response, ("astana",)) == (*feeds, WordPress("https://site.example/en", ("astana",)), last)
    assert probe(response) == (*feeds, WordPress("https://site.example/en"), last)


def test_the_api_is_also_found_in_the_header_and_nothing_where_nothing_is():
    link = '<https://site.example/wp-json/>; rel="https://api.w.org/", <https://site.example/>; rel=shortlink'
    response = HtmlResponse("https://site.example/", body=b"<p>", headers={"Link": link})
    assert probe(response) == (WordPress("https://site.example"),)
    assert probe(HtmlResponse("https://site.example/", body=b"<p>")) == ()
    assert probe(Response("https://site.example/", body=b"\x89PNG")) == ()
    assert guesses("https://site.example/en/") == (
        Sitemap("https://site.example/sitemap.xml"),
        Feed("https://site.example/feed/"),
        Feed("https://site.example/rss.xml"),
    )


def test_the_sitemaps_of_a_robots_file_are_read_however_they_are_written():
    text = """\ufeffsitemap: https://site.example/A.xml\r\nUser-agent: *\r\nDisallow: /x
      Sitemap : https://site.example/b.xml # weekly\nSitemap: /c.xml\nSitemap: https://site.example/A.xml
      # Sitemap: https://site.example/old.xml\nSitemap:\nhttps://site.example/d.xml"""
    both = ("https://site.example/A.xml", "https://site.example/b.xml")
    assert robots_sitemaps(text) == both
    assert robots_sitemaps(text, "https://site.example/robots.txt") == (*both, "https://site.example/c.xml")


# whatever comes


SOURCES = (
    FEED,
    MAP,
    PRESS,
    Listing("https://site.example/{page}", "a"),
    Listing("https://site.example/", "a", older="b"),
)
MARKUP = [
    "<rss>", "<item>", "</item>", "<link>", "http://[", "&", "&#x110000;", "&#0;", "<![CDATA[", "<!--", "<?xml ", "<p>",
    "<urlset>", "<url>", "<loc>", "<sitemapindex>", "<sitemap>", "<feed", " xml:base='http://['", ">", "<entry>", "/a",
    "<link href='//[:'/>", "{", "[", '{"version":"jsonfeed.org","items":[1]}', "</b>", "<!DOCTYPE", "<a href=/x>", "é",
    '[{"link":"/a","title":{"rendered":7}}]', "<a href='http://[x'>", "<base href='http://['>", "\ufeff", "\x00",
]  # fmt: skip
DAMAGE = [b"\xff", b"\xff\xfe", b"\x1f\x8b\x08", b"\xed\xa0\x80"]
PIECES = st.sampled_from([piece.encode() for piece in MARKUP] + DAMAGE)


@settings(max_examples=300, deadline=None)
@given(body=st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=12).map(b"".join)))
def test_no_body_whatever_makes_a_source_raise(body):
    for source in SOURCES:
        url = source.asks()[0]
        for kind in (Response, TextResponse, HtmlResponse, XmlResponse):
            reading = source.read(kind(url, body=body), Window(dt.date(2024, 1, 25), dt.date(2024, 1, 26)))
            assert all(found.url.startswith(("http://", "https://")) for found in reading.found)
            assert all(address.startswith(("http://", "https://")) for address in reading.more)
