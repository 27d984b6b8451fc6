"""POST /v1/letters: what a good registration leaves in the answer, the store, the database and the outbox."""

import hashlib
import json
import re

import aiohttp
import pytest

from services.chassis.clock import now
from services.chassis.ids import instant_of
from tests.events import published
from tests.intake import scans
from tests.intake.world import SMALL_PDF, World


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


class TestClassification:
    """Klasifikasi arsip: optional, kept as it was given."""

    @pytest.mark.parametrize("code", ["620", "000.1.2", "100.3.3.2", " 400.14.5.4 "])
    async def test_is_shown_by_letter_register_and_event(self, world: World, code: str) -> None:
        body = await world.registered(letter=world.letter(classification=code))
        seen = (await world.get(f"/v1/letters/{body['id']}")).body
        (listed,) = (await world.get("/v1/register")).body["items"]
        (event,) = await published(world.service)
        assert [one["classification"] for one in (seen, listed, event.data)] == [code.strip()] * 3

    async def test_may_be_left_out(self, world: World) -> None:
        body = await world.registered()
        assert (await world.get(f"/v1/letters/{body['id']}")).body["classification"] is None
        (event,) = await published(world.service)
        assert event.data["classification"] is None

    async def test_letter_from_before_it_was_asked_for_is_shown_without(self, world: World) -> None:
        body = await world.registered()
        letters = world.service.foundation.database["letters"]
        await letters.update_one({"_id": body["id"]}, {"$unset": {"classification": ""}})
        seen = await world.get(f"/v1/letters/{body['id']}")
        assert (seen.status, seen.body["classification"]) == (200, None)


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
        assert (event.type, event.streamversion) == ("id.lontar.intake.letter.registered.v1", 1)
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
