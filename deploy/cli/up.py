"""`lontar up`: the whole system on this machine, until stopped."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli import starting
from deploy.cli.console import complain, say
from deploy.embedded.layout import default_var
from deploy.embedded.stack import EmbeddedStack

DEFAULT_PORT = 8080


def up(
    port: Annotated[
        int, typer.Option(min=1, max=65_535, help="Where the gateway listens.", envvar="LONTAR_GATEWAY_PORT")
    ] = DEFAULT_PORT,
    seed: Annotated[bool, typer.Option(help="Make the demo organisation and its accounts.")] = True,
) -> None:
    """Start everything, print the address and the demo accounts, run until Ctrl-C. Data are kept for the next time."""
    os.environ.pop("LONTAR_GATEWAY_PORT", None)

    async def work(stack: EmbeddedStack) -> int:
        first_password = True
        if seed:
            from deploy.cli.seeding import see_to_demo

            first_password = await see_to_demo(stack.base_url, stack.admin_password, stack.layout)
        address = f"http://localhost:{stack.addresses.gateway_port}"
        if stack.addresses.gateway_port != port:
            complain(f"Port {port} was not to be had; Lontar listens at {stack.addresses.gateway_port} instead.")
        say(f"Lontar runs at {address} (the API is shown at {address}/docs)", style="bold green")
        kept = f"; its first password is in {stack.addresses.admin_password}" if first_password else ""
        say(f"Administrator: admin{kept}")
        command = Path(sys.executable).with_name("lontar")  # set-up puts it on nobody's PATH
        say(f"Ctrl-C stops it; `{command} doctor` in another terminal tells how it is.")
        return await starting.until_stopped()

    raise typer.Exit(starting.run(default_var(), work, gateway_port=port))
