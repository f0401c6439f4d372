"""How many real articles would be refused as walls, and by which words, in a folder of pages with their truths.

    python -m tests.benchmarks.walls FOLDER [--all]

FOLDER holds truth.jsonl (url, html: a gzip file beside it, body, language) and the pages. The articles are those whose
truth has a body; with --all every page is read. A refused one is printed with how its true text ends: a teaser breaks off.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from pathlib import Path

from astana_crawl.extract import read_article
from astana_crawl.extract.page import parse
from astana_crawl.extract.walls import refusal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="read the pages without a body in their truth too")
    options = parser.parse_args()
    rows = [json.loads(line) for line in (options.folder / "truth.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if row["body"] or options.all]
    counts: Counter[str] = Counter()
    took = reading = 0.0
    for row in rows:
        html = gzip.decompress((options.folder / row["html"]).read_bytes())
        url, began = row["url"] or "https://page.example/", time.process_time()
        article = read_article(html, url, language=row["language"])
        reading += time.process_time() - began
        if article.unreadable:
            counts[article.refused] += 1
            print(
                f"{article.refused:10} {row['id']}: {article.unreadable}; its truth ends {(row['body'] or '')[-60:]!r}"
            )
        page, body = parse(html, url), article.body
        began = time.process_time()
        refusal(page, body, article.cut)
        took += time.process_time() - began
    refused = ", ".join(f"{number} {state}" for state, number in counts.items()) or "none"
    print(f"{len(rows)} articles, refused: {refused}")
    print(f"{1000 * took / len(rows):.2f} ms a page for this, {took / reading:.3f} of reading it")


if __name__ == "__main__":
    main()
