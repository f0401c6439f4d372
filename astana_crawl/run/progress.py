"""What a person sees of a run: a table that fills while it goes on and stays when it has ended."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from astana_crawl.ask.clean import clean
from astana_crawl.ask.show import say
from astana_crawl.run.outcome import COLUMNS, figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from astana_crawl.run.outcome import Ended, Outcome
    from astana_crawl.run.run import Run

MOST_TROUBLES = 10


def in_terminal() -> bool:
    """Whether somebody is watching: cron mails whatever is printed, so without a terminal good runs are silent."""
    return sys.stderr.isatty()


@contextmanager
def shown(runs: Sequence[Run]) -> Iterator[None]:
    """Show the runs' figures, twice a second, while they go on."""
    if not in_terminal():
        yield
        return
    from rich.console import Console
    from rich.live import Live

    with Live(get_renderable=lambda: table(runs), console=Console(stderr=True), refresh_per_second=2, transient=True):
        yield


def tell(line: str) -> None:
    """Say what is no trouble, when somebody is watching."""
    if in_terminal():
        say(line)


def table(runs: Sequence[Run], outcomes: Sequence[Outcome] = ()) -> Table:
    """The figures of each site and, once they are known, the outcomes."""
    from rich.table import Table
    from rich.text import Text

    made = Table("site", box=None, pad_edge=False)
    for column in COLUMNS:
        made.add_column(column.replace("_", " "), justify="right")
    if outcomes:
        made.add_column("outcome")
    for number, run in enumerate(runs):
        ended = [outcomes[number].name] if outcomes else []
        made.add_row(Text(clean(run.site)), *(str(value) for value in figures(run).values()), *ended)
    return made


def close(ended: Sequence[Ended], status: int, next_commands: Sequence[str], notices: Sequence[str]) -> None:
    """Print the closing table and what needs attention; when nobody watches only that, and nothing when all is well.

    The `notices` may be the reason of a failure.
    """
    if not in_terminal():
        ended = [one for one in ended if one.attention]
    if status == 0 and not in_terminal():
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    if ended:
        console.print(table([one.run for one in ended], [one.outcome for one in ended]))
    for one in ended:
        for line in _lines(one):
            console.print(line, markup=False, emoji=False, soft_wrap=True)
    for line in notices:
        console.print(clean(line), markup=False, emoji=False, soft_wrap=True)
    if in_terminal():
        console.print("Next: " + "\n      ".join(map(clean, next_commands)), markup=False, emoji=False)


def _lines(ended: Ended) -> Iterator[str]:
    reasons, run = ended.outcome.reasons, ended.run
    yield from (f"{run.site}: {clean(reason)}" for reason in reasons)
    if reasons and not ended.counts:
        yield f"{run.site}: does not count, as its condition is known_wall"
    troubles = [trouble for trouble in run.troubles if trouble not in reasons]
    yield from (f"  {clean(trouble)}" for trouble in troubles[:MOST_TROUBLES])
    if len(troubles) > MOST_TROUBLES:
        yield f"  … and {len(troubles) - MOST_TROUBLES} more, all in the table visits"
