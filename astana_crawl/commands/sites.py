"""`scrapy sites`: what is covered, how, the last run, the articles and the health of every site."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from astana_crawl.commands import Checked

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import Settings

    from astana_crawl.ask.sites import Declared


class Command(Checked, ScrapyCommand):
    """Lists the sites."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List what is covered, how, the last run, the articles and the health of every site"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print a JSON array, with the addresses of the sources")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the sites; without an archive what is declared. Status 1 when there is one that cannot be read."""
        from astana_crawl.archive import Archive, ArchiveError
        from astana_crawl.archive.opening import path_of
        from astana_crawl.ask.covered import show_covered
        from astana_crawl.run.environment import archive_url

        if args:
            raise UsageError("sites takes no arguments", print_help=False)
        settings = cast("Settings", self.settings)
        try:
            path = path_of(archive_url(settings))
            if path.exists():
                with Archive.open(archive_url(settings), must_exist=True) as archive:
                    show_covered(self._declared(settings), archive, as_json=opts.json)
            else:
                show_covered(self._declared(settings), None, as_json=opts.json)
                print(f"There is no archive at {path} yet; make one with: scrapy crawl SITE", file=sys.stderr)
        except ArchiveError as error:
            print(error, file=sys.stderr)
            self.exitcode = 1

    def _declared(self, settings: Settings) -> list[Declared]:
        from scrapy.spiderloader import get_spider_loader

        from astana_crawl.ask.sites import declaration

        loader = get_spider_loader(settings)
        return [declaration(loader.load(name)) for name in loader.list()]
