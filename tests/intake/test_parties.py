"""POST /v1/letters: who acts, who is named, and what else is said of a paper that was seen before."""

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.events import deliver, published
from tests.intake import scans
from tests.intake.world import World
from tests.people import held, position_changed, principal

PAPER = {"letter_number": "005/117/SKT", "letter_date": "2026-11-12"}
ANEW = [("surat.pdf", scans.pdf(1, pixels=(120, 160)))]
"""Scanned anew, which gives other bytes."""


class TestDuplicateWarning:
    """Same sender, number and date in one unit's books."""

    async def test_second_registration_warns_and_names_the_first(self, world: World) -> None:
        first = await world.registered(letter=world.letter(**PAPER))
        again = await world.registered(letter=world.letter(**PAPER | {"letter_number": "005/117/skt "}), files=ANEW)
        (warning,) = again["warnings"]
        assert (warning["code"], warning["letter_id"]) == ("duplicate", first["id"])
        assert f"nomor agenda {first['agenda_number']}/{first['year']}" in warning["detail"]
        assert again["agenda_number"] == 2

    async def test_another_date_is_another_letter(self, world: World) -> None:
        await world.registered(letter=world.letter(**PAPER))
        other = await world.registered(letter=world.letter(**PAPER | {"letter_date": "2026-11-13"}), files=ANEW)
        assert other["warnings"] == []

    async def test_letters_without_a_number_are_never_called_doubles(self, world: World) -> None:
        await world.registered()
        assert (await world.registered(files=ANEW))["warnings"] == []

    async def test_another_units_register_is_not_told_of(self, world: World) -> None:
        outside = {"sender": {"kind": "external", "name": "PT Baja"}}
        await world.registered(letter=world.letter(**PAPER | outside))
        other = await world.registered(letter=world.letter(**PAPER | outside), person=world.head)
        assert other["warnings"] == []


class TestActingPosition:
    """As what somebody registers."""

    async def test_first_position_that_handles_letters_is_taken(self, world: World) -> None:
        person = principal(held("staff"), world.village)
        await world.registered(person=person)
        (event,) = await published(world.service)
        assert event.data["registered_by"]["position_id"] == world.village.position_id

    async def test_named_position_is_taken_with_its_capacity(self, world: World) -> None:
        acting = held("head", unit_name="Dinas Pendidikan", title="Kepala Dinas Pendidikan", capacity="plt")
        await world.registered(
            letter=world.letter(as_position=acting.position_id), person=principal(world.village, acting)
        )
        (event,) = await published(world.service)
        by = event.data["registered_by"]
        assert (by["position_title"], by["capacity"]) == ("Kepala Dinas Pendidikan", "plt")
        assert event.data["sender"]["name"] == "Dinas Pendidikan"

    async def test_position_not_held_is_refused(self, world: World) -> None:
        answer = await world.register(letter=world.letter(as_position=world.agency.position_id))
        assert (answer.status, answer.code) == (403, "forbidden")
        await world.assert_nothing_left()


class TestSender:
    """In whose name: a letter of another unit is entered by those it came to, and goes nowhere else."""

    @pytest.mark.parametrize("kind", ["unit", "position"])
    async def test_village_cannot_send_in_another_units_name(self, world: World, kind: str) -> None:
        await _refused(world, world.letter(sender=_as(kind, world.neighbour)))

    @pytest.mark.parametrize("field", ["addressees", "copies"])
    async def test_letter_of_another_unit_goes_to_nobody_beside_ones_own(self, world: World, field: str) -> None:
        own, other = _as("unit", world.village), _as("position", world.clerk)
        parties = {"addressees": [own]} | {field: [own, other] if field == "addressees" else [other]}
        await _refused(world, world.letter(sender=_as("unit", world.neighbour), **parties))

    async def test_letter_of_another_unit_goes_to_nobody_outside(self, world: World) -> None:
        outside = {"kind": "external", "name": "Desa Sekartaji"}
        await _refused(world, world.letter(sender=_as("unit", world.neighbour), addressees=[outside]))

    async def test_another_held_unit_is_not_the_acting_one(self, world: World) -> None:
        letter = world.letter(sender=_as("unit", world.neighbour), as_position=world.village.position_id)
        await _refused(world, letter, principal(world.village, world.neighbour))

    async def test_paper_that_came_to_ones_own_unit_is_entered(self, world: World) -> None:
        parties = {"addressees": [_as("unit", world.agency)], "copies": [_as("position", world.clerk)]}
        letter = world.letter(sender=_as("unit", world.neighbour), **parties)
        body = await world.registered(letter=letter, person=world.head)
        seen = (await world.get(f"/v1/letters/{body['id']}", world.head)).body
        assert seen["sender"] == {"kind": "unit", "id": world.neighbour.unit_id, "name": "Desa Batumadeg"}

    async def test_position_of_ones_own_unit_writes_to_anybody(self, world: World) -> None:
        letter = world.letter(sender=_as("position", world.clerk), addressees=[_as("unit", world.village)])
        body = await world.registered(letter=letter, person=world.head)
        seen = (await world.get(f"/v1/letters/{body['id']}", world.head)).body
        assert seen["sender"] == {"kind": "position", "id": world.clerk.position_id, "name": "Staf Dinas PU"}

    async def test_free_name_of_a_unit_stays_external(self, world: World) -> None:
        outside = {"kind": "external", "name": world.neighbour.unit_name}
        body = await world.registered(letter=world.letter(sender=outside))
        shown = {"kind": "external", "id": None, "name": world.neighbour.unit_name}
        assert (await world.get(f"/v1/letters/{body['id']}", world.head)).body["sender"] == shown
        (event,) = await published(world.service)
        assert event.data["sender"] == shown

    async def test_free_name_is_not_given_an_id(self, world: World) -> None:
        outside = {"kind": "external", "name": "Bupati Klungkung", "id": world.neighbour.unit_id}
        answer = await world.register(letter=world.letter(sender=outside))
        assert (answer.status, answer.code) == (422, "validation_failed")


def _as(kind: str, position: HeldPosition) -> dict[str, str]:
    return {"kind": kind, "id": position.unit_id if kind == "unit" else position.position_id}


async def _refused(world: World, letter: dict[str, Any], person: Principal | None = None) -> None:
    answer = await world.register(letter=letter, person=person)
    assert (answer.status, answer.code, answer.body["field"]) == (422, "sender_not_own", "sender")
    await world.assert_nothing_left()


class TestOrganisation:
    """Parties are as the newest events have them."""

    async def test_position_that_became_inactive_is_unknown(self, world: World) -> None:
        gone = position_changed(world.clerk).model_copy(update={"active": False})
        await deliver(world.service, gone, seq=2)
        letter = world.letter(addressees=[{"kind": "position", "id": world.clerk.position_id}])
        answer = await world.register(letter=letter)
        assert (answer.status, answer.code) == (422, "unknown_position")
        await world.assert_nothing_left()

    async def test_own_unit_is_known_before_its_event(self, world: World) -> None:
        fresh = principal(held("registrar", unit_name="Bagian Umum"))
        body = await world.registered(person=fresh)
        seen = await world.get(f"/v1/letters/{body['id']}", fresh)
        assert seen.body["sender"]["name"] == "Bagian Umum"

    async def test_received_tomorrow_is_refused(self, world: World) -> None:
        tomorrow = (now().astimezone(world.context.settings.zone) + timedelta(days=1)).date().isoformat()
        answer = await world.register(letter=world.letter(received_on=tomorrow))
        assert (answer.status, answer.code) == (422, "date_in_future")
        await world.assert_nothing_left()

    async def test_each_unknown_party_is_named_by_its_place(self, world: World) -> None:
        known, unknown = {"kind": "unit", "id": world.agency.unit_id}, {"kind": "unit", "id": new_id()}
        for field, letter in (
            ("addressees", world.letter(addressees=[known, unknown])),
            ("copies", world.letter(copies=[{"kind": "unit", "id": world.neighbour.unit_id}, unknown])),
        ):
            answer = await world.register(letter=letter)
            assert (answer.status, answer.code) == (422, "unknown_unit")
            assert (answer.body["field"], answer.body["index"], answer.body["id"]) == (field, 1, unknown["id"])
        answer = await world.register(letter=world.letter(sender={"kind": "position", "id": new_id()}))
        assert (answer.code, answer.body["field"]) == ("unknown_position", "sender")
        await world.assert_nothing_left()
