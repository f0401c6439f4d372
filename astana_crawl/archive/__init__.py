"""The archive: one SQLite file of what was found, kept and decided, and the page files beside it."""

from __future__ import annotations

from astana_crawl.archive.archive import Archive
from astana_crawl.archive.errors import ArchiveError, Held, fatal
from astana_crawl.archive.search import Hit, Query

__all__ = ["Archive", "ArchiveError", "Held", "Hit", "Query", "fatal"]
