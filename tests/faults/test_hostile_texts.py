"""Whatever texts pages and sources carry, they are kept clean, and no insert fails for them."""

from __future__ import annotations

import datetime as dt
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from astana_crawl import items
from astana_crawl.archive import Archive, articles, ledger, schema
from astana_crawl.archive.types import Json, Words
from tests.faults.matrix import Matrix

NOW = dt.datetime(2024, 1, 25, tzinfo=dt.UTC)
ITEMS, GROUP = 10_000, 500
PIECES = (
    "\0", "\x01", "\x1b[31m", "\x7f", "\x85", "\x9f", "\r", "\r\n", "\ufffe", "\uffff", "\ufdd0", "\U0001fffe",
    "\ud800", "\udfff", "\ud83d", "\ude00", "\ud83d\ude00", "e\u0301", "и\u0306", "\u0301", "\0\u0301", "ﬁ", "ا\u0653",
    "Å", "Ω", "각", "\u200f", "\u202e", "\ufeff", "\u2028", "گفت\u200cوگو", "Астана", "أستانا", "talks", " ", "\n", "'",
    '"', "%", "\\ud800", "&#0;", "=1+1", "𐀀", "\t",
)  # fmt: skip
DIRTY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def hostile(chance: random.Random) -> str:
    """A word and up to nine pieces of trouble, or characters from anywhere in Unicode."""
    if chance.random() < 0.3:
        return "w" + "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(8)))
    return "w" + "".join(chance.choices(PIECES, k=chance.randrange(10)))


def offer(db, chance: random.Random, numbers: range, source: int) -> list[int]:
    """The ids of the addresses that a source has offered with hostile hints."""
    offers = []
    for number in numbers:
        one, two, three, four, five = (hostile(chance) for _ in range(5))
        found = items.Found(f"https://steppe.example/{number}?q={one}", title=two, published=three, lastmod=four)
        offers.append(ledger.Offer(found, "pending", five, None, None))
    ledger.offer(db, "steppe", source, "feed", hostile(chance), offers, NOW, 1)
    ids = db.execute(text("SELECT id FROM addresses ORDER BY id DESC LIMIT :n"), {"n": len(numbers)})
    return sorted(one for (one,) in ids)


def keep(db, chance: random.Random, number: int, address: int) -> None:
    def some() -> str:
        return hostile(chance)

    if number % 4 == 0:
        ledger.settle(
            db, address, "off_topic", some(), run_id=1, now=NOW, http_status=200, etag=some(), last_modified=some(),
            matched_terms=[some()],
        )  # fmt: skip
    elif number % 4 == 1:
        ledger.retry_later(db, address, some(), run_id=1, now=NOW)
    else:
        article = items.Article(
            url=f"https://steppe.example/{number}", site="steppe", title=some(), body=f"{some()}\n\n{some()}",
            subtitle=some(), language="en", authors=[some(), some()], section=some(), tags=[some()], image_url=some(),
            published_zone=some(), published_text=some(), published_rule=some(), relevance="core", note=some(),
            original_outlet=some(), original_url=some(), layout=some(),
            matched_terms=[items.Match(some(), "title", 0, some())],
            candidates=[items.Candidate("title", some(), some(), some() * 40), items.Candidate("authors", some(), "r", some())],
            meetings=[items.Tie("round-21", "main", "named", some())],
        )  # fmt: skip
        articles.store(
            db, article, address_id=address, run_id=1, page_id=None, now=NOW, reader_version=some(), etag=some()
        )


def dirty(archive: Archive) -> list[tuple[str, str]]:
    """Every text in any table that is not as texts are kept; of a list or dict, every text in it."""
    found = []
    with archive.reading() as db:
        for name, table in schema.Base.metadata.tables.items():
            columns = [column for column in table.columns if isinstance(column.type, (Words, Json))]
            for row in db.execute(select(*columns)) if columns else ():
                for column, value in zip(columns, row, strict=True):
                    found += [(f"{name}.{column.name}", ascii(one)) for one in texts(value) if not clean(one)]
    return found


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value if isinstance(value, list) else (*value, *value.values()):
            yield from texts(one)


def clean(one: str) -> bool:
    return not DIRTY.search(one) and unicodedata.is_normalized("NFC", one)


@pytest.mark.fault
def test_ten_thousand_hostile_items_are_all_kept_and_all_clean(tmp_path: Path, matrix: Matrix) -> None:
    chance = random.Random(32)
    with Archive.open(f"sqlite:///{tmp_path}/astana.db", kind="live") as archive:
        with archive.writing() as db:
            ledger.register_site(
                db, "steppe", outlet="o", title="t", home=None, country=None, language=None, party=None
            )
            source = ledger.source_id(db, "steppe", "feed", "https://steppe.example/feed")
            ledger.start_run(db, site="steppe", command="crawl", version="1", reference_hash=None, now=NOW)
        for start in range(0, ITEMS, GROUP):
            with archive.writing() as db:
                numbers = range(start, start + GROUP)
                addresses = offer(db, chance, numbers, source)
                for number, address in zip(numbers, addresses, strict=True):
                    keep(db, chance, number, address)
        assert dirty(archive)[:5] == []
        with archive.reading() as db:
            counts = dict(
                db.execute(text("SELECT state, count(*) FROM addresses WHERE found_by = 'feed' GROUP BY state")).all()
            )
            assert db.execute(text("SELECT count(*) FROM articles")).scalar() == ITEMS // 2
            assert db.execute(text("SELECT count(*) FROM articles WHERE length(body) < 3")).scalar() == 0
            assert db.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    assert counts["off_topic"] == counts["pending"] == ITEMS // 4
    matrix(32, f"{ITEMS:,} items kept, each text of them clean")
