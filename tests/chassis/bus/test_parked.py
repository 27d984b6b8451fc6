"""What an operator sees and does: looking changes nothing, a replay moves a message and loses none."""

import pytest
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import DeliveryError

from services.chassis.bus.parked import count_parked, count_waiting, list_parked, replay_parked, show_parked
from services.chassis.bus.publisher import persistent
from services.chassis.bus.settler import ATTEMPT_HEADER, REASON_HEADER
from services.chassis.bus.topology import declare_consumer, parked_name, queue_name
from tests.chassis.bus.samples import depth, own_headers, sealed, take
from tests.chassis.sample import ParcelSent
from tests.servers import Servers
from tests.waiting import until_equal

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
async def three(channel: AbstractChannel, depot: str) -> list[str]:
    """Ids of three parked messages, oldest first."""
    await declare_consumer(channel, depot, [ParcelSent.event_type])
    parked = [sealed(f"p{number}") for number in range(3)]
    for number, one in enumerate(parked):
        headers = {REASON_HEADER: f"reason {number}", ATTEMPT_HEADER: 4, "traceparent": TRACE}
        message = persistent(one.body, one.id, one.type, headers)
        await channel.default_exchange.publish(message, parked_name(queue_name(depot)))
    await until_equal(lambda: depth(channel, parked_name(queue_name(depot))), lambda count: count == 3)
    return [one.id for one in parked]


class TestList:
    async def test_tells_each_with_its_reason_and_changes_nothing(
        self, servers: Servers, depot: str, three: list[str], channel: AbstractChannel
    ) -> None:
        for _ in range(3):
            found = await list_parked(servers.amqp_url, depot)
            assert [one.id for one in found] == three
            assert [one.reason for one in found] == ["reason 0", "reason 1", "reason 2"]
            assert found[0].queue == queue_name(depot)
            await until_equal(lambda: count_parked(servers.amqp_url, depot), lambda count: count == 3)

    async def test_tells_no_more_than_asked_for(self, servers: Servers, depot: str, three: list[str]) -> None:
        assert [one.id for one in await list_parked(servers.amqp_url, depot, limit=2)] == three[:2]

    async def test_of_a_service_that_never_ran_is_empty(self, servers: Servers) -> None:
        assert await list_parked(servers.amqp_url, "nobody") == []
        assert await count_parked(servers.amqp_url, "nobody") == 0
        assert await count_waiting(servers.amqp_url, "nobody") == 0


class TestShow:
    async def test_finds_one_by_its_id(self, servers: Servers, depot: str, three: list[str]) -> None:
        found = await show_parked(servers.amqp_url, depot, three[1])
        assert found
        assert (found.id, found.reason, found.type) == (three[1], "reason 1", ParcelSent.event_type)
        assert await show_parked(servers.amqp_url, depot, "another") is None


class TestReplay:
    async def test_of_one_moves_that_one(
        self, servers: Servers, depot: str, three: list[str], channel: AbstractChannel
    ) -> None:
        assert await replay_parked(servers.amqp_url, depot, three[1]) == 1
        message = await until_equal(lambda: take(channel, queue_name(depot)), lambda found: found is not None)
        assert message
        assert message.message_id == three[1]
        await until_equal(lambda: count_parked(servers.amqp_url, depot), lambda count: count == 2)
        assert [one.id for one in await list_parked(servers.amqp_url, depot)] == [three[0], three[2]]

    async def test_of_all_moves_all_in_order(
        self, servers: Servers, depot: str, three: list[str], channel: AbstractChannel
    ) -> None:
        assert await replay_parked(servers.amqp_url, depot) == 3
        await until_equal(lambda: count_waiting(servers.amqp_url, depot), lambda count: count == 3)
        taken = [await take(channel, queue_name(depot)) for _ in range(3)]
        assert [message.message_id for message in taken if message] == three

    async def test_starts_the_ladder_anew_and_keeps_the_trace(
        self, servers: Servers, depot: str, three: list[str], channel: AbstractChannel
    ) -> None:
        await replay_parked(servers.amqp_url, depot, three[0])
        message = await until_equal(lambda: take(channel, queue_name(depot)), lambda found: found is not None)
        assert message
        assert own_headers(message) == {"traceparent": TRACE}

    async def test_into_a_queue_that_is_gone_loses_nothing(
        self, servers: Servers, depot: str, three: list[str], channel: AbstractChannel
    ) -> None:
        await channel.queue_delete(queue_name(depot))
        with pytest.raises(DeliveryError):
            await replay_parked(servers.amqp_url, depot)
        await until_equal(lambda: count_parked(servers.amqp_url, depot), lambda count: count == 3)
