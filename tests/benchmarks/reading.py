"""Reads what no outlet would send: mutilated pages, and pages beyond all size; prints errors and seconds.

    PYTHONPATH=. python tests/benchmarks/reading.py [FOLDER] [--times 5000]

FOLDER holds pages of news to mutilate (*.html, *.html.gz); without it those of tests/pages are taken.
"""

from __future__ import annotations

import argparse
import gzip
import random
import time
from collections.abc import Iterator
from pathlib import Path

from astana_crawl.extract import Layout, read_article

URL = "https://news.example/world/syria-round-opens"
OWN = Path(__file__).parents[1] / "pages"
HEAD = "<html><head><title>Talks on Syria resume</title></head><body><h1>Talks on Syria resume</h1>"
LAYOUT = Layout(body="article, div.entry-content", ends_before="p.disclaimer")
BLOWS = (
    b"<div>" * 300,
    b"</div>" * 300,
    b"<h1>",
    b"<article>",
    b'"',
    b"\x00",
    b"<!--",
    b"<script>",
    b"&#xD800;",
    b"\xff\xfe",
)


def paragraphs(many: int) -> str:
    return "".join(
        f"<p>Delegation {at} spoke of the town {7 * at} and of the way home for those who fled.</p>"
        for at in range(many)
    )


LARGE = {
    "300,000 nested elements": HEAD + "<div>" * 300_000 + paragraphs(3) + "</div>" * 300_000,
    "100,000 paragraphs": HEAD + paragraphs(100_000),
    "one paragraph": HEAD + "<p>" + "word and another. " * 600_000,
    "one row of figures": HEAD + "<p class='date'>" + "2024 " * 2_000_000 + "</p>" + paragraphs(3),
    "headings": HEAD + "<h1>Another headline</h1>" * 400_000 + paragraphs(3),
    "links in a list": HEAD + "<ul>" + "<li><a href='/x'>Another headline stands here</a></li>" * 180_000 + "</ul>",
    "bylines": HEAD + "<span class='byline author'>Jane</span>" * 250_000 + paragraphs(3),
    "times": HEAD + "<time>24 January 2024</time>" * 350_000 + paragraphs(3),
    "rows of a table": HEAD + "<table>" + "<tr><td>1</td><td>2</td></tr>" * 350_000 + "</table>" + paragraphs(3),
    "JSON-LD": HEAD + '<script type="application/ld+json">{"a":[' + '{"b":1},' * 1_200_000 + "1]}</script>" + paragraphs(20),
    "data for scripts": HEAD + "<script>window.s = " + "[" * 10_000_000 + "</script>" + paragraphs(20),
    "attributes": HEAD + "<div " + " ".join(f"a{at}=1" for at in range(900_000)) + ">" + paragraphs(20),
    "brackets": HEAD + "<" * 10_000_000,
    "a title": "<title>" + "ab - " * 2_000_000 + "</title>" + HEAD + paragraphs(3),
    "metas": "<html><head>" + "<meta name='author' content='Jane Doe and John Roe'>" * 190_000 + "</head><body>" + paragraphs(3),
}  # fmt: skip


def pages(folder: Path) -> list[bytes]:
    files = [path for path in sorted(folder.rglob("*")) if path.name.endswith((".html", ".html.gz"))]
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]


def mutilated(whole: list[bytes], times: int) -> Iterator[bytes]:
    """The pages with up to six pieces of up to 4,000 bytes lost or replaced, the same ones in every run."""
    chance = random.Random(1)
    for _ in range(times):
        page = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 6)):
            at = chance.randint(0, len(page))
            page[at : at + chance.randint(0, 4000)] = chance.choice((b"", chance.randbytes(40), *BLOWS))
        yield bytes(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=OWN)
    parser.add_argument("--times", type=int, default=5000)
    options = parser.parse_args()
    whole = pages(options.folder)
    errors = slowest = 0.0
    for page in mutilated(whole, options.times):
        started = time.process_time()
        try:
            read_article(page, URL, LAYOUT)
        except Exception as problem:
            errors += 1
            print(f"{type(problem).__name__}: {problem}")
        slowest = max(slowest, time.process_time() - started)
    print(
        f"{options.times} mutilations of {len(whole)} pages: {errors:.0f} errors, the slowest took {slowest:.2f} s of CPU"
    )
    for name, html in LARGE.items():
        started = time.process_time()
        read_article(html, URL)
        print(f"{name:24} {len(html) / 2**20:5.1f} MiB {time.process_time() - started:6.2f} s of CPU")


if __name__ == "__main__":
    main()
