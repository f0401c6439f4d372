"""Which reader read an article: the version of the package, and a digest of what reads pages and dates."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from astana_crawl import __version__

READERS = ("charset.py", "dates/*.py", "extract/*.py", "extract/*.toml", "reference/agencies.toml")


@functools.cache
def reader_version() -> str:
    """Return the version of the reader, such as `0.1.0+3f2a90bc`: another one may read the same page otherwise."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for source in sorted(path for pattern in READERS for path in package.glob(pattern)):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:8]}"
