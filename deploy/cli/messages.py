"""`lontar messages`: what was parked and why; and putting it back.

Invariant: looking changes nothing; a replay gives the message to the same queue again, where the inbox sees to it that
nothing is done twice.
"""

import asyncio
import json
from typing import Annotated

import typer

from deploy.cli import targets
from deploy.cli.console import say, table
from deploy.embedded.definitions import PROGRAMS
from services.chassis.bus.parked import ParkedMessage, list_parked, replay_parked, show_parked

app = typer.Typer(help="Messages that were parked because they could not be handled.", no_args_is_help=True)
Service = Annotated[str | None, typer.Option(help=f"Only this one: {', '.join(PROGRAMS)}.")]


@app.command("parked")
def parked(service: Service = None, limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100) -> None:
    """List the parked messages of every service, oldest first."""
    url = targets.need("AMQP_URL")
    found = asyncio.run(targets.reach("The message broker", _list(url, _chosen(service), limit)))
    if not found:
        say("No message is parked.")
        return
    rows = [(message.queue, message.id, message.type, message.reason) for message in found]
    table("Parked messages", ("queue", "id", "type", "reason"), rows)


@app.command("show")
def show(identifier: Annotated[str, typer.Argument(metavar="ID")], service: Service = None) -> None:
    """Show one parked message: where, why, and what is in it."""
    url = targets.need("AMQP_URL")
    found = asyncio.run(targets.reach("The message broker", _find(url, _chosen(service), identifier)))
    if not found:
        targets.fail(f"No parked message has the id {identifier}.")
    for message in found:
        say(f"queue:  {message.queue}\nid:     {message.id}\ntype:   {message.type}\nreason: {message.reason}")
        say(_readable(message.body))


@app.command("replay")
def replay(
    identifier: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every parked message.")] = False,
    service: Service = None,
) -> None:
    """Put a parked message, or all of them, back into its queue."""
    if (identifier is None) != everything:
        targets.fail("Name one message by its id, or say --all.")
    url = targets.need("AMQP_URL")
    count = asyncio.run(targets.reach("The message broker", _replay(url, _chosen(service), identifier)))
    if identifier is not None and count == 0:
        targets.fail(f"No parked message has the id {identifier}.")
    say(f"Put back: {count}")


def _chosen(service: str | None) -> tuple[str, ...]:
    if service is None:
        return PROGRAMS
    if service not in PROGRAMS:
        targets.fail(f"There is no service {service}; there are {', '.join(PROGRAMS)}.")
    return (service,)


async def _list(url: str, services: tuple[str, ...], limit: int) -> list[ParkedMessage]:
    return [message for service in services for message in await list_parked(url, service, limit)]


async def _find(url: str, services: tuple[str, ...], identifier: str) -> list[ParkedMessage]:
    found = [await show_parked(url, service, identifier) for service in services]
    return [message for message in found if message is not None]


async def _replay(url: str, services: tuple[str, ...], identifier: str | None) -> int:
    return sum([await replay_parked(url, service, identifier) for service in services])


def _readable(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return f"(not JSON, {len(body)} bytes) {body[:2000]!r}"
