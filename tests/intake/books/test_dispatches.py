"""GET /v1/dispatches: the buku ekspedisi, kept from what routing tells, in whatever order."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.clock import now
from services.chassis.ids import first_id_of
from services.contracts.event import Event
from services.contracts.routing import (
    Branch,
    BranchClosed,
    BranchRead,
    BranchRecalled,
    BranchReceived,
    BranchRedirected,
    BranchReturned,
    LetterForwarded,
)
from tests.events import deliver, envelope_of
from tests.intake.books.desk import by, delivered, delivery_of, facts, way
from tests.intake.world import World
from tests.people import held, principal


def path(world: World, query: str = "") -> str:
    """The village's book."""
    return f"/v1/dispatches/{world.village.unit_id}{query}"


async def rows(world: World, query: str = "") -> list[dict[str, Any]]:
    """What stands in it."""
    answer = await world.get(path(world, query))
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.body["items"]
    return items


class TestSent:
    """A letter that was sent."""

    async def test_each_addressee_has_a_row(self, world: World) -> None:
        letter = await world.registered(letter=world.letter(letter_number="005/1"))
        outside = way(world.village, external_name="CV Bangun", holders=())
        await delivered(world, letter, way(world.agency), way(world.neighbour, "copy"), external=(outside,))
        shown = await rows(world)
        assert [(one["to"], one["role"], one["outside"], one["state"]) for one in reversed(shown)] == [
            ("CV Bangun", "addressee", True, "sent"),
            ("Dinas Pekerjaan Umum", "addressee", False, "sent"),
            ("Desa Batumadeg", "copy", False, "sent"),
        ]
        assert {one["letter_number"] for one in shown} == {"005/1"}
        assert {one["sent_by"]["name"] for one in shown} == {"Ni Luh Sari"}

    async def test_a_delivery_that_names_the_registering_unit_is_entered_the_same(self, world: World) -> None:
        letter, early, copy = await world.registered(), way(world.agency), way(world.neighbour, "copy")
        await deliver(world.service, BranchRead(**facts(letter, early, world.head)), 3)
        for _ in range(2):  # and told twice
            await delivered(world, letter, early, copy, registrar=world.operator)
        practice = way(world.agency)
        practised = await world.registered(letter=world.letter(training=True))
        await delivered(world, practised, practice, registrar=world.operator)
        shown = [(one["to"], one["state"], one["sent_by"]["name"]) for one in reversed(await rows(world))]
        assert sorted(shown) == [
            ("Desa Batumadeg", "sent", "Ni Luh Sari"),
            ("Dinas Pekerjaan Umum", "read", "Ni Luh Sari"),
        ]
        assert [one["id"] for one in await rows(world, "?training=true")] == [practice.branch_id]

    async def test_pages_join_newest_first(self, world: World) -> None:
        made = []
        for _ in range(5):
            made.append(way(world.agency))
            await delivered(world, await world.registered(), made[-1])
        first = (await world.get(path(world, "?limit=3"))).body
        second = (await world.get(path(world, f"?limit=3&cursor={first['next']}"))).body
        assert [one["id"] for one in first["items"] + second["items"]] == [one.branch_id for one in made[::-1]]
        assert second["next"] is None

    async def test_what_stays_in_the_unit_or_is_practice_is_shown_when_asked_for(self, world: World) -> None:
        own = way(world.village)
        await delivered(world, await world.registered(), own)
        practice = way(world.agency)
        await delivered(world, await world.registered(letter=world.letter(training=True)), practice)
        assert await rows(world) == []
        assert [one["id"] for one in await rows(world, "?within=true")] == [own.branch_id]
        assert [one["id"] for one in await rows(world, "?training=true")] == [practice.branch_id]

    async def test_only_those_days_are_shown(self, world: World) -> None:
        today = now().astimezone(world.context.settings.zone).date()
        for ago in (9, 4, 0):
            branch = way(world.agency, branch_id=first_id_of(now() - timedelta(days=ago)))
            await delivered(world, await world.registered(), branch)
        shown = await rows(world, f"?from={today - timedelta(days=5)}&to={today - timedelta(days=1)}")
        assert len(shown) == 1
        assert len(await rows(world, f"?from={today - timedelta(days=5)}")) == 2
        assert len(await rows(world, f"?to={today - timedelta(days=1)}")) == 2

    async def test_a_secret_letter_keeps_its_number_and_nothing_else(self, world: World) -> None:
        letter = await world.registered(letter=world.letter(confidentiality="secret"))
        await delivered(world, letter, way(world.agency))
        secretary = principal(held("secretary", unit_id=world.village.unit_id))
        [shown] = (await world.get(path(world), secretary)).body["items"]
        told = {name: value for name, value in shown.items() if value and name != "id"}
        assert told == {"agenda_number": 1, "year": letter["year"], "withheld": True}

    async def test_others_books_are_not_there(self, world: World) -> None:
        await delivered(world, await world.registered(), way(world.agency))
        for stranger in (world.head, principal(held("staff", unit_id=world.village.unit_id))):
            for suffix in ("", ".xlsx", ".pdf"):
                refused = await world.get(path(world, suffix), stranger)
                assert (refused.status, refused.code) == (404, "not_found")


class TestBecame:
    """What became of it."""

    @pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
    async def test_who_took_it_when_is_the_same_in_any_order(self, world: World, order: tuple[int, ...]) -> None:
        letter, branch = await world.registered(), way(world.agency)
        told: list[Event] = [
            delivery_of(letter, branch),
            BranchRead(**facts(letter, branch, world.head)),
            BranchReceived(**facts(letter, branch, world.head)),
        ]
        for place in order:
            envelope = envelope_of(told[place], place + 2)
            for _ in range(2):  # and told twice
                await deliver(world.service, envelope)
        [shown] = await rows(world)
        assert shown["state"] == "received"
        assert (shown["receipt"]["name"], shown["receipt"]["title"]) == ("Wayan Sudira", "Kepala Dinas PU")
        assert shown["read"]["at"]

    async def test_what_left_the_house_was_taken_when_that_is_recorded(self, world: World) -> None:
        letter, branch = await world.registered(), way(world.village, external_name="CV Bangun", holders=())
        await delivered(world, letter, external=(branch,))
        closed = BranchClosed(**facts(letter, branch, world.operator), outcome="noted", note="Resi 8812")
        await deliver(world.service, closed, 3)
        [shown] = await rows(world)
        assert (shown["state"], shown["receipt"]["reason"]) == ("received", "Resi 8812")

    async def test_forwarding_is_the_sending_of_who_forwards(self, world: World) -> None:
        letter, branch = await world.registered(), way(world.neighbour)
        event = LetterForwarded(letter_id=letter["id"], subject="x", branches=(branch,), actor=by(world.head), at=now())
        await deliver(world.service, event, 3)
        assert await rows(world) == []
        [row] = await world.rows("dispatches")
        assert (row["unit_id"], row["sent_by"]["name"]) == (world.agency.unit_id, "Wayan Sudira")
        [shown] = (await world.get(f"/v1/dispatches/{world.agency.unit_id}", world.head)).body["items"]
        assert (shown["to"], shown["withheld"]) == ("Desa Batumadeg", False)

    async def test_by_a_rule_it_is_the_registering_units(self, world: World) -> None:
        letter, branch = await world.registered(), way(world.neighbour)
        event = LetterForwarded(letter_id=letter["id"], subject="x", branches=(branch,), rule="r", at=now())
        await deliver(world.service, event, 3)
        assert [one["sent_by"] for one in await rows(world)] == [None]

    async def test_how_it_came_back_is_said(self, world: World) -> None:
        ways: list[Branch] = [way(world.agency) for _ in range(3)]
        letter = await world.registered()
        await delivered(world, letter, *ways)
        said: dict[str, Any] = {"subject": "x", "reason": "Salah alamat"}
        returned = BranchReturned(**facts(letter, ways[0], world.head), **said, unit_name="Dinas PU")
        recalled = BranchRecalled(**facts(letter, ways[1], world.operator), **said)
        on = way(world.neighbour)
        redirected = BranchRedirected(**facts(letter, ways[2], world.head), **said, branch=on)
        for number, event in enumerate((returned, recalled, redirected), start=3):
            await deliver(world.service, event, number)
        shown = {one["id"]: one for one in await rows(world)}
        assert [shown[one.branch_id]["state"] for one in ways] == ["returned", "recalled", "redirected"]
        assert shown[ways[2].branch_id]["exit"]["to"] == "Desa Batumadeg"
        assert on.branch_id not in shown

    async def test_what_is_told_of_an_unknown_sending_waits_unseen(self, world: World) -> None:
        letter, branch = await world.registered(), way(world.agency)
        await deliver(world.service, BranchRead(**facts(letter, branch, world.head)), 3)
        assert await rows(world) == []
