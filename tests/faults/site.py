"""A small news site on this machine, made from numbers: the newest articles stand in its feed, the others in sitemaps."""

from __future__ import annotations

import datetime as dt
import json
import time
from urllib.parse import urlsplit

from tests.loopback import Asked, Hook, Loopback
from tests.web.model import Answer
from tests.web.served import HTML, XML, answer

IN_FEED = 30
CITIES = ("Aleppo", "Daraa", "Deir ez-Zor", "Hama", "Homs", "Idlib", "Latakia", "Raqqa")
LAST = dt.datetime(2024, 1, 25, 12, tzinfo=dt.UTC)


def path(number: int) -> str:
    """Every tenth address has no page, every fifth page is about something else."""
    return f"/2024/astana-talks-on-syria-note-{number:03}"


def page(number: int, base: str) -> str:
    at = (LAST - dt.timedelta(hours=6 * number)).isoformat()
    city = CITIES[number % len(CITIES)]
    title = f"Note {number}: envoys in Astana turn to {city}"
    told = [
        f"Delegations of Russia, Türkiye and Iran met in Astana and spoke of {city} for the {number}. time.",
        f"The guarantor states of the Astana process want the calm around {city} to last through the winter.",
        f"An observer counted {number + 3} lorries with flour that reached the town since the last round of talks.",
    ]
    if number % 5 == 0:
        title = f"Note {number}: the bakers of the river port"
        told = [
            f"The bakers of the river port sold {number + 3} loaves more than in the week before.",
            "They blame the cold, which keeps people at their stoves, and a fair on the other bank of the river.",
            "The mill works at night as well; its owner says that he has not slept so little since his wedding.",
        ]
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": at,
        "author": {"@type": "Person", "name": "Nora Field"}, "mainEntityOfPage": base + path(number),
    }  # fmt: skip
    paragraphs = "".join(f"<p>{one}</p>" for one in told)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<link rel="canonical" href="{base}{path(number)}">'
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


class Site(Loopback):
    """Serves `size` addresses, each after `delay` seconds; a context manager. `times` are when each was asked for."""

    def __init__(self, size: int, delay: float = 0.01, port: int = 0) -> None:
        super().__init__({"/robots.txt": answer("User-agent: *\nDisallow:\n", "text/plain")}, plain=True)
        self.size, self.delay, self.times = size, delay, dict[str, list[float]]()

    def __enter__(self) -> Site:
        super().__enter__()
        listed = [self.base + path(number) for number in range(self.size)]
        children = [f"{self.base}/sitemap-{number}.xml" for number in range(3)]
        self.answers |= {
            path(number): answer(page(number, self.base), HTML) for number in range(self.size) if number % 10 != 7
        }
        self.answers["/feed"] = answer(self._feed(), XML, modified=LAST)
        self.answers["/sitemap.xml"] = answer(_sitemap("sitemap", children), XML, modified=LAST)
        for number, child in enumerate(children):
            some = listed[IN_FEED + number :: len(children)]
            self.answers[urlsplit(child).path] = answer(_sitemap("url", some), XML, modified=LAST)
        return self

    def _feed(self) -> str:
        items = "".join(
            f"<item><title>Astana talks on Syria, note {number}</title><link>{self.base}{path(number)}</link></item>"
            for number in range(IN_FEED)
        )
        return f'<rss version="2.0"><channel><title>Notes</title>{items}</channel></rss>'

    def hook(self, url: str) -> Hook:
        return Hook(delay=self.delay)

    def note(self, asked: Asked) -> None:
        with self._lock:
            if "/2024/" in asked.url:
                self.times.setdefault(urlsplit(asked.url).path, []).append(time.monotonic())

    def lookup(self, url: str) -> Answer:
        return super().lookup(urlsplit(url).path)

    def pages_asked(self) -> int:
        with self._lock:
            return sum(map(len, self.times.values()))


def _sitemap(kind: str, urls: list[str]) -> str:
    root = "urlset" if kind == "url" else "sitemapindex"
    listed = "".join(f"<{kind}><loc>{url}</loc></{kind}>" for url in urls)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</{root}>'
