"""What a person sees of a run: a table that fills while it goes on and stays when it has ended."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from astana_crawl.run.outcome import COLUMNS, Outcome, figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

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


def table(runs: Sequence[Run], outcomes: Sequence[Outcome] = ()) -> Table:
    """The figures of each site and, once they are known, the outcomes."""
    from rich.table import Table

    made = Table("site", box=None, pad_edge=False)
    for column in COLUMNS:
        made.add_column(column.replace("_", " "), justify="right")
    if outcomes:
        made.add_column("outcome")
    for number, run in enumerate(runs):
        ended = [outcomes[number].name] if outcomes else []
        made.add_row(run.site, *(str(value) for value in figures(run).values()), *ended)
    return made


def close(runs: Sequence[Run], outcomes: Sequence[Outcome], status: int, next_commands: Sequence[str]) -> None:
    """Print the closing table and what needs attention; nothing when all is well and nobody watches."""
    if status == 0 and not in_terminal():
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    if runs:
        console.print(table(runs, outcomes))
    for run, outcome in zip(runs, outcomes, strict=True):
        if outcome.reason:
            console.print(f"{run.site}: {outcome.reason}", markup=False, soft_wrap=True)
        for trouble in run.troubles[:MOST_TROUBLES]:
            console.print(f"  {trouble}", markup=False, soft_wrap=True)
        if len(run.troubles) > MOST_TROUBLES:
            console.print(f"  … and {len(run.troubles) - MOST_TROUBLES} more, all in the table visits", markup=False)
    if in_terminal():
        console.print("Next: " + "\n      ".join(next_commands), markup=False)
