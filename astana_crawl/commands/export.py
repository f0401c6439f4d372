"""`scrapy export FILE`: the articles as a file for a spreadsheet or a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from astana_crawl.commands import Checked

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import Settings

    from astana_crawl.archive import Query


class Command(Checked, ScrapyCommand):
    """Exports the archive."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options] FILE [WORDS ...]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Export articles to a CSV or JSON Lines file, or to standard output with the file name -"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the filters of search, --format and --with-text."""
        from astana_crawl.ask.export import FORMATS
        from astana_crawl.ask.filters import add_filters

        super().add_options(parser)
        add_filters(parser)
        parser.add_argument("--format", choices=FORMATS, help="default: as the ending of FILE says")
        parser.add_argument("--with-text", action="store_true", help="add the columns body and note")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the file, whole or not at all; status 1 when it cannot be written, and without an archive."""
        from astana_crawl.archive import ArchiveError
        from astana_crawl.ask.export import format_of
        from astana_crawl.ask.filters import query_of
        from astana_crawl.ask.show import say

        if not args:
            raise UsageError("give a FILE to write, as articles.csv or articles.jsonl", print_help=False)
        try:
            query, form = query_of(opts, args[1:]), format_of(args[0], opts.format)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        try:
            self._export(args[0], query, form, with_text=opts.with_text)
        except ArchiveError as error:
            say(str(error))
            self.exitcode = 1
        except OSError as error:
            say(f"{args[0]} cannot be written: {error.strerror or error}")
            self.exitcode = 1

    def _export(self, name: str, query: Query, form: str, *, with_text: bool) -> None:
        from scrapy.spiderloader import get_spider_loader

        from astana_crawl.archive import Archive, ArchiveError
        from astana_crawl.ask.export import export_to
        from astana_crawl.ask.filters import unknown_site
        from astana_crawl.run.environment import archive_url

        settings = cast("Settings", self.settings)
        with Archive.open(archive_url(settings), must_exist=True) as archive:
            if problem := unknown_site(archive, query.site, get_spider_loader(settings).list()):
                raise ArchiveError(problem)
            export_to(archive, query, name, form, with_text=with_text)
