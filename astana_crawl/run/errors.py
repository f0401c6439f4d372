"""Errors that Scrapy only logs: of signal handlers, and of pipelines and extensions as they close.

Whatever Scrapy logs as an ERROR is an error of the program, but for what a site does to us: a request that got no
answer, retries used up, a stream reset, and the limit of memory, which ends a run by its own reason. From other
loggers (Twisted, asyncio, a spider's own, a library's) only an exception that is no failure of the network counts.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from scrapy.crawler import Crawler

NO_PROGRAM_ERRORS = {
    "scrapy.extensions.memusage",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.core._http2.stream",
}
NO_ANSWER = "Error downloading"  # LogFormatter.download_error and RobotsTxtMiddleware
START = "Error while reading start items"  # told by finish_reason start_error
NETWORK = ("twisted.internet.", "twisted.web.", "OpenSSL.", "ssl")


class LoggedErrors(logging.Handler):
    """Counts them by crawler, None where the log does not say; a context manager that listens to all logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.of_program: Counter[Crawler | None] = Counter()
        self.without_answer: Counter[Crawler | None] = Counter()

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count an error; a robots.txt that cannot be had is told by the addresses it keeps from being fetched."""
        crawler = getattr(record, "crawler", None) or getattr(getattr(record, "spider", None), "crawler", None)
        if str(record.msg).startswith(NO_ANSWER):
            if not record.name.endswith(".robotstxt"):
                self.without_answer[crawler] += 1
        elif is_program_error(record):
            self.of_program[crawler] += 1


def is_program_error(record: logging.LogRecord) -> bool:
    """Whether a record of level ERROR tells of an error of the program, not of a site or the network."""
    if record.name.partition(".")[0] == "scrapy":
        return record.name not in NO_PROGRAM_ERRORS and not str(record.msg).startswith(START)
    error = record.exc_info[1] if record.exc_info else None
    return error is not None and not any(_of_network(one) for one in _with_causes(error))


def _of_network(error: BaseException) -> bool:
    return isinstance(error, OSError) or type(error).__module__.startswith(NETWORK)


def _with_causes(error: Any) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
