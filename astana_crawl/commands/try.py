"""`scrapy try SITE URL`: one page as the archive would keep it, with the evidence; stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from astana_crawl.commands import Checked, load_spider

if TYPE_CHECKING:
    import argparse

    from scrapy.crawler import AsyncCrawlerProcess


class Command(Checked, ScrapyCommand):
    """Shows how one page is read."""

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options] SITE URL [--save]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Fetch one page and show the article as it would be kept; stores nothing"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --save."""
        super().add_options(parser)
        parser.add_argument("--save", action="store_true", help="write the page and the article into tests/pages/SITE/")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show the article (status 0), or why there is none (status 1)."""
        from astana_crawl.ask.page import show_article
        from astana_crawl.ask.show import lines, printing, say
        from astana_crawl.run.trial import save, trial

        if len(args) != 2:
            raise UsageError("give a SITE and a URL", print_help=False)
        process = cast("AsyncCrawlerProcess", self.crawler_process)
        try:
            spider = load_spider(process, args[0])
            arguments = {"url": args[1]} if args[0] == "anysite" else {}
            made = trial(process, spider, args[1], arguments)
        except ValueError as error:
            say(str(error))
            self.exitcode = 1
            return
        if made.article is None:
            assert made.verdict is not None
            say(f"{made.verdict.state}: {made.verdict.reason}")
            self.exitcode = 1
            return
        with printing():
            lines(show_article(made.article))
        if opts.save:
            say(f"saved {save(made)} and the article beside it; correct the .json by eye")
