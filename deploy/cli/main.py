"""The command's front: one file per command, put together here."""

import logging
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from deploy.cli import accounts, audit, demo, doctor, keys, letters, messages, outbox, scans, targets, up


class Commands(TyperGroup):
    """The commands; a file or folder that cannot be used is one clear sentence whichever of them met it."""

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
app.command("up")(up.up)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("outbox")(outbox.outbox)
app.add_typer(messages.app, name="messages")
app.add_typer(letters.app, name="letters")
app.add_typer(scans.app, name="scans")
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")
app.add_typer(accounts.app, name="accounts")

# What drivers log about a server that is away is told in one sentence by the command itself.
logging.basicConfig(handlers=[logging.NullHandler()])

if __name__ == "__main__":
    app()
