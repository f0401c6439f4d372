"""`scrapy backup FILE`: a verified copy of the archive, also while runs write to it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from astana_crawl.commands import Checked

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import Settings


class Command(Checked, ScrapyCommand):
    """Backs the archive up."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """The command line after the name."""
        return "[options] FILE"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Copy the archive to a new FILE and check the copy, also while runs write to it"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make the copy and say what is in it; status 1 when it cannot be made, and without an archive."""
        from astana_crawl.archive import Archive, ArchiveError
        from astana_crawl.archive.backup import backup
        from astana_crawl.run.environment import archive_url, pages_dir

        if len(args) != 1:
            raise UsageError("give one FILE to write, as astana-2024-01-25.db", print_help=False)
        settings = cast("Settings", self.settings)
        try:
            with Archive.open(archive_url(settings), must_exist=True, pages_dir=pages_dir(settings)) as archive:
                made = backup(archive, Path(args[0]))
        except ArchiveError as error:
            print(error, file=sys.stderr)
            self.exitcode = 1
            return
        print(f"{made.path}: {made.articles:,} articles, {made.size / 2**20:,.1f} MiB, checked")
        print(f"The pages as they were served are not in it: copy the folder {made.pages_dir} as well")
