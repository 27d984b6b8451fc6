"""Slowing down guessing, and only the guesser."""

import asyncio

import pytest

from gateway.auth.throttle import COLLECTION, SIEGE, Throttle
from services.chassis.errors import ServiceError
from tests.gateway.conftest import PASSWORD, Door


class TestThrottle:
    """gateway.auth.throttle."""

    async def test_each_further_failure_doubles_the_wait(self, door: Door) -> None:
        throttle, rows = door.gateway.context.throttle, door.gateway.service.foundation.database[COLLECTION]
        waits = []
        for _ in range(8):
            await throttle.enter("wayan", "203.0.113.7")
            row = await rows.find_one({})
            assert row
            if row["retry_at"]:
                waits.append((row["retry_at"] - row["at"]).total_seconds())
                await rows.update_one({"_id": row["_id"]}, {"$set": {"retry_at": row["at"]}})
        assert waits == [2, 4, 8, 16]

    async def test_names_are_kept_as_hashes(self, door: Door) -> None:
        await door.gateway.context.throttle.enter("kata-sandi-di-tempat-salah", "203.0.113.7")
        rows = await door.gateway.service.foundation.database[COLLECTION].find({}).to_list(None)
        assert rows
        assert "kata-sandi" not in str(rows)

    async def test_who_must_wait_costs_the_database_nothing(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        throttle = door.gateway.context.throttle
        for _ in range(5):
            await throttle.enter("wayan", "203.0.113.7")
        with pytest.raises(ServiceError, match="429"):
            await throttle.enter("wayan", "203.0.113.7")
        monkeypatch.setattr(throttle, "_rows", None)
        with pytest.raises(ServiceError, match="429"):
            await throttle.enter("wayan", "203.0.113.7")

    async def test_two_gateways_count_together(self, door: Door) -> None:
        one = door.gateway.context.throttle
        other = Throttle(door.gateway.service.foundation.database)
        both = [throttle.enter("wayan", "203.0.113.7") for throttle in (one, other) for _ in range(6)]
        outcomes = await asyncio.gather(*both, return_exceptions=True)
        assert sum(outcome is None for outcome in outcomes) == 5

    async def test_a_device_that_is_known_has_its_own_count(self, door: Door) -> None:
        device = {"Cookie": f"lontar_device={door.gateway.context.devices.token('wayan')}"}
        for _ in range(6):
            await door.sign_in(password="salah")
        assert (await door.sign_in())[0] == 429
        body = {"username": "wayan", "password": PASSWORD}
        async with door.http.post("/v1/auth/token", json=body, headers=device) as answer:
            assert answer.status == 200


class TestSiege:
    """Many addresses guess at one account together."""

    async def test_each_unknown_address_has_two_tries_and_the_owner_comes_in(self, door: Door) -> None:
        throttle = door.gateway.context.throttle
        for _ in range(SIEGE):
            await throttle.failed("wayan")
        for _ in range(2):
            await throttle.enter("wayan", "203.0.113.7")
        with pytest.raises(ServiceError) as refused:
            await throttle.enter("wayan", "203.0.113.7")
        assert int(refused.value.headers["Retry-After"]) > 800
        assert (await door.sign_in())[0] == 200

    async def test_other_accounts_know_nothing_of_it(self, door: Door) -> None:
        throttle = door.gateway.context.throttle
        for _ in range(SIEGE):
            await throttle.failed("made")
        for _ in range(5):
            await throttle.enter("wayan", "203.0.113.7")

    async def test_failures_of_a_known_device_lay_no_siege(self, door: Door) -> None:
        throttle = door.gateway.context.throttle
        for _ in range(SIEGE):
            await throttle.failed("wayan", "a device")
        for _ in range(5):
            await throttle.enter("wayan", "203.0.113.7")

    async def test_failed_sign_ins_are_what_is_counted(self, door: Door) -> None:
        await door.sign_in(password="salah")
        await door.sign_in()
        (row,) = await door.gateway.service.foundation.database[COLLECTION].find({}).to_list(None)
        assert row["failures"] == 1
