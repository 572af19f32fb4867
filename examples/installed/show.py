"""Tables and a progress bar for the terminal. Nothing of Ferrow in this file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

Advance = Callable[[int, int], None]
"""Is told the rows written so far, and the rows in all."""

# Piped into a file there is no width to find out, and 80 columns would break the tables.
console = Console(width=None if Console().is_terminal else 120, highlight=False)


def progress() -> Progress:
    return Progress(
        TextColumn("{task.description:34}"),
        BarColumn(bar_width=18),
        MofNCompleteColumn(),
        TextColumn("rows"),
        TimeElapsedColumn(),
        console=console,
    )


def advance(bar: Progress, description: str) -> Advance:
    """A new line of the display, and what moves it."""
    task = bar.add_task(description, total=0)

    def update(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    return update


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Numbers go to the right, text to the left; a column's first value decides."""
    listed = [list(row) for row in rows]
    shown = Table(title=title, title_justify="left", title_style="bold")
    for number, heading in enumerate(columns):
        right = bool(listed) and (not isinstance(listed[0][number], str) or listed[0][number].endswith(" MB"))
        shown.add_column(heading, justify="right" if right else "left", overflow="ellipsis", no_wrap=True)
    for row in listed:
        shown.add_row(*[value if isinstance(value, str) else _number(value) for value in row])
    console.print(shown)
    console.print()


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"
