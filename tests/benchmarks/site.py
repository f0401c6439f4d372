"""A self-written news site of any size: its pages made from their numbers, served over HTTP on this machine.

    python -m tests.benchmarks.site ARTICLES [--opaque]      prints its address and serves until it is ended

Of the articles 21 % are about the talks by address and text, 14 % by address only, 5 % have addresses without words,
the rest are another subject's by their address. With --opaque all addresses are numbers, so that all pages are fetched.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import random
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MONTHS = 100
LAST = dt.date(2025, 4, 30)  # the last of 100 months that begin with January 2017
PAGE_KB = (30, 60)
SENTENCES = {
    "core": (
        "Delegations of Russia, Türkiye and Iran met in Astana for another round of talks on Syria.",
        "The guarantor states of the Astana process adopted a joint statement at the end of the meeting.",
        "The Syrian government and the armed opposition sent their delegations to the Astana talks.",
        "The working group on detainees reported to the Astana format on an exchange near Aleppo.",
        "The United Nations special envoy for Syria followed the round as an observer.",
    ),
    "other": (
        "The council opened a new tram line that links the market with the river port.",
        "Farmers expect a better harvest after a spring with more rain than in the year before.",
        "The library keeps its doors open until nine in the evening during the examination weeks.",
        "A small company from the north has begun to build wooden bridges for hikers.",
        "The orchestra will play the second symphony twice, as all the tickets of the first night are sold.",
        "Teachers asked for smaller classes, and the ministry promised an answer before the summer.",
        "The price of bread has risen by a tenth since the autumn, the statistics office says.",
        "The port handled more containers in March than in any month since it was deepened.",
    ),
    "ru": (
        "Город открыл новую трамвайную линию, которая связывает рынок с речным портом.",
        "Библиотека во время экзаменов работает до девяти часов вечера.",
        "Небольшая компания с севера начала строить деревянные мосты для туристов.",
    ),
    "ru core": (
        "Делегации России, Турции и Ирана провели в Астане очередной раунд переговоров по Сирии.",
        "Страны-гаранты Астанинского процесса приняли совместное заявление.",
    ),
    "ar": (
        "افتتحت المدينة خطا جديدا للترام يربط السوق بالميناء النهري.",
        "تبقى المكتبة مفتوحة حتى التاسعة مساء خلال أسابيع الامتحانات.",
    ),
    "ar core": (
        "عقدت وفود روسيا وتركيا وإيران جولة جديدة من محادثات أستانا بشأن سوريا.",
        "أصدرت الدول الضامنة لمسار أستانا بيانا مشتركا في ختام الاجتماع.",
    ),
}
SLUGS = {
    "core": ("astana-talks-on-syria-end-with-joint-statement", "guarantor-states-meet-in-astana-on-syria"),
    "seems": ("syria-reopens-its-market-halls", "astana-hosts-a-fair-of-wooden-toys-from-syria"),
    "off": ("council-opens-a-new-tram-line", "farmers-expect-a-better-harvest", "orchestra-plays-to-a-full-house"),
}
CARDS = 22
FILLER = "window.dataLayer=window.dataLayer||[];function track(name,value){dataLayer.push({name:name,value:value})}"


@dataclass(frozen=True)
class Site:
    """The whole site at an address like http://127.0.0.1:8000."""

    home: str
    articles: int
    opaque: bool = False

    @cached_property
    def paths(self) -> list[str]:
        return [self._path(number) for number in range(self.articles)]

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {path: number for number, path in enumerate(self.paths)}

    def _path(self, number: int) -> str:
        share = number * 37 % 100  # spread evenly over the months
        kind = "core" if share < 21 else "seems" if share < 35 else "bare" if share < 40 else "off"
        if self.opaque or kind == "bare":
            return f"/news/{number + 100_000}"
        slugs = SLUGS[kind]
        return f"/news/{slugs[number % len(slugs)]}-{number + 100_000}"

    def core(self, number: int) -> bool:
        return number * 37 % 100 < 21

    def month(self, number: int) -> int:
        """From 0, the newest; the newest articles have the highest numbers."""
        return min(MONTHS - 1, (self.articles - 1 - number) * MONTHS // self.articles)

    def at(self, number: int) -> dt.datetime:
        back = (self.articles - 1 - number) * MONTHS * 30.4 / self.articles
        day = dt.datetime.combine(LAST, dt.time(12), dt.UTC) - dt.timedelta(days=back)
        return day.replace(microsecond=0)

    def page(self, number: int) -> bytes:
        rng = random.Random(number)
        tongue = "ru" if number % 10 == 3 else "ar" if number % 10 == 7 else "en"
        other, core = ("other", "core") if tongue == "en" else (tongue, f"{tongue} core")
        pool = (*SENTENCES[other], *SENTENCES[core]) if self.core(number) else SENTENCES[other]
        title = (SENTENCES[core] if self.core(number) else SENTENCES[other])[number % 2].rstrip(".")
        paragraphs = "".join(
            f"<p>{' '.join(rng.choice(pool) for _ in range(4))} <em>{number}-{one}.</em></p>" for one in range(14)
        )
        cards = "".join(
            f'<div class="card"><a href="{self.paths[other_one]}?utm_source=related"><img src="/i/{other_one}.jpg" '
            f'alt=""><span>{rng.choice(SENTENCES["other"])}</span></a></div>'
            for other_one in rng.sample(range(self.articles), min(CARDS, self.articles))
        )
        at, address = self.at(number).isoformat(), self.home + self.paths[number]
        data = json.dumps({
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": at,
            "dateModified": at, "author": {"@type": "Person", "name": "Nora Field"}, "mainEntityOfPage": address,
        }, ensure_ascii=False)  # fmt: skip
        head = (
            f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8"><title>{title} | The Field</title>'
            f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
            f'<meta property="article:published_time" content="{at}"><link rel="canonical" href="{address}">'
            f'<script type="application/ld+json">{data}</script>'
        )
        nav = "".join(f'<li><a href="/section/{one}">Section {one}</a></li>' for one in range(40))
        shown = (
            f'<body><header><ul class="nav">{nav}</ul></header><main><article><h1>{title}</h1>'
            f'<time datetime="{at}">{at}</time><div class="story">{paragraphs}</div></article></main>'
            f"<aside>{cards}</aside><footer><ul>{nav}</ul><p>The Field, printed daily.</p></footer></body></html>"
        )
        room = rng.randrange(PAGE_KB[0], PAGE_KB[1]) * 1024 - len(head) - len(shown)
        filler = f"<script>{FILLER * max(1, room // len(FILLER))}</script></head>"
        return (head + filler + shown).encode()

    def robots(self) -> bytes:
        return f"User-agent: *\nDisallow: /admin\nSitemap: {self.home}/sitemap.xml\n".encode()

    def feed(self) -> bytes:
        newest = range(self.articles - 1, max(-1, self.articles - 31), -1)
        items = "".join(
            f"<item><title>{self.paths[n].split('/')[-1].replace('-', ' ')}</title><link>{self.home}{self.paths[n]}</link>"
            f"<pubDate>{self.at(n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for n in newest
        )
        return f"<rss version='2.0'><channel><title>The Field</title>{items}</channel></rss>".encode()

    def index(self) -> bytes:
        listed = "".join(
            f"<sitemap><loc>{self.home}/sitemap-{month}.xml</loc><lastmod>{self.at(numbers[-1]).isoformat()}</lastmod></sitemap>"
            for month, numbers in enumerate(self.by_month)
            if numbers
        )
        return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{listed}</sitemapindex>".encode()

    @cached_property
    def by_month(self) -> list[list[int]]:
        months: list[list[int]] = [[] for _ in range(MONTHS)]
        for number in range(self.articles):
            months[self.month(number)].append(number)
        return months

    def sitemap(self, month: int) -> bytes:
        urls = "".join(
            f"<url><loc>{self.home}{self.paths[n]}</loc><lastmod>{self.at(n).isoformat()}</lastmod></url>"
            for n in self.by_month[month]
        )
        return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """The content type and body at a path; None where there is nothing."""
        if path in self.numbers:
            return "text/html; charset=utf-8", self.page(self.numbers[path])
        if path.startswith("/sitemap-"):
            return "application/xml", self.sitemap(int(path[len("/sitemap-") : -len(".xml")]))
        made = {
            "/robots.txt": ("text/plain", self.robots),
            "/feed": ("application/rss+xml", self.feed),
            "/sitemap.xml": ("application/xml", self.index),
        }.get(path)
        return (made[0], made[1]()) if made else None


def handler(site: list[Site], counts: Counter[str]) -> type[BaseHTTPRequestHandler]:
    """Serves the site; /counts tells how often articles and sources were asked for, and begins anew."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/counts":
                body, kind = json.dumps(counts).encode(), "application/json"
                counts.clear()
                return self.say(200, kind, body)
            counts["articles" if self.path.startswith("/news/") else "sources"] += 1
            made = site[0].answer(self.path)
            return self.say(200, *made) if made else self.say(404, "text/plain", b"nothing here")

        def say(self, status: int, kind: str, body: bytes) -> None:
            packed = "gzip" in self.headers.get("Accept-Encoding", "")
            body = gzip.compress(body, 1) if packed else body
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int)
    parser.add_argument("--opaque", action="store_true")
    options = parser.parse_args()
    sites: list[Site] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(sites, Counter())) as server:
        sites.append(Site(f"http://127.0.0.1:{server.server_port}", options.articles, options.opaque))
        print(sites[0].home, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
