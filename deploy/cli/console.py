"""How the command speaks. Invariant: plain lines, one fact each, when the output is not a terminal."""

import contextlib
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(line: str, style: str = "") -> None:
    """One line for a person."""
    out.print(escape(line), style=style or None)


def complain(line: str) -> None:
    """One line about what went wrong."""
    err.print(escape(line), style="bold red" if err.is_terminal else None)


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table; as tab-separated lines under a title when not on a terminal."""
    if not out.is_terminal:
        print(title)  # noqa: T201 - Rich would pad and wrap
        for row in (heads, *rows):
            print("\t".join(row))  # noqa: T201
        return
    drawn = Table(title=title, title_justify="left", title_style="bold")
    for head in heads:
        drawn.add_column(head)
    for row in rows:
        drawn.add_row(*(escape(cell) for cell in row))
    out.print(drawn)


class Steps:
    """Progress through a known number of steps."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0
        self._task = progress.add_task("", total=total) if progress else None

    def begin(self, what: str) -> None:
        """What is being done now."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=what)
        else:
            say(f"[{self._done + 1}/{self._total}] {what}")

    def finish(self) -> None:
        """The step begun last is done."""
        self._done += 1
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=self._done)


@contextlib.contextmanager
def steps(total: int) -> Iterator[Steps]:
    """A progress bar for what takes long; plain lines where there is no terminal."""
    if not out.is_terminal:
        yield Steps(None, total)
        return
    columns = (BarColumn(24), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        yield Steps(progress, total)
