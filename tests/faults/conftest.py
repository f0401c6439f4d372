"""One site for all faults, crawled once without any: what an archive must hold whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.killing import content, crawl
from tests.faults.site import Site

Whole = tuple[Site, dict[str, list[tuple[Any, ...]]]]


@pytest.fixture(scope="session")
def _crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("whole")
    with Site(100) as site:
        process = crawl(site, folder)
        said = process.communicate(timeout=60)[1]
        assert (process.returncode, said) == (0, "")
        whole = content(folder)
        assert len(whole["articles"]) == len(whole["words"]) == 70
        yield site, whole


@pytest.fixture
def notes(_crawled: Whole) -> Whole:
    """The site of tests/faults/site.py with 100 addresses, and what an archive of it holds."""
    _crawled[0].times.clear()
    return _crawled
