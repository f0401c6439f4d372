"""A run may be killed at any moment, as often as one likes: the archive is whole, and the next run goes on from there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.killing import Killed, content, crawl, kill_until_done, rows
from tests.faults.site import Site


@pytest.mark.fault
def test_killed_again_and_again_a_crawl_loses_nothing_and_fetches_nearly_nothing_twice(tmp_path: Path) -> None:
    whole, killed, seen = tmp_path / "whole", tmp_path / "killed", Killed()
    whole.mkdir()
    killed.mkdir()
    with Site(120) as site:
        assert crawl(site, whole).wait(60) == 0
        site.times.clear()
        kill_until_done(site, killed, random.Random(3), 6, seen)
    assert seen.kills >= 5
    assert (seen.torn, seen.early) == ([], [])
    assert max(seen.again) <= 8  # in flight: twice the concurrency of four
    found, expected = content(killed), content(whole)
    assert {name: len(kept) for name, kept in found.items()} == {name: len(kept) for name, kept in expected.items()}
    assert found == expected
    assert len(expected["articles"]) == 84
    assert len(expected["words"]) == 84
    outcomes = rows(killed, "SELECT outcome, count(*) FROM runs GROUP BY outcome ORDER BY outcome")
    assert outcomes[0] == ("done", 1)
    assert [outcome for outcome, _ in outcomes] == ["done", "interrupted"]
