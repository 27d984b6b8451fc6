"""The command's front: one file per command, put together here."""

import logging
import sys

import typer

from deploy.cli import demo, doctor, messages, outbox, up

app = typer.Typer(
    name="lontar",
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

# What drivers log about a server that is away is told in one sentence by the command itself.
logging.basicConfig(handlers=[logging.NullHandler()])

if __name__ == "__main__":
    app()
