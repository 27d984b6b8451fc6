"""The command's front: one file per command. Invariant: a command loads its own file and what that needs, so that none
waits for what only another needs.
"""

import logging
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from deploy.cli import targets

FILES = ("up", "demo", "doctor", "outbox", "messages", "letters", "scans", "keys", "audit", "accounts")
"""In the order they are listed in. A file has an ``app`` of several commands, or one command of its own name."""


class Commands(TyperGroup):
    """The commands; a file or folder that cannot be used is one clear sentence whichever of them met it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names."""
        del ctx
        return list(FILES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; of a name there is none of, all are loaded, so that the nearest can be told."""
        for name in (cmd_name,) if cmd_name in FILES else FILES:
            if name not in self.commands:
                self.add_command(_loaded(name), name)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except OSError as failure:
            if failure.filename is None:
                raise
            away = " Run this as the folder's owner, or set LONTAR_VAR to a folder of your own."
            hint = away if isinstance(failure, PermissionError) else ""
            targets.fail(f"{failure.filename} cannot be used: {failure.strerror}.{hint}")


app = typer.Typer(
    name="lontar",
    cls=Commands,
    help="Lontar on one machine: start it, look at it, mend it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=sys.stderr.isatty(),
    pretty_exceptions_show_locals=False,
)


@app.callback()
def front() -> None:
    """Make it a command of commands, though none is loaded yet."""


def _loaded(name: str) -> Any:
    file = import_module(f"deploy.cli.{name}")
    holder = typer.Typer()
    if hasattr(file, "app"):
        holder.add_typer(file.app, name=name)
    else:
        holder.command(name)(getattr(file, name))
    return typer.main.get_group(holder).commands[name]


# What drivers log about a server that is away is told in one sentence by the command itself.
logging.basicConfig(handlers=[logging.NullHandler()])

if __name__ == "__main__":
    app()
