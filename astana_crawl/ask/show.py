"""The one place that prints: tables, lines, JSON and CSV, for a person at a terminal or for another program."""

from __future__ import annotations

import csv
import io
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from astana_crawl.ask.clean import cell, clean, json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TextIO

__all__ = ["aligned", "clean", "csv_rows", "json_value", "lines", "printing", "say", "table", "write_csv"]

WIDEST = 60
NARROWEST = 20  # what a terminal must leave to the last column, else it gets a line of its own


@contextmanager
def printing() -> Iterator[None]:
    """Print UTF-8 whatever the locale says, and end quietly when the reader has seen enough (`| head`)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again at its end, and fails
        if not isinstance(error, BrokenPipeError):
            raise


def say(text: str) -> None:
    """Print a line about the answer, on standard error."""
    print(clean(text), file=sys.stderr)


def lines(texts: Iterable[str], dressed: Callable[[str], str] = str) -> None:
    """Print lines as they are, made harmless; a terminal folds them. `dressed` may add colours to the harmless line."""
    for text in texts:
        print(dressed(clean(text, lines=True).replace("\n", " ").rstrip()))


def json_value(value: Any) -> None:
    """Print one JSON value."""
    print(json_text(value, indent=2))


def csv_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print CSV (RFC 4180) that a spreadsheet does not run."""
    write_csv(sys.stdout, columns, rows)


def write_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write CSV (RFC 4180) that a spreadsheet does not run, to a file that translates no line ends."""
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows(map(cell, row) for row in rows)


def table(columns: Sequence[str], rows: Sequence[Sequence[str | None]], *, right: Sequence[str] = ()) -> None:
    """Print a table: in a terminal folded to its width, else one line a row, aligned by blanks, nothing cut.

    The last column holds the longest texts; `right` names the columns with numbers.
    """
    cells = [[clean(value) for value in row] for row in rows]
    if sys.stdout.isatty():
        _terminal_table(columns, cells, right)
    else:
        lines(aligned(columns, cells, right))


def _terminal_table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str]) -> None:
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False)
    widths = [max(map(cell_len, column)) + 2 for column in zip(columns, *rows, strict=True)]
    if sum(widths[:-1]) + NARROWEST > console.width:
        for row in rows:  # nothing is cut: the last column stands below the others
            console.print(Text("  ".join(filter(None, row[:-1]))), Text(f"    {row[-1]}"), sep="\n")
        return
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        last = name == columns[-1]
        made.add_column(name, justify="right" if name in right else "left", no_wrap=not last, overflow="fold")
    for row in rows:
        made.add_row(*map(Text, row))
    console.print(made)


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> Iterator[str]:
    """Yield a table's lines, columns two blanks apart, by the cells that a letter takes (wide ones two).

    A text longer than WIDEST pushes what follows it aside, in its own line only.
    """
    from rich.cells import cell_len

    everything = [columns, *rows]
    widths = [min(WIDEST, max(map(cell_len, column))) for column in zip(*everything, strict=True)]
    for row in everything:
        padded = []
        for name, text, width in zip(columns, row, widths, strict=True):
            blanks = " " * (width - cell_len(text))
            padded.append(blanks + text if name in right else text + blanks)
        yield "  ".join(padded).rstrip()
