"""CPU time for a packed page from its bytes to its text: Scrapy's own way against ours, taken in turns.

    python -m tests.benchmarks.decoding [PAGES]

Each page of 65 kB comes with gzip from an address that ends in .html, its charset in the header, or only in the page.
"""

from __future__ import annotations

import argparse
import gzip
import random
import statistics
import time
from collections.abc import Callable

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import HtmlResponse, Response
from scrapy.spiders import Spider
from scrapy.statscollectors import DummyStatsCollector

from astana_crawl.charset import decode
from astana_crawl.fetch.decoding import Decoding

TEXT = (
    "The envoys met in Astana and spoke of the winter, of bread and of prisoners; nobody would say more – “not yet”. "
)
TURNS = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=int, nargs="?", default=100)
    number = parser.parse_args().pages
    crawler = Crawler(Spider)
    crawler.stats = DummyStatsCollector(crawler)
    theirs, ours = HttpCompressionMiddleware(crawler=crawler), Decoding(crawler)
    ways: dict[str, Callable[[Response], object]] = {
        "stock, unpacked": lambda one: theirs.process_response(REQUEST, one),
        "ours, unpacked": lambda one: ours.process_response(REQUEST, one),
        "stock, with its text": lambda one: theirs.process_response(REQUEST, one).text,
        "ours, with its text": lambda one: text_of(ours.process_response(REQUEST, one)),
    }
    for kind in ("text/html; charset=utf-8", "text/html"):
        responses = [response(page, kind) for page in range(number)]
        times = {name: statistics.median(taken) for name, taken in turns(ways, responses).items()}
        print(f"\n{kind}")
        for name, took in times.items():
            basis = times[name.replace("ours", "stock")]
            print(f"  {name:22} {1000 * took / number:6.3f} ms a page, {took / basis:.2f} of stock")


def text_of(response: Response) -> str:
    return decode(response.body, response.headers[b"Content-Type"].decode()).text


def turns(ways: dict[str, Callable[[Response], object]], responses: list[Response]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            fresh = [
                HtmlResponse(one.url, headers=one.headers, body=one.body) for one in responses
            ]  # copy() would guess
            began = time.process_time()
            for one in fresh:
                way(one)
            taken[name].append(time.process_time() - began)
    return taken


REQUEST = Request("https://field.example/2024/note.html", meta={"address_id": 1})  # as for an article's page


def response(number: int, kind: str) -> Response:
    chance = random.Random(number)
    words = ["".join(chance.choices("aeiounrstlmd", k=chance.randint(2, 9))) for _ in range(3000)]
    paragraphs = "".join(f"<p>“{' '.join(chance.choices(words, k=80))}”</p>" for _ in range(120))
    page = f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{paragraphs}</body></html>'
    headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
    return HtmlResponse(REQUEST.url, headers=headers, body=gzip.compress(page.encode()))


if __name__ == "__main__":
    main()
