"""Units and positions: the newest state wins, whatever the order and however often an event comes."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.bus.outcome import Done
from services.chassis.ids import new_id
from services.contracts.routing import UnitChanged
from services.projections.organisation import Organisation
from tests.events import envelope_of
from tests.people import held, position_changed, unit_changed
from tests.projections.conftest import Deliver
from tests.projections.rivals import Outrun

# The database outlives an example; every example uses ids of its own.
SHARED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def state(unit_id: str, version: int) -> UnitChanged:
    """The unit's state at a version, told apart by its name."""
    return unit_changed(unit_id, f"Dinas PU {version}")


class TestUnits:
    async def test_an_unknown_unit_is_none(self, known: Organisation) -> None:
        assert await known.unit(new_id()) is None

    async def test_a_unit_is_known_as_it_was_told(self, known: Organisation, deliver: Deliver) -> None:
        desa = UnitChanged(unit_id=new_id(), name="Desa Sekartaji", kind="village", parent_id=new_id())
        assert await deliver(envelope_of(desa)) == Done()
        assert await known.unit(desa.unit_id) == desa

    async def test_a_repeated_event_changes_nothing(self, known: Organisation, deliver: Deliver) -> None:
        first = state(new_id(), 1)
        envelope = envelope_of(first, 1)
        assert await deliver(envelope) == Done()
        for _ in range(3):
            assert await deliver(envelope) == Done()
        assert await known.unit(first.unit_id) == first

    async def test_a_repeated_event_does_not_undo_a_newer_one(self, known: Organisation, deliver: Deliver) -> None:
        unit_id = new_id()
        first = envelope_of(state(unit_id, 1), 1)
        await deliver(first)
        await deliver(envelope_of(state(unit_id, 2), 2))
        await deliver(first)
        assert await known.unit(unit_id) == state(unit_id, 2)

    async def test_a_stale_event_changes_nothing(self, known: Organisation, deliver: Deliver) -> None:
        unit_id = new_id()
        await deliver(envelope_of(state(unit_id, 5), 5))
        assert await deliver(envelope_of(state(unit_id, 4), 4)) == Done()
        assert await known.unit(unit_id) == state(unit_id, 5)

    async def test_the_same_state_published_again_keeps_it(self, known: Organisation, deliver: Deliver) -> None:
        unit_id = new_id()
        await deliver(envelope_of(state(unit_id, 1), 1))
        await deliver(envelope_of(state(unit_id, 1), 1))
        assert await known.unit(unit_id) == state(unit_id, 1)

    async def test_a_retired_unit_is_known_no_more(self, known: Organisation, deliver: Deliver) -> None:
        unit_id = new_id()
        await deliver(envelope_of(state(unit_id, 1), 1))
        await deliver(envelope_of(state(unit_id, 2).model_copy(update={"active": False}), 2))
        assert await known.unit(unit_id) is None

    async def test_a_unit_retired_before_it_was_told_of_stays_retired(
        self, known: Organisation, deliver: Deliver
    ) -> None:
        unit_id = new_id()
        await deliver(envelope_of(state(unit_id, 2).model_copy(update={"active": False}), 2))
        await deliver(envelope_of(state(unit_id, 1), 1))
        assert await known.unit(unit_id) is None

    @SHARED
    @given(arrivals=st.lists(st.integers(1, 6), min_size=1, max_size=12))
    async def test_any_order_with_repeats_and_gaps_ends_in_the_newest_state(
        self, known: Organisation, deliver: Deliver, arrivals: Sequence[int]
    ) -> None:
        unit_id = new_id()
        envelopes = {version: envelope_of(state(unit_id, version), version) for version in set(arrivals)}
        for version in arrivals:
            await deliver(envelopes[version])
        assert await known.unit(unit_id) == state(unit_id, max(arrivals))

    async def test_versions_handled_at_the_same_time_end_in_the_newest(
        self, known: Organisation, deliver: Deliver
    ) -> None:
        """As when several worker processes take the events of one stream from one queue."""
        for _ in range(10):
            unit_id = new_id()
            envelopes = [envelope_of(state(unit_id, version), version) for version in (3, 1, 2, 4)]
            outcomes = await asyncio.gather(*map(deliver, envelopes))
            assert outcomes == [Done()] * 4
            assert await known.unit(unit_id) == state(unit_id, 4)

    async def test_a_newer_state_outruns_the_first_one_even_when_both_insert(
        self, known: Organisation, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unit_id = new_id()
        rival = state(unit_id, 1).model_dump(mode="json") | {"_id": unit_id, "last_seq": 1}
        monkeypatch.setattr(known, "_units", Outrun(known._units, rival))
        assert await deliver(envelope_of(state(unit_id, 2), 2)) == Done()
        assert await known.unit(unit_id) == state(unit_id, 2)

    @SHARED
    @given(order=st.permutations([(unit, version) for unit in range(3) for version in range(1, 4)]))
    async def test_units_do_not_disturb_each_other(
        self, known: Organisation, deliver: Deliver, order: Sequence[tuple[int, int]]
    ) -> None:
        ids = [new_id() for _ in range(3)]
        for unit, version in order:
            await deliver(envelope_of(state(ids[unit], version), version))
        assert [await known.unit(one) for one in ids] == [state(one, 3) for one in ids]


class TestPositions:
    async def test_a_position_is_known_with_its_superiors(self, known: Organisation, deliver: Deliver) -> None:
        told = position_changed(held("officer"), new_id(), new_id())
        await deliver(envelope_of(told))
        assert await known.position(told.position_id) == told

    async def test_a_stale_event_changes_nothing(self, known: Organisation, deliver: Deliver) -> None:
        place = held("head")
        newest = position_changed(place, new_id())
        await deliver(envelope_of(newest, 2))
        await deliver(envelope_of(position_changed(place), 1))
        assert await known.position(place.position_id) == newest

    async def test_many_are_found_and_the_unknown_and_retired_left_out(
        self, known: Organisation, deliver: Deliver
    ) -> None:
        first, second, retired = (position_changed(held("officer")) for _ in range(3))
        for told in (first, second, retired.model_copy(update={"active": False})):
            await deliver(envelope_of(told))
        asked = [first.position_id, second.position_id, retired.position_id, new_id()]
        assert {found.position_id for found in await known.positions(asked)} == {first.position_id, second.position_id}

    async def test_in_a_unit_by_role(self, known: Organisation, deliver: Deliver) -> None:
        unit_id = new_id()
        head, registrar, officer = (held(role, unit_id=unit_id) for role in ("head", "registrar", "officer"))
        for one in (head, registrar, officer, held("head")):
            await deliver(envelope_of(position_changed(one)))
        found = await known.in_unit(unit_id, ("head", "registrar"))
        assert {one.position_id for one in found} == {head.position_id, registrar.position_id}

    async def test_a_position_that_moved_is_found_in_its_new_unit_alone(
        self, known: Organisation, deliver: Deliver
    ) -> None:
        position_id, old, new = new_id(), new_id(), new_id()
        await deliver(envelope_of(position_changed(held("head", unit_id=new, position_id=position_id)), 2))
        await deliver(envelope_of(position_changed(held("head", unit_id=old, position_id=position_id)), 1))
        assert await known.in_unit(old, ("head",)) == []
        assert [one.position_id for one in await known.in_unit(new, ("head",))] == [position_id]
