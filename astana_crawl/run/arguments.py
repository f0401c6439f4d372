"""Site arguments, as given with -a."""

from __future__ import annotations

import datetime as dt

from astana_crawl.discover import Window


class BadArgument(ValueError):
    """Raised when a site argument has a value that cannot be understood."""


def window_arguments(since: str | None, until: str | None) -> Window:
    """The days that since and until name; BadArgument when they are no days, or in the wrong order."""
    window = Window(day_argument("since", since), day_argument("until", until))
    if window.since and window.until and window.since > window.until:
        raise BadArgument(f"since={since} is later than until={until}; give the earlier day as since")
    return window


def day_argument(name: str, text: str | None) -> dt.date | None:
    """The day of a site argument, YYYY-MM-DD; BadArgument for anything else."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadArgument(f"{name}={text} is not a day; write it as {name}=2024-01-25") from None


def count_argument(name: str, text: str | None) -> int | None:
    """The number of a site argument, at least 1; BadArgument for anything else."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise BadArgument(f"{name}={text} is not a number of pages; write it as {name}=20")
    return int(text)
