"""A registered letter reaches the inboxes it is for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from services.chassis.bus.outcome import Done, Duplicate, Park, Retry
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered, ScanProcessed
from services.contracts.routing import LetterDelivered
from services.contracts.vocabulary import Party
from services.routing.context import Context
from services.routing.domain.branch import Branch
from tests.events import deliver, envelope_of, published, types_published
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.guidance import a_rule, unit
from tests.routing.letters import to_position, to_unit
from tests.routing.regency import ADMIN, Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]


async def told(routing: Service) -> LetterDelivered:
    """The one delivery that was published."""
    [event] = [one for one in await published(routing) if one.type == LetterDelivered.event_type]
    assert event.streamversion == 1
    return LetterDelivered.read(event.data)


async def ask_for_landslides(regency: Regency, call: Call) -> None:
    """A rule that brings letters of landslides to the camat by itself."""
    camat = unit(regency, "nusa_penida", "addressee")
    said = {"words": ["tanah longsor"], "words_in": ["text"]}
    rule = a_rule(regency, camat, mode="automatic", conditions=said, name="Bencana")
    assert (await call(ADMIN, "POST", "/v1/routing-rules", json=rule))[0] == 201


def reading_of(letter: LetterRegistered, at: datetime) -> ScanProcessed:
    """What a scan of the letter says."""
    return ScanProcessed(
        letter_id=letter.letter_id,
        file_id=letter.files[0].file_id,
        sha256="0" * 64,
        text="Dengan hormat, akibat tanah longsor di Desa Sekartaji ...",
        source="embedded",
        at=at,
    )


class TestDelivery:
    async def test_K8_a_village_writes_straight_to_dinas_pu_with_the_camat_in_copy(
        self, routing: Service, regency: Regency, delivered: Delivered
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
        event = await told(routing)
        assert event.letter_id == letter.letter_id
        assert [(one.role, one.unit_name) for one in event.branches] == [
            ("addressee", "Dinas Pekerjaan Umum"),
            ("copy", "Kecamatan Nusa Penida"),
        ]
        ids = {key: one.id for key, one in regency.positions.items()}
        assert set(event.branches[0].holders) == {ids["head"], ids["secretary"], ids["registrar"]}
        assert event.branches[1].holders == (ids["camat"],)
        assert event.delivered_at >= event.registered_at

    async def test_K1_the_sending_unit_may_read_what_it_registered(
        self, routing: Service, regency: Regency, delivered: Delivered
    ) -> None:
        await delivered((to_unit(regency, "pu"),))
        event = await told(routing)
        assert event.access_version == 1
        assert event.access.units == (regency.units["sekartaji"].id, regency.units["pu"].id)
        assert event.access.positions == (regency.positions["operator"].id,)

    async def test_a_letter_to_an_officer_is_that_positions_own(
        self, routing: Service, regency: Regency, delivered: Delivered
    ) -> None:
        await delivered((to_position(regency, "roads"),))
        event = await told(routing)
        [branch] = event.branches
        assert branch.position_id == regency.positions["roads"].id
        assert branch.holders == (branch.position_id,)
        assert regency.units["pu"].id not in event.access.units
        assert branch.position_id in event.access.positions

    async def test_a_letter_to_the_chief_is_the_units_business(
        self, routing: Service, regency: Regency, delivered: Delivered
    ) -> None:
        await delivered((to_position(regency, "head"),))
        event = await told(routing)
        assert event.branches[0].holders == (regency.positions["head"].id,)
        assert regency.units["pu"].id in event.access.units

    async def test_a_secret_letter_is_brought_to_the_trusted_alone(
        self, routing: Service, regency: Regency, delivered: Delivered
    ) -> None:
        await delivered((to_unit(regency, "pu"),), confidentiality="secret")
        [branch] = (await told(routing)).branches
        assert set(branch.holders) == {regency.positions["head"].id, regency.positions["registrar"].id}

    async def test_K5_external_parties_are_told_to_no_other_unit_and_lie_with_the_sender(
        self, routing: Service, regency: Regency, delivered: Delivered, context: Context
    ) -> None:
        await regency.unit("province", "Dinas PU Provinsi", "external")
        outside = (Party(kind="external", name="PT Maju"), to_unit(regency, "province"))
        letter = await delivered(outside)
        assert (await told(routing)).branches == ()
        branches = await context.branches.of(letter.letter_id, None)
        assert [one.external_name for one in branches] == ["PT Maju", "Dinas PU Provinsi"]
        assert {one.unit_id for one in branches} == {regency.units["sekartaji"].id}

    async def test_a_place_named_twice_gets_one_branch_as_addressee(
        self, regency: Regency, delivered: Delivered, branches_of: Look
    ) -> None:
        pu = to_unit(regency, "pu")
        letter = await delivered((pu, pu), (pu,))
        assert [one.role for one in await branches_of(letter)] == ["addressee"]

    async def test_a_unit_without_staff_still_gets_its_letter(
        self, regency: Regency, delivered: Delivered, branches_of: Look
    ) -> None:
        await regency.unit("empty", "Desa Baru", "village")
        letter = await delivered((to_unit(regency, "empty"),))
        [branch] = await branches_of(letter)
        assert (branch.unit_name, branch.holders) == ("Desa Baru", ())


class TestRedelivery:
    async def test_the_same_event_twenty_times_opens_the_letter_once(
        self, routing: Service, regency: Regency, branches_of: Look, context: Context
    ) -> None:
        event = letters.registered(regency)
        envelope = envelope_of(event)
        outcomes = await asyncio.gather(*(deliver(routing, envelope) for _ in range(20)))
        assert sum(isinstance(one, Done) for one in outcomes) == 1
        assert sum(isinstance(one, Duplicate) for one in outcomes) == 19
        assert len(await branches_of(event)) == 1
        assert (await types_published(routing)).count("routing.letter.delivered") == 1
        kinds = [type(entry.event).__name__ for entry in await context.history.of(event.letter_id)]
        assert kinds == ["LetterRegistered", "LetterDelivered"]

    async def test_the_same_letter_under_another_event_id_changes_nothing(
        self, routing: Service, regency: Regency, branches_of: Look
    ) -> None:
        event = letters.registered(regency)
        assert isinstance(await deliver(routing, event), Done)
        assert isinstance(await deliver(routing, event), Duplicate)
        assert len(await branches_of(event)) == 1

    async def test_an_unknown_unit_is_waited_for_and_then_reached(
        self, routing: Service, regency: Regency, branches_of: Look
    ) -> None:
        event = letters.registered(regency, (Party(kind="unit", id=new_id(), name="Desa Nanti"),))
        envelope = envelope_of(event)
        outcome = await deliver(routing, envelope)
        assert isinstance(outcome, Retry)
        assert "not known here yet" in outcome.reason
        assert await branches_of(event) == []
        assert "routing.letter.delivered" not in await types_published(routing)

    async def test_a_unit_without_an_id_can_never_be_reached(self, routing: Service, regency: Regency) -> None:
        event = letters.registered(regency, (Party(kind="unit", name="Dinas PU"),))
        assert isinstance(await deliver(routing, event), Park)


class TestByRule:
    async def test_B6_a_rule_brings_it_to_a_further_place_and_is_named(
        self, regency: Regency, branches_of: Look, call: Call, routing: Service
    ) -> None:
        camat = unit(regency, "nusa_penida", "copy")
        rule = a_rule(regency, camat, mode="automatic", name="Tembusan camat")
        status, kept, _ = await call(ADMIN, "POST", "/v1/routing-rules", json=rule)
        assert status == 201, kept
        event = letters.registered(regency)
        await deliver(routing, event)
        assert [(one.role, one.unit_name, one.rule) for one in await branches_of(event)] == [
            ("addressee", "Dinas Pekerjaan Umum", None),
            ("copy", "Kecamatan Nusa Penida", "Tembusan camat"),
        ]
        again = letters.registered(regency, (to_unit(regency, "nusa_penida"),))
        await deliver(routing, again)
        assert [one.rule for one in await branches_of(again)] == [None], "the sender had named it"

    async def test_what_the_scan_says_brings_it_on_once(
        self, regency: Regency, branches_of: Look, call: Call, routing: Service
    ) -> None:
        await ask_for_landslides(regency, call)
        event = letters.registered(regency)
        read = reading_of(event, now())
        assert isinstance(await deliver(routing, read), Retry), "the letter is not known yet"
        await deliver(routing, event)
        for _ in range(3):
            await deliver(routing, read)
        assert [(one.unit_name, one.rule) for one in await branches_of(event)] == [
            ("Dinas Pekerjaan Umum", None),
            ("Kecamatan Nusa Penida", "Bencana"),
        ]

    async def test_what_is_read_long_after_the_delivery_makes_nobody_work(
        self, regency: Regency, branches_of: Look, call: Call, routing: Service
    ) -> None:
        """As where copies are made of letters that were there before copies were."""
        await ask_for_landslides(regency, call)
        event = letters.registered(regency)
        await deliver(routing, event)
        await deliver(routing, reading_of(event, now() + timedelta(days=31)))
        assert [one.unit_name for one in await branches_of(event)] == ["Dinas Pekerjaan Umum"]
