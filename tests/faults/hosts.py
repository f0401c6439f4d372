"""A crawl of whatever a test serves under names of its own, in a process of its own: what it left, what it connected to.

with Loopback({"/feed": feed(…)}, plain=True, address=ADDRESS) as server:
    visit = Visit(tmp_path, server.address)
    visit.crawl([("Feed", {"url": f"http://news.example:{server.http_port}/feed"})])
    visit.rows("SELECT url, state, reason FROM addresses"); visit.connections(); visit.megabytes
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.web import Answer

_NUMBER = os.getpid()
ADDRESS = f"127.{_NUMBER >> 14 & 127 | 1}.{_NUMBER >> 7 & 127}.{_NUMBER & 127 | 128}"
"""This session's own, in 127.0.0.0/8, so that a connection to it is told from one to 127.0.0.1."""

Sources = Sequence[tuple[str, Mapping[str, Any]]]


class Visit:
    """Crawls from this machine into the archive of a folder; `address` is the one that may be connected to."""

    def __init__(self, folder: Path, address: str = ADDRESS) -> None:
        self.folder, self.address = folder, address

    def crawl(
        self,
        sources: Sources = (),
        *options: str,
        command: Sequence[str] = ("crawl", "guest"),
        domains: Sequence[str] = ("news.example",),
        neighbour: Sources = (),
        names: Mapping[str, Sequence[str]] | None = None,
        unverified_because: str | None = None,
        custom_settings: Mapping[str, Any] | None = None,
        most: float = 60,
        **environment: str,
    ) -> tuple[int, str]:
        """The exit status and what was said; what is noted is of this run. Killed after `most` seconds."""
        told = {
            "sources": sources, "neighbour": neighbour, "domains": domains, "noted": str(self.folder / "noted"),
            "unverified_because": unverified_because, "custom_settings": custom_settings,
        }  # fmt: skip
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ASTANA_", "SCRAPY_")) and not name.lower().endswith("_proxy")
        }
        env = {
            **clean,
            "GUEST": json.dumps(told),
            "NAMES": json.dumps(
                {name: [self.address] for name in ("news.example", "neighbour.example")} | dict(names or {})
            ),
            "ASTANA_SPIDER_MODULES": "tests.faults.guest,astana_crawl.spiders",
            "ASTANA_TWISTED_DNS_RESOLVER": "tests.resolver.Names",
            "ASTANA_ALLOW_PRIVATE_HOSTS": self.address,
            "ASTANA_ARCHIVE_URL": f"sqlite:///{self.folder / 'astana.db'}",
            "ASTANA_PAGES_DIR": str(self.folder / "pages"),
            "ASTANA_DOWNLOAD_DELAY": "0",
        } | environment
        env = {name: value for name, value in env.items() if value}
        return self._run([sys.executable, "-m", "scrapy", *command, *options], env, most)

    def _run(self, command: Sequence[str], env: Mapping[str, str], most: float) -> tuple[int, str]:
        (self.folder / "noted").unlink(missing_ok=True)
        done = subprocess.run(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            text=True, timeout=most,
        )  # fmt: skip
        return done.returncode, done.stdout

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'astana.db'}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def states(self) -> dict[str, tuple[str, str]]:
        """State and reason of each address, by address."""
        return {url: (state, reason) for url, state, reason in self.rows("SELECT url, state, reason FROM addresses")}

    def looks(self) -> dict[str, str]:
        """The reason with which each source was last looked at, by address."""
        rows = self.rows("SELECT url, l.reason FROM looks AS l JOIN sources AS s ON s.id = source_id ORDER BY l.id")
        return dict(rows)

    def connections(self) -> list[str]:
        """The addresses that the crawl opened connections to, or tried to."""
        return self._noted("connect")

    def listeners(self) -> list[str]:
        """The addresses that the crawl took connections at."""
        return self._noted("listen")

    @property
    def megabytes(self) -> int:
        """The most memory that the crawl had."""
        return int(self._noted("peak")[-1])

    def _noted(self, event: str) -> list[str]:
        file = self.folder / "noted"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line.split()[1] for line in lines if line.startswith(event)]


def feed(*urls: str) -> Answer:
    """An RSS feed of articles at these addresses."""
    items = "".join(f"<item><title>Astana talks on Syria</title><link>{url}</link></item>" for url in urls)
    text = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    return Answer(200, [("Content-Type", "application/rss+xml")], text.encode())


def html(text: str, *headers: tuple[str, str]) -> Answer:
    return Answer(200, [("Content-Type", "text/html; charset=utf-8"), *headers], text.encode())


def redirect(url: str, status: int = 302) -> Answer:
    return Answer(status, [("Location", url)], b"")


def article(number: int = 1) -> str:
    """A page about the talks, each number another one."""
    told = [
        f"The envoys met in Astana for the {number}. time and spoke about the ceasefire in Syria and its {number} breaches.",
        f"Russia, Türkiye and Iran, the guarantors of the Astana process, heard {number + 3} reports from the ground.",
        f"The delegations of the government and of the opposition left after {number + 1} hours without a word to the press.",
    ]
    paragraphs = "".join(f"<p>{one}</p>" for one in told)
    title = f"Envoys hear report {number} at the Astana talks on Syria"
    return (
        f'<html lang="en"><head><title>{title}</title><meta property="article:published_time" content="2024-01-25T10:00:00Z">'
        f"</head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )
