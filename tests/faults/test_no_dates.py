"""A text that states no day gives none, whatever language is tried; tests/test_dates.py says each one by name."""

from __future__ import annotations

import datetime as dt

import pytest

from astana_crawl.dates import read_date
from tests.faults.matrix import Matrix
from tests.test_dates import GARBAGE

AMBIGUOUS = ("03/04/2018", "3-4-2018", "03/04/2018 14:30", "Updated 03/04/2018")  # where both orders are usual
LANGUAGES = (None, "en", "ru", "ar", "tr", "fa", "kk", "fr")


@pytest.mark.fault
def test_no_date_is_made_up(matrix: Matrix) -> None:
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    asked = [(text, language) for text in GARBAGE for language in LANGUAGES]
    asked += [(text, language) for text in AMBIGUOUS for language in (None, "en")]
    assert [(text, language) for text, language in asked if read_date(text, language=language, now=now)] == []
    matrix(33, f"{len(GARBAGE) + len(AMBIGUOUS)} strings in up to {len(LANGUAGES)} languages: 0 made-up dates")
