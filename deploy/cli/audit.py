"""`lontar audit verify`: the record of sign-ins and administration, held against itself. It changes nothing."""

import asyncio
import re
from typing import Annotated

import typer

from deploy.cli import targets
from deploy.cli.console import complain, say
from gateway.audit.store import Audit
from gateway.audit.verify import Verdict, verify
from services.chassis.mongo import connect
from services.chassis.uow import MongoUnitOfWork

app = typer.Typer(help="The record of sign-ins and administration.", no_args_is_help=True)
ANCHOR = re.compile(r"([1-9][0-9]{0,15}):([0-9a-f]{64})")


@app.callback()
def record() -> None:
    """Keep `verify` a command of its own, so that others can join it."""


@app.command("verify")
def verify_record(
    anchor: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER:HASH", help="As the gateway's log or an exported table has it; may be repeated."),
    ] = None,
) -> None:
    """Check the chain from its beginning; exit 1 where an entry was changed, taken out or put in."""
    anchors = dict(_anchor(given) for given in anchor or ())
    url = targets.need("MONGO_URL")
    verdict = asyncio.run(targets.reach("The database", _verify(url, anchors)))
    for fault in verdict.faults:
        complain(fault)
    if verdict.entries:
        say(f"{verdict.entries} entries, {verdict.first} to {verdict.last}; the last one's anchor is:")
        say(f"{verdict.last}:{verdict.hash}")
    else:
        say("There are no entries.")
    if verdict.waiting:
        say(f"{verdict.waiting} more wait to be linked to the chain")
    if verdict.faults:
        targets.fail("The record is not whole.")
    say("The record is whole.")


def _anchor(given: str) -> tuple[int, str]:
    found = ANCHOR.fullmatch(given.strip())
    if not found:
        targets.fail(f"{given} is no anchor; it looks like 4711:<64 hexadecimal digits>.")
    return int(found[1]), found[2]


async def _verify(url: str, anchors: dict[int, str]) -> Verdict:
    database = connect(url, "lontar_gateway", pool=2)
    return await verify(Audit(database, MongoUnitOfWork(database)), anchors)
