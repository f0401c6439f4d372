"""`scrapy <command>`: what a person types. Nothing imports these modules; they import what they need when they run."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, cast

from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    import argparse

    from scrapy.commands import ScrapyCommand
    from scrapy.crawler import CrawlerProcessBase

    from astana_crawl.newsspider import NewsSpider

    _Base = ScrapyCommand
else:
    _Base = object


class Checked(_Base):
    """Mixed into every command: settings come from the environment too, and names that nobody defines are refused."""

    requires_project = True

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Apply -s and the environment; UsageError (status 2) for unknown options and settings."""
        from astana_crawl.run.environment import Environment

        if unknown := [arg for arg in args if arg.startswith("-") and arg != "-"]:
            raise UsageError(f"there is no option {unknown[0]}; see the options with -h", print_help=False)
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            Environment.update_pre_crawler_settings(self.settings)
        except (ValueError, OSError) as error:
            raise UsageError(str(error), print_help=False) from None


class UnknownSite(ValueError):
    """Raised when a site is named that no spider has."""


def load_spider(process: CrawlerProcessBase, site: str) -> type[NewsSpider]:
    """The spider of a site; UnknownSite, with the nearest name, when there is none."""
    names = process.spider_loader.list()
    if site not in names:
        near = difflib.get_close_matches(site, names, n=1)
        raise UnknownSite(f"there is no site {site}; {f'did you mean {near[0]}?' if near else 'see: scrapy list'}")
    return cast("type[NewsSpider]", process.spider_loader.load(site))
