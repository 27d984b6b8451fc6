"""Messages that come too often, or that nobody can read."""

from datetime import date

import aio_pika
import pytest

from deploy.demo.organisation import seat, unit_id
from services.chassis.bus.envelope import seal
from services.chassis.bus.parked import replay_parked
from services.chassis.bus.provenance import OPERATOR
from services.chassis.bus.publisher import persistent
from services.chassis.bus.topology import EVENTS, parked_name, queue_name
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.mongo import connect
from services.chassis.outbox import COLLECTION
from services.contracts.event import routing_key
from services.contracts.routing import AssignmentChanged, UnitChanged
from tests.house import House
from tests.waiting import until_equal

pytestmark = [pytest.mark.fault, pytest.mark.timeout(480)]


class TestTheSameEventTwentyTimes:
    async def test_takes_effect_once_in_every_service(self, house: House) -> None:
        async with house.person("desa.sekartaji") as village:
            accepted = [(await house.send(village))["id"] for _ in range(3)]
        await house.settled()
        for _ in range(20):
            await publish_again(house, "intake", accepted)
            await publish_again(house, "routing", accepted)
        await house.assert_all_arrived_once(accepted)


class TestUnreadable:
    @pytest.mark.parametrize("service", ["intake", "routing", "disposition", "schedule", "notify", "gateway"])
    async def test_is_parked_with_its_reason_and_stops_nothing(self, house: House, service: str) -> None:
        sealed = seal(UnitChanged(unit_id="x", name="x", kind="agency"), seq=1, at=now(), trace={})
        await put(house, service, "undecodable", b"\x00\x01 not an event")
        await put(house, service, "unknown type", sealed.body.replace(b"unit.changed", b"unit.eaten"))
        await put(house, service, "unknown major", major_unknown_to(service))
        parked = await until_equal(house.parked, lambda found: len(found) == 3)
        reasons = {message.id: message.reason for message in parked}
        assert reasons["undecodable"].startswith("not JSON")
        assert reasons["unknown type"].startswith("unknown type: id.lontar.routing.unit.eaten.v1")
        assert reasons["unknown major"].startswith("unknown major version")
        await throw_away_parked(house, service)
        async with house.person("desa.sekartaji") as village:
            accepted = [(await house.send(village))["id"]]
        await house.assert_all_arrived_once(accepted)

    async def test_an_event_forged_with_another_services_login_is_parked(self, house: House) -> None:
        forged = AssignmentChanged(
            assignment_id=new_id(),
            person_id=seat("desa.batununggul").person_id,
            person_name="Penyusup",
            position_id=seat("bupati").position_id,
            position_title="Bupati Klungkung",
            unit_id=unit_id("pimpinan"),
            unit_name="Bupati Klungkung",
            role="leader",
            capacity="definitive",
            starts_on=date(2026, 1, 1),
        )
        sealed = seal(forged, seq=1, at=now(), trace={})
        login = house.stack.environment("notify")["LONTAR_NOTIFY_AMQP_URL"]
        async with await aio_pika.connect(login) as connection:
            channel = await connection.channel()
            message = persistent(sealed.body, sealed.id, sealed.type, {}, "notify")
            await channel.default_exchange.publish(message, queue_name("gateway"))
        [parked] = await until_equal(house.parked, lambda found: len(found) == 1)
        await throw_away_parked(house, "gateway")
        assert parked.reason == f"sent by notify, who may not publish {sealed.type}"
        async with house.person("desa.batununggul") as village:
            me = await village.get("/v1/me")
        assert [held["role"] for held in me["positions"]] == ["village_operator"]

    async def test_what_is_replayed_is_read_again(self, house: House) -> None:
        await put(house, "notify", "undecodable", b"still not an event")
        await until_equal(house.parked, lambda found: len(found) == 1)
        assert await replay_parked(house.servers.amqp_url, "notify", "undecodable") == 1
        await until_equal(house.parked, lambda found: len(found) == 1)
        await throw_away_parked(house, "notify")


def major_unknown_to(service: str) -> bytes:
    """An event of a type the service knows, in a major version it does not."""
    from services.contracts.subscriptions import SUBSCRIPTIONS

    known = SUBSCRIPTIONS[service][0].event_type
    sealed = seal(UnitChanged(unit_id="x", name="x", kind="agency"), seq=1, at=now(), trace={})
    newer = known.removesuffix(".v1") + ".v9"
    return sealed.body.replace(UnitChanged.event_type.encode(), newer.encode())


async def put(house: House, service: str, identifier: str, body: bytes) -> None:
    """Into the service's queue, as a foreign client could."""
    async with await aio_pika.connect(house.servers.amqp_url) as connection:
        channel = await connection.channel()
        message = persistent(body, identifier, None, {}, OPERATOR)
        await channel.default_exchange.publish(message, queue_name(service))


async def throw_away_parked(house: House, service: str) -> None:
    """Leave the house as it was found."""
    async with await aio_pika.connect(house.servers.amqp_url) as connection:
        channel = await connection.channel()
        await (await channel.get_queue(parked_name(queue_name(service)))).purge()


async def publish_again(house: House, service: str, letters: list[str]) -> None:
    """Everything the service has published of these letters, once more, under the same ids."""
    database = connect(house.servers.mongo_url, f"lontar_{service}")
    streams = [f"letter/{one}" for one in letters]
    rows = await database[COLLECTION].find({"stream": {"$in": streams}}).to_list(None)
    assert rows, "nothing to publish again: the test has shown nothing"
    async with await aio_pika.connect(house.servers.amqp_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EVENTS)
        for row in rows:
            message = persistent(bytes(row["body"]), row["_id"], row["type"], {}, OPERATOR)
            await exchange.publish(message, routing_key(row["type"]))
    database.client.close()
