"""`scrapy sites`: what is covered, how, the last run and the health of every site; and a person's word on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from astana_crawl.commands import Checked

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import Settings

    from astana_crawl.ask.sites import Declared


class Command(Checked, ScrapyCommand):
    """Lists the sites, or sets the condition of one."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """The command line after the name."""
        return '[--json | --pause SITE "why" | --acknowledge SITE "why" | --resume SITE]'

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List what is covered, how, the last run, the articles and the health of every site; pause or resume one"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --json and the conditions."""
        super().add_options(parser)
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--json", action="store_true", help="print a JSON array, with the addresses of the sources")
        for option, does in (
            ("--pause", "leave the site out of updates; it says why"),
            ("--acknowledge", "crawl it on, though its failures are known: they do not count in the status of updates"),
        ):
            one.add_argument(option, nargs=2, metavar=("SITE", "WHY"), help=does)
        one.add_argument("--resume", metavar="SITE", help="make it a site like others again")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the sites, without an archive what is declared; or set a condition.

        Status 1 for an unknown site and for an archive that cannot be read, 6 for one that cannot be written.
        """
        if args:
            raise UsageError("sites takes no arguments", print_help=False)
        if opts.pause:
            self._set("paused", *opts.pause)
        elif opts.acknowledge:
            self._set("known_wall", *opts.acknowledge)
        elif opts.resume:
            self._set("active", opts.resume, None)
        else:
            self._show(as_json=opts.json)

    def _show(self, *, as_json: bool) -> None:
        from astana_crawl.archive import Archive, ArchiveError
        from astana_crawl.archive.opening import path_of
        from astana_crawl.ask.covered import show_covered
        from astana_crawl.ask.show import say
        from astana_crawl.run.environment import archive_url

        settings = cast("Settings", self.settings)
        try:
            path = path_of(archive_url(settings))
            if path.exists():
                with Archive.open(archive_url(settings), must_exist=True) as archive:
                    show_covered(self._declared(settings), archive, as_json=as_json)
            else:
                show_covered(self._declared(settings), None, as_json=as_json)
                say(f"There is no archive at {path} yet; make one with: scrapy crawl SITE")
        except ArchiveError as error:
            say(str(error))
            self.exitcode = 1

    def _set(self, condition: str, site: str, why: str | None) -> None:
        from scrapy.spiderloader import get_spider_loader

        from astana_crawl.archive import ArchiveError
        from astana_crawl.ask.show import lines, say
        from astana_crawl.run.condition import NotSettable, set_condition

        settings = cast("Settings", self.settings)
        try:
            lines([set_condition(settings, get_spider_loader(settings), site, condition, why)])
        except NotSettable as error:
            say(str(error))
            self.exitcode = 1
        except (ArchiveError, OSError) as error:
            say(str(error))
            self.exitcode = 6

    def _declared(self, settings: Settings) -> list[Declared]:
        from scrapy.spiderloader import get_spider_loader

        from astana_crawl.ask.sites import declaration

        loader = get_spider_loader(settings)
        return [declaration(loader.load(name)) for name in loader.list()]
