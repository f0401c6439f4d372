"""A site whose certificate nobody vouches for is not read, unless its spider says why."""

from __future__ import annotations

import datetime as dt
import json
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

from tests.faults.hosts import Visit, article, feed, html
from tests.faults.matrix import Matrix
from tests.loopback import Loopback

pytestmark = pytest.mark.fault

PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
KINDS = ("good", "expired", "strange", "other", "nameless", "misnamed")


class Secured(Loopback):
    """Serves one article over HTTPS with a certificate of some kind."""

    def __init__(self, kind: str, address: str) -> None:
        super().__init__({"/astana-talks": html(article())}, address=address, https_port=0, http_port=0)
        self.kind = kind

    def certify(self, authority: trustme.CA, context: ssl.SSLContext) -> None:
        host = f"{self.kind}.example"
        if self.kind == "expired":
            authority.issue_cert(host, not_before=PAST, not_after=PAST + dt.timedelta(days=90)).configure_cert(context)
        elif self.kind == "strange":
            trustme.CA().issue_cert(host).configure_cert(context)
        elif self.kind == "nameless":
            authority.issue_cert(common_name=host).configure_cert(context)
        elif self.kind == "misnamed":  # Twisted alone takes it for any host's
            authority.issue_cert("*.0.0.1").configure_cert(context)
        else:
            authority.issue_cert("elsewhere.example" if self.kind == "other" else host).configure_cert(context)


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[tuple[Visit, dict[str, str], dict[str, str]]]:
    """A visit, the article's address at each kind of site, and the environment of a crawl of them all."""
    visit = Visit(tmp_path)
    with ExitStack() as stack, Loopback({}, plain=True, address=visit.address) as server:
        servers = {kind: stack.enter_context(Secured(kind, visit.address)) for kind in KINDS}
        pages = {kind: f"https://{kind}.example:{one.https_port}/astana-talks" for kind, one in servers.items()}
        server.answers["/feed"] = feed(*pages.values())
        authorities = tmp_path / "ca.pem"
        authorities.write_text("".join(Path(one.ca_file).read_text() for one in servers.values()))
        yield visit, pages, {"base": f"http://news.example:{server.http_port}", "SSL_CERT_FILE": str(authorities)}


def crawl(
    sites: tuple[Visit, dict[str, str], dict[str, str]], unverified_because: str | None = None
) -> dict[str, tuple[str, str]]:
    visit, pages, env = sites
    hosts = [f"{kind}.example" for kind in KINDS]
    visit.crawl(
        [("Feed", {"url": f"{env['base']}/feed"})], domains=["news.example", *hosts],
        names={host: [visit.address] for host in hosts}, unverified_because=unverified_because,
        SSL_CERT_FILE=env["SSL_CERT_FILE"],
    )  # fmt: skip
    states = visit.states()
    return {kind: states[url] for kind, url in pages.items()}


def test_a_certificate_that_cannot_be_verified_is_refused_with_the_reason(sites, matrix: Matrix) -> None:  # type: ignore[no-untyped-def]
    states = crawl(sites)
    assert states.pop("good")[0] == "archived"
    assert {state for state, _ in states.values()} == {"failed"}
    told = {kind: reason for kind, (_, reason) in states.items()}
    assert told["other"] == "other.example: its certificate is another host's"
    assert "it is out of date, self-signed or of an unknown authority" in told["expired"]
    assert told["strange"] == told["expired"].replace("expired", "strange")
    for kind in ("nameless", "misnamed"):
        assert told[kind] == f"{kind}.example: its certificate names no host in a way that can be read"
    matrix(21, "self-signed, expired, of another host, of no host: 5 of 5 refused, with the reason")


def test_a_site_that_is_read_all_the_same_says_why(sites) -> None:  # type: ignore[no-untyped-def]
    why = "they let it lapse each May; the texts are compared with the paper"
    states = crawl(sites, why)
    assert {state for state, _ in states.values()} <= {"archived", "duplicate"}
    visit = sites[0]
    _, said = visit.crawl(command=("sites",), unverified_because=why)
    assert f"guest: its certificate is not verified: {why}" in said
    _, said = visit.crawl(command=("sites", "--json"), unverified_because=why)
    told = {row["site"]: row["unverified_because"] for row in json.loads(said)}
    assert {site: reason for site, reason in told.items() if reason} == {"guest": why}
