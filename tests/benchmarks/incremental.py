"""What a second run costs when nothing has changed, against the first: CPU, requests, memory.

    python -m tests.benchmarks.incremental [ARTICLES] [--opaque] [--profile]

The generated site stands in a process of its own, whose CPU is not counted. A crawl of a site of one article gives the
cost of starting up; a crawl cut at a quarter of the pages tells how memory grows. With --profile the first run is
taken once more under cProfile (which makes small functions look dear) and the share of each step is printed.
"""

from __future__ import annotations

import argparse
import pstats
import tempfile
from pathlib import Path

from tests.benchmarks.measured import Cost, counts, crawl, field

STEPS = {
    "read the page": ("extract/reading.py", "read"),
    "  trafilatura": ("trafilatura/core.py", "bare_extraction"),
    "  cut what is appended": ("extract/appended.py", "cut_appended"),
    "  language": ("extract/language.py", "choose_language"),
    "  origin": ("extract/origin.py", "origin_candidates"),
    "  fields": ("extract/reading.py", "_read_fields"),
    "  dates": ("extract/reading.py", "_read_dates"),
    "judge": ("relevance/__init__.py", "judge"),
    "tie to meetings": ("relevance/ties.py", "tie"),
    "sift addresses": ("run/sift.py", "sift"),
    "read sources": ("discover/sitemap.py", "read"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=2000)
    parser.add_argument("--opaque", action="store_true", help="addresses without words: every page is fetched")
    parser.add_argument("--profile", action="store_true", help="print what the first run is made of")
    options = parser.parse_args()
    start_up = lone_article()
    with field(options.articles, opaque=options.opaque) as home, tempfile.TemporaryDirectory() as folder:
        compare(home, Path(folder), start_up)
        if options.profile:
            shares(home, Path(folder))


def lone_article() -> float:
    """The CPU of a second run of a site of one article: starting, opening the archive, three sources, ending."""
    with field(1) as home, tempfile.TemporaryDirectory() as folder:
        crawl(home, Path(folder))
        return crawl(home, Path(folder)).cpu


def compare(home: str, folder: Path, start_up: float) -> None:
    counts(home)
    first, asked = crawl(home, folder), counts(home)
    second, again = crawl(home, folder), counts(home)
    assert (first.status, second.status) == (0, 0), first.said + second.said
    pages = asked["articles"]
    quarter = crawl(home, folder / "quarter", "-a", f"limit={max(1, pages // 4)}")
    assert quarter.status == 0, quarter.said
    grown = (first.peak_mb - quarter.peak_mb) / (0.75 * pages) * 1000
    print(f"first run   {said(first)}, {pages} articles and {asked['sources']} source pages fetched")
    print(f"second run  {said(second)}, {again['articles']} articles and {again['sources']} source pages fetched")
    print(f"start-up    {start_up:.2f} s")
    print(f"second / first   {second.cpu / first.cpu:.2%}, without start-up {over(second, first, start_up):.2%}")
    print(f"a page   {1000 * (first.cpu - start_up) / pages:.1f} ms of CPU; memory grows {grown:.1f} MB per 1000 pages")


def said(run: Cost) -> str:
    return f"{run.cpu:7.2f} s of CPU, at most {run.peak_mb:.0f} MB"


def over(second: Cost, first: Cost, start_up: float) -> float:
    return max(0.0, second.cpu - start_up) / (first.cpu - start_up)


def shares(home: str, folder: Path) -> None:
    taken = folder / "profile"
    crawl(home, folder / "profiled", profile=taken)
    stats = pstats.Stats(str(taken))
    print(f"\nof {stats.total_tt:.1f} s under the profiler, the main thread's")  # type: ignore[attr-defined]
    for step, (file, name) in STEPS.items():
        spent = sum(
            figures[3]
            for (path, _, function), figures in stats.stats.items()  # type: ignore[attr-defined]
            if path.endswith(file) and function == name
        )
        print(f"  {step:24}{spent / stats.total_tt:6.1%}")  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
