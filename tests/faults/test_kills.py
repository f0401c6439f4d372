"""A run may be killed at any moment, as often as one likes: the archive is whole, and the next run goes on from there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.conftest import Whole
from tests.faults.killing import Killed, content, kill_until_done, rows


@pytest.mark.fault
def test_killed_again_and_again_a_crawl_loses_nothing_and_fetches_nearly_nothing_twice(
    notes: Whole, tmp_path: Path
) -> None:
    (site, expected), seen = notes, Killed()
    kill_until_done(site, tmp_path, random.Random(3), 6, seen)
    assert seen.kills >= 5
    assert (seen.torn, seen.early) == ([], [])
    assert max(seen.again) <= 8  # in flight: twice the concurrency of four
    found = content(tmp_path)
    assert {name: len(kept) for name, kept in found.items()} == {name: len(kept) for name, kept in expected.items()}
    assert found == expected
    outcomes = rows(tmp_path, "SELECT outcome, count(*) FROM runs GROUP BY outcome ORDER BY outcome")
    assert outcomes[0] == ("done", 1)
    assert {outcome for outcome, _ in outcomes} == {"done", "interrupted"}
