"""Services that fail: who is asked instead, what is said at once, and how they are found again."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
import pytest

from gateway.reach.instance import Address
from tests.gateway.bad_services import BadService, Mood, bad_service
from tests.gateway.conftest import Door, OpenDoor
from tests.gateway.raw import connect

QUICK = {"breaker_failures": 3, "probe_seconds": 0.05, "answer_timeout_seconds": 1.0}


@pytest.fixture
async def pair() -> AsyncIterator[tuple[BadService, BadService]]:
    """Two instances of one service."""
    async with bad_service() as one, bad_service() as other:
        yield one, other


@dataclass
class Caller:
    """Somebody who has signed in."""

    door: Door
    bearer: dict[str, str]


async def ask(caller: Caller, path: str = "/v1/inbox", method: str = "GET") -> tuple[int, str | None]:
    """Status and Retry-After."""
    async with caller.door.http.request(method, path, headers=caller.bearer) as answer:
        await answer.read()
        return answer.status, answer.headers.get("Retry-After")


async def signed_in(door: Door) -> Caller:
    await door.account()
    return Caller(door, await door.bearer())


async def until_answered(caller: Caller) -> None:
    async with asyncio.timeout(60):
        while (await ask(caller))[0] != 200:
            await asyncio.sleep(0.02)


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "host", "prefix"),
        [
            ("http://routing", b"routing", b""),
            ("http://routing:8080", b"routing:8080", b""),
            ("https://routing:443/", b"routing", b""),
            ("http://[::1]:8080/behind", b"[::1]:8080", b"/behind"),
        ],
    )
    def test_are_read_once(self, url: str, host: bytes, prefix: bytes) -> None:
        address = Address.of(url)
        assert (address.host_field, address.prefix) == (host, prefix)

    @pytest.mark.parametrize("url", ["routing:8080", "ftp://routing", "http://", "http://routing?x=1"])
    def test_what_is_none_is_refused_at_the_start(self, url: str) -> None:
        with pytest.raises(ValueError, match="not the base address"):
            Address.of(url)


class TestTurns:
    """Several instances."""

    async def test_they_take_turns(self, open_door: OpenDoor, pair: tuple[BadService, BadService]) -> None:
        one, other = pair
        async with open_door(routing=f"{one.url}, {other.url}/") as opened:
            caller = await signed_in(opened)
            for _ in range(6):
                assert (await ask(caller))[0] == 200
        assert (len(one.asked), len(other.asked)) == (3, 3)

    async def test_one_that_is_dead_is_passed_over_without_anybody_noticing(
        self, open_door: OpenDoor, pair: tuple[BadService, BadService]
    ) -> None:
        one, other = pair
        await one.become("dead")
        async with open_door(routing=f"{one.url},{other.url}", **QUICK) as opened:
            caller = await signed_in(opened)
            assert {(await ask(caller))[0] for _ in range(12)} == {200}
            states = [instance.breaker.state for instance in caller.door.gateway.upstreams.by_name["routing"].instances]
        assert states == ["open", "closed"]
        assert len(other.asked) == 12

    async def test_it_gets_its_turn_again_when_it_is_back(
        self, open_door: OpenDoor, pair: tuple[BadService, BadService]
    ) -> None:
        one, other = pair
        await one.become("dead")
        async with open_door(routing=f"{one.url},{other.url}", **QUICK) as opened:
            caller = await signed_in(opened)
            for _ in range(8):
                await ask(caller)
            await one.become("whole")
            async with asyncio.timeout(60):
                while len(one.asked) < 3:
                    assert (await ask(caller))[0] == 200
                    await asyncio.sleep(0.01)


class TestRepeating:
    """What may be sent again, and what may not."""

    async def test_what_changes_something_is_never_sent_twice(
        self, open_door: OpenDoor, pair: tuple[BadService, BadService]
    ) -> None:
        one, other = pair
        await one.become("dead")
        async with open_door(routing=f"{one.url},{other.url}", breaker_failures=50) as opened:
            caller = await signed_in(opened)
            statuses = [(await ask(caller, "/v1/positions", "POST"))[0] for _ in range(4)]
        assert sorted(statuses) == [200, 200, 503, 503]
        assert len(other.asked) == 2

    @pytest.mark.parametrize("mood", ["resetting", "hanging", "garbled"])
    async def test_nothing_is_sent_again_once_it_went_out(
        self, open_door: OpenDoor, pair: tuple[BadService, BadService], mood: Mood
    ) -> None:
        one, other = pair
        await one.become(mood)
        async with open_door(routing=f"{one.url},{other.url}", answer_timeout_seconds=1.0) as opened:
            caller = await signed_in(opened)
            statuses = [(await ask(caller))[0] for _ in range(2)]
        assert sorted(statuses) == [200, 504 if mood == "hanging" else 503]
        assert (len(one.asked), len(other.asked)) == (1, 1)

    async def test_a_kept_connection_that_had_been_closed_counts_as_none(self, open_door: OpenDoor) -> None:
        async with bad_service() as service, open_door(routing=service.url) as opened:
            caller = await signed_in(opened)
            assert (await ask(caller))[0] == 200
            (instance,) = caller.door.gateway.upstreams.by_name["routing"].instances
            kept = instance.kept_one()
            assert kept is not None
            instance._idle.append(kept)
            # It closes at the very moment the request goes out: the gateway has not heard of it yet.
            service.mood = "resetting"
            answering = asyncio.ensure_future(ask(caller))
            while len(service.asked) < 2:
                await asyncio.sleep(0)
            service.mood = "whole"
            assert (await answering)[0] == 200
            assert len(service.asked) == 3


class TestAway:
    """All instances of a service fail."""

    @pytest.mark.parametrize("mood", ["dead", "hanging", "resetting", "garbled"])
    async def test_K12_it_is_told_at_once_and_found_again_by_itself(self, open_door: OpenDoor, mood: Mood) -> None:
        async with (
            bad_service(mood) as service,
            bad_service() as neighbour,
            open_door(routing=service.url, schedule=neighbour.url, **QUICK) as opened,
        ):
            caller = await signed_in(opened)
            first = {(await ask(caller))[0] for _ in range(3)}
            assert first == {504 if mood == "hanging" else 503}
            asked = len(service.asked)
            began = time.perf_counter()
            refused = await asyncio.gather(*(ask(caller) for _ in range(20)))
            taken = time.perf_counter() - began
            assert set(refused) == {(503, "5")}
            assert len(service.asked) == asked
            if mood == "hanging":
                assert taken < 20 * QUICK["answer_timeout_seconds"]  # none of them waited for it
            assert (await ask(caller, "/v1/schedule/week"))[0] == 200
            await service.become("whole")
            await until_answered(caller)
            assert {(await ask(caller))[0] for _ in range(5)} == {200}

    async def test_whoever_sends_much_is_told_before_sending(self, open_door: OpenDoor) -> None:
        async with bad_service("dead") as service, open_door(intake=service.url, **QUICK) as opened:
            caller = await signed_in(opened)
            for _ in range(3):
                await ask(caller, "/v1/letters", "POST")
            token = caller.bearer["Authorization"]
            reader, writer = await connect(caller.door.url)
            head = f"POST /v1/letters HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 9000000\r\n"
            writer.write(f"{head}Expect: 100-continue\r\n\r\n".encode())
            async with asyncio.timeout(30):
                assert b" 503 " in await reader.readline()
            writer.close()

    async def test_one_that_lives_and_is_not_ready_is_tried_after_a_while(self, open_door: OpenDoor) -> None:
        async with (
            bad_service("dead") as service,
            open_door(routing=service.url, breaker_open_seconds=0.5, **QUICK) as opened,
        ):
            caller = await signed_in(opened)
            for _ in range(3):
                await ask(caller)
            await service.become("unready")
            await until_answered(caller)
            assert service.probes >= 2

    async def test_answers_of_any_status_leave_it_in_place(self, open_door: OpenDoor) -> None:
        """A route that errs must not take its service away."""
        async with AsyncExitStack() as stack:

            async def failing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                while await reader.readline():
                    await reader.readuntil(b"\r\n\r\n")
                    writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")

            server = await asyncio.start_server(failing, "127.0.0.1", 0)
            await stack.enter_async_context(server)
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            caller = await signed_in(await stack.enter_async_context(open_door(routing=url, **QUICK)))
            assert {(await ask(caller))[0] for _ in range(10)} == {500}


class TestPlaces:
    """How many requests a service works on at once."""

    async def test_what_comes_on_top_is_told_at_once_and_the_rest_is_answered(self, open_door: OpenDoor) -> None:
        async with (
            bad_service("slow") as service,
            bad_service() as neighbour,
            open_door(routing=service.url, schedule=neighbour.url, upstream_concurrency=2) as opened,
        ):
            caller = await signed_in(opened)
            working = [asyncio.ensure_future(ask(caller)) for _ in range(2)]
            while len(service.asked) < 2:
                await asyncio.sleep(0.01)
            assert await ask(caller) == (503, "1")
            assert (await ask(caller, "/v1/schedule/week"))[0] == 200
            service.go_on.set()
            assert [status for status, _ in await asyncio.gather(*working)] == [200, 200]
            assert (await ask(caller))[0] == 200

    async def test_who_leaves_gives_the_place_back(self, open_door: OpenDoor) -> None:
        async with bad_service("slow") as service, open_door(routing=service.url, upstream_concurrency=1) as opened:
            caller = await signed_in(opened)
            token = caller.bearer["Authorization"]
            _, writer = await connect(caller.door.url)
            writer.write(f"GET /v1/inbox HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
            while not service.asked:
                await asyncio.sleep(0.01)
            assert (await ask(caller))[0] == 503
            writer.close()
            service.go_on.set()
            await until_answered(caller)


class TestPatience:
    """How long is waited, by what is asked."""

    async def test_much_work_may_take_longer(self, open_door: OpenDoor) -> None:
        async with bad_service("hanging") as service:
            times = {"answer_timeout_seconds": 0.2, "heavy_answer_timeout_seconds": 4.0}
            async with open_door(routing=service.url, **times) as opened:
                caller = await signed_in(opened)
                taken = {}
                for path in ("/v1/inbox", "/v1/search"):
                    began = time.perf_counter()
                    assert (await ask(caller, path))[0] == 504
                    taken[path] = time.perf_counter() - began
        assert 0.2 < taken["/v1/inbox"] < 3.9 < taken["/v1/search"]

    async def test_an_answer_that_stops_in_the_middle_is_cut(self, open_door: OpenDoor) -> None:
        async def stopping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            await reader.read()

        server = await asyncio.start_server(stopping, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, open_door(routing=url, read_timeout_seconds=0.3) as opened:
            caller = await signed_in(opened)
            with pytest.raises(aiohttp.ClientPayloadError):
                await ask(caller)
