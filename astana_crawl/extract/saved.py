"""What a page was read as, in a form to keep beside it: tests/pages/<site>/<slug>.json."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from astana_crawl.items import Article

_LATER = ("candidates", "address_id", "site", "relevance", "relevance_score", "matched_terms", "meetings")


def record(article: Article, asked: str, fetched_at: dt.datetime) -> dict[str, Any]:
    """The article as JSON values, with the address asked for, the time of fetching, and the rule of each chosen field.

    Left out is what the steps after reading add, and the candidates that were not chosen.
    """
    fields = {name: _plain(value) for name, value in dataclasses.asdict(article).items() if name not in _LATER}
    rules = {one.field: one.rule for one in article.candidates if one.chosen}
    fields["body"] = article.body.split("\n") if article.body else None
    return {
        "asked": asked,
        "fetched_at": fetched_at.isoformat(),
        "article": fields,
        "rules": dict(sorted(rules.items())),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
