"""Who holds which position and who is away: the newest state wins, whatever the order and however often it comes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.auth import HeldPosition
from services.chassis.bus.outcome import Done
from services.chassis.ids import new_id
from services.chassis.mongo import Database
from services.contracts.routing import AbsenceChanged, AssignmentChanged
from services.projections import officials as module
from services.projections.availability import warning
from services.projections.officials import Officials
from tests.events import envelope_of
from tests.people import held, position_changed
from tests.projections.conftest import Deliver
from tests.projections.rivals import Outrun

DAY = date(2026, 3, 5)
# The database outlives an example; every example uses ids of its own.
SHARED = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def assigned(seat: HeldPosition, name: str = "Wayan", **more: Any) -> AssignmentChanged:
    """Somebody in a position since long ago."""
    fields = {
        "assignment_id": new_id(),
        "person_id": new_id(),
        "person_name": name,
        "position_id": seat.position_id,
        "position_title": seat.title,
        "unit_id": seat.unit_id,
        "unit_name": seat.unit_name,
        "role": seat.role,
        "capacity": "definitive",
        "starts_on": date(2026, 1, 1),
    }
    return AssignmentChanged.model_validate(fields | more)


def away(official: AssignmentChanged, **more: Any) -> AbsenceChanged:
    """The official on leave until the end of the month."""
    who = {"person_id": official.person_id, "person_name": official.person_name}
    fields = {"absence_id": new_id(), "kind": "leave", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}
    return AbsenceChanged.model_validate(who | fields | more)


class TestAvailabilityOf:
    async def test_B7_an_absent_holder_and_who_stands_in_are_known(
        self, officials: Officials, deliver: Deliver
    ) -> None:
        seat = held()
        holder, plh = assigned(seat), assigned(seat, "Ratih", capacity="plh", ends_on=date(2026, 3, 31))
        for event in (holder, plh, away(holder)):
            assert await deliver(envelope_of(event)) == Done()
        state = (await officials.availability_of([position_changed(seat)], DAY))[seat.position_id]
        assert (state.holder, state.acting, state.instead) == (holder, plh, plh)
        assert warning(state) == "Kepala Dinas PU sedang cuti s.d. 31 Maret 2026. Plh.: Ratih."

    async def test_an_absence_without_an_end_lasts(self, officials: Officials, deliver: Deliver) -> None:
        seat = held()
        holder = assigned(seat)
        for event in (holder, away(holder, ends_on=None)):
            await deliver(envelope_of(event))
        later = DAY + timedelta(days=1000)
        assert not (await officials.availability_of([position_changed(seat)], later))[seat.position_id].attended

    async def test_who_is_there_on_another_day_is_there(self, officials: Officials, deliver: Deliver) -> None:
        seat = held()
        holder = assigned(seat)
        for event in (holder, away(holder)):
            await deliver(envelope_of(event))
        for day, attended in ((date(2026, 2, 28), True), (date(2026, 4, 1), True), (date(2026, 3, 31), False)):
            state = (await officials.availability_of([position_changed(seat)], day))[seat.position_id]
            assert state.attended is attended

    async def test_a_position_nobody_holds_is_vacant(self, officials: Officials) -> None:
        seat = held()
        state = (await officials.availability_of([position_changed(seat)], DAY))[seat.position_id]
        assert warning(state) == "Jabatan Kepala Dinas PU sedang kosong."

    async def test_what_is_asked_soon_again_is_not_read_again(
        self, officials: Officials, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seat = held()
        await deliver(envelope_of(assigned(seat)))
        first = await officials.availability_of([position_changed(seat)], DAY)
        monkeypatch.setattr(officials, "_assignments", None)
        assert await officials.availability_of([position_changed(seat)], DAY) == first

    async def test_what_was_told_meanwhile_is_known_at_once(self, officials: Officials, deliver: Deliver) -> None:
        seat = held()
        holder = assigned(seat)
        await deliver(envelope_of(holder))
        assert (await officials.availability_of([position_changed(seat)], DAY))[seat.position_id].attended
        await deliver(envelope_of(away(holder)))
        assert not (await officials.availability_of([position_changed(seat)], DAY))[seat.position_id].attended

    async def test_another_title_is_answered_with(self, officials: Officials) -> None:
        seat = held()
        await officials.availability_of([position_changed(seat)], DAY)
        renamed = position_changed(seat).model_copy(update={"title": "Kepala Badan"})
        assert (await officials.availability_of([renamed], DAY))[seat.position_id].title == "Kepala Badan"

    async def test_memory_is_bounded(self, officials: Officials, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "REMEMBERED", 3)
        for number in range(8):
            seat = held(title=f"Jabatan {number}")
            await officials.availability_of([position_changed(seat)], DAY)
            assert len(officials._lately) <= 3

    @SHARED
    @given(order=st.permutations([1, 1, 2, 3, 4]))
    async def test_in_any_order_the_newest_state_stands(
        self, officials: Officials, deliver: Deliver, order: Sequence[int]
    ) -> None:
        seat = held()
        one = assigned(seat)
        for version in order:
            event = one.model_copy(update={"person_name": f"Wayan {version}"})
            await deliver(envelope_of(event, version))
        [known] = await officials.assignments_of(seat.position_id)
        assert known.person_name == "Wayan 4"


class TestAssignmentsOf:
    async def test_past_and_coming_ones_are_told_and_cancelled_ones_are_not(
        self, officials: Officials, deliver: Deliver
    ) -> None:
        seat = held()
        past = assigned(seat, "Wayan", starts_on=date(2020, 1, 1), ends_on=date(2025, 12, 31))
        coming = assigned(seat, "Ratih", starts_on=date(2030, 1, 1), nip="197501011995032001", rank="Pembina (IV/a)")
        for event in (coming, past, assigned(seat, "Darma", cancelled=True), assigned(held(), "Kadek")):
            await deliver(envelope_of(event))
        assert await officials.assignments_of(seat.position_id) == [past, coming]

    async def test_a_row_that_another_worker_makes_in_the_same_moment_is_overtaken(
        self, officials: Officials, deliver: Deliver, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seat = held()
        one = assigned(seat)
        rival = one.model_copy(update={"person_name": "Dahulu"}).model_dump(mode="json")
        rows = Outrun(officials._assignments, rival | {"_id": one.assignment_id, "last_seq": 1})
        monkeypatch.setattr(officials, "_assignments", rows)
        assert await deliver(envelope_of(one, 2)) == Done()
        assert await officials.assignments_of(seat.position_id) == [one]
