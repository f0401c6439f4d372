"""What the benchmarks share: the generated site in a process of its own, and crawls of it with what they cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Cost:
    """What a process took: CPU seconds (user and system), the most memory it held, its exit status and its words."""

    cpu: float
    peak_mb: float
    status: int
    said: str


@contextmanager
def field(articles: int, *, opaque: bool = False) -> Iterator[str]:
    """The generated site, served by another process; its address."""
    command = [sys.executable, "-m", "tests.benchmarks.site", str(articles), *(["--opaque"] if opaque else [])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def counts(home: str) -> dict[str, int]:
    """The requests since the last time this was asked."""
    with urllib.request.urlopen(f"{home}/counts") as answer:
        return {"articles": 0, "sources": 0} | json.load(answer)


def cost(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """Run a command to its end; the figures are of this process alone, as the kernel counted them."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASTANA_", "SCRAPY_"))}
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode, said)


def crawl(home: str, folder: Path, *arguments: str, layout: bool = False, profile: Path | None = None) -> Cost:
    """`scrapy crawl field` into an archive in the folder, 16 requests at once and no delay."""
    folder.mkdir(exist_ok=True)
    settings = {
        "SPIDER_MODULES": "tests.benchmarks.spiders",
        "ARCHIVE_URL": f"sqlite:///{folder}/field.db",
        "PAGES_DIR": f"{folder}/pages",
        "ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        "CONTACT": "tests@example.org",
        "DOWNLOAD_DELAY": "0",
        "CONCURRENT_REQUESTS_PER_DOMAIN": "16",
    }
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    python = [sys.executable, *(["-m", "cProfile", "-o", str(profile)] if profile else [])]
    environment = {"FIELD_HOME": home} | ({"FIELD_LAYOUT": "1"} if layout else {})
    return cost([*python, "-m", "scrapy", "crawl", "field", *given, *arguments], environment)
