"""Who may read a letter: the one rule, and the copy of it that a service keeps."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.auth import Principal
from services.chassis.bus.envelope import Envelope
from services.chassis.bus.outcome import Done
from services.chassis.errors import ServiceError
from services.chassis.ids import instant_of, new_id
from services.contracts.routing import AccessChanged, Branch, LetterDelivered
from services.contracts.vocabulary import Access, Confidentiality, Party
from services.projections import letter_access
from services.projections.letter_access import LetterAccess, may_read, oversees
from services.projections.reading import reads_across
from tests.events import envelope_of
from tests.people import held, principal
from tests.projections.conftest import Deliver
from tests.projections.rivals import Outrun


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """News is waited for however long it takes to tell of it here."""
    monkeypatch.setattr(letter_access, "PAUSES", (0, *[0.1] * 300))


SHARED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

UNIT = new_id()
POSITION = new_id()
ALL: tuple[Confidentiality, ...] = ("ordinary", "restricted", "secret", "top_secret")
LEVELS: dict[str, tuple[Confidentiality, ...]] = {
    "head": ALL,
    "leader": ALL,
    "registrar": ALL,
    "village_operator": ALL,
    "secretary": ("ordinary", "restricted"),
    "archivist": ("ordinary", "restricted"),
    "officer": (),
    "aide": (),
    "protocol": (),
    "agenda_staff": (),
    "auditor": (),
    "unit_admin": (),
    "regency_admin": (),
    "": (),
}
"""Which letters of their own unit each role reads."""
EVERYWHERE: dict[str, tuple[Confidentiality, ...]] = {
    "leader": ("ordinary", "restricted", "secret"),
    "auditor": ("ordinary", "restricted"),
}
"""Which letters of every unit a role reads; all other roles none."""


class TestTheRule:
    @pytest.mark.parametrize("confidentiality", ALL)
    @pytest.mark.parametrize("role", LEVELS)
    def test_a_letter_to_the_unit(self, role: str, confidentiality: Confidentiality) -> None:
        person = principal(held(role, unit_id=UNIT))
        access = Access(confidentiality=confidentiality, units=(UNIT,))
        assert may_read(person, access) is (confidentiality in (*LEVELS[role], *EVERYWHERE.get(role, ())))

    @pytest.mark.parametrize("confidentiality", ALL)
    @pytest.mark.parametrize("role", LEVELS)
    def test_a_letter_to_another_unit_is_read_by_leaders_and_auditors_alone(
        self, role: str, confidentiality: Confidentiality
    ) -> None:
        person = principal(held(role, unit_id=UNIT))
        access = Access(confidentiality=confidentiality, units=(new_id(),), positions=(new_id(),))
        assert may_read(person, access) is (confidentiality in EVERYWHERE.get(role, ()))
        assert oversees(person, access) is may_read(person, access)

    @pytest.mark.parametrize("confidentiality", ALL)
    @pytest.mark.parametrize("role", LEVELS)
    def test_a_position_that_is_named_reads_it_whatever_its_role(
        self, role: str, confidentiality: Confidentiality
    ) -> None:
        person = principal(held(role, position_id=POSITION))
        assert may_read(person, Access(confidentiality=confidentiality, positions=(POSITION,))) is True

    def test_a_role_held_in_one_unit_opens_nothing_in_another(self) -> None:
        """Head of one unit and officer of the addressed one: the two do not add up."""
        person = principal(held("head"), held("officer", unit_id=UNIT))
        assert may_read(person, Access(confidentiality="ordinary", units=(UNIT,))) is False

    def test_a_second_position_opens_its_own_letters(self) -> None:
        person = principal(held("officer"), held("head", unit_id=UNIT, capacity="plt"))
        assert may_read(person, Access(confidentiality="secret", units=(UNIT,))) is True

    def test_a_regency_wide_role_opens_nothing(self) -> None:
        person = principal(held("officer"), roles=frozenset({"regency_admin", "head"}))
        assert may_read(person, Access(confidentiality="ordinary", units=(UNIT,))) is False

    def test_nobody_is_named(self) -> None:
        assert may_read(principal(held("head", unit_id=UNIT)), Access(confidentiality="ordinary")) is False

    def test_an_auditor_by_account_alone_reads_nothing(self) -> None:
        """Reading everywhere belongs to a position, with its dates and its legal basis, as every other work does."""
        nobody = Principal(person_id=new_id(), name="Baru", roles=frozenset({"auditor"}))
        assert may_read(nobody, Access(confidentiality="ordinary", units=(UNIT,))) is False

    def test_an_acting_leader_reads_as_one(self) -> None:
        person = principal(held("head"), held("leader", capacity="plh"))
        assert may_read(person, Access(confidentiality="secret", units=(UNIT,))) is True

    def test_a_top_secret_letter_is_read_only_where_it_came_to(self) -> None:
        wakil = held("leader", unit_id=UNIT)
        assert may_read(principal(wakil), Access(confidentiality="top_secret", units=(new_id(),))) is False
        assert may_read(principal(wakil), Access(confidentiality="top_secret", positions=(wakil.position_id,))) is True

    def test_overseeing_is_not_being_named(self) -> None:
        person = held("head", unit_id=UNIT)
        named = Access(confidentiality="ordinary", units=(UNIT,), positions=(person.position_id,))
        assert oversees(principal(person), named) is False

    @pytest.mark.parametrize("confidentiality", ALL)
    @pytest.mark.parametrize("role", LEVELS)
    def test_a_role_reads_across_exactly_these_letters(self, role: str, confidentiality: Confidentiality) -> None:
        assert reads_across(role, confidentiality) is (confidentiality in EVERYWHERE.get(role, ()))

    def test_somebody_without_a_position_reads_nothing(self) -> None:
        nobody = principal().model_copy(update={"positions": ()})
        assert may_read(nobody, Access(confidentiality="ordinary", units=(UNIT,), positions=(POSITION,))) is False


def naming(*positions: str) -> Access:
    """Access by position alone."""
    return Access(confidentiality="ordinary", positions=positions)


def delivered(letter_id: str, access: Access, version: int = 1) -> LetterDelivered:
    """The delivery of a letter."""
    at = instant_of(letter_id)
    branch = Branch(branch_id=new_id(), role="addressee", unit_id=UNIT, unit_name="Dinas PU", holders=(POSITION,))
    return LetterDelivered(
        letter_id=letter_id,
        agenda_number=17,
        year=2026,
        tracking_code="7KQ2-M9XD-4TVB",
        subject="Permohonan peminjaman alat berat",
        kind="Surat Permohonan",
        category="request",
        urgency="urgent",
        sender=Party(kind="external", name="Desa Sekartaji"),
        branches=(branch,),
        access=access,
        access_version=version,
        registered_at=at,
        delivered_at=at + timedelta(seconds=1),
    )


def changed(letter_id: str, version: int, access: Access | None = None) -> Envelope:
    """A change of access; without one given, to a position named for the version."""
    event = AccessChanged(letter_id=letter_id, access=access or naming(f"p{version}"), access_version=version)
    return envelope_of(event, seq=version + 10)


class TestTheCopy:
    async def test_an_unknown_letter_has_no_access(self, access: LetterAccess) -> None:
        assert await access.of(new_id()) is None

    async def test_a_delivery_is_kept_whole(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        assert await deliver(envelope_of(event)) == Done()
        assert await access.of(event.letter_id) == event.access
        assert await access.delivery(event.letter_id) == event

    async def test_a_repeated_event_changes_nothing(self, access: LetterAccess, deliver: Deliver) -> None:
        letter_id = new_id()
        first = changed(letter_id, 1)
        await deliver(first)
        await deliver(changed(letter_id, 2))
        assert await deliver(first) == Done()
        assert await access.of(letter_id) == naming("p2")

    async def test_a_stale_change_changes_nothing(self, access: LetterAccess, deliver: Deliver) -> None:
        letter_id = new_id()
        await deliver(changed(letter_id, 3))
        assert await deliver(changed(letter_id, 2)) == Done()
        assert await access.of(letter_id) == naming("p3")

    async def test_a_late_delivery_is_kept_but_does_not_reopen_the_letter(
        self, access: LetterAccess, deliver: Deliver
    ) -> None:
        event = delivered(new_id(), naming("was allowed"))
        await deliver(changed(event.letter_id, 2, naming()))
        await deliver(envelope_of(event))
        assert await access.of(event.letter_id) == naming()
        assert await access.delivery(event.letter_id) == event

    @SHARED
    @given(arrivals=st.lists(st.integers(1, 6), min_size=1, max_size=12))
    async def test_any_order_with_repeats_and_gaps_ends_in_the_newest_access(
        self, access: LetterAccess, deliver: Deliver, arrivals: Sequence[int]
    ) -> None:
        """Version 1 is told by the delivery, the others by changes."""
        letter_id = new_id()
        envelopes = {version: changed(letter_id, version) for version in range(2, 7)}
        envelopes[1] = envelope_of(delivered(letter_id, naming("p1")))
        for version in arrivals:
            await deliver(envelopes[version])
        assert await access.of(letter_id) == naming(f"p{max(arrivals)}")
        assert (await access.delivery(letter_id) is not None) is (1 in arrivals)

    async def test_events_handled_at_the_same_time_end_in_the_newest_access(
        self, access: LetterAccess, deliver: Deliver
    ) -> None:
        """As when several worker processes take the events of one letter from one queue."""
        for _ in range(10):
            letter_id = new_id()
            event = delivered(letter_id, naming("p1"))
            envelopes = [changed(letter_id, 3), envelope_of(event), changed(letter_id, 2)]
            outcomes = await asyncio.gather(*map(deliver, envelopes))
            assert outcomes == [Done()] * 3
            assert await access.of(letter_id) == naming("p3")
            assert await access.delivery(letter_id) == event

    async def test_a_newer_access_outruns_the_delivery_even_when_both_insert(
        self, access: LetterAccess, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Or a right that was taken away at once would live on here for ever."""
        letter_id = new_id()
        rival = {"_id": letter_id, "access": naming("p1").model_dump(mode="json"), "version": 1}
        monkeypatch.setattr(access, "_rows", Outrun(access._rows, rival))
        assert await deliver(changed(letter_id, 2)) == Done()
        assert await access.of(letter_id) == naming("p2")


class TestReadable:
    """What a service shows: the letter to who may read it, 404 to everybody else."""

    @pytest.fixture(autouse=True)
    def brief(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(letter_access, "PAUSES", (0, 0.1, 0.2))

    async def test_a_named_position_is_shown_the_letter(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        assert await access.readable(event.letter_id, principal(held("officer", position_id=POSITION))) == event

    async def test_a_stranger_gets_404(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        with pytest.raises(ServiceError) as refused:
            await access.readable(event.letter_id, principal())
        assert refused.value.status == 404

    async def test_an_unknown_letter_is_the_same_404(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        refusals = []
        for letter_id in (event.letter_id, new_id()):
            with pytest.raises(ServiceError) as refused:
                await access.readable(letter_id, principal())
            refusals.append(refused.value.document())
        assert refusals[0] == refusals[1]

    async def test_access_taken_away_closes_the_letter(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        reader = principal(held("officer", position_id=POSITION))
        await deliver(envelope_of(event))
        await deliver(changed(event.letter_id, 2, naming()))
        with pytest.raises(ServiceError):
            await access.readable(event.letter_id, reader)

    async def test_a_letter_that_arrives_while_somebody_asks_is_shown(
        self, access: LetterAccess, deliver: Deliver, patient: None
    ) -> None:
        event = delivered(new_id(), naming(POSITION))
        reader = principal(held("officer", position_id=POSITION))
        asked = asyncio.create_task(access.readable(event.letter_id, reader))
        await asyncio.sleep(0.02)
        assert not asked.done()
        await deliver(envelope_of(event))
        assert await asked == event

    async def test_a_right_that_arrives_while_somebody_asks_is_honoured(
        self, access: LetterAccess, deliver: Deliver, patient: None
    ) -> None:
        event = delivered(new_id(), naming("somebody else"))
        reader = principal(held("officer", position_id=POSITION))
        await deliver(envelope_of(event))
        asked = asyncio.create_task(access.admit(event.letter_id, reader))
        await asyncio.sleep(0.02)
        assert not asked.done()
        await deliver(changed(event.letter_id, 2, naming(POSITION)))
        await asked

    async def test_nobody_else_is_admitted(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        with pytest.raises(ServiceError) as refused:
            await access.admit(event.letter_id, principal())
        assert refused.value.status == 404
