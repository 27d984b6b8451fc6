"""How often one may ask, at one gateway and at several on one database."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr

from gateway import sharing
from gateway.credentials import Allowance, Identity
from gateway.perimeter import Perimeter
from gateway.routes import Pace
from gateway.settings import GatewaySettings
from services.chassis.errors import ServiceError
from services.chassis.mongo import Database, connect
from tests.conftest import SettingsFor
from tests.gateway.conftest import NAMES, NOWHERE, PASSWORD, OpenDoor, private_pem
from tests.people import principal

SLOW = {"ordinary_per_second": 0.01, "heavy_per_second": 0.01, "sign_in_per_second": 0.01, "public_per_second": 0.01}
BURSTS = {"ordinary_burst": 40, "heavy_burst": 4, "sign_in_burst": 5, "public_burst": 3}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes is heard of at once."""
    monkeypatch.setattr(sharing, "ANNOUNCE_SECONDS", 0.0)


@pytest.fixture
def settings(settings_for: SettingsFor) -> GatewaySettings:
    upstreams = {f"upstream_{name}": NOWHERE for name in NAMES}
    made: GatewaySettings = settings_for(
        GatewaySettings, "gateway", signing_key=private_pem(), **upstreams, **SLOW, **BURSTS
    )
    return made


@pytest.fixture
def database(settings: GatewaySettings) -> Database:
    return connect(settings.mongo_url.get_secret_value(), settings.mongo_database)


@dataclass
class Gate:
    """One gateway's limits."""

    perimeter: Perimeter

    async def ask(self, who: Identity | str, pace: Pace = "ordinary", device: str | None = None) -> bool:
        """Whether they are let in."""
        try:
            await self.fields(who, pace, device)
        except ServiceError as error:
            return error.status != 429
        return True

    async def fields(
        self, who: Identity | str, pace: Pace = "ordinary", device: str | None = None
    ) -> dict[bytes, bytes]:
        identity, address = (None, who) if isinstance(who, str) else (who, "192.0.2.1")
        return dict(await self.perimeter.admission.admit(identity, address, pace, device))

    async def spend(self, who: Identity | str, count: int, pace: Pace = "ordinary", device: str | None = None) -> int:
        """How many of so many are let in."""
        return sum([await self.ask(who, pace, device) for _ in range(count)])


def gate(settings: GatewaySettings, database: Database, **changes: Any) -> Gate:
    return Gate(Perimeter.lay(settings.model_copy(update=changes), database))


async def settled(*gates: Gate) -> None:
    """Every gate has told the others, twice: who comes second is known to the first only then."""
    for _ in range(2):
        for one in gates:
            await one.perimeter.sharing.settle()


def person(name: str = "person:1") -> Identity:
    return Identity(principal(), "token", "bearer", name)


def app(per_second: float, burst: int) -> Identity:
    return Identity(principal(), "token", "app", "client:1", frozenset(), Allowance(per_second, burst))


class TestAllowance:
    """At one gateway."""

    async def test_a_burst_is_let_in_and_no_more(self, settings: GatewaySettings, database: Database) -> None:
        one = gate(settings, database)
        assert await one.spend(person(), 50) == 40
        assert await one.spend(person("person:2"), 1) == 1

    async def test_the_answer_tells_what_is_left_of_which_policy(
        self, settings: GatewaySettings, database: Database
    ) -> None:
        one = gate(settings, database, ordinary_per_second=10)
        told = await one.fields(person())
        assert told == {b"ratelimit-policy": b'"ordinary";q=40;w=4', b"ratelimit": b'"ordinary";r=39;t=1'}
        slow = gate(settings, database, heavy_per_second=0.2)
        for left in (b"3", b"2"):
            assert (await slow.fields(person(), "heavy"))[b"ratelimit"] == b'"heavy";r=' + left + b";t=5"

    async def test_a_refusal_says_when_to_come_back_and_what_was_spent(
        self, settings: GatewaySettings, database: Database
    ) -> None:
        one = gate(settings, database)
        await one.spend(person(), 4, "heavy")
        with pytest.raises(ServiceError) as caught:
            await one.fields(person(), "heavy")
        assert caught.value.headers["Retry-After"] == "100"
        assert caught.value.headers["ratelimit"] == '"heavy";r=0;t=100'
        assert caught.value.extra == {"violated-policies": ["heavy"]}

    async def test_an_apps_own_allowance_stands_in_the_place_of_the_ordinary_pace(
        self, settings: GatewaySettings, database: Database
    ) -> None:
        one = gate(settings, database)
        assert await one.spend(app(0.01, 50), 60) == 50
        assert b'"app";q=60' in (await one.fields(app(1000, 60)))[b"ratelimit-policy"]

    async def test_and_beside_the_pace_of_what_costs_much(self, settings: GatewaySettings, database: Database) -> None:
        one = gate(settings, database)
        assert await one.spend(app(0.01, 50), 10, "heavy") == 4
        assert await one.spend(app(0.01, 3), 10, "ordinary") == 0, "four were charged to the app as well"

    async def test_strangers_of_one_network_are_counted_together(
        self, settings: GatewaySettings, database: Database
    ) -> None:
        one = gate(settings, database)
        assert [await one.ask(f"2001:db8::{number}", "public") for number in range(1, 5)] == [True, True, True, False]
        assert await one.ask("2001:db8:0:1::1", "public")

    async def test_known_devices_are_counted_each_and_all_of_a_network_together(
        self, settings: GatewaySettings, database: Database
    ) -> None:
        one = gate(settings, database)
        assert await one.spend("203.0.113.7", 10, "sign_in") == 5, "strangers"
        assert await one.spend("203.0.113.7", 10, "sign_in", device="a") == 5
        minted = [await one.spend("203.0.113.7", 5, "sign_in", device=str(number)) for number in range(100)]
        assert sum(minted) == 45, "with those of the first device ten times what strangers have"
        assert await one.spend("198.51.100.7", 5, "sign_in", device="b") == 5


class TestSharing:
    """At several gateways."""

    async def test_one_alone_tells_nobody(self, settings: GatewaySettings, database: Database) -> None:
        one = gate(settings, database)
        await one.spend(person(), 30)
        await settled(one)
        assert await database.allowances.count_documents({}) == 0

    async def test_what_was_spent_at_one_is_spent_at_the_other(
        self, settings: GatewaySettings, database: Database
    ) -> None:
        one, other = gate(settings, database), gate(settings, database)
        await settled(one, other)
        assert await one.spend(person(), 50) == 40
        await settled(one, other)
        assert await other.spend(person(), 1) == 1, "it has not asked yet"
        await settled(other)
        assert await other.spend(person(), 20) == 0

    async def test_what_was_given_twice_is_paid_back(self, settings: GatewaySettings, database: Database) -> None:
        one, other = gate(settings, database), gate(settings, database)
        await settled(one, other)
        assert await one.spend(person(), 50) + await other.spend(person(), 50) == 80
        await settled(one, other)
        row = await database.allowances.find_one({})
        assert row
        assert -40.5 < row["tokens"] < -39
        with pytest.raises(ServiceError) as caught:
            await other.fields(person())
        assert int(caught.value.headers["Retry-After"]) > 4000

    async def test_who_comes_later_learns_what_was_spent_before(
        self, settings: GatewaySettings, database: Database
    ) -> None:
        one = gate(settings, database)
        await one.spend(person(), 40)
        await settled(one)
        other = gate(settings, database)
        await settled(other, one)
        await other.spend(person(), 1)
        await settled(other)
        assert not await other.ask(person())

    async def test_a_trifle_costs_no_trip(self, settings: GatewaySettings, database: Database) -> None:
        changes = {"ordinary_per_second": 50, "limits_share_seconds": 1}
        one, other = gate(settings, database, **changes), gate(settings, database, **changes)
        await settled(one, other)
        await one.spend(person(), 5)
        await settled(one, other)
        assert await database.allowances.count_documents({}) == 0

    async def test_who_has_left_is_not_counted_with(self, settings: GatewaySettings, database: Database) -> None:
        one, other = gate(settings, database), gate(settings, database)
        running = asyncio.create_task(other.perimeter.sharing.run())
        async with asyncio.timeout(60):
            while not await database.replicas.count_documents({}):
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert await database.replicas.count_documents({}) == 0
        await one.spend(person(), 30)
        await settled(one)
        assert await database.allowances.count_documents({}) == 0


class TestStrict:
    """What is counted before it is let in."""

    async def test_all_gateways_together_let_in_no_more_than_one(
        self, settings: GatewaySettings, database: Database
    ) -> None:
        gates = [gate(settings, database) for _ in range(3)]
        asked = [one.ask("203.0.113.7", "sign_in") for one in gates for _ in range(5)]
        assert sum(await asyncio.gather(*asked)) == 5

    async def test_a_flood_costs_the_database_nothing(
        self, settings: GatewaySettings, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = gate(settings, database)
        assert await one.spend("203.0.113.7", 6, "sign_in") == 5
        before = await database.allowances.find_one({})
        monkeypatch.setattr(one.perimeter.admission._shared, "take", None)
        assert await one.spend("203.0.113.7", 500, "sign_in") == 0
        assert await database.allowances.find_one({}) == before

    async def test_a_restart_forgets_nothing(self, settings: GatewaySettings, database: Database) -> None:
        assert await gate(settings, database).spend("203.0.113.7", 5, "sign_in") == 5
        assert await gate(settings, database).spend("203.0.113.7", 5, "sign_in") == 0

    async def test_without_the_database_each_counts_for_itself(
        self, settings: GatewaySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sharing, "PATIENCE_SECONDS", 0.05)
        url = SecretStr("mongodb://127.0.0.1:9/?directConnection=true")
        away = connect(url.get_secret_value(), settings.mongo_database)
        assert await gate(settings, away).spend("203.0.113.7", 8, "sign_in") == 5


class TestOverHttp:
    """As clients meet it."""

    async def test_a_refusal_is_a_problem_that_says_when_to_come_back(self, open_door: OpenDoor) -> None:
        async with open_door(public_per_second=0.1, public_burst=2) as door:
            for left in (1, 0):
                async with door.http.get("/v1/status") as answer:
                    assert answer.status == 200
                    assert answer.headers["RateLimit-Policy"] == '"public";q=2;w=20'
                    assert answer.headers["RateLimit"].startswith(f'"public";r={left};t=')
            async with door.http.get("/v1/status") as refused:
                assert (refused.status, refused.content_type) == (429, "application/problem+json")
                assert 1 <= int(refused.headers["Retry-After"]) <= 10
                problem = await refused.json()
            assert problem["code"] == "too_many_requests"
            assert problem["violated-policies"] == ["public"]

    async def test_a_known_device_is_not_held_up_by_strangers_at_its_address(self, open_door: OpenDoor) -> None:
        async with open_door(sign_in_per_second=0.01, sign_in_burst=3) as door:
            await door.account()
            bad, good = {"username": "siapa", "password": "tebakan"}, {"username": "wayan", "password": PASSWORD}
            for status in (401, 401, 401, 429):
                async with door.http.post("/v1/auth/token", json=bad) as answer:
                    assert answer.status == status
            token = door.gateway.context.devices.token("wayan")
            async with door.http.post(
                "/v1/auth/token", json=good, headers={"Cookie": f"lontar_device={token}"}
            ) as answer:
                assert answer.status == 200
            async with door.http.post(
                "/v1/auth/token", json=good, headers={"Cookie": f"lontar_device=x{token}"}
            ) as answer:
                assert answer.status == 429
