"""Does one article get one address, however it is spelled, and do two articles never share one?"""

import hashlib
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from astana_crawl.identity import AddressRules, canonical_url, content_hash, host, same_site, url_hash

# spellings of one address: what the archive calls it, then how it may be met
ONE = {
    "https://tass.example/politics/1311893": [
        "http://tass.example/politics/1311893",
        "https://www.tass.example/politics/1311893",
        "HTTPS://WWW.TASS.example/politics/1311893/",
        "https://tass.example:443/politics/1311893",
        "http://tass.example:80/politics/1311893",
        "https://tass.example./politics/1311893",
        "https://tass.example/politics/1311893#comments",
        "https://tass.example/politics/1311893?",
        "https://tass.example/world/../politics/./1311893",
        "https://tass.example/world/%2e%2E/politics/1311893",
        "https://tass.example/politics/13118%393",
        "  https://tass.example/politics/1311893\n",
        "https://tass.example/poli\ntics/1311893",
        "https:\\\\tass.example\\politics\\1311893",
        "https://tass.example/politics/1311893?utm_source=a&UTM_Medium=b&fbclid=c&gclid=d&yclid=e&mc_cid=f&mc_eid=g",
        "https://tass.example/politics/1311893?at_medium=a&ns_mchannel=b&xtor=c&ref=d&traffic_source=rss&so=related",
        "https://tass.example/politics/1311893?&amp;utm_source=a&amp;utm_medium=b",
        "https://tass.example/politics/1311893;jsessionid=0A1B?PHPSESSID=1",
    ],
    "https://tass.example/": [
        "http://www.tass.example",
        "https://tass.example//",
        "https://tass.example/?#top",
        "http://tass.example/a/..",
    ],
    "https://sana.example/en?p=174678": [
        "https://sana.example/en/?p=174678",
        "http://www.sana.example/en/?utm_source=x&p=174678",
    ],
    "https://a.example/s?a=1&b=2&b=1": [
        "https://a.example/s?b=2&b=1&a=1",
        "https://a.example/s/?b=2&utm_id=1&b=1&&a=1#x",
    ],
    "https://a.example/s?q=peace+talks": ["https://a.example/s?q=peace talks", "https://a.example/s?q=peace%20talks"],
    "https://a.example/s?a&b": ["https://a.example/s?a=&b=", "https://a.example/s?b&a"],
    "https://aawsat.example/%D8%A3%D8%B3%D8%AA%D8%A7%D9%86%D8%A7": [
        "https://aawsat.example/أستانا",
        "https://aawsat.example/%d8%a3%d8%b3%d8%aa%d8%a7%d9%86%d8%a7/",
    ],
    "https://aawsat.example/astana-6%E2%80%99-talks": ["https://aawsat.example/astana-6’-talks"],
    "https://xn--80a1acny.xn--p1ai/%D1%81%D0%B8%D1%80%D0%B8%D1%8F": [
        "http://www.почта.рф/сирия",
        "https://xn--80A1ACNY.xn--p1ai/сирия",
    ],
    "https://a.example/it's-(not)-over": ["https://a.example/it%27s-%28not%29-over"],
    "https://a.example/90%25-of": ["https://a.example/90%-of"],
    "https://[::1]:8080/a": ["http://[::1]:8080/a/"],
    "https://127.0.0.1:8801/a": ["http://127.0.0.1:8801/a"],
}

APART = [
    "https://a.example/news/1",
    "https://a.example/news/2",
    "https://a.example/News/1",
    "https://a.example/news/1/amp",
    "https://amp.a.example/news/1",
    "https://m.a.example/news/1",
    "https://www2.a.example/news/1",
    "https://a.example:8080/news/1",
    "https://a.example//news/1",
    "https://a.example/news%2F1",
    "https://a.example/news/1?page=5",
    "https://a.example/news/1?page=6",
    "https://a.example/news/1.html",
    "https://a.example/node/1",
    "https://a.example/?p=174678",
    "https://a.example/?p=174679",
    "https://a.example/?P=174678",
    "https://a.example/?id=1",
    "https://a.example/?a=1",
    "https://a.example/?b=1",
    "https://a.example/?p_p_id=101",
    "https://a.example/?a=1&a=2",
    "https://a.example/?a=2&a=1",
    "https://a.example/?q=a%2Bb",
    "https://a.example/?q=a+b",
    "https://a.example/?q=a%26b",
    "https://a.example/?refugees=1",
    "https://a.example/?source=1",
    "https://a.example/?from=2017",
    "https://b.example/news/1",
]

NO_ADDRESS = [
    "", " ", "news/1", "/news/1", "//a.example/1", "a.example/news", "mailto:a@a.example", "ftp://a.example/1",
    "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "https:///news", "http:a.example",
    "http://a.example:port/", "http://a.example:99999/", "http://[::1/", "http://exa mple.example/", "http://a%2Xb/",
    "http://a%FEb.example/", "http://.../", "http://<a>/", "http://" + "a" * 70 + "é.example/",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "spelling"), [(name, one) for name, spellings in ONE.items() for one in (name, *spellings)]
)
def test_spellings_of_one_address_share_one_name(name: str, spelling: str) -> None:
    assert canonical_url(spelling) == name
    assert url_hash(spelling) == hashlib.sha256(name.encode()).hexdigest()


def test_what_may_be_another_page_keeps_its_own_name() -> None:
    assert len({canonical_url(url) for url in APART}) == len(APART)


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_web_address_is_refused_by_name(url: str) -> None:
    for function in (canonical_url, url_hash, host):
        with pytest.raises(ValueError, match=r"^not a web address: ") as refusal:
            function(url)
        assert repr(url) in str(refusal.value)
    assert not same_site(url, "https://a.example/") and not same_site("https://a.example/", url)


ADDRESS = st.builds(
    lambda scheme, place, path, query, end: f"{scheme}://{place}{path}{query}{end}",
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["a.example", "WWW.a.example:80", "www.www.a.example.", "почта.рф", "u:p@a.example:8080", "[::1]", "www.com"]
    ),
    st.text("/.%aZ2eEfF0;é'\u0301\ud800\\ :@&=+أ\t", max_size=25).map(lambda path: "/" + path),
    st.text("ab=&%2B6+;é ?/utm_ref\u0130\udfffp", max_size=25).map(lambda query: "?" + query),
    st.sampled_from(["", "#", "#a?b=1"]),
)


@given(ADDRESS)
@example("http://a.example/%%41")
@example("http://a.example/%2%35?%2%35=%%32%35&amp;amp;amp;x")
def test_a_name_once_given_stays(url: str) -> None:
    name = canonical_url(url)
    assert canonical_url(name) == name
    assert name.isascii() and name.startswith("https://")


@given(st.text(max_size=60).map(lambda rest: "https://" + rest) | st.text(max_size=60))
def test_no_text_whatever_gets_more_than_a_value_error(url: str) -> None:
    try:
        name = canonical_url(url)
    except ValueError as error:
        assert str(error).startswith("not a web address: ")
    else:
        assert canonical_url(name) == name


def test_a_host_can_keep_or_drop_parameters_of_its_own() -> None:
    assert canonical_url("https://www.kommersant.ru/doc/3200395?from=doc_vrez") == "https://kommersant.ru/doc/3200395"
    assert canonical_url("https://amp.kommersant.ru/doc/1?from=x") == "https://amp.kommersant.ru/doc/1"
    assert canonical_url("https://notkommersant.ru/doc/1?from=x") == "https://notkommersant.ru/doc/1?from=x"
    portal = "https://mid.ru/foreign_policy/news/content/id/1?p_p_id=101"
    assert canonical_url(portal) == portal


def test_rules_given_take_the_place_of_the_hosts_own() -> None:
    rules = AddressRules(drop=frozenset({"sid", "x_*"}), keep=frozenset({"x_id"}))
    assert (
        canonical_url("https://a.example/1?SID=1&x_a=2&x_id=3&utm_source=4", rules)
        == "https://a.example/1?utm_source=4&x_id=3"
    )
    assert canonical_url("https://a.example/1?utm_source=4", AddressRules()) == "https://a.example/1?utm_source=4"


def test_a_host_has_one_name() -> None:
    assert host("https://u:p@WWW.Почта.рф:8080/a?b=c@d/") == "xn--80a1acny.xn--p1ai"
    assert host("http://[::1]:8080/") == "::1"
    assert host("http://a.example?x=1") == "a.example"


def test_a_site_is_its_host() -> None:
    assert same_site("http://www.aawsat.example/a", "https://aawsat.example:443/b?c")
    assert not same_site("https://aawsat.example/a", "https://english.aawsat.example/a")
    assert not same_site("https://aawsat.example/a", "https://aawsat.example.evil.example/a")
    assert not same_site("https://aawsat.example/a", "https://aawsat.example@evil.example/a")


def test_a_text_has_one_fingerprint_however_it_is_set() -> None:
    text = content_hash("Café talks", "First.\n\nSecond.")
    assert content_hash(" Cafe\u0301  talks\n", "First. \u00a0 Second.\n") == text
    assert content_hash(unicodedata.normalize("NFD", "Café talks"), "First.\r\n\tSecond.") == text
    assert text == hashlib.sha256("Café talks\nFirst. Second.".encode()).hexdigest()


def test_another_text_has_another_fingerprint() -> None:
    texts = [
        ("a", "b"),
        ("a b", None),
        (None, "a b"),
        ("a", "B"),
        ("a", "b."),
        ("a", "bb"),
        ("b", "a"),
        (None, None),
        ("a", "\ud800"),
    ]
    assert len({content_hash(title, body) for title, body in texts}) == len(texts)
