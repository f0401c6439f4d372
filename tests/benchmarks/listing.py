"""CPU of `scrapy list` here against an empty Scrapy project, run in turns: what every call of a command pays.

python tests/benchmarks/listing.py [TURNS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def cpu_seconds(folder: Path) -> float:
    """User and system seconds of one `scrapy list` in a project folder."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "scrapy", "list"], cwd=folder, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main(turns: int) -> None:
    """Print the medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "scrapy", "startproject", "empty", folder], check=True, capture_output=True, cwd="/"
        )
        times = [(cpu_seconds(ROOT), cpu_seconds(Path(folder))) for _ in range(turns)]
    here, empty = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"scrapy list: here {here:.3f} s, empty project {empty:.3f} s, ratio {here / empty:.2f} ({turns} turns each)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
