"""A table at the end of a test run: each fault of the open web, what plain Scrapy does with it, what ours did just now.

What plain Scrapy does was measured once, with Scrapy 2.19.0 and its default settings on CPython 3.11. The last column is
what the tests note when they have passed: `matrix(17, "48 redirects, 0 connections")`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    what: str
    plain: str


FAULTS = {
    17: Fault("redirect to this machine", "followed, even with allowed_domains"),
    18: Fault("redirect or link to a private, mapped or metadata address", "169.254.169.254 would be fetched"),
    19: Fault("name that resolves to a private address", "fetched"),
    20: Fault("link or redirect to file:, data:, ftp: …", "a link to file:///etc/hostname is read"),
    21: Fault("certificate that cannot be verified", "accepted"),
    22: Fault("packed page that fills the memory", "4.1 GB for 508 kB"),
    23: Fault("packed or endless sitemap", "a warning, status 0; nesting without limit"),
    24: Fault("DOCTYPE with entities in a feed or sitemap", "nothing found, silently"),
    25: Fault("headers or body that trickle", "cut, after 180 s three times"),
    26: Fault("page that is cut short", "not stored"),
    27: Fault("429 or 503 with Retry-After: 5", "3 requests in 64 ms, then dropped"),
    28: Fault("robots.txt 500, silent or with Crawl-delay", "crawled all the same, delay ignored"),
    29: Fault("redirect loop, endless calendar", "stops at 20; never ends, 146 pages in 8 s"),
    30: Fault("wall, consent page or soft 404 with status 200", "stored as an article"),
    31: Fault("charset wrong or not named", "5 of 12 right"),
    32: Fault("NUL and lone surrogates", "the article is lost"),
    33: Fault("date that is none", "18 of 46 strings give a made-up date"),
    34: Fault("formulas, markup and escapes in texts", "passed on as they are"),
    35: Fault("memory, open ports, deep HTML", "95.6 MB, flat; 2 ports open; headline of deep HTML not found"),
}


@dataclass
class Matrix:
    """What this test run measured, by the number of the fault."""

    measured: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __call__(self, number: int, figure: str) -> None:
        assert number in FAULTS
        if figure not in self.measured[number]:
            self.measured[number].append(figure)

    def lines(self) -> Iterator[str]:
        """The table in Markdown, the faults measured only."""
        if not self.measured:
            return
        yield "| # | fault | plain Scrapy | this project, measured in this run |"
        yield "|---|---|---|---|"
        for number in sorted(self.measured):
            fault = FAULTS[number]
            yield f"| {number} | {fault.what} | {fault.plain} | {'; '.join(self.measured[number])} |"
