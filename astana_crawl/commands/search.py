"""`scrapy search`: articles by words, round, site, language and days, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from astana_crawl.commands import Checked

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import Settings


class Command(Checked, ScrapyCommand):
    """Searches the archive."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options] [WORDS ...]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Search the archive, newest first"

    def long_desc(self) -> str:
        """What the words may be."""
        return (
            'Search the archive, newest first. All WORDS must occur; "a phrase" as it stands, begin* with any ending.'
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the filters, --limit and --format."""
        from astana_crawl.ask.filters import add_filters, number

        super().add_options(parser)
        add_filters(parser)
        parser.add_argument("--limit", metavar="N", type=number, help="at most N articles (default: 20 in the table)")
        parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help="default: table")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print what is found; status 0 also when nothing is, 1 without an archive or for an unknown site."""
        from scrapy.spiderloader import get_spider_loader

        from astana_crawl.archive import Archive, ArchiveError
        from astana_crawl.ask.filters import query_of, unknown_site
        from astana_crawl.ask.found import show_found
        from astana_crawl.ask.show import say
        from astana_crawl.run.environment import archive_url

        settings = cast("Settings", self.settings)
        try:
            query = query_of(opts, args)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        try:
            with Archive.open(archive_url(settings), must_exist=True) as archive:
                spiders = get_spider_loader(settings).list()
                if problem := unknown_site(archive, query.site, spiders):
                    raise ArchiveError(problem)
                show_found(archive, query, opts.format, opts.limit)
        except ArchiveError as error:
            say(str(error))
            self.exitcode = 1
