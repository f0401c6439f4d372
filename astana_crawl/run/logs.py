"""Log lines carry texts of the web: made harmless, and none of these passes for a line of its own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals

from astana_crawl.ask.clean import clean

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class Harmless(logging.Formatter):
    """Formats as another formatter does; lines after the first are indented."""

    def __init__(self, plain: logging.Formatter) -> None:
        super().__init__()
        self._plain = plain

    def format(self, record: logging.LogRecord) -> str:
        """The line, with its traceback."""
        return clean(self._plain.format(record), lines=True).replace("\n", "\n    ")


class HarmlessLogs:
    """An extension that lets all that is logged go through Harmless, from the moment a spider opens.

    Scrapy sets the handler of its log anew for every crawler, after it has loaded the extensions.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Wait for the spider."""
        made = cls()
        crawler.signals.connect(made.spider_opened, signals.spider_opened)
        return made

    def spider_opened(self) -> None:
        """Take the place of the formatters that are set."""
        for handler in logging.getLogger().handlers:
            if not isinstance(handler.formatter, Harmless):
                handler.setFormatter(Harmless(handler.formatter or logging.Formatter()))
