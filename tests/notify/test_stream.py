"""The stream: what comes, when it ends, and that nothing is lost in between."""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.notify.store.feed import Feed
from services.notify.store.notifications import COLLECTION
from tests.conftest import Serve
from tests.events import deliver
from tests.notify.conftest import MakeNotify
from tests.notify.stories import branch, delivered
from tests.people import principal
from tests.signing import TokenSigner

SOON = 30.0


class Stream:
    """An open stream, read event by event."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def block(self) -> dict[str, str]:
        """The next block of lines as fields; a comment is the field ''. Empty at the end of the stream."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(SOON):
            while (line := (await self.answer.content.readline()).decode()).strip():
                name, _, value = line.rstrip("\n").partition(":")
                fields[name] = value.strip()
        return fields

    async def event(self) -> dict[str, Any]:
        """The next notification."""
        while True:
            fields = await self.block()
            assert fields, "the stream ended"
            if "data" in fields:
                data: dict[str, Any] = json.loads(fields["data"])
                assert fields["id"] == data["id"]
                assert fields["event"] == "notification"
                return data

    async def nothing_for(self, seconds: float) -> None:
        """Fail if a notification comes within ``seconds``."""
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self.event(), seconds)

    async def rest(self) -> list[dict[str, Any]]:
        """Every notification until the end."""
        events = []
        while fields := await self.block():
            if "data" in fields:
                events.append(json.loads(fields["data"]))
        return events


@asynccontextmanager
async def opened(
    http: aiohttp.ClientSession, headers: dict[str, str], last: str | None = None
) -> AsyncIterator[Stream]:
    """A stream, begun."""
    headers = {**headers, **({"Last-Event-ID": last} if last else {})}
    async with http.get("/v1/notifications/stream", headers=headers) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"
        yield Stream(answer)
        answer.close()


@pytest.fixture
def head() -> Principal:
    """Somebody who is told."""
    return principal()


@pytest.fixture
def headers(signer: TokenSigner, head: Principal) -> dict[str, str]:
    """Their token."""
    return signer.headers(head)


async def tell(notify: Service, head: Principal) -> None:
    """One notification for them."""
    await deliver(notify, delivered(branch(head.position_ids[0])))


class TestLive:
    """An open stream."""

    async def test_what_concerns_me_comes_well_within_a_second(
        self, notify: Service, http: aiohttp.ClientSession, headers: dict[str, str], head: Principal
    ) -> None:
        async with opened(http, headers) as stream:
            await tell(notify, principal())
            took, events = [], []
            for _ in range(5):  # one of them may be held up by whatever else runs here
                started = time.perf_counter()
                await tell(notify, head)
                events.append(await stream.event())
                took.append(time.perf_counter() - started)
            assert statistics.median(took) < 1, took
            assert {event["position_id"] for event in events} == {head.position_ids[0]}
            told = {"id", "position_id", "reason", "title", "text", "links", "created_at", "read"}
            assert all(set(event) == told for event in events)

    async def test_what_another_process_stores_comes_too(
        self, make_notify: MakeNotify, serve: Serve, headers: dict[str, str], head: Principal
    ) -> None:
        serving_one = make_notify()
        working_one = make_notify(mongo_database=serving_one.foundation.settings.mongo_database)
        async with serve(serving_one) as http, opened(http, headers) as stream:
            await tell(working_one, head)
            assert (await stream.event())["position_id"] == head.position_ids[0]
            serving_one.app.state.context.feed.close()

    async def test_a_quiet_stream_says_so(self, http: aiohttp.ClientSession, headers: dict[str, str]) -> None:
        async with opened(http, headers) as stream:
            assert "retry" in await stream.block()
            for _ in range(2):
                assert list(await stream.block()) == [""]

    async def test_it_ends_with_the_token(
        self, notify: Service, http: aiohttp.ClientSession, signer: TokenSigner, head: Principal
    ) -> None:
        soon = signer.headers(head, exp=int(now().timestamp()) + 4)
        async with opened(http, soon) as stream:
            await tell(notify, head)
            assert len(await stream.rest()) == 1

    async def test_without_a_token_there_is_none(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/v1/notifications/stream") as answer:
            assert answer.status == 401

    async def test_many_streams_share_one_watcher(
        self, notify: Service, http: aiohttp.ClientSession, headers: dict[str, str], head: Principal
    ) -> None:
        feed: Feed = notify.app.state.context.feed
        async with opened(http, headers) as one, opened(http, headers) as two, opened(http, headers) as three:
            watcher = feed._watcher
            await tell(notify, head)
            ids = {(await stream.event())["id"] for stream in (one, two, three)}
            assert len(ids) == 1
            assert feed._watcher is watcher
            assert len(feed._listeners) == 3

    async def test_a_client_that_leaves_leaves_nothing_behind(
        self, notify: Service, http: aiohttp.ClientSession, headers: dict[str, str]
    ) -> None:
        feed: Feed = notify.app.state.context.feed
        async with opened(http, headers) as stream:
            await stream.block()
            assert len(feed._listeners) == 1
        async with asyncio.timeout(SOON):
            while feed._listeners:
                await asyncio.sleep(0.02)

    async def test_a_late_commit_under_an_early_id_is_not_missed(
        self, notify: Service, http: aiohttp.ClientSession, headers: dict[str, str], head: Principal
    ) -> None:
        early = new_id()
        async with opened(http, headers) as stream:
            await tell(notify, head)
            first = await stream.event()
            rows = notify.foundation.database[COLLECTION]
            row: Any = await rows.find_one({"_id": first["id"]})
            await rows.insert_one({**row, "_id": early, "event_id": new_id()})
            assert early < first["id"]
            assert (await stream.event())["id"] == early
            await stream.nothing_for(0.6)

    async def test_streams_end_when_the_service_stops(
        self, notify: Service, http: aiohttp.ClientSession, headers: dict[str, str]
    ) -> None:
        async with opened(http, headers) as stream:
            await stream.block()
            notify.app.state.stopping.set()
            assert await stream.rest() == []


class TestResume:
    """Last-Event-ID."""

    async def test_what_came_in_between_comes_once_and_in_order(
        self, notify: Service, http: aiohttp.ClientSession, headers: dict[str, str], head: Principal
    ) -> None:
        async with opened(http, headers) as stream:
            for _ in range(3):
                await tell(notify, head)
            seen = [(await stream.event())["id"] for _ in range(3)]
        for _ in range(2):
            await tell(notify, head)
        async with opened(http, headers, seen[1]) as stream:
            await tell(notify, head)
            resumed = [(await stream.event())["id"] for _ in range(4)]
            assert resumed[0] == seen[2]
            assert resumed == sorted(set(resumed))
            await stream.nothing_for(0.6)
        async with opened(http, headers, resumed[2]) as stream:
            assert (await stream.event())["id"] == resumed[3]
            await stream.nothing_for(0.6)

    async def test_another_process_knows_it_from_the_database(
        self,
        notify: Service,
        http: aiohttp.ClientSession,
        make_notify: MakeNotify,
        serve: Serve,
        headers: dict[str, str],
        head: Principal,
    ) -> None:
        async with opened(http, headers) as stream:
            await tell(notify, head)
            last = (await stream.event())["id"]
        for _ in range(3):
            await tell(notify, head)
        other = make_notify(mongo_database=notify.foundation.settings.mongo_database)
        async with serve(other) as elsewhere, opened(elsewhere, headers, last) as stream:
            missed = [(await stream.event())["id"] for _ in range(3)]
            assert missed == sorted(set(missed))
            assert last not in missed
            await stream.nothing_for(0.6)
            other.app.state.context.feed.close()

    async def test_a_late_commit_during_the_absence_is_not_lost(
        self,
        notify: Service,
        http: aiohttp.ClientSession,
        make_notify: MakeNotify,
        serve: Serve,
        headers: dict[str, str],
        head: Principal,
    ) -> None:
        early = new_id()
        async with opened(http, headers) as stream:
            await tell(notify, head)
            last = (await stream.event())["id"]
        rows = notify.foundation.database[COLLECTION]
        row: Any = await rows.find_one({"_id": last})
        await rows.insert_one({**row, "_id": early, "event_id": new_id()})
        async with opened(http, headers, last) as stream:
            assert (await stream.event())["id"] == early
        other = make_notify(mongo_database=notify.foundation.settings.mongo_database)
        async with serve(other) as elsewhere, opened(elsewhere, headers, last) as stream:
            assert (await stream.event())["id"] == early
            other.app.state.context.feed.close()

    async def test_a_long_absence_is_caught_up_whole(
        self, notify: Service, http: aiohttp.ClientSession, headers: dict[str, str], head: Principal
    ) -> None:
        await tell(notify, head)
        rows = notify.foundation.database[COLLECTION]
        row: Any = await rows.find_one({})
        old = [f"01890000-{number:04x}-7000-8000-000000000000" for number in range(450)]
        await rows.insert_many([{**row, "_id": one, "event_id": new_id()} for one in old])
        async with opened(http, headers, old[0]) as stream:
            caught_up = [(await stream.event())["id"] for _ in range(450)]
        assert caught_up == [*old[1:], row["_id"]]

    async def test_other_positions_stay_unseen(
        self, notify: Service, http: aiohttp.ClientSession, headers: dict[str, str], head: Principal
    ) -> None:
        await tell(notify, head)
        row: Any = await notify.foundation.database[COLLECTION].find_one({})
        await tell(notify, principal())
        async with opened(http, headers, row["_id"]) as stream:
            await stream.nothing_for(0.6)

    async def test_a_malformed_last_event_id_is_a_422(
        self, http: aiohttp.ClientSession, headers: dict[str, str]
    ) -> None:
        async with http.get("/v1/notifications/stream", headers={**headers, "Last-Event-ID": "x"}) as answer:
            assert answer.status == 422


class TestSlowListener:
    """A stream that takes nothing."""

    async def test_it_is_ended_rather_than_filled(self, notify: Service) -> None:
        await notify.prepare()
        feed: Feed = notify.app.state.context.feed
        listener = await feed.listen([new_id()])
        for number in range(2000):
            listener.tell(str(number))
        assert listener.queue.qsize() == 1001
        assert [listener.queue.get_nowait() for _ in range(1001)][-1] is None
