"""Every way a run can end, as whoever started it sees it: exit status, row in `runs`, and the reason."""

from __future__ import annotations

import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT, Web, scrapy
from tests.loopback import Hook
from tests.web import Answer

FEED = "https://tass.com/rss/v2.xml"
EMPTY = b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>'
BROKEN = ("-s", "SPIDER_MODULES=tests.broken")
HISTORY = ("-a", "since=2016-01-01")


def runs(web: Web, columns: str = "outcome, exit_status") -> list[tuple[object, ...]]:
    with sqlite3.connect(web.archive) as db:
        return db.execute(f"SELECT {columns} FROM runs ORDER BY id").fetchall()


def articles_answer(web: Web, hook: Hook) -> None:
    for url in web.server.answers:
        if re.match(r"https://tass\.com/(politics|world)/", url):
            web.server.hooks[url] = hook


def after_a_good_run(web: Web, site: str = "tass", *arguments: str) -> None:
    assert web.scrapy("crawl", site, *arguments).returncode == 0
    web.server.requests.clear()


# --- 0


def test_a_second_run_that_finds_nothing_new_is_0_and_silent(web: Web) -> None:
    after_a_good_run(web)
    web.server.answers[FEED].headers[:] = [("Content-Type", "application/rss+xml")]  # no 304: the same list again
    done = web.scrapy("crawl", "tass")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert runs(web) == [("done", 0)] * 2


def test_what_a_library_grumbles_is_no_error_of_the_program(web: Web) -> None:
    assert web.scrapy("crawl", "grumbles", *BROKEN).returncode == 0


# --- 1


@pytest.mark.fault
@pytest.mark.parametrize(
    ("spider", "where"),
    [
        ("broken_pipeline_close", "as the pipeline closes"),
        ("broken_extension_close", "as the extension closes"),
        ("broken_signal", "in a signal handler"),
    ],
)
def test_an_error_that_scrapy_only_logs_is_1(web: Web, spider: str, where: str) -> None:
    done = web.scrapy("crawl", spider, *BROKEN)
    assert done.returncode == 1
    assert f"broken on purpose {where}" in done.stderr
    assert runs(web) == [("error", 1)]


@pytest.mark.fault
def test_an_article_that_no_step_keeps_is_1_and_stays_pending(web: Web) -> None:
    """Such a crawl once waited for ever for the address to be settled."""
    done = web.scrapy("crawl", "keeps_nothing", *BROKEN)
    assert done.returncode == 1
    assert "program error: no step of ITEM_PIPELINES kept or dropped the article" in done.stderr
    assert runs(web) == [("error", 1)]


@pytest.mark.fault
def test_errors_that_end_a_run_early_are_errors_all_the_same(web: Web) -> None:
    done = web.scrapy("crawl", "broken_callback", *BROKEN, "-s", "CLOSESPIDER_ERRORCOUNT=1")
    assert done.returncode == 1
    assert re.search(r"broken_callback: \d+ program error\(s\), see the log", done.stderr)


# --- 3


@pytest.mark.fault
def test_a_source_that_offers_nothing_after_a_redesign_is_3_until_it_offers_again(web: Web) -> None:
    after_a_good_run(web)
    feed = web.server.answers[FEED]
    web.server.answers[FEED] = Answer(200, [("Content-Type", "application/rss+xml"), ("ETag", '"new"')], EMPTY)
    told = f"feed {FEED}: offered 0 entries; the last look offered 12"
    for _ in range(2):
        done = web.scrapy("crawl", "tass")
        assert done.returncode == 3
        assert f"tass: {told}" in done.stderr
    web.server.answers[FEED] = feed
    assert web.scrapy("crawl", "tass").returncode == 0
    assert runs(web) == [("done", 0), ("degraded", 3), ("degraded", 3), ("done", 0)]
    (_, (counts,), *_) = runs(web, "counts")
    assert json.loads(str(counts))["reasons"] == [told]


@pytest.mark.fault
def test_fewer_entries_than_the_spider_expects_are_3(web: Web) -> None:
    done = web.scrapy("crawl", "expects_more", *BROKEN)
    assert done.returncode == 3
    assert f"feed {FEED}: offered 12 entries; at least 100 are expected" in done.stderr


@pytest.mark.fault
def test_article_pages_that_are_all_gone_are_3(web: Web) -> None:
    articles_answer(web, Hook(status=404))
    done = web.scrapy("crawl", "tass", *HISTORY)
    assert done.returncode == 3
    assert re.search(r"tass: (\d+) of \d+ pages gave nothing: \1 gone", done.stderr)


@pytest.mark.fault
def test_pages_that_cannot_be_read_after_a_redesign_are_3(web: Web) -> None:
    for url in list(web.server.answers):
        if re.match(r"https://tass\.com/(politics|world)/", url):
            web.server.answers[url] = Answer(200, [("Content-Type", "text/html")], b"<html><body><div id=app></div>")
    done = web.scrapy("crawl", "tass", *HISTORY)
    assert done.returncode == 3
    assert "pages unreadable or blocked" in done.stderr


@pytest.mark.fault
def test_pages_lost_one_a_day_are_3_once_it_is_no_chance(web: Web) -> None:
    """No single run has three of them, but the site's last ones were all readable before."""
    after_a_good_run(web, "tass", *HISTORY)
    articles_answer(web, Hook(status=403))
    again = "UPDATE addresses SET state = 'pending', next_attempt_at = NULL, article_id = NULL WHERE id IN ({})"
    archived = "SELECT id FROM addresses WHERE state = 'archived' ORDER BY id DESC LIMIT"
    with sqlite3.connect(web.archive) as db:
        db.execute(again.format(f"{archived} 1"))
    assert web.scrapy("crawl", "tass", "-a", "limit=1").returncode == 0
    with sqlite3.connect(web.archive) as db:
        db.execute(again.format(f"{archived} 3"))
        db.execute(
            "UPDATE visits SET state = 'blocked' WHERE address_id IN (SELECT id FROM addresses WHERE state = 'pending')"
        )
    done = web.scrapy("crawl", "tass", "-a", "limit=1")
    assert done.returncode == 3
    assert re.search(r"tass: the last \d+ pages could not be read, of the \d+ before them \d+ could", done.stderr)


@pytest.mark.fault
@pytest.mark.parametrize("trouble", ["refused", "no name", "certificate", "hangs up", "no answer"])
def test_a_site_that_is_down_is_3(web: Web, trouble: str) -> None:
    environment: dict[str, str] = {}
    if trouble == "refused":
        environment["LOOPBACK_ADDRESS"] = "127.99.99.99"
    if trouble == "no name":
        environment["ASTANA_TWISTED_DNS_RESOLVER"] = "tests.resolver.NoNames"
    if trouble == "certificate":
        environment["SSL_CERT_FILE"] = os.devnull
    if trouble in {"hangs up", "no answer"}:
        hook = Hook(close=True) if trouble == "hangs up" else Hook(delay=3)
        web.server.hooks |= dict.fromkeys(["https://tass.com/robots.txt", FEED], hook)
    done = web.scrapy("crawl", "tass", "-s", "DOWNLOAD_TIMEOUT=0.4", **environment)
    assert (done.returncode, runs(web)) == (3, [("degraded", 3)]), done.stderr
    assert f"tass: feed {FEED}: " in done.stderr


# --- 4: tests/test_statuses.py

# --- 5


@pytest.mark.fault
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("crawl", "tass", "-s", "CLOSESPIDER_PAGECOUNT=3"), "ended early: CLOSESPIDER_PAGECOUNT is reached"),
        (("crawl", "tass", "-s", "CLOSESPIDER_TIMEOUT=0.2"), "ended early: CLOSESPIDER_TIMEOUT is over"),
        (
            ("crawl", "tass", "-s", "MEMUSAGE_LIMIT_MB=20", "-s", "MEMUSAGE_CHECK_INTERVAL_SECONDS=0.1"),
            "ended early: the program used more memory than MEMUSAGE_LIMIT_MB",
        ),
        (("crawl", "gives_up", *BROKEN), "ended early: a wall on every page"),
    ],
)
def test_a_budget_that_is_used_up_is_5_with_its_name(web: Web, arguments: tuple[str, ...], told: str) -> None:
    articles_answer(web, Hook(delay=0.3))
    done = web.scrapy(*arguments)
    assert (done.returncode, runs(web)) == (5, [("interrupted", 5)]), done.stderr
    assert f"{arguments[1]}: {told}" in done.stderr


@pytest.mark.fault
def test_a_run_that_was_killed_is_closed_as_interrupted_by_the_next(web: Web) -> None:
    articles_answer(web, Hook(delay=0.5))
    command = [sys.executable, "-m", "scrapy", "crawl", "tass"]
    running = subprocess.Popen(command, cwd=ROOT, env=os.environ | web.environment())
    while not web.server.asked("/politics/"):
        time.sleep(0.05)
    running.kill()
    running.wait()
    assert runs(web, "outcome, finished_at") == [(None, None)]
    web.server.hooks.clear()
    assert web.scrapy("crawl", "tass").returncode == 0
    assert runs(web, "outcome, exit_status, finished_at NOTNULL") == [("interrupted", 5, 1), ("done", 0, 1)]


# --- 6


@pytest.mark.fault
def test_a_place_where_no_archive_can_be_made_is_6() -> None:
    done = scrapy("crawl", "tass", env={"ASTANA_ARCHIVE_URL": "sqlite:////proc/astana.db"})
    assert done.returncode == 6
    assert "/proc" in done.stderr


@pytest.mark.fault
def test_an_archive_that_cannot_be_written_any_more_is_6_at_once_and_stays_whole(web: Web) -> None:
    after_a_good_run(web)
    wal = web.archive.with_name(web.archive.name + "-wal")
    wal.unlink(missing_ok=True)
    wal.mkdir()
    done = web.scrapy("crawl", "tass")
    wal.rmdir()
    assert done.returncode == 6
    assert str(web.archive) in done.stderr
    assert "Traceback" not in done.stderr
    assert web.server.asked() == []
    assert runs(web) == [("done", 0)]


@pytest.mark.fault
def test_an_archive_that_cannot_grow_is_6_and_the_next_run_goes_on(web: Web) -> None:
    after_a_good_run(web)
    size = web.archive.stat().st_size
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "tass", *HISTORY], cwd=ROOT, env=os.environ | web.environment(),
        capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size // 4, size // 4)),
    )  # fmt: skip
    assert done.returncode == 6, done.stderr
    assert "cannot be written" in done.stderr
    assert web.scrapy("crawl", "tass", *HISTORY).returncode == 0
    with sqlite3.connect(web.archive) as db:
        assert db.execute("SELECT count(*) FROM addresses WHERE state = 'pending'").fetchone() == (0,)


# --- many sites at once


@pytest.mark.fault
def test_a_site_that_never_answers_holds_up_no_other(web: Web) -> None:
    web.server.hooks |= dict.fromkeys(["https://tass.com/robots.txt", FEED], Hook(delay=10))
    done = web.scrapy("update", "tass", "aawsat", "syrianobserver", "-s", "DOWNLOAD_TIMEOUT=4", "-s", "RETRY_TIMES=0")
    assert done.returncode == 3
    assert set(runs(web, "site, outcome")) == {("tass", "degraded"), ("aawsat", "done"), ("syrianobserver", "done")}
    ends = {site: str(ended_at) for site, ended_at in runs(web, "site, finished_at")}
    assert max(ends["aawsat"], ends["syrianobserver"]) < ends["tass"]
    assert "tass" in done.stderr
    assert "aawsat" not in done.stderr, "without a terminal only what needs attention is told"


# --- conditions


def test_a_paused_site_is_left_out_of_updates_until_it_is_resumed(web: Web) -> None:
    done = web.scrapy("sites", "--pause", "tass", "they move their servers")
    assert done.returncode == 0
    assert done.stdout == "tass is paused: updates leave it out until scrapy sites --resume tass\n"
    assert web.scrapy("update", "tass").returncode == 0
    assert web.server.asked() == []
    assert "tass is paused: they move their servers (20" in web.scrapy("sites").stdout
    assert web.scrapy("crawl", "tass").returncode == 0
    assert web.scrapy("sites", "--resume", "tass").returncode == 0
    assert web.scrapy("update", "tass").returncode == 0
    assert runs(web, "command, outcome") == [("crawl", "done"), ("update", "done")]


@pytest.mark.fault
def test_the_failures_of_a_site_behind_a_known_wall_do_not_count_in_updates(web: Web) -> None:
    web.server.hooks[FEED] = Hook(status=403)
    assert web.scrapy("sites", "--acknowledge", "tass", "a wall since May").returncode == 0
    done = web.scrapy("update", "tass")
    assert (done.returncode, done.stderr) == (0, "")
    assert web.scrapy("crawl", "tass").returncode == 3
    assert runs(web) == [("degraded", 3)] * 2
    declared = web.scrapy("update", "walled", *BROKEN)
    assert (declared.returncode, declared.stderr) == (0, "")


def test_a_condition_of_a_site_that_nobody_knows_is_1_and_makes_no_archive(web: Web) -> None:
    done = web.scrapy("sites", "--pause", "tas", "gone")
    assert (done.returncode, done.stderr) == (1, "there is no site tas; did you mean tass?\n")
    assert not web.archive.exists()
    declared = web.scrapy("sites", "--resume", "walled", *BROKEN)
    assert declared.returncode == 1
    assert declared.stderr == "the spider of walled declares that it is known_wall: change it there\n"


def test_an_update_goes_on_with_the_hosts_once_crawled_by_anysite(web: Web) -> None:
    host = "orient-dispatch.example"
    assert web.scrapy("crawl", "anysite", "-a", f"url=https://{host}").returncode == 0
    assert web.scrapy("update", host).returncode == 0
    assert web.scrapy("sites", "--pause", host, "no").returncode == 0
    assert web.scrapy("update", host).returncode == 0
    assert runs(web, "site, command, outcome") == [(host, "crawl", "done"), (host, "update", "done")]
    done = web.scrapy("update", "oriental-dispatch.example")
    assert done.returncode == 1
    assert done.stderr == f"there is no site oriental-dispatch.example; did you mean {host}?\n"
