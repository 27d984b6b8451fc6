"""Which broker and database an operator command speaks to: the running stack's, else those the environment names."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Mapping
from typing import Literal, NoReturn, TypeVar

import typer

from deploy.cli.console import complain
from deploy.embedded.layout import default_var
from deploy.embedded.state import read_state
from services.chassis.settings import read_variable

T = TypeVar("T")


def variable(name: str) -> str | None:
    """``MONGO_URL`` or ``AMQP_URL`` of the operator; None where nothing runs and nothing is set."""
    state = read_state(default_var())
    known: Mapping[str, str] = {**(state.operator if state else {}), **os.environ}
    return read_variable(f"LONTAR_OPERATOR_{name}", known) or read_variable(f"LONTAR_{name}", known)


def need(name: str) -> str:
    """The same, or one clear sentence and exit 1."""
    found = variable(name)
    if found is None:
        not_running(f"LONTAR_OPERATOR_{name}")
    return found


def not_running(variable: str) -> NoReturn:
    """One clear sentence, with the variable that would do instead, and exit 1."""
    fail(f"Lontar is not running on {default_var()}; start it with `lontar up`, or set {variable}.")


def run_as(part: Literal["gateway", "routing", "intake"], module: str, *arguments: str) -> NoReturn:
    """Run a program of this part's with its own rights, and leave as it does.

    The operator's account reads everything and changes nothing.
    """
    state = read_state(default_var())
    own = f"LONTAR_{part.upper()}_MONGO_URL"
    if state is None and own not in os.environ and "LONTAR_MONGO_URL" not in os.environ:
        not_running(own)
    environment = {**os.environ, **(getattr(state, part) if state else {})}
    done = subprocess.run([sys.executable, "-m", module, *arguments], env=environment, check=False)
    raise typer.Exit(done.returncode)


async def reach(what: str, call: Awaitable[T]) -> T:
    """Await ``call``; a server that is away is one clear sentence, not a stack trace."""
    try:
        return await call
    except Exception as failure:  # noqa: BLE001 - drivers' errors have no base in common and are not imported here
        fail(f"{what} could not be reached: {type(failure).__name__}: {str(failure)[:200]}")


def fail(sentence: str) -> NoReturn:
    """Say it and leave with exit 1."""
    complain(sentence)
    raise typer.Exit(1)
