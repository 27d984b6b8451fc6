"""The signing key of the running house is changed while a village works: nobody is refused, at no service."""

import asyncio
from datetime import timedelta

import pytest

from deploy.demo.client import Client, Refused
from deploy.embedded.layout import write_private
from gateway.auth.key_ring import fresh_pem, read_ring
from services.chassis.clock import now
from tests.house import House

pytestmark = [pytest.mark.flow]
LEAD = timedelta(seconds=12)
"""Longer than a service waits before it asks for an unknown key again."""
VILLAGE = "desa.sekartaji"
EVERY_SERVICE = (
    "/v1/register",
    "/v1/inbox",
    "/v1/dispositions?box=given",
    "/v1/schedule/requests",
    "/v1/notifications",
    "/v1/me",
)


async def let_in(client: Client, address: str) -> bool:
    """Whether the token is taken there; what it is allowed to see is another question."""
    try:
        await client.get(address)
    except Refused as refusal:
        return refusal.status not in (401, 503)
    return True


async def everywhere(*clients: Client) -> bool:
    """Whether all of them are let in at every service."""
    asked = [let_in(client, address) for client in clients for address in EVERY_SERVICE]
    return all(await asyncio.gather(*asked))


async def test_S4_tokens_of_both_keys_work_at_every_service_all_the_time(house: House) -> None:
    path = house.stack.addresses.key_ring
    async with house.person(VILLAGE) as before:
        ring = read_ring(path).rotated(fresh_pem(), now(), LEAD)
        write_private(path, ring.dumped())
        signs_from = ring.keys[-1].signs_from
        while now() < signs_from + timedelta(seconds=2):
            async with house.person(VILLAGE) as newcomer:
                assert await everywhere(before, newcomer)
    assert read_ring(path).present(now()) == ring.keys[-1]
