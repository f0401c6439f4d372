"""`scrapy update`: every site that is due, several at once in one process; the cron entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand

from astana_crawl.commands import Checked

if TYPE_CHECKING:
    import argparse

    from scrapy.crawler import AsyncCrawlerProcess


class Command(Checked, ScrapyCommand):
    """Crawls many sites."""

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options] [SITE ...] [--replay WARC]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Crawl every site, or those named, into the archive; for cron"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --replay."""
        super().add_options(parser)
        parser.add_argument(
            "--replay", metavar="WARC", help="read from WARC files or a folder of them, and open no connection"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """--replay is -s REPLAY=…"""
        if opts.replay:
            opts.set.append(f"REPLAY={opts.replay}")
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, and set the exit status to the worst of the sites' that are neither paused nor behind a known wall."""
        from astana_crawl.ask.show import say
        from astana_crawl.run.due import jobs, refuse_unknown_names
        from astana_crawl.run.environment import UnknownName
        from astana_crawl.run.sites import run_sites

        process = cast("AsyncCrawlerProcess", self.crawler_process)
        try:
            refuse_unknown_names(process, args)
            self.exitcode = run_sites(process, "update", lambda archive: jobs(process, args, archive))
        except UnknownName as error:
            say(str(error))
            self.exitcode = 1
