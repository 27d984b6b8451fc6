"""PATCH /v1/letters/{id} and GET /v1/letters/{id}/corrections."""

import asyncio
from typing import Any

import pytest

from services.chassis.auth import Principal
from services.chassis.ids import new_id
from services.contracts.routing import AccessChanged
from services.contracts.vocabulary import Access
from tests.events import deliver, published
from tests.intake.world import Answer, World
from tests.people import held, principal

WHY = "Salah ketik saat pencatatan"


async def corrected(world: World, letter_id: str, person: Principal | None = None, **said: Any) -> Answer:
    """PATCH, with a reason unless one is said."""
    rest = {name: said.pop(name) for name in ("key", "seen") if name in said}
    return await world.act("PATCH", f"/v1/letters/{letter_id}", {"reason": WHY, **said}, person=person, **rest)


class TestCorrect:
    """Correct what the register says."""

    async def test_named_fields_change_and_nothing_else(self, world: World) -> None:
        made = await world.registered(letter=world.letter(summary="Alat berat", letter_number="1"))
        before = (await world.get(f"/v1/letters/{made['id']}")).body
        answer = await corrected(
            world, made["id"], subject="Permohonan dua alat berat", letter_number="005/117", summary=None
        )
        assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
        changed = {"subject": "Permohonan dua alat berat", "letter_number": "005/117", "summary": None, "version": 2}
        assert answer.body == before | changed | {"warnings": []}
        assert (await world.get(f"/v1/letters/{made['id']}")).body == before | changed

    async def test_everything_that_can_be_corrected_is_told(self, world: World) -> None:
        made = await world.registered()
        received_on = (await world.get(f"/v1/letters/{made['id']}")).body["received_on"]
        occasion = {
            "title": "Rapat koordinasi",
            "place": "Aula",
            "starts_at": "2026-11-24T01:30:00Z",
            "ends_at": "2026-11-24T04:00:00Z",
        }
        said = {
            "kind": "Surat Undangan",
            "category": "invitation",
            "urgency": "very_urgent",
            "confidentiality": "restricted",
            "subject": "Undangan",
            "summary": "Rapat",
            "letter_number": "005/117",
            "letter_date": "2026-11-12",
            "received_on": received_on,
            "sender": {"kind": "external", "name": "PT Baja"},
            "occasion": occasion,
            "classification": "000.1.2",
        }
        assert (await corrected(world, made["id"], **said)).status == 200
        event = (await published(world.service))[-1]
        assert (event.type, event.streamversion) == ("id.lontar.intake.letter.corrected.v1", 2)
        told = {name: event.data[name] for name in said} | {"sender": said["sender"]}
        assert told == said
        changes = {one["field"]: (one.get("before"), one["after"]) for one in event.data["changes"]}
        assert changes == {
            "kind": ("Surat Dinas", "Surat Undangan"),
            "category": ("Permohonan", "Undangan"),
            "urgency": ("Segera", "Sangat segera"),
            "confidentiality": ("Biasa", "Terbatas"),
            "subject": ("Permohonan peminjaman alat berat", "Undangan"),
            "summary": (None, "Rapat"),
            "letter_number": (None, "005/117"),
            "letter_date": (None, "12 November 2026"),
            "sender": ("Desa Sekartaji", "PT Baja"),
            "occasion": (
                None,
                "Rapat koordinasi, Aula, 24 November 2026 pukul 09.30 WITA s.d. 24 November 2026 pukul 12.00 WITA",
            ),
            "classification": (None, "000.1.2"),
        }
        assert (event.data["reason"], event.data["corrected_by"]["person_name"]) == (WHY, "Ni Luh Sari")

    async def test_what_it_says_already_changes_nothing(self, world: World) -> None:
        made = await world.registered()
        own = {"kind": "unit", "id": world.village.unit_id}
        answer = await corrected(world, made["id"], urgency="urgent", sender=own)
        assert (answer.status, answer.body["version"]) == (200, 1)
        assert len(await published(world.service)) == 1

    async def test_of_two_who_have_seen_the_same_state_one_is_refused(self, world: World) -> None:
        made = await world.registered()
        answers = await asyncio.gather(
            *(corrected(world, made["id"], subject=f"Perihal {turn}", seen=1) for turn in range(6))
        )
        assert sorted(answer.status for answer in answers) == [200] + [412] * 5
        assert {answer.code for answer in answers if answer.status == 412} == {"changed_meanwhile"}
        assert [event.streamversion for event in await published(world.service)] == [1, 2]

    async def test_corrections_of_different_fields_at_once_all_stand(self, world: World) -> None:
        made = await world.registered()
        fields: list[dict[str, Any]] = [{"subject": "Lain"}, {"kind": "Surat Edaran"}, {"urgency": "normal"}]
        answers = await asyncio.gather(*(corrected(world, made["id"], **one) for one in fields))
        assert {answer.status for answer in answers} == {200}
        after = (await world.get(f"/v1/letters/{made['id']}")).body
        assert (after["subject"], after["kind"], after["urgency"], after["version"]) == (
            *("Lain", "Surat Edaran", "normal"),
            4,
        )
        assert [event.streamversion for event in await published(world.service)] == [1, 2, 3, 4]

    async def test_repeat_with_the_same_key_corrects_once(self, world: World) -> None:
        made = await world.registered()
        first = await corrected(world, made["id"], subject="Lain", key="k", seen=1)
        again = await corrected(world, made["id"], subject="Lain", key="k", seen=1)
        assert (again.status, again.body) == (200, first.body)
        assert len(await published(world.service)) == 2


class TestRefusedCorrections:
    """What is no correction."""

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"received_on": "2099-01-01"}, "date_in_future"),
            ({"received_on": "2019-01-01"}, "another_year"),
            ({"sender": {"kind": "unit", "id": new_id()}}, "unknown_unit"),
            ({"subject": None}, "validation_failed"),
            ({"subject": ""}, "validation_failed"),
            ({"direction": "outgoing"}, "validation_failed"),
            ({"addressees": []}, "validation_failed"),
            ({"book": "lain"}, "validation_failed"),
            ({"reason": " ", "subject": "Lain"}, "validation_failed"),
            ({}, "validation_failed"),
        ],
    )
    async def test_is_refused_and_changes_nothing(self, world: World, said: dict[str, Any], code: str) -> None:
        made = await world.registered()
        answer = await corrected(world, made["id"], **said)
        assert (answer.status, answer.code) == (422, code)
        assert (await world.get(f"/v1/letters/{made['id']}")).body["version"] == 1
        assert len(await published(world.service)) == 1

    async def test_nobody_is_made_the_sender_of_what_others_get(self, world: World) -> None:
        made = await world.registered()
        answer = await corrected(world, made["id"], sender={"kind": "unit", "id": world.neighbour.unit_id})
        assert (answer.status, answer.code) == (422, "sender_not_own")

    async def test_an_outgoing_letter_stays_its_units_own(self, world: World) -> None:
        made = await world.registered(letter=world.letter(direction="outgoing"))
        answer = await corrected(world, made["id"], sender={"kind": "external", "name": "PT Baja"})
        assert (answer.status, answer.code) == (422, "sender_not_own")
        own = {"kind": "position", "id": world.village.position_id}
        assert (await corrected(world, made["id"], sender=own)).body["sender"]["name"] == world.village.title

    async def test_who_may_not_read_it_does_not_learn_of_it(self, world: World) -> None:
        made = await world.registered()
        answer = await corrected(world, made["id"], principal(world.neighbour), subject="Lain")
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_who_reads_it_in_another_unit_may_not_correct_it(self, world: World) -> None:
        made = await world.registered()
        answer = await corrected(world, made["id"], world.head, subject="Lain")
        assert (answer.status, answer.code) == (403, "forbidden")

    async def test_who_does_not_handle_such_letters_may_not(self, world: World) -> None:
        secretary = principal(held("secretary", unit_id=world.village.unit_id))
        made = await world.registered(letter=world.letter(confidentiality="secret"))
        assert (await corrected(world, made["id"], secretary, subject="Lain")).status == 404
        officer = principal(held("officer", unit_id=world.village.unit_id), world.neighbour)
        plain = await world.registered(
            letter=world.letter(addressees=[{"kind": "unit", "id": world.neighbour.unit_id}])
        )
        assert (await corrected(world, plain["id"], officer, subject="Lain")).status == 403

    async def test_needs_the_right_to_register(self, world: World) -> None:
        made = await world.registered()
        path = f"/v1/letters/{made['id']}"
        answer = await world.act("PATCH", path, {"reason": WHY, "subject": "Lain"}, scope="letters:read")
        assert (answer.status, answer.code) == (403, "forbidden")

    async def test_position_that_does_not_keep_the_book_is_refused(self, world: World) -> None:
        made = await world.registered()
        other = held("village_operator")
        person = principal(world.village, other)
        answer = await corrected(world, made["id"], person, subject="Lain", as_position=other.position_id)
        assert (answer.status, answer.code) == (403, "forbidden")


class TestConfidentiality:
    """A letter found to be more, or less, confidential than it was registered."""

    async def test_is_closed_at_once_to_who_may_not_read_such_letters(self, world: World) -> None:
        secretary = principal(held("secretary", unit_id=world.agency.unit_id))
        made = await world.registered()
        assert (await world.get(f"/v1/letters/{made['id']}", secretary)).status == 200
        assert (await corrected(world, made["id"], confidentiality="secret")).status == 200
        assert (await world.get(f"/v1/letters/{made['id']}", secretary)).status == 404
        path = f"/v1/letters/{made['id']}/files/{made['files'][0]['file_id']}"
        assert (await world.download(path, secretary)).status == 404
        assert (await world.get(f"/v1/letters/{made['id']}", world.head)).status == 200

    async def test_stays_closed_whatever_routing_said_before_it_heard(self, world: World) -> None:
        secretary = principal(held("secretary", unit_id=world.agency.unit_id))
        made = await world.registered()
        await corrected(world, made["id"], confidentiality="secret")
        access = Access(confidentiality="ordinary", units=(world.agency.unit_id,))
        late = AccessChanged(letter_id=made["id"], access_version=3, access=access)
        await deliver(world.service, late)
        assert (await world.get(f"/v1/letters/{made['id']}", secretary)).status == 404
        assert (await world.get(f"/v1/letters/{made['id']}", world.head)).status == 200

    async def test_stays_closed_though_it_is_corrected_while_routing_is_heard(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secretary = principal(held("secretary", unit_id=world.agency.unit_id))
        made = await world.registered()
        keep = world.context.readers._keep

        async def meanwhile(*given: Any) -> bool:
            assert (await corrected(world, made["id"], confidentiality="secret")).status == 200
            return await keep(*given)

        monkeypatch.setattr(world.context.readers, "_keep", meanwhile)
        access = Access(confidentiality="ordinary", units=(world.agency.unit_id,))
        await deliver(world.service, AccessChanged(letter_id=made["id"], access_version=3, access=access))
        assert (await world.get(f"/v1/letters/{made['id']}", secretary)).status == 404

    async def test_is_open_at_once_where_it_was_too_strict(self, world: World) -> None:
        secretary = principal(held("secretary", unit_id=world.agency.unit_id))
        made = await world.registered(letter=world.letter(confidentiality="secret"))
        assert (await world.get(f"/v1/letters/{made['id']}", secretary)).status == 404
        await corrected(world, made["id"], confidentiality="ordinary")
        assert (await world.get(f"/v1/letters/{made['id']}", secretary)).status == 200


class TestHistory:
    """What was corrected."""

    async def test_latest_comes_first_with_who_and_why(self, world: World) -> None:
        made = await world.registered()
        await corrected(world, made["id"], subject="Satu")
        await corrected(world, made["id"], subject="Dua", reason="Masih keliru")
        answer = await world.get(f"/v1/letters/{made['id']}/corrections", world.head)
        shown = [(one["version"], one["reason"], one["changes"]) for one in answer.body["items"]]
        first = "Permohonan peminjaman alat berat"
        assert shown == [
            (3, "Masih keliru", [{"field": "subject", "before": "Satu", "after": "Dua"}]),
            (2, WHY, [{"field": "subject", "before": first, "after": "Satu"}]),
        ]
        assert {one["by"]["position_title"] for one in answer.body["items"]} == {"Operator Desa Sekartaji"}
        assert not any(one["withheld"] for one in answer.body["items"])

    async def test_a_letter_that_was_never_corrected_has_none(self, world: World) -> None:
        made = await world.registered()
        assert (await world.get(f"/v1/letters/{made['id']}/corrections")).body == {"items": []}

    async def test_strangers_are_not_told(self, world: World) -> None:
        made = await world.registered()
        answer = await world.get(f"/v1/letters/{made['id']}/corrections", principal(world.neighbour))
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_what_was_secret_stays_so_when_the_letter_is_not(self, world: World) -> None:
        secretary = principal(held("secretary", unit_id=world.agency.unit_id))
        made = await world.registered(letter=world.letter(confidentiality="secret", summary="Nama pelapor"))
        await corrected(world, made["id"], summary=None, confidentiality="ordinary", reason="Nama pelapor dihapus")
        await corrected(world, made["id"], subject="Laporan")
        path = f"/v1/letters/{made['id']}/corrections"
        latest, first = (await world.get(path, secretary)).body["items"]
        assert (latest["withheld"], latest["changes"][0]["after"]) == (False, "Laporan")
        assert (first["withheld"], first["reason"]) == (True, None)
        assert {(one["field"], one["before"], one["after"]) for one in first["changes"]} == {
            ("confidentiality", None, None),
            ("summary", None, None),
        }
        seen = (await world.get(path, world.head)).body["items"][1]
        assert (seen["withheld"], seen["reason"]) == (False, "Nama pelapor dihapus")


class TestHouseNumbers:
    """A letter the house gave its number."""

    async def test_keeps_it_and_the_year_it_was_given_for(self, world: World) -> None:
        letter = world.letter(direction="outgoing", number_template="external", classification="620")
        made = await world.registered(letter=letter)
        for said in ({"letter_number": "lain"}, {"letter_number": None}, {"letter_date": None}):
            answer = await corrected(world, made["id"], **said)
            assert (answer.status, answer.code) == (422, "house_number"), said
        same = await corrected(world, made["id"], letter_number=made["letter_number"], subject="Lain")
        assert (same.status, same.body["subject"]) == (200, "Lain")
