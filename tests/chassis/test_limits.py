"""Limits: counted before looked at, shared by processes, and over after their window."""

import asyncio
from datetime import timedelta

import pytest

from services.chassis.clock import now
from services.chassis.limits import EXPIRY, Limits, network_of
from services.chassis.mongo import Database, ensure_indexes

TRIES = "tries"


@pytest.fixture
async def tries(database: Database) -> Database:
    """The database with the counters' index."""
    await ensure_indexes(database, {TRIES: [EXPIRY]})
    return database


class TestTake:
    async def test_the_rule_is_kept_for_each_name(self, tries: Database) -> None:
        limits = Limits(tries, TRIES, "3/minute")
        assert [await limits.take("client", "10.0.0.1") for _ in range(3)] == [0, 0, 0]
        assert 0 < await limits.take("client", "10.0.0.1") <= 60
        assert await limits.take("client", "10.0.0.2") == 0
        assert await limits.take("code", "10.0.0.1") == 0

    async def test_every_rule_counts(self, tries: Database) -> None:
        limits = Limits(tries, TRIES, "5/minute; 2/hour")
        assert [await limits.take("client", "x") for _ in range(2)] == [0, 0]
        assert 60 < await limits.take("client", "x") <= 3600

    async def test_two_processes_share_the_counters(self, tries: Database) -> None:
        one, other = Limits(tries, TRIES, "4/minute"), Limits(tries, TRIES, "4/minute")
        waits = [await limits.take("client", "x") for limits in (one, other, one, other, one, other)]
        assert [wait > 0 for wait in waits] == [False] * 4 + [True] * 2

    async def test_tries_made_all_at_once_do_not_slip_through(self, tries: Database) -> None:
        processes = [Limits(tries, TRIES, "5/minute") for _ in range(4)]
        waits = await asyncio.gather(*(processes[turn % 4].take("client", "x") for turn in range(40)))
        assert sum(wait == 0 for wait in waits) == 5

    async def test_a_window_that_is_over_begins_anew(self, tries: Database) -> None:
        limits = Limits(tries, TRIES, "1/minute")
        assert await limits.take("client", "x") == 0
        await tries[TRIES].update_many({}, {"$set": {"expires_at": now() - timedelta(seconds=1)}})
        assert await limits.take("client", "x") == 0
        assert await Limits(tries, TRIES, "1/minute").take("client", "x") > 0

    async def test_what_is_spent_costs_no_more_trips(self, tries: Database) -> None:
        limits = Limits(tries, TRIES, "1/minute")
        assert await limits.take("client", "x") == 0
        assert await limits.take("client", "x") > 0
        await tries[TRIES].delete_many({})
        assert await limits.take("client", "x") > 0
        assert await tries[TRIES].count_documents({}) == 0

    async def test_names_that_strangers_choose_are_not_kept(self, tries: Database) -> None:
        await Limits(tries, TRIES, "1/minute").take("code", "7K3M-Q2XD-9FJR/$where")
        row = await tries[TRIES].find_one({})
        assert row is not None
        assert "7K3M" not in row["_id"]


class TestForget:
    async def test_the_count_begins_anew(self, tries: Database) -> None:
        limits = Limits(tries, TRIES, "2/minute; 3/hour")
        await limits.take("code", "x")
        await limits.take("code", "x")
        await limits.forget("code", "x")
        assert [await limits.take("code", "x") for _ in range(2)] == [0, 0]


class TestNetworkOf:
    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("unknown", "unknown"),
        ],
    )
    def test_a_subscriber_is_one_network(self, address: str, network: str) -> None:
        assert network_of(address) == network
