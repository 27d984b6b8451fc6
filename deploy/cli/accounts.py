"""`lontar accounts rescue`: for an account that nobody inside can help any more, the last administrator's above all.

It runs as the gateway, with the gateway's own rights.
"""

import typer

from deploy.cli import targets

app = typer.Typer(help="Accounts.", no_args_is_help=True)


@app.callback()
def accounts() -> None:
    """Keep `rescue` a command of its own, so that others can join it."""


@app.command()
def rescue(username: str = typer.Argument(help="The account's username.")) -> None:
    """Give an account a one-time password and take its second factor away; it is put on record."""
    targets.run_as("gateway", "gateway.auth.rescue", username)
