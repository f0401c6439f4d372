"""How a crawl's memory grows with the pages it has read: a curve, and the growth in MB per 1,000 pages.

python -m tests.benchmarks.memory [PAGES]      20,000 by default; the site of tests/faults/site.py, on this machine
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import ROOT
from tests.faults.killing import environment, rows
from tests.faults.site import Site


def megabytes(process: int, what: str) -> float:
    """VmRSS (now) or VmHWM (the most so far) of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition(f"{what}:")[2].split()[0]) / 1024


def watched(process: subprocess.Popen[bytes], site: Site, step: int) -> list[tuple[int, float, float]]:
    """Pages asked for, memory then and at most so far, every `step` pages."""
    curve: list[tuple[int, float, float]] = []
    while process.poll() is None:
        asked = site.pages_asked()
        if asked >= step * (len(curve) + 1):
            curve.append((asked, megabytes(process.pid, "VmRSS"), megabytes(process.pid, "VmHWM")))
        time.sleep(0.05)
    return curve


def main(pages: int) -> None:
    with Site(pages, delay=0) as site, tempfile.TemporaryDirectory() as name:
        folder, began = Path(name), time.monotonic()
        env = environment(site, folder) | {"ASTANA_CONCURRENT_REQUESTS_PER_DOMAIN": "8"}
        process = subprocess.Popen([sys.executable, "-m", "scrapy", "crawl", "notes"], cwd=ROOT, env=env)
        curve = watched(process, site, max(1, pages // 20))
        assert process.returncode == 0
        print(
            f"{pages} pages, {rows(folder, 'SELECT count(*) FROM articles')[0][0]} articles, {time.monotonic() - began:.0f} s"
        )
    print("pages   MB now  MB at most")
    for asked, now, most in curve:
        print(f"{asked:>6} {now:>7.1f} {most:>11.1f}")
    (first, _, low), (last, _, high) = curve[0], curve[-1]
    print(f"growth from page {first} to {last}: {(high - low) / (last - first) * 1000:.2f} MB per 1,000 pages")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
