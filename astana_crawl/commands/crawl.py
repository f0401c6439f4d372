"""`scrapy crawl SITE`: Scrapy's own command, with an honest exit status, a lock per site and a closing table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from astana_crawl.commands import Checked, load_spider

if TYPE_CHECKING:
    import argparse

    from scrapy.crawler import AsyncCrawlerProcess


class Command(Checked, BaseRunSpiderCommand):
    """Crawls one site."""

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options] SITE [-a since=DATE] [-a until=DATE] [-a limit=N]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Crawl one site into the archive (see: scrapy list)"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, and set the exit status: 0 done, 1 error, 3 degraded, 4 held, 5 interrupted, 6 not writable."""
        from astana_crawl.ask.show import say
        from astana_crawl.run.sites import Job, run_sites

        if len(args) != 1:
            raise UsageError("give one SITE to crawl; see them with: scrapy list", print_help=False)
        process = cast("AsyncCrawlerProcess", self.crawler_process)
        try:
            job = Job(load_spider(process, args[0]), opts.spargs)
            job.spider(**opts.spargs)
        except ValueError as error:
            say(f"{args[0]}: {error}")
            self.exitcode = 1
            return
        self.exitcode = run_sites(process, "crawl", lambda _: [job])
