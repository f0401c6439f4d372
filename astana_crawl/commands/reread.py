"""`scrapy reread`: the kept pages read again with today's reader and judge; no network."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand

from astana_crawl.commands import Checked

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import Settings


class Command(Checked, ScrapyCommand):
    """Reads the archive again."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options] [SITE ...]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Read the kept pages again with today's reader and judge; no network"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --judge-only and --dry-run."""
        super().add_options(parser)
        parser.add_argument(
            "--judge-only",
            action="store_true",
            help="judge the kept texts again; of the pages read only those set aside as off the subject",
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read again: status 0, 1 for an unknown site, 3 pages are missing, 4 a site is held, 6 not writable."""
        from scrapy.spiderloader import get_spider_loader

        from astana_crawl.run.rereading import Wish, reread

        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, with its row in runs closed
        settings = cast("Settings", self.settings)
        wish = Wish(args, judge_only=opts.judge_only, dry_run=opts.dry_run)
        self.exitcode = reread(settings, get_spider_loader(settings), wish)
