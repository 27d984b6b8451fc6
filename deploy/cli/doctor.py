"""`lontar doctor`: what runs, in which version, what waits, what was parked, how much room is left.

Invariant: it only looks. Exit 0 when all that should run does; exit 1 when a part does not answer, or nothing runs.
"""

import asyncio
import shutil
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import typer

from deploy.cli.console import complain, say, table
from deploy.cli.outbox import age, summaries
from deploy.embedded import health
from deploy.embedded.definitions import PROGRAMS
from deploy.embedded.layout import default_var
from deploy.embedded.programs import SERVICES
from deploy.embedded.state import PartState, StackState, read_state
from services.chassis.bus.parked import count_parked, count_waiting

LOW_DISK_BYTES = 2 * 1024**3


def doctor() -> None:
    """Tell how the system on this machine is."""
    var = default_var()
    say(f"Lontar {version('lontar')}, data in {var}")
    _disk(var)
    state = read_state(var)
    if state is None:
        say("Nothing runs here. `make up` or `lontar up` starts it.")
        raise typer.Exit(1)
    started = datetime.fromisoformat(state.started_at).astimezone()
    say(f"Running since {started:%Y-%m-%d %H:%M:%S %Z} at {state.base_url} (process {state.pid})")
    answers = asyncio.run(_parts(state))
    for part in state.external:
        say(f"{part} is not this stack's: its address is given in the environment")
    asyncio.run(_backlog(state))
    raise typer.Exit(0 if answers else 1)


async def _parts(state: StackState) -> bool:
    conditions = await asyncio.gather(*(_condition(part) for part in state.parts))
    rows = [
        (part.name, condition, part.software, str(part.port), ",".join(map(str, part.pids)), str(part.restarts))
        for part, condition in zip(state.parts, conditions, strict=True)
    ]
    table("Parts", ("part", "state", "software", "port", "process", "restarts"), rows)
    return all(condition == "ready" for condition in conditions)


async def _condition(part: PartState) -> str:
    if not part.program:
        return "ready" if await health.accepts(part.port) else "down"
    port = part.health_port or part.port
    if await health.http_status(port, "/healthz") != 200:
        return "down"
    return "ready" if await health.http_status(port, "/readyz") == 200 else "waiting"


async def _backlog(state: StackState) -> None:
    amqp, mongo = state.operator["LONTAR_OPERATOR_AMQP_URL"], state.operator["LONTAR_OPERATOR_MONGO_URL"]
    try:
        async with asyncio.timeout(20):
            waiting = {name: await count_waiting(amqp, name) for name in PROGRAMS}
            parked = {name: await count_parked(amqp, name) for name in PROGRAMS}
            pending = await summaries(mongo)
    except Exception as failure:  # noqa: BLE001 - drivers' errors have no base in common and are not imported here
        complain(f"The backlog could not be read: {type(failure).__name__}: {str(failure)[:200]}")
        return
    rows = [
        (
            name,
            str(waiting[name]),
            str(parked[name]),
            str(pending[name].pending) if name in SERVICES else "-",
            age(pending[name]) if name in SERVICES else "-",
        )
        for name in PROGRAMS
    ]
    table("Messages", ("service", "waiting", "parked", "to be sent", "oldest"), rows)


def _disk(var: Path) -> None:
    existing = next(folder for folder in (var, *var.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    line = f"{free / 1024**3:.1f} GiB free on disk"
    (complain if free < LOW_DISK_BYTES else say)(line if free >= LOW_DISK_BYTES else f"Low disk: {line}")
