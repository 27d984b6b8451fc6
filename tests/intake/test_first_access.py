"""Who may read a letter at first: what intake writes at the registration is what routing says at the delivery."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.intake import LetterRegistered
from services.contracts.routing import PositionChanged, UnitChanged
from services.contracts.vocabulary import Access
from services.intake.commands.resolve_parties import resolve_parties
from services.intake.context import Context
from services.intake.domain.draft import Draft, PartyRef
from services.projections.first_access import first_access
from services.routing.domain import delivery
from services.routing.domain.dossier import begun
from services.routing.domain.organisation import Position, Unit
from tests.events import deliver, published
from tests.intake.world import World
from tests.people import actor, held, position_changed, principal, unit_changed

KINDS = ("agency", "village", "external")
ROLES = ("head", "leader", "secretary", "registrar", "village_operator", "officer", "archivist")
OPERATOR = held("village_operator", unit_name="Desa Sekartaji", title="Operator Desa Sekartaji")
CHIEF = held("head", unit_id=OPERATOR.unit_id, unit_name="Desa Sekartaji", title="Perbekel Sekartaji")


class House:
    """An organisation that both services know: a unit of every kind, in each a position of every role."""

    def __init__(self) -> None:
        self.units = [unit_changed(new_id(), f"Unit {kind}", kind) for kind in KINDS]
        self.positions = [
            position_changed(held(role, unit_id=unit.unit_id, unit_name=unit.name), unit_kind=unit.kind)
            for unit in self.units
            for role in ROLES
        ]
        self.units.append(unit_changed(OPERATOR.unit_id, OPERATOR.unit_name, "village"))
        self.positions += [position_changed(one, unit_kind="village") for one in (OPERATOR, CHIEF)]

    @property
    def refs(self) -> list[PartyRef]:
        """Everybody a letter can be for."""
        return [
            PartyRef(kind="external", name="PT Baja Klungkung"),
            *(PartyRef(kind="unit", id=one.unit_id) for one in self.units),
            *(PartyRef(kind="position", id=one.position_id) for one in self.positions),
        ]

    async def unit(self, unit_id: str) -> UnitChanged | None:
        """As the projection has it."""
        return next((one for one in self.units if one.unit_id == unit_id), None)

    async def at_positions(self, position_ids: Sequence[str]) -> list[PositionChanged]:
        """As the projection has it."""
        return [one for one in self.positions if one.position_id in position_ids]

    def intake(self) -> Context:
        """As much of intake's context as the parties need."""
        known = SimpleNamespace(unit=self.unit, positions=self.at_positions)
        return cast(Context, SimpleNamespace(organisation=known))

    def routing(self) -> delivery.Directory:
        """The same organisation as routing has it."""
        units = {one.unit_id: Unit(id=one.unit_id, **_but(one, "unit_id")) for one in self.units}
        positions = {
            one.position_id: Position(id=one.position_id, **_but(one, "position_id")) for one in self.positions
        }
        return delivery.Directory(units, positions, receivers={})


def _but(event: UnitChanged | PositionChanged, identifier: str) -> dict[str, Any]:
    return event.model_dump(exclude={identifier})


HOUSE = House()


def delivered_to(event: LetterRegistered, directory: delivery.Directory) -> Access:
    """What routing says when it delivers."""
    places = delivery.destinations(event.addressees, event.copies)
    ways = delivery.ways_to(places, directory, event.registered_by, None, new_id)
    return delivery.delivered(event, begun(event), ways, now()).access


async def both(addressees: Sequence[PartyRef], copies: Sequence[PartyRef]) -> tuple[Access, Access]:
    """The access by intake and the one by routing."""
    draft = Draft(
        direction="incoming",
        kind="Surat Dinas",
        category="request",
        urgency="normal",
        confidentiality="secret",
        subject="Permohonan",
        addressees=tuple(addressees),
        copies=tuple(copies),
    )
    parties = await resolve_parties(HOUSE.intake(), draft, OPERATOR)
    event = LetterRegistered(
        letter_id=new_id(),
        book="masuk",
        year=2026,
        agenda_number=1,
        tracking_code="7KQ2-M9XD-4TVB",
        received_on=now().date(),
        sender=parties.sender,
        addressees=parties.addressees,
        copies=parties.copies,
        files=(),
        registered_by=actor(principal(OPERATOR)),
        registered_at=now(),
        **draft.model_dump(include={"direction", "kind", "category", "urgency", "confidentiality", "subject"}),
    )
    said = first_access(draft.confidentiality, OPERATOR.unit_id, OPERATOR.position_id, parties.places)
    return said, delivered_to(event, HOUSE.routing())


class TestAgreement:
    """The two agree, whoever is named."""

    @pytest.mark.parametrize("index", range(len(HOUSE.refs)))
    async def test_on_each_one_alone(self, index: int) -> None:
        by_intake, by_routing = await both([HOUSE.refs[index]], [])
        assert by_intake == by_routing

    @settings(max_examples=100, deadline=None)
    @given(named=st.permutations(HOUSE.refs), addressed=st.integers(1, 6), copied=st.integers(0, 6))
    async def test_on_any_addressees_and_copies(self, named: list[PartyRef], addressed: int, copied: int) -> None:
        by_intake, by_routing = await both(named[:addressed], named[addressed : addressed + copied])
        assert by_intake == by_routing

    async def test_on_a_registration_as_it_is_kept_and_told(self, world: World) -> None:
        for unit in HOUSE.units:
            await deliver(world.service, unit)
        for position in HOUSE.positions:
            await deliver(world.service, position)
        named = [ref.model_dump(exclude_none=True) for ref in HOUSE.refs]
        letter = world.letter(addressees=named[:9], copies=named[9:], confidentiality="secret")
        await world.registered(letter=letter, person=principal(OPERATOR))
        (row,) = await world.rows("letter_access")
        (event,) = await published(world.service)
        assert Access.read(row["access"]) == delivered_to(LetterRegistered.read(event.data), HOUSE.routing())


class TestOutside:
    """A unit outside the regency is written to on paper: its entry in the organisation opens nothing."""

    async def test_neither_it_nor_its_positions_may_read(self) -> None:
        outside = next(one for one in HOUSE.units if one.kind == "external")
        its = [one.position_id for one in HOUSE.positions if one.unit_id == outside.unit_id]
        refs = [PartyRef(kind="unit", id=outside.unit_id), *(PartyRef(kind="position", id=one) for one in its)]
        by_intake, _ = await both(refs, [])
        assert by_intake == Access(
            confidentiality="secret", units=(OPERATOR.unit_id,), positions=(OPERATOR.position_id,)
        )
