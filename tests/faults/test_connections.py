"""No connection where it does not belong: every spelling of a private address, by every way that leads to one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.hosts import ADDRESS, Visit, article, feed, html, redirect
from tests.faults.matrix import Matrix
from tests.loopback import Loopback
from tests.web import Answer

pytestmark = pytest.mark.fault

HOSTS = (
    "127.0.0.1", "127.1", "0.0.0.0", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "localhost", "LOCALHOST",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "[fe80::1]", "[fd00:ec2::254]", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254",
    "192.0.2.1", "224.0.0.1", "metadata.example", "inside.example",
)  # fmt: skip
NAMES = {"metadata.example": ["169.254.169.254"], "inside.example": ["10.0.0.7"]}
SCHEMES = (
    "file:///etc/hostname", "data:text/html,astana", "ftp://{}/astana", "s3://bucket/astana", "gopher://{}/astana",
    "javascript:alert(1)//astana", "ws://{}/astana", "ldap://{}/astana", "dict://{}/astana", "sftp://{}/astana",
    "jar:http://{}/astana!/", "mailto:astana@news.example",
)  # fmt: skip


class Listener:
    """Counts the connections to a port of all this machine's addresses, IPv4 and IPv6."""

    def __init__(self) -> None:
        self.count = 0
        self._socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.count += 1

    def close(self) -> None:
        self._socket.close()


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def hostname(host: str) -> str:
    return host.strip("[]").lower()


def leading_to(
    host: str, port: int, number: int, base: str
) -> tuple[dict[str, Answer], list[str], list[tuple[str, dict[str, str]]]]:
    """Answers, article links and sources that all lead to one host."""
    there, status = f"http://{host}:{port}", (301, 302, 303, 307, 308)[number % 5]
    page = f"{there}/astana-talks-{number}"
    robots = base.replace("news", f"robots{number}")
    index = f"<sitemapindex><sitemap><loc>{base}/child-{number}</loc></sitemap><sitemap><loc>{there}/map</loc></sitemap></sitemapindex>"
    answers = {
        f"/astana-talks-redirect-{number}": redirect(page, status),
        f"/astana-talks-refresh-{number}": html(f'<meta http-equiv="refresh" content="0; url={page}">'),
        f"/feed-{number}": redirect(f"{there}/feed", status),
        f"/list-{number}": html(f'<a href="/astana-talks-redirect-{number}">A</a><a rel="next" href="{page}">B</a>'),
        f"/sitemap-{number}": Answer(200, [], index.encode()),
        f"/child-{number}": redirect(f"{there}/map", status),
        f"http://robots{number}.example/robots.txt": redirect(f"{there}/robots.txt", status),
        f"http://robots{number}.example/feed": feed(),
    }
    links = [page, f"{base}/astana-talks-redirect-{number}", f"{base}/astana-talks-refresh-{number}"]
    sources = [
        ("Feed", {"url": f"{there}/feed"}),
        ("Feed", {"url": f"{base}/feed-{number}"}),
        ("Sitemap", {"url": f"{base}/sitemap-{number}"}),
        ("Listing", {"url": f"{base}/list-{number}", "links": "a:not([rel])", "older": "a[rel=next]"}),
        ("Feed", {"url": f"{robots}/feed"}),
    ]
    return answers, links, sources


def test_no_way_leads_to_an_address_that_is_not_public(tmp_path: Path, matrix: Matrix) -> None:
    """The spider calls all of these hosts its own, so that only the guard stands between them and us."""
    visit = Visit(tmp_path)
    with listening() as listener, Loopback({}, plain=True, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        robots = {f"robots{number}.example": [visit.address] for number in range(len(HOSTS))}
        links, sources = [], [("Feed", {"url": f"{base}/feed"})]
        for number, host in enumerate(HOSTS):
            some = leading_to(host, listener.port, number, base)
            server.answers |= some[0]
            links += some[1]
            sources += some[2]
        server.answers["/feed"] = feed(*links)
        domains = ["news.example", *robots, *{host.strip("[]").lower() for host in HOSTS}]
        status, said = visit.crawl(sources, domains=domains, names={**NAMES, **robots})
        assert status == 3, said
        assert set(visit.connections()) == {visit.address}
        assert listener.count == 0
        refused = [url for url, (_, reason) in visit.states().items() if "which is not public" in str(reason)]
        assert len(refused) == 2 * len(HOSTS), "every link and every redirect of a page"
        assert sum("which is not public" in str(reason) for reason in visit.looks().values()) == 5 * len(HOSTS)
        assert visit.rows("SELECT DISTINCT state FROM addresses WHERE url LIKE '%refresh%'") == [("unreadable",)]
    matrix(17, f"{len(HOSTS)} spellings, each by 9 ways: 0 connections in {9 * len(HOSTS)} cases")
    matrix(18, f"0 connections in the same {9 * len(HOSTS)} cases")


def test_a_site_that_nobody_declared_leads_nowhere_either(tmp_path: Path) -> None:
    """What its front page, its robots.txt and its headers name; and the listener hears what is allowed."""
    visit = Visit(tmp_path)
    with listening() as listener, Loopback({}, plain=True, address=visit.address) as server:
        there = f"http://127.0.0.1:{listener.port}"
        front = f'<link rel="alternate" type="application/rss+xml" href="{there}/feed"><link rel="sitemap" href="{there}/map">'
        server.answers |= {
            "/robots.txt": Answer(200, [("Content-Type", "text/plain")], f"Sitemap: {there}/sitemap.xml".encode()),
            "/": html(front, ("Link", f'<{there}/wp-json/>; rel="https://api.w.org/"')),
        }
        site = ("-a", f"url=http://news.example:{server.http_port}/")
        status, said = visit.crawl((), *site, command=("crawl", "anysite"))
        assert (status, listener.count, set(visit.connections())) == (3, 0, {visit.address}), said
        assert len(visit.looks()) == 4, visit.looks()
        allowed = ("-s", f"ALLOW_PRIVATE_HOSTS={visit.address},127.1")
        visit.crawl([("Feed", {"url": f"http://127.1:{listener.port}/feed"})], *allowed, domains=["127.1"])
        assert listener.count > 0


def test_a_name_that_moves_to_a_private_address_between_two_look_ups(tmp_path: Path, matrix: Matrix) -> None:
    visit = Visit(tmp_path)
    with listening() as listener, Loopback({}, plain=True, address=visit.address) as server:
        page = f"http://moving.example:{listener.port}/astana-talks"
        server.answers["/feed"] = feed(page)
        status, said = visit.crawl(
            [("Feed", {"url": f"http://moving.example:{server.http_port}/feed"})],
            domains=["moving.example"], names={"moving.example": [visit.address, "127.0.0.1"]},
        )  # fmt: skip
        assert (status, listener.count, set(visit.connections())) == (0, 0, {visit.address}), said
    told = (
        "moving.example has the address 127.0.0.1, which is not public (ALLOW_PRIVATE_HOSTS=moving.example allows it)"
    )
    assert visit.states() == {page: ("pending", told)}
    matrix(19, "0 connections, also when the address changes between two look-ups")


def test_only_http_and_https_are_opened(tmp_path: Path, matrix: Matrix) -> None:
    visit = Visit(tmp_path)
    with listening() as listener, Loopback({}, plain=True, address=visit.address) as server:
        base = f"http://news.example:{server.http_port}"
        odd = [scheme.format(f"127.0.0.1:{listener.port}") for scheme in SCHEMES]
        server.answers |= {f"/astana-talks-{number}": redirect(url) for number, url in enumerate(odd)}
        server.answers["/feed"] = feed(*odd, *(f"{base}/astana-talks-{number}" for number in range(len(odd))))
        server.answers["/list"] = html(
            "".join(f'<a href="{url}">Astana</a>' for url in odd) + '<a href="/astana-talks-0">A</a>'
        )
        sources = [("Feed", {"url": f"{base}/feed"}), ("Listing", {"url": f"{base}/list", "links": "a"})]
        status, said = visit.crawl([*sources, *(("Feed", {"url": url}) for url in odd if "://" in url)])
        assert (listener.count, set(visit.connections())) == (0, {visit.address})
    assert status == 3, said
    states = visit.states()
    assert set(states) == {f"{base}/astana-talks-{number}" for number in range(len(odd))}
    assert {state for state, _ in states.values()} == {"failed"}, states
    assert [
        reason for url, reason in visit.looks().items() if url in odd and "leads to another site" not in str(reason)
    ] == []
    matrix(20, f"{len(SCHEMES)} schemes as link, redirect and source: 0 opened")


def test_no_port_is_open_while_a_crawl_runs(tmp_path: Path, matrix: Matrix) -> None:
    visit = Visit(tmp_path)
    with Loopback({"/feed": feed()}, plain=True, address=visit.address) as server:
        status, said = visit.crawl([("Feed", {"url": f"http://news.example:{server.http_port}/feed"})])
    assert status == 0, said
    assert visit.listeners() == []
    matrix(35, "0 ports open")


# --- proxies, and what a spider may not do


def test_a_proxy_of_the_environment_is_not_used_and_that_is_said(tmp_path: Path) -> None:
    visit = Visit(tmp_path)
    with listening() as proxy:
        through = dict.fromkeys(("http_proxy", "HTTPS_PROXY"), f"http://127.0.0.1:{proxy.port}")
        nowhere = [("Feed", {"url": f"http://news.example:{port_of_nobody()}/feed"})]
        status, said = visit.crawl(nowhere, **through)
        assert (status, proxy.count, set(visit.connections())) == (3, 0, {visit.address})
    assert "http_proxy names a proxy, which is not used" in said
    assert "-s PROXY=" in said


def test_a_proxy_that_the_user_names_is_used_and_private_addresses_are_still_refused(tmp_path: Path) -> None:
    """The proxy is the loopback server, which answers for every host."""
    visit = Visit(tmp_path)
    with Loopback({}, plain=True, address=visit.address) as proxy:
        links = ["http://news.example/astana-talks", "http://10.0.0.1/astana-talks-2", "http://0x7f.1/astana-talks-3"]
        proxy.answers |= {"http://news.example/feed": feed(*links), "http://news.example/astana-talks": html(article())}
        status, said = visit.crawl(
            [("Feed", {"url": "http://news.example/feed"})], "-s", f"PROXY=http://{visit.address}:{proxy.http_port}",
            domains=["news.example", "10.0.0.1", "0x7f.1"], names={"news.example": ["192.0.2.1"]}, ASTANA_ALLOW_PRIVATE_HOSTS="",
        )  # fmt: skip
        assert (status, set(visit.connections())) == (0, {visit.address}), said
        assert {url.split("/")[2] for url in proxy.asked()} == {"news.example"}
    assert [state for state, _ in visit.states().values()] == ["archived", "failed", "failed"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ALLOW_PRIVATE_HOSTS", "127.0.0.1"),
        ("TWISTED_DNS_RESOLVER", "scrapy.resolver.CachingThreadedResolver"),
        ("DOWNLOAD_HANDLERS", {"file": "scrapy.core.downloader.handlers.file.FileDownloadHandler"}),
        ("DOWNLOADER_MIDDLEWARES", {}),
        ("ADDONS", {"astana_crawl.fetch.fixed.Fixed": None}),
        ("PROXY", "http://127.0.0.1:9"),
        ("DOWNLOAD_VERIFY_CERTIFICATES", False),
    ],
)
def test_a_spider_cannot_open_what_the_user_closed(tmp_path: Path, setting: str, value: object) -> None:
    visit = Visit(tmp_path)
    feeds = [("Feed", {"url": "http://127.0.0.1/feed"})]
    status, said = visit.crawl(feeds, custom_settings={setting: value}, **{f"ASTANA_{setting}": ""})
    assert (status, visit.connections()) == (1, [])
    assert f"guest: could not run: the spider of guest sets {setting}: " in said
    assert "Traceback" not in said


def port_of_nobody() -> int:
    with socket.create_server((ADDRESS, 0)) as nobody:
        return int(nobody.getsockname()[1])
