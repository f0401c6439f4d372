"""The answer to `scrapy why`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astana_crawl.ask import show
from astana_crawl.ask.account import account
from astana_crawl.ask.difference import coloured
from astana_crawl.ask.why import is_key, why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from astana_crawl.archive import Archive
    from astana_crawl.ask.sites import Declared


def show_why(archive: Archive, url_or_key: str, pages_dir: Path, declared: Sequence[Declared]) -> bool:
    """Print where an address stands and why, and return whether the archive knows it; else say what can be said."""
    standing = why(archive, url_or_key)
    with show.printing():
        if standing:
            show.lines(account(standing, pages_dir), coloured)
        elif is_key(url_or_key):
            show.say(f"No key in the archive begins with {url_or_key}; see keys with: scrapy search")
        else:
            from astana_crawl.ask.stranger import stranger  # reads all the terms, half a second

            for line in stranger(url_or_key, declared):
                show.say(line)
    return standing is not None
