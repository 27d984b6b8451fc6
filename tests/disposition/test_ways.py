"""Disposing where a letter has just come to, and where it has left."""

import asyncio
from typing import Any

import pytest

from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.routing import (
    AccessChanged,
    Branch,
    BranchRecalled,
    BranchRedirected,
    BranchReturned,
    LetterForwarded,
)
from services.contracts.vocabulary import Access, Confidentiality
from services.projections import letter_access
from tests.disposition.world import Json, World, to
from tests.events import types_published
from tests.people import actor, held, position_changed, principal


@pytest.fixture
async def health(world: World) -> "Health":
    """Dinas Kesehatan, to which the letter has not come."""
    office = Health()
    await world.tell(position_changed(office.head))
    await world.tell(position_changed(office.officer, office.head.position_id))
    return office


class Health:
    """Another office: its head and an officer."""

    def __init__(self) -> None:
        self.unit_id = new_id()
        self.head = self._post("head", "Kepala Dinas Kesehatan")
        self.officer = self._post("officer", "Kepala Bidang Kesehatan")

    def _post(self, role: str, title: str) -> HeldPosition:
        return held(role, unit_id=self.unit_id, title=title, unit_name="Dinas Kesehatan")

    def branch(self, **changes: Any) -> Branch:
        """A way there."""
        fields: Json = {
            "branch_id": new_id(),
            "role": "addressee",
            "unit_id": self.unit_id,
            "unit_name": "Dinas Kesehatan",
            "holders": (self.head.position_id,),
        }
        return Branch.model_validate(fields | changes)


def said(world: World, **more: Any) -> Json:
    """What every event about the letter says."""
    return {
        "letter_id": world.letter.letter_id,
        "subject": world.letter.subject,
        "actor": actor(principal(world.registrar)),
        "at": now(),
        **more,
    }


async def open_to(world: World, *units: str, version: int = 2, confidentiality: Confidentiality = "ordinary") -> None:
    """Routing says who may read it now."""
    access = Access(confidentiality=confidentiality, units=units)
    await world.tell(AccessChanged(letter_id=world.letter.letter_id, access=access, access_version=version))


def first(world: World) -> str:
    """The branch to Dinas PU."""
    return world.letter.branches[0].branch_id


class TestNewWays:
    async def test_B6_an_office_that_a_letter_was_forwarded_to_disposes_on_its_own_branch(
        self, world: World, health: Health
    ) -> None:
        way = health.branch()
        await world.tell(LetterForwarded(**said(world), branches=(way,)))
        await open_to(world, world.unit_id, health.unit_id)
        given = await world.disposed(health.head, to(health.officer))
        assert given["branch_id"] == way.branch_id
        assert (await world.disposed(world.head, to(world.division_head)))["branch_id"] == first(world)

    async def test_B6_an_office_that_a_letter_was_redirected_to_disposes_in_the_others_place(
        self, world: World, health: Health
    ) -> None:
        way = health.branch()
        event = BranchRedirected(**said(world), branch_id=first(world), branch=way, reason="Bukan kewenangan kami")
        await world.tell(event)
        await open_to(world, world.unit_id, health.unit_id)
        assert (await world.disposed(health.head, to(health.officer)))["branch_id"] == way.branch_id
        status, answer = await world.dispose(world.head, to(world.division_head))
        assert (status, answer["code"]) == (409, "branch_redirected")
        assert answer["detail"] == (
            "Surat ini sudah dialihkan ke Dinas Kesehatan, sehingga tidak dapat didisposisikan."
        )
        assert answer["state"] == {"id": first(world), "state": "redirected"}

    async def test_a_way_that_opens_while_somebody_disposes_is_waited_for(
        self, world: World, health: Health, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(letter_access, "PAUSES", (0, *[0.1] * 300))  # however long it takes to tell of it here
        await open_to(world, world.unit_id, health.unit_id)
        disposing = asyncio.create_task(world.dispose(health.head, to(health.officer)))
        await asyncio.sleep(0.1)
        await world.tell(LetterForwarded(**said(world), branches=(health.branch(),)))
        assert (await disposing)[0] == 201


class TestLeftWays:
    @pytest.mark.parametrize(
        ("how", "what"),
        [("returned", "dikembalikan kepada pengirim"), ("recalled", "ditarik kembali oleh pengirim")],
    )
    async def test_nobody_disposes_where_the_letter_was_given_back_or_taken_back(
        self, world: World, how: str, what: str
    ) -> None:
        await world.tell(
            BranchReturned(**said(world, branch_id=first(world)), unit_name="Dinas PU", reason="Bukan kewenangan")
            if how == "returned"
            else BranchRecalled(**said(world, branch_id=first(world)), reason="Salah alamat")
        )
        status, answer = await world.dispose(world.head, to(world.division_head))
        assert (status, answer["code"]) == (409, f"branch_{how}")
        assert answer["detail"] == f"Surat ini sudah {what}, sehingga tidak dapat didisposisikan."
        assert await types_published(world.service) == []

    async def test_K6_once_the_right_to_read_is_gone_too_there_is_no_letter(self, world: World) -> None:
        await world.tell(BranchRecalled(**said(world, branch_id=first(world)), reason="Salah alamat"))
        await open_to(world)
        status, answer = await world.dispose(world.head, to(world.division_head))
        assert (status, answer["code"]) == (404, "not_found")

    async def test_a_second_way_to_the_same_office_is_taken_instead(self, world: World) -> None:
        again = world.letter.branches[0].model_copy(update={"branch_id": new_id()})
        await world.tell(BranchReturned(**said(world, branch_id=first(world)), unit_name="Dinas PU", reason="Kurang"))
        await world.tell(LetterForwarded(**said(world), branches=(again,)))
        assert (await world.disposed(world.head, to(world.division_head)))["branch_id"] == again.branch_id
        status, answer = await world.dispose(world.head, to(world.division_head), branch_id=first(world))
        assert (status, answer["code"]) == (409, "branch_returned")

    async def test_whoever_was_instructed_before_it_went_back_goes_on(self, world: World) -> None:
        """Both happened in the same moment; routing too lets the work that was begun stand."""
        await world.disposed(world.head, to(world.division_head))
        await world.tell(BranchReturned(**said(world, branch_id=first(world)), unit_name="Dinas PU", reason="Kurang"))
        assert (await world.dispose(world.division_head, to(world.officers[0])))[0] == 201

    async def test_whoever_was_instructed_does_not_pass_on_what_went_elsewhere(
        self, world: World, health: Health
    ) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        event = BranchRedirected(**said(world), branch_id=first(world), branch=health.branch(), reason="Keliru")
        await world.tell(event)
        status, answer = await world.dispose(world.division_head, to(world.officers[0]))
        assert (status, answer["code"]) == (409, "branch_redirected")
        assert (await world.act(world.division_head, given, "reply", {"text": "Siap!"}))[0] == 201


class TestNotOnesOwn:
    async def test_K5_what_goes_outside_is_disposed_on_by_nobody(self, world: World) -> None:
        outside = world.letter.branches[0].model_copy(
            update={"branch_id": new_id(), "external_name": "PT Bangun Nusa", "position_id": world.head.position_id}
        )
        letter = world.a_letter(branches=(), external=(outside,))
        await world.tell(letter)
        status, answer = await world.dispose(
            world.head, to(world.division_head), letter_id=letter.letter_id, branch_id=outside.branch_id
        )
        assert (status, answer["code"]) == (403, "forbidden")

    async def test_H4_a_letter_to_one_officer_alone_is_not_the_offices(self, world: World) -> None:
        own = world.letter.branches[0].model_copy(
            update={
                "branch_id": new_id(),
                "position_id": world.division_head.position_id,
                "holders": (world.division_head.position_id,),
                "open_to_unit": False,
            }
        )
        access = Access(
            confidentiality="ordinary", units=(world.unit_id,), positions=(world.division_head.position_id,)
        )
        letter = world.a_letter(branches=(own,), access=access)
        await world.tell(letter)
        status, answer = await world.dispose(world.head, to(world.division_head), letter_id=letter.letter_id)
        assert (status, answer["code"]) == (403, "forbidden")
        given = await world.disposed(world.division_head, to(world.officers[0]), letter_id=letter.letter_id)
        assert given["branch_id"] == own.branch_id


class TestWhoSeesThem:
    async def test_B6_an_office_that_a_letter_was_forwarded_to_sees_what_was_instructed(
        self, world: World, health: Health
    ) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        path = f"/v1/letters/{world.letter.letter_id}/dispositions"
        await open_to(world, world.unit_id, health.unit_id)
        assert (await world.get(health.head, path))[1]["items"] == []
        await world.tell(LetterForwarded(**said(world), branches=(health.branch(),)))
        assert [one["id"] for one in (await world.get(health.head, path))[1]["items"]] == [given["id"]]

    async def test_an_office_that_passed_it_elsewhere_no_longer_does(self, world: World, health: Health) -> None:
        event = BranchRedirected(**said(world), branch_id=first(world), branch=health.branch(), reason="Keliru")
        await world.tell(event)
        await open_to(world, world.unit_id, health.unit_id)
        await world.disposed(health.head, to(health.officer))
        path = f"/v1/letters/{world.letter.letter_id}/dispositions"
        assert await world.get(world.registrar, path) == (200, {"items": [], "next": None})

    @pytest.mark.parametrize(
        ("role", "confidentiality", "status"),
        [
            ("leader", "ordinary", 200),
            ("leader", "secret", 200),
            ("leader", "top_secret", 404),
            ("auditor", "ordinary", 200),
            ("auditor", "restricted", 200),
            ("auditor", "secret", 404),
            ("head", "ordinary", 404),
        ],
    )
    async def test_K6_leaders_and_auditors_see_what_they_may_read(
        self, world: World, role: str, confidentiality: Confidentiality, status: int
    ) -> None:
        letter = world.a_letter(confidentiality)
        await world.tell(letter)
        given = await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        overseer = held(role, title="Inspektur", unit_name="Inspektorat")
        seen, answer = await world.get(overseer, f"/v1/letters/{letter.letter_id}/dispositions")
        assert seen == status
        assert [one["id"] for one in answer.get("items", ())] == ([given["id"]] if status == 200 else [])
        assert (await world.get(overseer, f"/v1/dispositions/{given['id']}"))[0] == status

    @pytest.mark.parametrize("role", ["leader", "auditor"])
    async def test_reading_everywhere_is_not_acting_everywhere(self, world: World, role: str) -> None:
        overseer = held(role, title="Inspektur", unit_name="Inspektorat")
        status, answer = await world.dispose(overseer, to(world.division_head))
        assert (status, answer["code"]) == (403, "forbidden")
        given = await world.disposed(world.head, to(world.division_head))
        assert (await world.act(overseer, given, "read"))[0] == 403
