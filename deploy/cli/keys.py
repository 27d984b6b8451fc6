"""`lontar keys`: the gateway's keys. Invariant: the file of signing keys is replaced whole, by one command at a time.

The gateway looks at the file once a second. A new key is published at once and signs after a while, when every service
has fetched it; the one before stays published until its last token has expired. So nobody notices.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from deploy.cli import targets
from deploy.cli.console import say, table
from deploy.embedded.layout import Layout, default_var, write_private
from deploy.embedded.secrets import KEY_RING
from gateway.auth.key_ring import Ring, StillWaiting, StoredKey, fresh_pem, read_ring
from services.chassis.clock import now

LEAD_SECONDS = 120
SHORTEST_LEAD_SECONDS = 15
"""A service asks for keys it does not know every ten seconds at most."""

app = typer.Typer(help="The keys that sign people's tokens, and the one that seals secrets.", no_args_is_help=True)
RingPath = Annotated[
    Path | None,
    typer.Option("--ring", envvar="LONTAR_GATEWAY_KEY_RING_PATH", help="The file; without it this machine's stack's."),
]


@app.command("list")
def show(ring: RingPath = None) -> None:
    """The keys by their public ids, which one signs, and since when."""
    path = _path(ring)
    at = now()
    found = _read(path)
    rows = [
        (one.key.thumbprint(), found.state_of(one, at), _told(one.signs_from), _told(one.until)) for one in found.keys
    ]
    table("Signing keys", ("key", "state", "signs from", "published until"), rows)


@app.command()
def make(ring: Annotated[Path, typer.Argument(help="The file to make.")]) -> None:
    """Make a ring of one key, for an installation that keeps its own secrets."""
    if ring.exists():
        targets.fail(f"{ring} is there already; `lontar keys rotate --ring {ring}` adds a key to it.")
    write_private(ring, Ring.of(fresh_pem(), now()).dumped())
    say(f"{ring} holds a new key. Set LONTAR_GATEWAY_KEY_RING_PATH to it, and let nobody else read it.")


@app.command()
def rotate(
    ring: RingPath = None,
    lead: Annotated[
        int, typer.Option(min=SHORTEST_LEAD_SECONDS, max=86_400, help="Seconds until the new key signs.")
    ] = LEAD_SECONDS,
    older_than: Annotated[int, typer.Option(min=0, help="Only where the present key has signed for so many days.")] = 0,
    compromised: Annotated[
        bool, typer.Option("--compromised", help="Somebody may have the keys: drop them all, everybody's tokens end.")
    ] = False,
) -> None:
    """Make a new signing key; nobody is signed out by it."""
    path = _path(ring)
    with _alone(path):
        found, at = _read(path), now()
        if compromised:
            fresh = Ring.of(fresh_pem(), at)
        elif at - found.present(at).signs_from < timedelta(days=older_than):
            say(f"The present key has signed since {_told(found.present(at).signs_from)}; nothing was changed.")
            return
        else:
            fresh = _rotated(found, at, lead)
        write_private(path, fresh.dumped())
    _tell(fresh.keys[-1], compromised)


@app.command()
def reseal() -> None:
    """Seal second factors and webhook secrets anew with the present sealing key; then the former one may go."""
    targets.run_as("gateway", "gateway.resealing")


def _rotated(found: Ring, at: datetime, lead: int) -> Ring:
    try:
        return found.rotated(fresh_pem(), at, timedelta(seconds=lead))
    except StillWaiting:
        targets.fail("A new key waits already for its time; `lontar keys list` shows when that is.")


def _tell(one: StoredKey, compromised: bool) -> None:
    if compromised:
        say(f"{one.key.thumbprint()} signs from now on. Tokens of the other keys are refused within a minute;")
        say("people's programs get new ones by themselves, some after ten seconds in which they are refused.")
        return
    say(f"{one.key.thumbprint()} is published now and signs from {_told(one.signs_from)}.")


def _path(given: Path | None) -> Path:
    path = given or Layout(default_var()).secrets / KEY_RING
    if not path.exists():
        targets.fail(f"There is no key ring at {path}: start the stack once, or name the file with --ring.")
    return path


def _read(path: Path) -> Ring:
    try:
        return read_ring(path)
    except (ValidationError, ValueError):
        targets.fail(f"{path} holds no ring of signing keys.")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two commands at once would each lose the other's key."""
    with path.with_name(f".{path.name}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _told(at: datetime | None) -> str:
    return at.astimezone().isoformat(timespec="seconds") if at else "-"
