"""`lontar demo`: one letter from scan to answer on the real parts, in a folder of its own (``var/demo``)."""

import typer

from deploy.cli import starting
from deploy.embedded.layout import default_var
from deploy.embedded.stack import EmbeddedStack


def demo() -> None:
    """Carry a scanned letter through the whole system and print its track; exit 1 and name the hop that failed."""
    from deploy.demo.story import run as play

    async def work(stack: EmbeddedStack) -> int:
        return await play(stack.base_url, stack.admin_password, stack.layout.root)

    raise typer.Exit(starting.run(default_var() / "demo", work))
