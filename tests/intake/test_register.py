"""POST /v1/letters: what a good registration leaves in the answer, the store, the database and the outbox."""

import asyncio
import hashlib
import json
import re
from datetime import timedelta

import aiohttp
import pytest

from services.chassis.clock import now
from services.chassis.ids import instant_of, new_id
from services.intake.main import build
from services.intake.settings import IntakeSettings
from tests.conftest import Serve
from tests.events import deliver, published
from tests.intake import scans
from tests.intake.world import SMALL_PDF, World
from tests.people import held, position_changed, principal
from tests.signing import TokenSigner


class TestAnswer:
    """The 201."""

    async def test_has_number_code_files_and_location(self, world: World) -> None:
        answer = await world.register(files=[("surat.pdf", SMALL_PDF), ("lampiran.tif", scans.tiff(3))])
        assert answer.status == 201
        body = answer.body
        assert answer.headers["Location"] == f"/v1/letters/{body['id']}"
        assert (body["agenda_number"], body["book"], body["warnings"]) == (1, "masuk", [])
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", body["tracking_code"])
        assert [
            (file["name"], file["sha256"], file["size"], file["media_type"], file["pages"]) for file in body["files"]
        ] == [
            ("surat.pdf", hashlib.sha256(SMALL_PDF).hexdigest(), len(SMALL_PDF), "application/pdf", 1),
            ("lampiran.tif", body["files"][1]["sha256"], body["files"][1]["size"], "image/tiff", 3),
        ]
        assert "object_key" not in body["files"][0]

    async def test_is_year_of_receipt_in_local_time(self, world: World) -> None:
        local = now().astimezone(world.context.settings.zone).date()
        assert (await world.registered())["year"] == local.year
        last_year = local.replace(year=local.year - 1, day=1).isoformat()
        body = await world.registered(letter=world.letter(received_on=last_year))
        assert (body["year"], body["agenda_number"]) == (local.year - 1, 1)

    @pytest.mark.parametrize(
        ("direction", "book", "expected"),
        [
            ("incoming", None, "masuk"),
            ("outgoing", None, "keluar"),
            ("internal", None, "internal"),
            ("incoming", "undangan", "undangan"),
        ],
    )
    async def test_book_follows_direction_unless_named(
        self, world: World, direction: str, book: str | None, expected: str
    ) -> None:
        body = await world.registered(letter=world.letter(direction=direction, book=book))
        assert body["book"] == expected

    @pytest.mark.parametrize(
        ("content", "media_type", "pages"),
        [
            (scans.pdf(3), "application/pdf", 3),
            (scans.pdf(2, linearize=True), "application/pdf", 2),
            (scans.jpeg(), "image/jpeg", 1),
            (scans.jpeg(progressive=True), "image/jpeg", 1),
            (scans.png(), "image/png", 1),
            (scans.tiff(2), "image/tiff", 2),
        ],
        ids=["pdf", "linearised pdf", "jpeg", "progressive jpeg", "png", "tiff"],
    )
    async def test_type_is_told_by_content(self, world: World, content: bytes, media_type: str, pages: int) -> None:
        body = await world.registered(files=[("apa saja.docx", content)])
        assert (body["files"][0]["media_type"], body["files"][0]["pages"]) == (media_type, pages)

    async def test_letter_part_may_come_last(self, world: World) -> None:
        form = aiohttp.FormData(default_to_multipart=True)
        form.add_field("files", SMALL_PDF, filename="surat.pdf")
        form.add_field("letter", json.dumps(world.letter()))
        assert (await world.send(form, world.headers())).status == 201

    async def test_name_is_kept_without_path_or_control_characters(self, world: World) -> None:
        body = await world.registered(files=[("C:\\pindai\\surat é\tdesa.pdf", SMALL_PDF)])
        assert body["files"][0]["name"] == "surat é desa.pdf"

    async def test_scan_larger_than_the_spool_is_whole(self, world: World) -> None:
        content = scans.pdf_of_size(1_400_000)
        body = await world.registered(files=[("besar.pdf", content)])
        assert body["files"][0]["sha256"] == hashlib.sha256(content).hexdigest()


class TestEffect:
    """What is left behind."""

    async def test_original_lies_unaltered_under_the_letter(self, world: World) -> None:
        body = await world.registered()
        (key,) = await world.new_keys()
        month = f"{instant_of(body['id']):%Y/%m}"
        assert key == f"letters/{month}/{body['id']}/{body['files'][0]['file_id']}"
        assert b"".join([piece async for piece in world.storage.read(key)]) == SMALL_PDF

    async def test_event_tells_everything(self, world: World) -> None:
        letter = world.letter(
            letter_number="005/117/SKT/XI/2026",
            letter_date="2026-11-12",
            summary="Jalan tertutup longsor",
            copies=[{"kind": "position", "id": world.neighbour.position_id}],
            occasion={
                "title": "Peresmian",
                "place": "Balai Desa",
                "starts_at": "2026-12-01T09:00:00+08:00",
                "ends_at": "2026-12-01T11:00:00+08:00",
            },
        )
        body = await world.registered(letter=letter)
        (event,) = await published(world.service)
        assert (event.type, event.sequence) == ("id.lontar.intake.letter.registered.v1", 1)
        assert event.subject == f"letter/{body['id']}"
        data = event.data
        assert data["sender"] == {"kind": "unit", "id": world.village.unit_id, "name": "Desa Sekartaji"}
        assert data["addressees"] == [{"kind": "unit", "id": world.agency.unit_id, "name": world.agency.unit_name}]
        assert data["copies"] == [
            {"kind": "position", "id": world.neighbour.position_id, "name": "Operator Desa Batumadeg"}
        ]
        assert data["files"][0]["object_key"] in await world.new_keys()
        assert (data["letter_date"], data["occasion"]["starts_at"][:16]) == ("2026-11-12", "2026-12-01T09:00")
        assert data["registered_by"] == {
            "person_id": world.operator.person_id,
            "person_name": "Ni Luh Sari",
            "position_id": world.village.position_id,
            "position_title": "Operator Desa Sekartaji",
            "unit_id": world.village.unit_id,
            "unit_name": "Desa Sekartaji",
            "capacity": "definitive",
        }
        same = ("agenda_number", "year", "book", "tracking_code")
        assert [data[name] for name in same] == [body[name] for name in same]

    async def test_first_access_is_version_0_and_names_those_it_is_for(self, world: World) -> None:
        addressees = [{"kind": "unit", "id": world.neighbour.unit_id}]
        copies = [{"kind": "position", "id": world.agency.position_id}]
        body = await world.registered(
            letter=world.letter(addressees=addressees, copies=copies, confidentiality="secret")
        )
        (row,) = await world.rows("letter_access")
        assert (row["_id"], row["version"]) == (body["id"], 0)
        assert row["access"] == {
            "confidentiality": "secret",
            "units": [world.village.unit_id, world.neighbour.unit_id, world.agency.unit_id],
            "positions": [world.village.position_id, world.agency.position_id],
        }

    async def test_position_that_is_no_chief_does_not_open_its_unit(self, world: World) -> None:
        await world.registered(letter=world.letter(addressees=[{"kind": "position", "id": world.clerk.position_id}]))
        (row,) = await world.rows("letter_access")
        assert row["access"]["units"] == [world.village.unit_id]
        assert world.clerk.position_id in row["access"]["positions"]

    async def test_K8_village_writes_straight_to_dinas_pu(self, world: World) -> None:
        body = await world.registered()
        seen = await world.get(f"/v1/letters/{body['id']}", world.head)
        assert (seen.status, seen.body["sender"]["name"]) == (200, "Desa Sekartaji")

    async def test_external_parties_need_no_id(self, world: World) -> None:
        outside = {"kind": "external", "name": "PT Baja Klungkung"}
        letter = world.letter(sender=outside, addressees=[{"kind": "unit", "id": world.village.unit_id}])
        body = await world.registered(letter=letter)
        seen = (await world.get(f"/v1/letters/{body['id']}")).body
        assert seen["sender"] == {"kind": "external", "id": None, "name": "PT Baja Klungkung"}


PAPER = {"letter_number": "005/117/SKT", "letter_date": "2026-11-12"}


class TestDuplicateWarning:
    """Same sender, number and date in one unit's books."""

    async def test_second_registration_warns_and_names_the_first(self, world: World) -> None:
        first = await world.registered(letter=world.letter(**PAPER))
        again = await world.registered(letter=world.letter(**PAPER | {"letter_number": "005/117/skt "}))
        (warning,) = again["warnings"]
        assert (warning["code"], warning["letter_id"]) == ("duplicate", first["id"])
        assert f"nomor agenda {first['agenda_number']}/{first['year']}" in warning["detail"]
        assert again["agenda_number"] == 2

    async def test_another_date_is_another_letter(self, world: World) -> None:
        await world.registered(letter=world.letter(**PAPER))
        other = await world.registered(letter=world.letter(**PAPER | {"letter_date": "2026-11-13"}))
        assert other["warnings"] == []

    async def test_letters_without_a_number_are_never_called_doubles(self, world: World) -> None:
        await world.registered()
        assert (await world.registered())["warnings"] == []

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


class TestNumbers:
    """The agenda numbers of one book."""

    async def test_sixty_at_once_get_consecutive_numbers(self, world: World) -> None:
        answers = await asyncio.gather(*(world.register() for _ in range(60)))
        assert {answer.status for answer in answers} == {201}
        assert sorted(answer.body["agenda_number"] for answer in answers) == list(range(1, 61))
        assert len({answer.body["tracking_code"] for answer in answers}) == 60
        assert len(await published(world.service)) == len(await world.new_keys()) == 60
        assert len(world.context.numbering) == 0

    async def test_two_processes_share_one_sequence(
        self, world: World, intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner
    ) -> None:
        second = build(intake_settings, signer.keys)
        async with serve(second) as http:
            other = World(second, http, signer)
            other.operator = world.operator
            letter = world.letter()
            answers = await asyncio.gather(
                *(one.register(letter=letter) for one in (world, other) for _ in range(15)),
            )
        assert [answer.status for answer in answers] == [201] * 30
        assert sorted(answer.body["agenda_number"] for answer in answers) == list(range(1, 31))
        second.foundation.database.client.close()

    async def test_each_unit_book_and_year_counts_for_itself(self, world: World) -> None:
        await world.registered()
        assert (await world.registered(letter=world.letter(book="undangan")))["agenda_number"] == 1
        assert (await world.registered(person=world.head))["agenda_number"] == 1
        assert (await world.registered())["agenda_number"] == 2

    async def test_refused_registrations_leave_no_gap(self, world: World) -> None:
        await world.registered()
        refused = await asyncio.gather(*(world.register(files=[("x.pdf", b"bukan")]) for _ in range(5)))
        assert {answer.status for answer in refused} == {415}
        assert (await world.registered())["agenda_number"] == 2


class TestIdempotency:
    """The same act with the same key."""

    async def test_repeat_gets_the_first_answer(self, world: World) -> None:
        first = await world.register(key="satu")
        again = await world.register(key="satu")
        assert (again.status, again.body) == (201, first.body)
        assert again.headers["Location"] == first.headers["Location"]
        assert len(await world.new_keys()) == len(await published(world.service)) == 1

    async def test_two_at_once_make_one_letter(self, world: World) -> None:
        answers = await asyncio.gather(*(world.register(key="bersamaan") for _ in range(8)))
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body["id"] for answer in answers}) == 1
        assert len(await world.rows("letters")) == len(await published(world.service)) == 1
        assert len(await world.new_keys()) == 1, "what the losers put is taken out again"

    async def test_other_scan_with_the_same_key_is_refused(self, world: World) -> None:
        await world.registered(key="satu")
        answer = await world.register(files=[("surat.pdf", scans.pdf(2))], key="satu")
        assert (answer.status, answer.code) == (422, "idempotency_key_reused")
        assert len(await world.new_keys()) == 1

    async def test_keys_of_two_people_are_apart(self, world: World) -> None:
        first = await world.registered(key="satu")
        second = await world.registered(key="satu", person=principal(world.village))
        assert first["id"] != second["id"]


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
