"""Pages a CPU second of the whole path, against a bare Scrapy crawl of the same pages, taken in turns.

    python -m tests.benchmarks.pipeline [ARTICLES] [--turns N]

All pages are fetched by both; 21 % of them are articles to keep. The bare crawl follows the same sitemaps, fetches the
same pages with the same number of requests at once, and does nothing with them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measured import cost, counts, crawl, field


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=1000)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    rates: dict[str, list[float]] = {"bare Scrapy": [], "whole path, layout": [], "whole path, no layout": []}
    with field(options.articles, opaque=True) as home:
        counts(home)
        for _ in range(options.turns):
            rates["bare Scrapy"].append(bare(home))
            for layout in (True, False):
                with tempfile.TemporaryDirectory() as folder:
                    run = crawl(home, Path(folder), layout=layout)
                pages = counts(home)["articles"]
                assert (run.status, pages) == (0, options.articles), (run, pages)
                rates[f"whole path, {'layout' if layout else 'no layout'}"].append(pages / run.cpu)
    basis = statistics.median(rates["bare Scrapy"])
    for name, taken in rates.items():
        rate = statistics.median(taken)
        print(f"{name:22} {rate:6.0f} pages a CPU second, {1000 / rate:5.1f} ms a page, {rate / basis:.2f} of bare")


def bare(home: str) -> float:
    run = cost([sys.executable, "-m", "tests.benchmarks.bare", home], {})
    pages = counts(home)["articles"]
    assert run.status == 0 and pages, run
    return pages / run.cpu


if __name__ == "__main__":
    main()
