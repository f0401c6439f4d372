"""`scrapy <command>`: what a person types. Nothing imports these modules, and they import what they need when they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

if TYPE_CHECKING:
    import argparse

    from scrapy.commands import ScrapyCommand

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
