"""Putting down what happened."""

import asyncio
import itertools

import pytest

from gateway.audit.entries import BEGINNING
from gateway.audit.quota import (
    A_NETWORK,
    A_NETWORK_A_DAY,
    ALL_NETWORKS,
    ALL_NETWORKS_A_DAY,
    DAY_SECONDS,
    NETWORKS_TOLD,
    TOLD_A_DAY,
    WINDOW_SECONDS,
    Quota,
)
from gateway.audit.store import LINKED_AT_ONCE
from services.chassis.uow import Transaction
from tests.gateway.audit.conftest import ADA, Record

ALL = 10_000


class TestRecord:
    async def test_an_entry_says_who_did_what_from_where(self, record: Record) -> None:
        await record.note("account.created", subject="account:7", details={"roles": "auditor"})
        await record.audit.link_all()
        [entry] = await record.audit.numbered(1, ALL)
        assert (entry.kind, entry.group, entry.outcome, entry.subject) == (
            "account.created",
            "account",
            "done",
            "account:7",
        )
        assert (entry.actor, entry.address, entry.request_id) == (ADA, "192.0.2.7", "r-1")
        assert entry.details == {"roles": "auditor"}
        assert (entry.seq, entry.previous_hash, entry.previous_at) == (1, BEGINNING, None)
        assert entry.true

    async def test_what_is_recorded_with_an_act_is_kept_with_it_or_not_at_all(self, record: Record) -> None:
        async def act(tx: Transaction) -> None:
            await record.note(session=tx.session)
            raise RuntimeError("the act fails after all")

        with pytest.raises(RuntimeError):
            await record.uow.run(act)
        assert await record.audit.waiting() == 0

    async def test_long_details_are_cut(self, record: Record) -> None:
        await record.note(details={"agent": "x" * 5000, **{f"n{place}": "" for place in range(40)}})
        await record.audit.link_all()
        [entry] = await record.audit.numbered(1, ALL)
        assert len(entry.details["agent"]) == 500
        assert len(entry.details) == 20

    async def test_a_kind_has_parts(self, record: Record) -> None:
        with pytest.raises(ValueError, match="kind"):
            await record.note("Signed In")


class TestLink:
    async def test_entries_follow_from_one_another(self, record: Record) -> None:
        await record.fill(3)
        await record.fill(2)
        entries = await record.audit.numbered(1, ALL)
        assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
        assert all(b.previous_hash == a.hash and b.previous_at == a.at for a, b in itertools.pairwise(entries))

    async def test_processes_that_link_at_once_make_one_chain(self, record: Record) -> None:
        others = [record.audit, record.again(), record.again()]

        async def work(number: int) -> None:
            for _ in range(15):
                await record.note()
                await others[number].link_all()

        await asyncio.gather(*(work(number) for number in range(3)))
        entries = await record.audit.numbered(1, ALL)
        assert [entry.seq for entry in entries] == list(range(1, 46))
        assert len({entry.id for entry in entries}) == 45
        assert await record.audit.waiting() == 0

    async def test_more_than_one_batch_is_linked(self, record: Record) -> None:
        await asyncio.gather(*(record.note() for _ in range(LINKED_AT_ONCE + 20)))
        await record.audit.link_all()
        assert await record.audit.waiting() == 0
        assert (await record.audit.head())[0] == LINKED_AT_ONCE + 20

    async def test_with_nothing_waiting_nothing_is_done(self, record: Record) -> None:
        assert await record.audit.link() == 0
        assert await record.audit.head() == (0, "")


class TestWithin:
    async def test_without_bounds_everything_is_found(self, record: Record) -> None:
        await record.fill(3)
        await record.note("sign_in.oidc")
        await record.audit.link_all()
        assert [one.seq for one in await record.audit.within("kind", "account.created", None, None)] == [3, 2, 1]
        assert len(await record.audit.within("log", "identity", None, None)) == 4


class TestFlood:
    async def test_refused_strangers_are_put_down_up_to_a_quota_and_counted_beyond(self, record: Record) -> None:
        for _ in range(A_NETWORK + 12):
            await record.note("sign_in.password", outcome="refused", actor=None, subject="account:unknown")
        assert await record.audit.waiting() == A_NETWORK
        await record.audit.tell_suppressed()
        await record.audit.link_all()
        last = (await record.audit.numbered(A_NETWORK + 1, ALL))[0]
        assert last.kind == "audit.suppressed"
        assert last.address == "192.0.2.7"
        assert last.details == {"count": "12", "kinds": "sign_in.password"}

    async def test_it_is_told_once(self, record: Record) -> None:
        for _ in range(A_NETWORK + 1):
            await record.note("sign_in.password", outcome="refused", actor=None)
        await record.audit.tell_suppressed()
        await record.audit.tell_suppressed()
        assert await record.audit.waiting() == A_NETWORK + 1

    async def test_a_known_person_is_never_left_out(self, record: Record) -> None:
        for _ in range(A_NETWORK + 5):
            await record.note("sign_in.second_factor", outcome="refused")
        assert await record.audit.waiting() == A_NETWORK + 5


class TestQuota:
    def test_each_network_has_its_own(self) -> None:
        quota = Quota(lambda: 0.0)
        assert [quota.take("192.0.2.1", "a.b") for _ in range(A_NETWORK + 1)].count(True) == A_NETWORK
        assert quota.take("192.0.2.2", "a.b")

    def test_addresses_of_one_ipv6_subscriber_are_one_network(self) -> None:
        quota = Quota(lambda: 0.0)
        taken = [quota.take(f"2001:db8::{place:x}", "a.b") for place in range(A_NETWORK + 1)]
        assert taken.count(True) == A_NETWORK

    def test_all_networks_together_have_one_too(self) -> None:
        quota = Quota(lambda: 0.0)
        taken = [quota.take(f"10.{place // 250}.{place % 250}.1", "a.b") for place in range(ALL_NETWORKS + 100)]
        assert taken.count(True) == ALL_NETWORKS
        told = quota.drain()
        assert sum(count for _, count, _ in told) == 100
        assert len(told) == NETWORKS_TOLD + 1

    def test_a_minute_later_it_begins_anew(self) -> None:
        at = 0.0
        quota = Quota(lambda: at)
        for _ in range(A_NETWORK):
            quota.take("192.0.2.1", "a.b")
        assert not quota.take("192.0.2.1", "a.b")
        at = WINDOW_SECONDS
        assert quota.take("192.0.2.1", "a.b")

    def test_a_network_has_so_much_a_day(self) -> None:
        at = 0.0
        quota = Quota(lambda: at)
        taken = 0
        for minute in range(40):
            at = minute * WINDOW_SECONDS
            taken += [quota.take("192.0.2.1", "a.b") for _ in range(A_NETWORK)].count(True)
        assert taken == A_NETWORK_A_DAY
        assert quota.take("192.0.2.2", "a.b")
        assert quota.drain() == [("192.0.2.1", 40 * A_NETWORK - A_NETWORK_A_DAY, {"a.b"})]
        at = DAY_SECONDS
        assert quota.take("192.0.2.1", "a.b")

    def test_a_flood_of_a_whole_day_fills_so_much_and_all_of_it_is_counted(self) -> None:
        at = 0.0
        quota = Quota(lambda: at)
        put_down = told = counted = 0
        for minute in range(24 * 60):
            at = minute * WINDOW_SECONDS
            put_down += [quota.take(f"10.{one}.0.1", "a.b") for one in range(NETWORKS_TOLD)].count(True)
            tellings = quota.drain()
            told += len(tellings)
            counted += sum(count for _, count, _ in tellings)
        counted += sum(count for _, count, _ in quota.drain(leaving=True))
        assert put_down == ALL_NETWORKS_A_DAY
        assert told <= TOLD_A_DAY + 25 * NETWORKS_TOLD
        assert counted == 24 * 60 * NETWORKS_TOLD - ALL_NETWORKS_A_DAY
