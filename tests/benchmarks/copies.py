"""How well copies of a story are found, and what it costs: python -m tests.benchmarks.copies [articles]

Texts are generated: made-up words in five scripts with the frequencies of a language, stock phrases of the field and
whole paragraphs of background that many articles share. First 10,000 stories of one day and 1,000 copies, of that day
or the next, with 8 % of their words changed and a sentence or two appended: recall by length, false merges. Then the
given number of articles (100,000) goes into a new archive: milliseconds of CPU an article for its story alone and for
all of it, the memory of the process.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from astana_crawl import items
from astana_crawl.archive import Archive, ledger, stories
from astana_crawl.archive.articles import store

SCRIPTS = {
    "en": ("b d f g k l m n p r s t v w th st".split(), "a e i o u ai ou".split()),
    "ru": ("б в г д ж з к л м н п р с т х ст".split(), "а е и о у я ю".split()),
    "ar": ("ب ت ج ح د ر س ش ص ع ف ق ك ل م ن ه".split(), ["", "ا", "و", "ي"]),
    "fa": ("ب پ ت ج چ د ر ز ژ س ش ک گ ل م ن".split(), ["", "ا", "و", "ی"]),
    "tr": ("b c ç d g ğ k l m n p r s ş t y z".split(), "a e ı i o ö u ü".split()),
}
START = dt.date(2017, 1, 23)
LENGTHS = ((100, "55-99"), (200, "100-199"), (400, "200-399"), (10**9, "400-"))
"""How many words a text has at most, and how that is called."""


class Language:
    """Made-up words of a script, frequent and rare as in a language, stock phrases and paragraphs of background."""

    def __init__(self, name: str, rng: random.Random) -> None:
        self.name, self.rng = name, rng
        starts, ends = SCRIPTS[name]
        made = {
            "".join(rng.choice(starts) + rng.choice(ends) for _ in range(rng.choice((1, 2, 2, 3, 3, 4))))
            for _ in range(9000)
        }
        self.words = sorted(made)
        rng.shuffle(self.words)
        self.cumulative = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.phrases = [self.pick(rng.randint(3, 8)) for _ in range(400)]
        self.background = [self.sentences(rng.randint(30, 70)) for _ in range(25)]

    def pick(self, count: int) -> list[str]:
        """Return words by their frequency."""
        return self.rng.choices(self.words, cum_weights=self.cumulative, k=count)

    def sentences(self, count: int) -> list[str]:
        """Return about `count` words in sentences, with a stock phrase here and there and some figures."""
        words: list[str] = []
        while len(words) < count:
            sentence = self.pick(self.rng.randint(6, 16))
            if self.rng.random() < 0.5:
                sentence += self.phrases[min(int(self.rng.expovariate(0.02)), len(self.phrases) - 1)]
            if self.rng.random() < 0.3:
                sentence.append(str(self.rng.randint(2, 400)))
            sentence[-1] += "."
            words += sentence
        return words

    def article(self) -> list[str]:
        """Return the words of an article: its own text, and in seven of ten a paragraph or two of background."""
        own = self.sentences(max(55, int(self.rng.lognormvariate(5.6, 0.6))))
        for _ in range(self.rng.choice((0, 0, 0, 1, 1, 1, 1, 1, 2, 2))):
            paragraph = self.background[min(int(self.rng.expovariate(0.15)), len(self.background) - 1)]
            own = paragraph + own if self.rng.random() < 0.1 else own + paragraph
        return own

    def copied(self, words: list[str]) -> list[str]:
        """Return a copy with 8 % of the words changed, and one or two sentences appended."""
        changed = set(self.rng.sample(range(len(words)), round(0.08 * len(words))))
        new = [self.pick(1)[0] if number in changed else word for number, word in enumerate(words)]
        return new + self.sentences(self.rng.randint(10, 20))


class Filled:
    """An archive that takes generated articles."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.count, self.spent = archive, 0, 0.0
        with archive.writing() as db:
            more = {"home": None, "country": None, "language": None, "party": None}
            ledger.register_site(db, "made", outlet="Made up", title="Made up", **more)

    def put(self, texts: list[tuple[str, list[str], dt.date]]) -> list[int]:
        """Keep the texts (language, words, day) in one transaction; return the ids of their stories."""
        with self.archive.writing() as db:
            ids = [self._put(db, *text) for text in texts]
            marks = ",".join(map(str, ids))
            found = db.exec_driver_sql(f"SELECT id, story_id FROM articles WHERE id IN ({marks})")
            rows = {row.id: row.story_id for row in found}
        return [rows[id_] for id_ in ids]

    def _put(self, db: object, language: str, words: list[str], day: dt.date) -> int:
        self.count += 1
        url = f"https://made.example/{self.count}"
        source = ledger.source_id(db, "made", "feed", "f")
        offer = ledger.Offer(items.Found(url), "pending", None, None, None)
        now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
        ledger.offer(db, "made", source, "feed", "f", [offer], now, None)
        article = items.Article(
            url, " ".join(words[:8]), body=" ".join(words), language=language, site="made", relevance="core",
            published_on=day, published_precision="day",
        )  # fmt: skip
        return store(
            db, article, address_id=self.count, run_id=None, page_id=None, now=now, reader_version="1"
        ).article_id


def timed(filled: Filled) -> None:
    """Let the time that the stories take be summed up."""
    place = stories.place

    def measured(*args: object, **named: object) -> object:
        start = time.thread_time()
        try:
            return place(*args, **named)
        finally:
            filled.spent += time.thread_time() - start

    stories.place = measured


def generated(seed: int) -> Iterator[tuple[Language, list[str], dt.date]]:
    """Yield articles of all languages, on days of eight years."""
    rng = random.Random(seed)
    languages = [Language(name, rng) for name in SCRIPTS]
    while True:
        language = rng.choice(languages)
        yield language, language.article(), START + dt.timedelta(days=rng.randrange(2800))


def quality(archive: Archive, stories_wanted: int = 10_000, copies: int = 1_000) -> dict[str, float]:
    """Print recall by length and the false merges; return both."""
    filled, made = Filled(archive), generated(1)
    found, wanted, false, texts = Counter[str](), Counter[str](), 0, []
    while filled.count < stories_wanted:
        batch = [(language, words, START) for language, words, _ in itertools.islice(made, 100)]
        texts += batch
        first = filled.count + 1
        ids = filled.put([(language.name, words, day) for language, words, day in batch])
        false += sum(story != first + number for number, story in enumerate(ids))
    rng = random.Random(2)
    for number in rng.sample(range(len(texts)), copies):
        language, words, day = texts[number]
        copy = language.copied(words)
        (story,) = filled.put([(language.name, copy, day + dt.timedelta(days=rng.randint(0, 1)))])
        length = next(name for most, name in LENGTHS if len(words) < most)
        for key in (length, language.name, "all"):
            wanted[key] += 1
            found[key] += story == number + 1
        false += story not in (number + 1, filled.count)
    print(f"{stories_wanted} stories, {copies} copies: false merges {false}")
    print(*(f"recall {key}: {found[key] / wanted[key]:.3f} of {wanted[key]}" for key in sorted(wanted)), sep="\n")
    return {"recall": found["all"] / wanted["all"], "false": false}


def cost(archive: Archive, articles: int) -> None:
    """Print the milliseconds and the memory at ten points on the way to so many articles."""
    filled, made = Filled(archive), generated(3)
    timed(filled)
    step = max(100, articles // 10)
    print(f"{'articles':>9} {'ms each':>8} {'of all':>7} {'RSS MB':>7} {'file MB':>8}")
    while filled.count < articles:
        filled.spent, began, writing = 0.0, filled.count, 0.0
        while filled.count < began + step:
            batch = [(language.name, words, day) for language, words, day in (next(made) for _ in range(100))]
            start = time.thread_time()
            filled.put(batch)
            writing += time.thread_time() - start
        size = (
            sum(path.stat().st_size for path in archive.path.parent.glob(f"{archive.path.name}*") if path.is_file())
            / 1e6
        )
        memory = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
        print(
            f"{filled.count:9} {filled.spent / step * 1e3:8.3f} {writing / step * 1e3:7.3f} {memory:7.0f} {size:8.0f}",
            flush=True,
        )


def main(articles: int = 100_000) -> None:
    """Measure both."""
    for measure in (quality, lambda archive: cost(archive, articles)):
        with tempfile.TemporaryDirectory() as folder, Archive.open(f"sqlite:///{folder}/a.db", kind="live") as archive:
            measure(archive)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
