"""`scrapy why URL|KEY`: where an address stands and why; for an article, what every field rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from astana_crawl.commands import Checked

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import Settings


class Command(Checked, ScrapyCommand):
    """Explains an address or an article."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options] URL|KEY"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Say where an address stands and why; for an article, what every field rests on"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the account; status 1 for what the archive does not know, and without an archive."""
        from scrapy.spiderloader import get_spider_loader

        from astana_crawl.archive import Archive, ArchiveError
        from astana_crawl.ask.explained import show_why
        from astana_crawl.ask.show import say
        from astana_crawl.ask.sites import declaration
        from astana_crawl.ask.why import AmbiguousKeyError, NotAnAddressError
        from astana_crawl.run.environment import archive_url, pages_dir

        if len(args) != 1:
            raise UsageError("give one URL or KEY; see keys with: scrapy search", print_help=False)
        settings = cast("Settings", self.settings)
        loader = get_spider_loader(settings)
        declared = [declaration(loader.load(name)) for name in loader.list()]
        try:
            with Archive.open(archive_url(settings), must_exist=True) as archive:
                known = show_why(archive, args[0], pages_dir(settings), declared)
            self.exitcode = 0 if known else 1
        except (AmbiguousKeyError, NotAnAddressError, ArchiveError) as error:
            say(str(error))
            self.exitcode = 1
