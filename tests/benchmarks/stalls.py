"""How long a crawl's event loop is ever held up, also while the disk is slow or another program holds the archive.

    python -m tests.benchmarks.stalls [ADDRESSES]       300 by default; prints the lag of a timer of 5 ms, by quantile

Reading a page holds the loop up as well; so a second thread looks what the loop is at whenever it is late, and the
ticks that were late for the reading of a page are left out. Statements that ran on the loop's own thread are counted.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler

from astana_crawl.archive import Archive
from tests.conftest import ROOT
from tests.faults.killing import environment
from tests.faults.site import Site

TICK = 0.005  # seconds
READING = ("extract", "dates", "relevance", "identity", "discover", "reference")

SLOW = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
int fsync(int f) { usleep(200000); return ((int (*)(int)) dlsym(RTLD_NEXT, "fsync"))(f); }
int fdatasync(int f) { usleep(200000); return ((int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"))(f); }
"""


class Lag:
    """An extension of Scrapy: notes by how much each tick is late, and what the archive runs on the loop's thread."""

    def __init__(self, crawler: Crawler) -> None:
        self.late: list[float] = []
        self.while_reading: list[float] = []
        self.statements = 0
        crawler.signals.connect(self.begin, signals.spider_opened)
        crawler.signals.connect(self.end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Lag:
        return cls(crawler)

    def begin(self) -> None:
        from sqlalchemy import Engine, event

        self.thread = threading.get_ident()
        event.listen(Engine, "before_cursor_execute", self.note)
        self.due, self.reading, self.over = time.monotonic() + TICK, False, False
        self.task = asyncio.ensure_future(self.tick())
        threading.Thread(target=self.watch, daemon=True).start()

    def note(self, *_: Any) -> None:
        self.statements += threading.get_ident() == self.thread

    async def tick(self) -> None:
        while True:
            self.due, self.reading = time.monotonic() + TICK, False
            await asyncio.sleep(TICK)
            (self.while_reading if self.reading else self.late).append(time.monotonic() - self.due)

    def watch(self) -> None:
        """Note what the loop is at while it is late."""
        while not self.over:
            time.sleep(TICK / 2)
            if time.monotonic() > self.due + TICK / 2:
                files = [frame.f_code.co_filename for frame in stack(sys._current_frames().get(self.thread))]
                self.reading |= any(f"/astana_crawl/{room}" in file for file in files for room in READING)

    def end(self) -> None:
        self.task.cancel()
        self.over = True
        told = {"late": sorted(self.late), "reading": sorted(self.while_reading), "statements": self.statements}
        Path(os.environ["LAG_FILE"]).write_text(json.dumps(told))


def stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


class Browser(threading.Thread):
    """Another program, which holds a write transaction for 0.3 s, ten times every four seconds; a context manager."""

    def __init__(self, archive: Path) -> None:
        super().__init__(daemon=True)
        self.archive, self.over = archive, threading.Event()

    def run(self) -> None:
        with closing(sqlite3.connect(self.archive, isolation_level=None, timeout=30)) as db:
            while not self.over.wait(0.1):
                db.execute("BEGIN IMMEDIATE")
                self.over.wait(0.3)
                db.execute("COMMIT")

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()


def slow_disk(folder: Path) -> dict[str, str] | None:
    """The environment in which every fsync takes 0.2 s longer; None without a C compiler."""
    source, library = folder / "slow.c", folder / "slow.so"
    source.write_text(SLOW)
    compiler = shutil.which("cc")
    if compiler is None or subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"]).returncode:
        return None
    return {"LD_PRELOAD": str(library)}


def measure(site: Site, folder: Path, more: dict[str, str], busy: bool) -> dict[str, Any]:
    """One crawl of the site into a new archive: its ticks' lateness in seconds, ascending, and the statements."""
    folder.mkdir()
    Archive.open(f"sqlite:///{folder / 'astana.db'}", kind="live").close()
    beside: AbstractContextManager[None] = Browser(folder / "astana.db") if busy else nullcontext()
    environ = environment(site, folder) | more | {"LAG_FILE": str(folder / "lag.json")}
    extensions = json.dumps({"tests.benchmarks.stalls.Lag": 1})
    with beside:
        command = [sys.executable, "-m", "scrapy", "crawl", "notes", "-s", f"EXTENSIONS={extensions}"]
        subprocess.run(command, cwd=ROOT, env=environ, check=True)
    told: dict[str, Any] = json.loads((folder / "lag.json").read_text())
    return told


def quantiles(late: list[float]) -> str:
    if not late:
        return "no ticks"
    p50, p99, most = (1000 * late[min(len(late) - 1, int(share * len(late)))] for share in (0.5, 0.99, 1))
    return f"p50 {p50:5.1f} ms   p99 {p99:5.1f} ms   max {most:5.1f} ms   {len(late):5} ticks"


def main(size: int) -> None:
    with tempfile.TemporaryDirectory() as name, Site(size) as site:
        folder = Path(name)
        slow = slow_disk(folder)
        for what, more, busy in (("alone", {}, False), ("slow disk", slow, False), ("archive held", {}, True)):
            if more is None:
                print(f"{what:13} not measured: there is no C compiler")
                continue
            told = measure(site, folder / what, more, busy)
            for kind in ("late", "reading"):
                print(f"{what if kind == 'late' else '  reading':13} {quantiles(told[kind])}")
            print(f"{told['statements']:13} statements on the loop's thread")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
