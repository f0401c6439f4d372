"""Crawls that are killed with SIGKILL at random moments until nothing is left to fetch, and what is then in the archive.

python -m tests.faults.killing [KILLS]      100 by default; prints what was lost, torn and fetched again
"""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from astana_crawl.archive.pages import read_page
from astana_crawl.archive.warc import digest
from tests.conftest import ROOT
from tests.faults.site import Site

GRACE = 2.0  # seconds: what was asked for longer before a kill must not be asked for again


def environment(site: Site, folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASTANA_", "SCRAPY_"))}
    return clean | {
        "NOTES": site.base,
        "ASTANA_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        "ASTANA_ARCHIVE_URL": f"sqlite:///{folder / 'astana.db'}",
        "ASTANA_PAGES_DIR": str(folder / "pages"),
        "ASTANA_DOWNLOAD_DELAY": "0",
        "ASTANA_CONCURRENT_REQUESTS_PER_DOMAIN": "4",
        "ASTANA_SPIDER_MODULES": "tests.faults.spiders",
    }


def crawl(site: Site, folder: Path, *options: str) -> subprocess.Popen[str]:
    """Begin `scrapy crawl notes` into the archive of a folder."""
    command = [sys.executable, "-m", "scrapy", "crawl", "notes", *options]
    return subprocess.Popen(command, cwd=ROOT, env=environment(site, folder), stderr=subprocess.PIPE, text=True)


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{folder / 'astana.db'}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


# --- what an archive holds, without ids, times, visits and places, which are never the same twice

CONTENT = {
    "sites": "SELECT * FROM sites",
    "sources": "SELECT site, kind, url, etag, last_modified, reason FROM sources",
    "addresses": """
        SELECT d.url, d.url_hash, d.site, found_by, found_in, title_hint, published_hint, lastmod_hint, expected_on, state,
               reason, attempts, http_status, d.relevance_score, d.matched_terms, judged_on, a.url
        FROM addresses AS d LEFT JOIN articles AS a ON a.id = d.article_id""",
    "sightings": """
        SELECT d.url, o.url FROM sightings JOIN addresses AS d ON d.id = address_id JOIN sources AS o ON o.id = source_id""",
    "articles": """
        SELECT key, url, url_hash, site, title, subtitle, body, language, authors, published_at, published_on,
               published_precision, published_zone, published_text, published_rule, relevance, relevance_score,
               matched_terms, word_count, content_hash, layout, revision_count, story_id IS NOT NULL, gone_at FROM articles""",
    "revisions": """
        SELECT a.url, number, r.title, r.body, r.content_hash, cause, p.url, p.http_status, p.origin, p.digest
        FROM revisions AS r JOIN articles AS a ON a.id = article_id JOIN pages AS p ON p.id = page_id""",
    "evidence": """
        SELECT a.url, number, field, value, rule, raw, chosen FROM evidence
        JOIN revisions AS r ON r.id = revision_id JOIN articles AS a ON a.id = article_id""",
    "article_meetings": """
        SELECT a.url, meeting_id, role, basis, quote, day_offset, phase FROM article_meetings
        JOIN articles AS a ON a.id = article_id""",
    "facets": "SELECT a.url, kind, name, words FROM facets JOIN articles AS a ON a.id = article_id",
    "fingerprints": "SELECT a.url, version, signature FROM fingerprints JOIN articles AS a ON a.id = article_id",
    "changes": "SELECT a.url, field, old, new, cause FROM changes JOIN articles AS a ON a.id = article_id",
    "pages": "SELECT url, http_status, origin, digest FROM pages",
    "words": "SELECT a.url FROM articles_fts JOIN articles AS a ON a.id = articles_fts.rowid WHERE articles_fts MATCH 'astana'",
}  # fmt: skip


def content(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {name: sorted(rows(folder, sql), key=repr) for name, sql in CONTENT.items()}


# --- what must never be in one, finished or not

HALF = {
    "an article without its first revision": "SELECT url FROM articles WHERE id NOT IN (SELECT article_id FROM revisions WHERE number = 1)",
    "a revision without evidence": "SELECT id FROM revisions WHERE id NOT IN (SELECT revision_id FROM evidence)",
    "a revision without its page": "SELECT id FROM revisions WHERE page_id IS NULL",
    "an article without its words": "SELECT url FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize)",
    "words without their article": "SELECT id FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles)",
    "an article without its fingerprint": "SELECT url FROM articles WHERE id NOT IN (SELECT article_id FROM fingerprints)",
    "a first text of a story without its bands": """
        SELECT url FROM articles WHERE story_id = id AND id NOT IN (SELECT article_id FROM story_bands)""",
    "bands without their article": "SELECT band FROM story_bands WHERE article_id NOT IN (SELECT id FROM articles)",
    "an archived address without its article": "SELECT url FROM addresses WHERE state = 'archived' AND article_id IS NULL",
    "an article without its address": "SELECT url FROM articles WHERE id NOT IN (SELECT article_id FROM addresses WHERE article_id NOT NULL)",
    "a fetched address without a visit": "SELECT url FROM addresses WHERE fetched_at NOT NULL AND id NOT IN (SELECT address_id FROM visits)",
    "an address that nobody offered": "SELECT url FROM addresses WHERE id NOT IN (SELECT address_id FROM sightings)",
    "a page that no visit brought": "SELECT url FROM pages WHERE id NOT IN (SELECT page_id FROM visits WHERE page_id NOT NULL)",
    "a row without the one it names": "SELECT * FROM pragma_foreign_key_check",
    "damage": "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
}  # fmt: skip


def half_rows(folder: Path) -> list[str]:
    """What is torn in an archive, and the pages whose record is not as its row says."""
    wrong = [f"{what}: {found}" for what, sql in HALF.items() if (found := rows(folder, sql)[:3])]
    for url, file, offset, said in rows(folder, "SELECT url, warc_file, warc_offset, digest FROM pages"):
        served = read_page(folder / "pages", file, offset)
        if (served.url, digest(served.body)) != (url, said):
            wrong.append(f"another page than {url} at {file}:{offset}")
    return wrong


# --- kills


@dataclass
class Killed:
    """What happened: kills, addresses asked for again after one, those of them asked for too early, what was torn."""

    kills: int = 0
    again: list[int] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    runs: int = 0


def kill_once(site: Site, folder: Path, chance: random.Random, seen: Killed) -> bool:
    """Crawl, and kill the run at a random moment, at times before its first page; False when it had ended before."""
    start, asked = time.monotonic(), site.pages_asked()
    wait, pages = (chance.uniform(0.1, 1.5), 10**6) if chance.random() < 0.2 else (60.0, chance.randrange(1, 25))
    pause = chance.uniform(0, 0.03)
    process = crawl(site, folder)
    while process.poll() is None and time.monotonic() - start < wait and site.pages_asked() - asked < pages:
        time.sleep(0.001)
    time.sleep(pause)
    if process.poll() is not None:
        seen.runs += 1
        assert process.returncode == 0, process.communicate()[1]
        return False
    process.kill()
    process.communicate()
    seen.kills += 1
    return True


def tear_pages(folder: Path, chance: random.Random) -> None:
    """Leave half a record at the end of a page file, as a kill amid a write does."""
    for file in (folder / "pages").rglob("*.warc.gz"):
        whole = file.read_bytes()
        last = whole[whole.rindex(b"\x1f\x8b\x08\x04\0\0\0\0") :]
        file.write_bytes(whole + last[: chance.randrange(1, len(last))])


def kill_until_done(site: Site, folder: Path, chance: random.Random, most: int, seen: Killed) -> None:
    """Kill runs until one ends by itself or there were enough kills, then let one run through."""
    moments = []
    for number in range(most):
        if not kill_once(site, folder, chance, seen):
            break
        moments.append(time.monotonic())
        if (folder / "astana.db").exists():
            seen.torn += half_rows(folder)
        if number % 3 == 1:
            tear_pages(folder, chance)
    last = crawl(site, folder)
    assert last.wait(120) == 0, last.communicate()[1]
    last.communicate()
    seen.torn += half_rows(folder)
    _count_again(site, moments, seen)


def _count_again(site: Site, moments: list[float], seen: Killed) -> None:
    again = dict.fromkeys(moments, 0)
    for address, times in site.times.items():
        for first, second in itertools.pairwise(times):
            kill = next((moment for moment in moments if first < moment < second), None)
            if kill is None or kill - first > GRACE:
                seen.early.append(address)
            else:
                again[kill] += 1
    seen.again += again.values()


def main(kills: int) -> None:
    chance, seen = random.Random(kills), Killed()
    with Site(240) as site, tempfile.TemporaryDirectory() as name:
        whole = Path(name) / "whole"
        whole.mkdir()
        assert crawl(site, whole).wait(120) == 0
        expected, lost, equal, archives = content(whole), 0, 0, 0
        while seen.kills < kills:
            site.times.clear()
            folder = Path(name) / str(archives)
            folder.mkdir()
            kill_until_done(site, folder, chance, min(12, kills - seen.kills), seen)
            found = content(folder)
            lost += len(set(expected["articles"]) - set(found["articles"]))
            equal += found == expected
            archives += 1
    print(f"{seen.kills} kills in {archives} archives of {len(expected['articles'])} articles each")
    print(f"articles lost: {lost}; archives equal to that of a run nobody disturbed: {equal} of {archives}")
    print(
        f"fetched again per kill: {sum(seen.again) / seen.kills:.1f}, at most {max(seen.again)}; too early: {len(seen.early)}"
    )
    print(f"half rows or damage found after a kill: {len(seen.torn)} {seen.torn[:3]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
