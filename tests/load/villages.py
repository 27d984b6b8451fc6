"""Villages that send at the same time: one operator each, so that no two senders share an agenda book."""

import secrets

from deploy.demo.client import Client, Json, Refused
from deploy.demo.organisation import demo_id, seat, unit_id
from tests.house import House
from tests.waiting import until_equal


async def open_villages(house: House, count: int) -> list[Client]:
    """``count`` signed-in village operators; the caller closes their connections with ``close``."""
    password = secrets.token_hex(12)
    stack = house.stack
    async with Client.at(stack.base_url, "admin", stack.admin_password) as admin:
        for number in range(count):
            await _village(admin, number, password)
    clients = [await Client.open(stack.base_url, f"bench.{number}") for number in range(count)]
    for client in clients:
        await until_equal(lambda client=client: _positions(client, password), lambda held: len(held) > 0)  # type: ignore[misc]
    return clients


async def _village(admin: Client, number: int, password: str) -> None:
    key = f"bench-{number}"
    unit = {
        "id": demo_id("unit", key),
        "name": f"Desa Uji {number}",
        "kind": "village",
        "parent_id": unit_id("nusa-penida"),
    }
    position = {
        "id": demo_id("position", key),
        "title": f"Operator Desa Uji {number}",
        "unit_id": unit["id"],
        "role": "village_operator",
        "superior_id": seat("camat.np").position_id,
    }
    person = {"id": demo_id("person", key), "name": f"Operator {number}"}
    assignment = {
        "id": demo_id("assignment", key),
        "person_id": person["id"],
        "position_id": position["id"],
        "capacity": "definitive",
        "starts_on": "2026-01-01",
    }
    account = {"username": f"bench.{number}", "password": password, "name": person["name"], "person_id": person["id"]}
    for path, body in (
        ("/v1/units", unit),
        ("/v1/positions", position),
        ("/v1/people", person),
        ("/v1/assignments", assignment),
        ("/v1/accounts", account | {"roles": []}),
    ):
        await _ensure(admin, path, body)


async def _ensure(admin: Client, path: str, body: Json) -> None:
    try:
        await admin.post(path, body)
    except Refused as refused:
        if refused.status != 409:
            raise


async def _positions(client: Client, password: str) -> list[Json]:
    await client.sign_in(password)
    held: list[Json] = (await client.get("/v1/me"))["positions"]
    return held
