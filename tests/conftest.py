"""What the tests share: commands run as a user runs them, and a crawl of the small web over real HTTPS."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.matrix import Matrix
from tests.loopback import Loopback

ROOT = Path(__file__).parent.parent
Done = subprocess.CompletedProcess[str]
_MATRIX = pytest.StashKey[Matrix]()


@pytest.fixture(scope="session")
def matrix(pytestconfig: pytest.Config) -> Matrix:
    """Takes the figures of faults that were withstood; they are printed at the end of the run."""
    return pytestconfig.stash.setdefault(_MATRIX, Matrix())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the figures from a process that ran some of the tests to the one that prints."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["faults"] = dict(session.config.stash.get(_MATRIX, Matrix()).measured)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the figures of such a process."""
    matrix = node.config.stash.setdefault(_MATRIX, Matrix())
    for number, figures in getattr(node, "workeroutput", {}).get("faults", {}).items():
        for figure in figures:
            matrix(number, figure)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = list(config.stash.get(_MATRIX, Matrix()).lines())
    if lines:
        terminalreporter.section("faults")
    for line in lines:
        terminalreporter.write_line(line)


def scrapy(*arguments: str, cwd: Path = ROOT, env: dict[str, str] | None = None, timeout: float = 120) -> Done:
    """Run `scrapy …` to its end, without a terminal, in an environment that has no settings of ours but those given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASTANA_", "SCRAPY_"))}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        capture_output=True, text=True, cwd=cwd, env=clean | (env or {}), timeout=timeout, stdin=subprocess.DEVNULL,
    )  # fmt: skip


class Web:
    """A loopback web under the outlets' own names, and crawls of it into one archive."""

    def __init__(self, server: Loopback, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.archive = folder / "astana.db"

    def environment(self) -> dict[str, str]:
        return {
            "SSL_CERT_FILE": self.server.ca_file,
            "LOOPBACK_ADDRESS": self.server.address,
            "ASTANA_ALLOW_PRIVATE_HOSTS": ",".join(self.server.hosts),
            "ASTANA_ARCHIVE_URL": f"sqlite:///{self.archive}",
            "ASTANA_PAGES_DIR": str(self.folder / "pages"),
            "ASTANA_DOWNLOAD_DELAY": "0",
            "ASTANA_CONTACT": "tests@example.org",
            "ASTANA_TWISTED_DNS_RESOLVER": "tests.resolver.ThisMachine",
        }

    def scrapy(self, *arguments: str, **environment: str) -> Done:
        return scrapy(*arguments, env=self.environment() | environment)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """The small web under the outlets' names; needs the ports 443 and 80 of this machine's loopback address."""
    number = os.getpid()  # each session of tests has an address of its own in 127.0.0.0/8, so that two may run at once
    with Loopback(address=f"127.{number >> 14 & 127 | 128}.{number >> 7 & 127}.{number & 127 | 128}") as server:
        if (server.https_port, server.http_port) != (443, 80):
            pytest.skip("the outlets' addresses have no port: this test needs 443 and 80, which are not permitted")
        yield Web(server, tmp_path)


@pytest.fixture
def run_scrapy() -> Callable[..., Done]:
    """`scrapy …` as a user runs it."""
    return scrapy
