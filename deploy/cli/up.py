"""`lontar up`: the whole system on this machine, until stopped."""

import os
from typing import Annotated

import typer

from deploy.cli import starting
from deploy.cli.console import complain, say, table
from deploy.embedded.layout import default_var
from deploy.embedded.ports import is_free
from deploy.embedded.stack import EmbeddedStack

DEFAULT_PORT = 8080


def up(
    port: Annotated[int, typer.Option(help="Where the gateway listens.", envvar="LONTAR_GATEWAY_PORT")] = DEFAULT_PORT,
    seed: Annotated[bool, typer.Option(help="Make the demo organisation and its accounts.")] = True,
) -> None:
    """Start everything, print the address and the demo accounts, run until Ctrl-C. Data are kept for the next time."""
    os.environ.pop("LONTAR_GATEWAY_PORT", None)
    if not is_free(port):
        complain(f"Port {port} is taken by another program; a free one is used instead.")

    async def work(stack: EmbeddedStack) -> int:
        if seed:
            await _seed(stack)
        say(f"Lontar runs at http://localhost:{stack.addresses.gateway_port}", style="bold green")
        say(f"Administrator: admin, password in {stack.addresses.admin_password}")
        say("Ctrl-C stops it; `lontar doctor` in another terminal tells how it is.")
        return await starting.until_stopped()

    raise typer.Exit(starting.run(default_var(), work, gateway_port=port))


async def _seed(stack: EmbeddedStack) -> None:
    from deploy.demo.seed import ensure_seeded

    say("Making sure of the demo organisation and its accounts ...")
    accounts = await ensure_seeded(stack.base_url, stack.admin_password, stack.layout.root)
    rows = [(account.username, account.password, account.description) for account in accounts]
    table("Demo accounts", ("account", "password", "who"), rows)
