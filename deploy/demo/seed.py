"""Puts the demo organisation into a running Lontar, over the public API. Invariant: a second run changes nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.demo.client import Client, Json, Refused
from deploy.demo.organisation import SEATS, UNITS, Seat, unit_id
from deploy.embedded.secrets import SecretStore

IN_FORCE_SINCE = "2026-01-01"
ARRIVAL_SECONDS = 30.0


@dataclass(frozen=True)
class Account:
    """A demo account and who is behind it."""

    username: str
    password: str
    description: str


def demo_password(var_dir: Path) -> str:
    """The password all demo accounts of this installation share; made once, kept with its other secrets."""
    return SecretStore(var_dir / "secrets").spoken_password("demo-password").read_text(encoding="utf-8")


async def ensure_seeded(base_url: str, admin_password: str, var_dir: Path) -> list[Account]:
    """Make units, positions, people, assignments and accounts that are missing; returns the accounts."""
    password = demo_password(var_dir)
    async with Client.at(base_url, "admin", admin_password) as admin:
        await _organisation(admin)
        known = await _known_accounts(admin)
        missing = [one for one in SEATS if one.username not in known]
        for one in missing:
            account = {"username": one.username, "password": password, "name": one.person, "person_id": one.person_id}
            await _ensure(admin, "/v1/accounts", {**account, "roles": []})
    await _have_positions(base_url, password, missing)
    return demo_accounts(var_dir)


def demo_accounts(var_dir: Path) -> list[Account]:
    """The accounts as they were made."""
    password = demo_password(var_dir)
    return [Account(one.username, password, f"{one.person}, {_title(one)}") for one in SEATS]


@asynccontextmanager
async def signed_in(base_url: str, username: str, var_dir: Path) -> AsyncIterator[Client]:
    """A demo person, signed in."""
    async with Client.at(base_url, username, demo_password(var_dir)) as client:
        yield client


async def _organisation(admin: Client) -> None:
    for unit in UNITS:
        parent = unit_id(unit.parent) if unit.parent else None
        await _ensure(admin, "/v1/units", {"id": unit.id, "name": unit.name, "kind": unit.kind, "parent_id": parent})
    for one in SEATS:
        await _ensure(admin, "/v1/positions", _position(one))
    for one in SEATS:
        await _ensure(admin, "/v1/people", {"id": one.person_id, "name": one.person})
        await _ensure(admin, "/v1/assignments", _assignment(one))


async def _ensure(admin: Client, path: str, body: Json) -> None:
    try:
        await admin.post(path, body)
    except Refused as refused:
        if refused.status != 409:
            raise


async def _known_accounts(admin: Client) -> set[str]:
    page = await admin.get("/v1/accounts", limit="200")
    known = {one["username"] for one in page["items"]}
    while page["next"]:
        page = await admin.get("/v1/accounts", limit="200", cursor=page["next"])
        known |= {one["username"] for one in page["items"]}
    return known


async def _have_positions(base_url: str, password: str, seats: Sequence[Seat]) -> None:
    """Assignments reach the gateway as events; wait until signing in shows each of these people's."""
    waiting = {one.username: one.position_id for one in seats}
    async with asyncio.timeout(ARRIVAL_SECONDS):
        while waiting:
            for username in list(waiting):
                if waiting[username] in _positions(await _me(base_url, username, password)):
                    del waiting[username]
            await asyncio.sleep(0.2 if waiting else 0)


async def _me(base_url: str, username: str, password: str) -> Json:
    async with Client.at(base_url, username, password) as client:
        return await client.get("/v1/me")


def _positions(me: Json) -> Iterable[str]:
    held: list[dict[str, Any]] = me["positions"]
    return [one["position_id"] for one in held]


def _position(one: Seat) -> Json:
    superior = next((other.position_id for other in SEATS if other.username == one.superior), None)
    return {
        "id": one.position_id,
        "title": one.title,
        "unit_id": unit_id(one.unit),
        "role": one.role,
        "superior_id": superior,
    }


def _assignment(one: Seat) -> Json:
    return {
        "id": one.assignment_id,
        "person_id": one.person_id,
        "position_id": one.position_id,
        "capacity": one.capacity,
        "starts_on": IN_FORCE_SINCE,
        "legal_basis": one.legal_basis,
    }


def _title(one: Seat) -> str:
    return f"Plt. {one.title}" if one.capacity == "plt" else one.title
