"""`lontar accounts rescue`: for an account that nobody inside can help any more, the last administrator's above all.

It runs as the gateway, with the gateway's own rights: the operator's account reads everything and changes nothing.
"""

import os
import subprocess
import sys

import typer

from deploy.cli import targets
from deploy.embedded.layout import default_var
from deploy.embedded.state import read_state

app = typer.Typer(help="Accounts.", no_args_is_help=True)


@app.callback()
def accounts() -> None:
    """Keep `rescue` a command of its own, so that others can join it."""


@app.command()
def rescue(username: str = typer.Argument(help="The account's username.")) -> None:
    """Give an account a one-time password and take its second factor away; it is put on record."""
    state = read_state(default_var())
    if state is None and "LONTAR_GATEWAY_MONGO_URL" not in os.environ and "LONTAR_MONGO_URL" not in os.environ:
        targets.need("MONGO_URL")
    environment = {**os.environ, **(state.gateway if state else {})}
    done = subprocess.run([sys.executable, "-m", "gateway.auth.rescue", username], env=environment, check=False)
    raise typer.Exit(done.returncode)
