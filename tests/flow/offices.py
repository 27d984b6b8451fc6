"""Offices of a test's own, made over the public API. Invariant: no other test sends there, so counts can be exact.

Everybody in an office answers to its first post, and that one to the sekda of the demo regency.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from deploy.demo.client import Client, Json
from deploy.demo.organisation import seat, unit_id
from deploy.demo.seed import demo_password
from services.chassis.ids import new_id
from tests.house import House
from tests.waiting import until_equal

IN_FORCE_SINCE = "2026-01-01"


@dataclass(frozen=True)
class Official:
    """A position and who holds it, with an account of the same name as the demo's ones."""

    username: str
    name: str
    title: str
    position_id: str
    person_id: str
    nip: str | None = None


@dataclass(frozen=True)
class Office:
    """A unit with its officials by role."""

    house: House
    unit_id: str
    name: str
    officials: Mapping[str, Official]

    def __getitem__(self, role: str) -> Official:
        return self.officials[role]

    def sitting(self, role: str) -> AbstractAsyncContextManager[Client]:
        """The official with this role, signed in."""
        return self.house.person(self.officials[role].username)

    @property
    def party(self) -> Json:
        """The office as an addressee."""
        return unit(self.unit_id)


def unit(identifier: str) -> Json:
    """A unit as an addressee."""
    return {"kind": "unit", "id": identifier}


def demo_unit(key: str) -> Json:
    """A unit of the demo regency as an addressee."""
    return unit(unit_id(key))


async def open_office(
    house: House, name: str, *roles: str, kind: str = "agency", parent: str = "setda", vacant: str | None = None
) -> Office:
    """An office in force, known to every service; ``vacant`` names the role whose seat nobody holds."""
    stamp = new_id()[-8:]
    office = Office(house, new_id(), name, {role: _official(role, name, stamp) for role in roles})
    async with house.admin() as admin:
        about = {"id": office.unit_id, "name": name, "kind": kind, "parent_id": unit_id(parent)}
        await admin.post("/v1/units", about)
        for role, one in office.officials.items():
            await _seat(admin, office, role, one)
            if role != vacant:
                await assign(admin, one.person_id, one.position_id)
        await asyncio.gather(*(_account(admin, house, one) for one in office.officials.values()))
    await house.settled()
    seated = [one for role, one in office.officials.items() if role != vacant]
    await asyncio.gather(*(holds(house, one.username, one.position_id) for one in seated))
    return office


async def assign(admin: Client, person_id: str, position_id: str, **how: str) -> Json:
    """Somebody holds a position from now on."""
    wanted = {"person_id": person_id, "position_id": position_id, "starts_on": IN_FORCE_SINCE, **how}
    return await admin.post("/v1/assignments", {"id": new_id(), **wanted})


async def holds(house: House, username: str, position_id: str) -> None:
    """Wait until signing in shows that the person holds the position."""

    async def look() -> set[str]:
        async with house.person(username) as client:
            return {held["position_id"] for held in (await client.get("/v1/me"))["positions"]}

    await until_equal(look, lambda found: position_id in found, pause=0.2)


def _official(role: str, office: str, stamp: str) -> Official:
    digits = "".join(str(int(one, 16) % 10) for one in new_id().replace("-", ""))[-18:]
    title = f"{role.replace('_', ' ').title()} {office}"
    return Official(f"{role.replace('_', '.')}.{stamp}", f"Ni {role} {stamp}", title, new_id(), new_id(), digits)


async def _seat(admin: Client, office: Office, role: str, one: Official) -> None:
    first = next(iter(office.officials.values()))
    superior = seat("sekda").position_id if one is first else first.position_id
    about = {"id": one.position_id, "title": one.title, "unit_id": office.unit_id, "role": role}
    await admin.post("/v1/positions", {**about, "superior_id": superior})
    await admin.post("/v1/people", {"id": one.person_id, "name": one.name, "nip": one.nip})


async def _account(admin: Client, house: House, one: Official) -> None:
    password = demo_password(house.stack.layout.root)
    account = {"username": one.username, "password": password, "name": one.name, "person_id": one.person_id}
    await admin.post("/v1/accounts", {**account, "roles": []})
