"""Reads a folder of real feeds, sitemaps and robots.txt files, and prints how many are read and what differs.

    PYTHONPATH=. python tests/benchmarks/discover_corpus.py [FOLDER] [--all]

The feeds of feedparser's tests state what they expect of an entry's link, title or date; that is compared (most have
entries without a link, which is not an article to us: they are read a second time with one put in).
Without the folder only the speed is measured.
"""

from __future__ import annotations

import argparse
import ast
import re
import time
from collections import Counter
from pathlib import Path

from scrapy.http import Response

from astana_crawl.discover import Feed, Reading, Sitemap, robots_sitemaps
from astana_crawl.discover.text import decode, plain

HOME = "https://site.example/"
EXPECTED = re.compile(r"entries\[(\d+)\]\['(link|title|published|updated|date|created)'\]\s*==\s*(u?'(?:[^'\\]|\\.)*')")
DETAIL = re.compile(r"entries\[(\d+)\]\['(title)_detail'\]\['value'\]\s*==\s*(u?'(?:[^'\\]|\\.)*')")
FIELDS = {"link": "url", "title": "title", "published": "published", "created": "published", "updated": "lastmod"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("feeds"))
    parser.add_argument("--all", action="store_true", help="name every file that is not read in full")
    options = parser.parse_args()
    if options.folder.is_dir():
        read_all(options.folder, options.all)
    else:
        print(f"no folder {options.folder}: only the speed is measured")
    speed()


def read_all(folder: Path, every: bool) -> None:
    for kind in ("feed", "sitemap", "robots"):
        files = sorted(path for path in (folder / kind).rglob("*") if path.is_file())
        readings = {path: read(kind, path.read_bytes()) for path in files}
        whys = Counter(re.sub(r"\d+", "N", reading.problem or "read") for reading in readings.values())
        entries = sum(len(reading.found) + len(reading.more) for reading in readings.values())
        print(f"\n{kind}: {len(files)} files, {entries} addresses")
        for why, number in whys.most_common():
            print(f"  {number:5}  {why}")
        if every:
            for path, reading in readings.items():
                print(f"    {path.relative_to(folder)}: {reading.problem or 'read'}, {len(reading.found)} found")
        if kind == "feed":
            compare(folder, readings)


def read(kind: str, body: bytes) -> Reading:
    if kind == "robots":
        return Reading(more=robots_sitemaps(decode(body), HOME))
    header = re.search(rb"Header:\s+Content-type:\s*(.+)", body)
    headers = {"Content-Type": header[1].strip()} if header else {}
    source = Feed(HOME) if kind == "feed" else Sitemap(HOME)
    listed = re.search(
        rb"<loc>\s*(?:<!\[CDATA\[)?(https?://[^/]+/)|^\s*<sitemap>\s*(https?://[^/]+/)", body, re.MULTILINE
    )
    home = (listed[1] or listed[2]).decode() if listed and kind == "sitemap" else HOME
    return source.read(Response(home, body=body, headers=headers))


def linked(body: bytes) -> bytes:
    """The feed with an address put at the end of each entry."""
    link = rb'<link xmlns="" href="https://site.example/put-in"/>'
    return re.sub(rb"(</(?:\w+:)?(?:item|entry)>)", link + rb"\1", body)


def compare(folder: Path, readings: dict[Path, Reading]) -> None:
    met, differing = 0, []
    for path, first in readings.items():
        body = path.read_bytes()
        text = decode(body)
        reading = first if first.found else read("feed", linked(body))
        for expected in (*EXPECTED.finditer(text), *DETAIL.finditer(text)):
            number, field, value = int(expected[1]), expected[2], ast.literal_eval(expected[3])
            entry = reading.found[number] if number < len(reading.found) else None
            given = getattr(entry, FIELDS.get(field, "published"), reading.problem)
            if given in (value, plain(value)):
                met += 1
            else:
                differing.append(f"{path.relative_to(folder)}: {field} is {given!r}, expected {value!r}")
    print(f"  expectations of links, titles and dates: {met} met, {len(differing)} not")
    for line in differing:
        print(f"    {line}")


def speed() -> None:
    item = (
        "<item><title>Talks &amp; more %d</title><link>/news/%d</link><pubDate>Thu, 25 Jan 2024 10:00:00 GMT</pubDate>"
    )
    feed = "".join((item + "<description>%s</description></item>") % (n, n, "text " * 200) for n in range(500))
    url = "<url><loc>https://site.example/news/%d?a=1&amp;b=2</loc><lastmod>2024-01-25T10:00:00Z</lastmod></url>"
    urls = "".join(url % n for n in range(50_000))
    print("\nspeed, best of three")
    clock("feed of 500 entries", Feed(HOME), f"<rss><channel>{feed}</channel></rss>")
    clock("sitemap of 50,000", Sitemap(HOME), f"<?xml version='1.0'?><urlset>{urls}</urlset>")


def clock(name: str, source: Feed | Sitemap, text: str) -> None:
    response = Response(HOME, body=text.encode())
    times = []
    for _ in range(3):
        started = time.perf_counter()
        found = len(source.read(response).found)
        times.append(time.perf_counter() - started)
    print(f"  {name}: {found} found, {len(text) / 1e6:.1f} MB, {min(times):.3f} s")


if __name__ == "__main__":
    main()
