"""Layout: what a site declares of its article pages where the general rules do not see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """CSS selectors of one era of a site's article pages; only `body` is required.

    `ends_before` names the first element after the article's text (closing disclaimers are kept in `note`),
    `drop` what stands inside the body and is not the article's, `name` what articles.layout keeps (default: `body`).
    """

    body: str
    name: str | None = None
    title: str | None = None
    subtitle: str | None = None
    authors: str | None = None
    date: str | None = None
    section: str | None = None
    ends_before: str | None = None
    drop: tuple[str, ...] = ()
