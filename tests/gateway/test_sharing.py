"""A bucket that several gateways share, whose clocks do not quite agree."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import sharing
from gateway.buckets import Bucket, Rule
from gateway.sharing import BUCKETS, SharedBuckets
from services.chassis.mongo import Database, Document, DuplicateKeyError

RULE = Rule(per_second=2.0, burst=5)
SKEW = 1.0
"""So much the clocks may differ, in seconds."""


class Rows:
    """The documents, with as much of a collection as is used of them."""

    def __init__(self) -> None:
        self.row: Document | None = None

    async def find_one(self, _: Document) -> Document | None:
        await asyncio.sleep(0)
        return dict(self.row) if self.row else None

    async def insert_one(self, row: Document) -> None:
        if self.row is not None:
            raise DuplicateKeyError("it is there")
        self.row = row

    async def update_one(self, mine: Document, change: Document) -> Any:
        matched = self.row is not None and self.row["turn"] == mine["turn"]
        if self.row is not None and matched:
            self.row.update(change["$set"])
        return type("Updated", (), {"matched_count": int(matched)})


class Gateways:
    """Several on one collection; each sees the time a little differently."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.shared = SharedBuckets(cast(Database, {BUCKETS: Rows()}))
        self.at = datetime(2026, 3, 2, 8, tzinfo=UTC)
        self.skew = 0.0
        patch.setattr(sharing, "now", lambda: self.at + timedelta(seconds=self.skew))

    async def ask(self, skew: float, times: int = 1) -> int:
        """How many of so many are let in at a gateway that is ahead by ``skew``."""
        self.skew = skew
        asked = (self.shared.take("address:1", Bucket("sign_in", RULE, RULE.burst, 0.0)) for _ in range(times))
        return sum([await one for one in asked])

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


SKEWS = st.floats(0, SKEW)
ACTS = st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.integers(1, 4), st.floats(0, 0.4)), min_size=20, max_size=60)


@given(skews=st.tuples(SKEWS, SKEWS, SKEWS), acts=ACTS)
@settings(max_examples=60, deadline=None)
def test_together_they_give_no_more_than_the_rule_and_what_the_clocks_differ_by(
    skews: tuple[float, float, float], acts: list[tuple[int, int, float]]
) -> None:
    async def given_in_all() -> None:
        given, waited = 0, 0.0
        with pytest.MonkeyPatch.context() as patch:
            gateways = Gateways(patch)
            for which, times, seconds in acts:
                given += await gateways.ask(skews[which], times)
                assert given <= RULE.burst + RULE.per_second * (waited + SKEW) + 0.01
                gateways.wait(seconds)
                waited += seconds

    asyncio.run(given_in_all())


async def test_one_second_apart_and_asked_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    gateways = Gateways(monkeypatch)
    given = 0
    for _ in range(100):
        given += await gateways.ask(SKEW) + await gateways.ask(0.0)
        gateways.wait(0.1)
    assert RULE.burst + RULE.per_second * 9 <= given <= RULE.burst + RULE.per_second * (10 + SKEW)


async def test_a_clock_that_was_far_ahead_locks_nobody_out_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    gateways = Gateways(monkeypatch)
    assert await gateways.ask(3600.0, 9) == RULE.burst
    gateways.wait(1)
    assert await gateways.ask(0.0) == 0
    gateways.wait(sharing.DIFFER.total_seconds() + 1)
    assert await gateways.ask(0.0, 9) >= 1
