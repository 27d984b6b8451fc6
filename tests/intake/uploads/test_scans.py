"""What comes of an upload: a scan that is checked, registered, discarded, forgotten."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.storage import ObjectMissing, StorageUnavailable
from services.intake.commands.inspect_scans import inspect_scans
from services.intake.commands.uploads import admit, holds, keepers
from services.intake.commands.uploads.admit import admit_due
from services.intake.commands.uploads.discard_scan import discard_forgotten
from services.intake.commands.uploads.end_upload import end_expired
from services.intake.commands.uploads.sweep import sweep_uploads
from services.intake.context import Context
from tests.intake import scans
from tests.intake.uploads.tus import Tus, metadata
from tests.intake.world import SMALL_PDF, Answer, World
from tests.people import held, principal

NOBODYS = "01939d3e-7a10-7c3e-9d2a-0a1b2c3d4e5f"


async def register(world: World, *ids: str, **changes: Any) -> Answer:
    """Register a letter of these scans."""
    async with world.http.post(
        "/v1/letters", json={"letter": world.letter(**changes), "scans": list(ids)}, headers=world.headers()
    ) as response:
        return Answer(response.status, response.headers, await response.json(content_type=None))


async def set_upload(world: World, upload_id: str, **fields: Any) -> None:
    """Have time pass for an upload."""
    await world.service.foundation.database["uploads"].update_one({"_id": upload_id}, {"$set": fields})


class TestStates:
    """GET /v1/scans/{id}."""

    async def test_it_arrives_and_is_ready(self, tus: Tus) -> None:
        upload_id = await tus.begun(len(SMALL_PDF), name="Surat Undangan.pdf")
        await tus.patch(upload_id, 0, SMALL_PDF[:100])
        arriving = await tus.scan(upload_id)
        assert (arriving["state"], arriving["offset"], arriving["size"]) == ("arriving", 100, len(SMALL_PDF))
        assert arriving["expires_at"]
        await tus.patch(upload_id, 100, SMALL_PDF[100:])
        ready = await tus.judged(upload_id)
        assert (ready["state"], ready["offset"], ready["taken_by"]) == ("ready", len(SMALL_PDF), None)
        assert ready["file"]["file_id"] == upload_id
        assert (ready["file"]["media_type"], ready["file"]["pages"]) == ("application/pdf", 1)
        assert ready["file"]["name"] == "Surat Undangan.pdf"
        assert "object_key" not in ready["file"]

    @pytest.mark.parametrize("content", [scans.jpeg(), scans.png(), scans.tiff(2)], ids=["jpeg", "png", "tiff"])
    async def test_every_kind_of_scan_may_be_uploaded(self, tus: Tus, content: bytes) -> None:
        assert await tus.original(await tus.sent(content)) == content

    async def test_what_is_no_scan_is_refused_and_nothing_of_it_kept(self, tus: Tus, world: World) -> None:
        upload_id = await tus.sent(b"MZ\x90\x00 a program" * 20)
        refused = await tus.judged(upload_id)
        assert (refused["state"], refused["reason"]["code"], refused["file"]) == ("refused", "unsupported_type", None)
        assert "surat.pdf" in refused["reason"]["detail"]
        assert await world.new_keys() == set()
        assert await tus.offset(upload_id) > 0
        assert (await register(world, upload_id)).code == "unsupported_type"
        assert (await tus.ask("GET", f"/v1/scans/{upload_id}/file")).status == 404

    async def test_a_broken_pdf_is_refused_by_its_bytes(self, tus: Tus) -> None:
        refused = await tus.judged(await tus.sent(SMALL_PDF[: len(SMALL_PDF) // 2]))
        assert (refused["state"], refused["reason"]["code"]) == ("refused", "scan_broken")

    async def test_refused_ones_do_not_count_against_the_limit(self, tus: Tus) -> None:
        for _ in range(6):
            await tus.judged(await tus.sent(b"no scan"))
        assert (await tus.begin(10)).status == 201

    async def test_what_cannot_be_judged_at_present_waits_and_does_not_pass(
        self, tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def no_scanner(*args: object) -> None:
            raise ServiceError(503, "malware_scan_unavailable", "Pemindai virus tidak menjawab.")

        with monkeypatch.context() as patched:
            patched.setattr(admit, "inspect_scans", no_scanner)
            upload_id = await tus.sent(SMALL_PDF)
            waiting = await tus.scan(upload_id)
            assert (await register(world, upload_id)).code == "scan_not_ready"
        assert (waiting["state"], waiting["reason"]["code"]) == ("checking", "malware_scan_unavailable")
        await set_upload(world, upload_id, check_at=now())
        assert await admit_due(world.context) == 1
        assert (await tus.scan(upload_id))["state"] == "ready"

    async def test_few_at_a_time_are_brought_back_to_be_judged(self, tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once: list[int] = [0]
        inspect = inspect_scans

        async def slowly(*args: Any) -> Any:
            at_once.append(at_once[-1] + 1)
            await asyncio.sleep(0.2)
            try:
                return await inspect(*args)
            finally:
                at_once.append(at_once[-1] - 1)

        monkeypatch.setattr(admit, "inspect_scans", slowly)
        ids = await asyncio.gather(*(tus.sent(SMALL_PDF) for _ in range(5)))
        assert {(await tus.judged(one))["state"] for one in ids} == {"ready"}
        assert max(at_once) <= holds.JUDGED_AT_ONCE

    async def test_what_somebody_is_judging_is_not_asked_for_again_and_again(self, tus: Tus, world: World) -> None:
        """The sweep is called anew at once while it says that it did something."""
        upload_id = await tus.begun(10)
        await set_upload(world, upload_id, state="checking", check_at=now())
        async with world.context.holds.hold(upload_id):
            assert await admit_due(world.context) == 0

    async def test_who_was_asleep_does_not_undo_what_another_found(self, tus: Tus, world: World) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        await tus.judged(upload_id)
        ready = await world.context.uploads.get(upload_id)
        assert ready
        scan = await world.context.scans.get(upload_id)
        assert scan
        await admit._refuse(world.context, ready, ServiceError(422, "scan_unreadable", "Tidak terbaca."))
        assert await tus.original(upload_id) == SMALL_PDF
        assert (await tus.ask("DELETE", f"/v1/scans/{upload_id}")).status == 204
        await admit._keep(world.context, ready, scan)
        assert (await tus.ask("GET", f"/v1/scans/{upload_id}")).status == 404

    async def test_a_store_that_is_away_delays_it(
        self, tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content = scans.pdf_of_size(5_600_000)
        upload_id = await tus.begun(len(content))
        await tus.patch(upload_id, 0, content[:5_400_000])

        async def away(*args: object) -> None:
            raise StorageUnavailable("away")

        with monkeypatch.context() as patched:
            patched.setattr(world.storage, "join_parts", away)
            assert (await tus.patch(upload_id, 5_400_000, content[5_400_000:])).status == 204
            assert (await tus.scan(upload_id))["state"] == "checking"
        await set_upload(world, upload_id, check_at=now())
        await admit_due(world.context)
        assert await tus.original(upload_id) == content

    async def test_joined_by_who_could_not_say_so_any_more_it_is_not_lost(self, tus: Tus, world: World) -> None:
        content = scans.pdf_of_size(5_600_000)
        upload_id = await tus.sent(content)
        await tus.judged(upload_id)
        database = world.service.foundation.database
        await database["scans"].delete_one({"_id": upload_id})
        await set_upload(world, upload_id, state="checking", joined=False, check_at=now())
        await admit_due(world.context)
        assert await tus.original(upload_id) == content

    async def test_it_is_never_away_while_it_becomes_ready(
        self, tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It becomes a scan between the two looks that a reader takes."""
        upload_id = await tus.begun(len(SMALL_PDF))
        uploads, look = world.context.uploads, world.context.uploads.get
        looked: list[str] = []

        async def then_it_becomes_ready(given: str, *rest: Any) -> Any:
            upload = await look(given, *rest)
            if not looked:
                looked.append(given)
                await tus.patch(upload_id, 0, SMALL_PDF)
                async with asyncio.timeout(60):
                    while (await world.context.scans.get(upload_id)) is None:
                        await asyncio.sleep(0.05)
            return upload

        monkeypatch.setattr(uploads, "get", then_it_becomes_ready)
        assert (await tus.scan(upload_id))["state"] == "ready"

    async def test_a_colleague_who_handles_the_units_letters_sees_it_when_it_is_ready(
        self, tus: Tus, world: World
    ) -> None:
        upload_id = await tus.begun(len(SMALL_PDF))
        colleague = principal(held("registrar", unit_id=world.village.unit_id))
        assert (await Tus(world, colleague).ask("GET", f"/v1/scans/{upload_id}")).status == 404
        await tus.patch(upload_id, 0, SMALL_PDF)
        await tus.judged(upload_id)
        assert (await Tus(world, colleague).scan(upload_id))["state"] == "ready"


class TestPosition:
    """For which unit a scan is brought."""

    async def test_it_is_the_position_that_is_named(self, tus: Tus, world: World) -> None:
        two = principal(world.village, world.neighbour)
        answer = await _begin_as(Tus(world, two), world.neighbour.position_id)
        row = await world.service.foundation.database["uploads"].find_one({"_id": answer.headers["Location"][-36:]})
        assert row
        assert row["unit_id"] == world.neighbour.unit_id

    @pytest.mark.parametrize(("position", "status"), [("x", 400), (NOBODYS, 403)], ids=["no id", "not held"])
    async def test_one_that_is_not_held_is_refused(self, tus: Tus, position: str, status: int) -> None:
        assert (await _begin_as(tus, position)).status == status


class TestRegistering:
    """A letter takes it."""

    async def test_K3_the_letter_has_the_very_file_and_no_byte_moves(self, tus: Tus, world: World) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        ready = await tus.judged(upload_id)
        keys = await world.new_keys()
        answer = await register(world, upload_id)
        assert answer.status == 201, answer.body
        assert answer.body["files"][0]["sha256"] == ready["file"]["sha256"]
        assert await world.new_keys() == keys
        assert (await tus.scan(upload_id))["taken_by"] == answer.body["id"]
        assert (await register(world, upload_id)).code == "scan_taken"

    async def test_what_a_letter_has_cannot_be_discarded(self, tus: Tus, world: World) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        await tus.judged(upload_id)
        letter = (await register(world, upload_id)).body
        for method, path in (("DELETE", "scans"), ("DELETE", "uploads")):
            answer = await tus.ask(method, f"/v1/{path}/{upload_id}")
            assert (answer.status, answer.code) == (409, "scan_taken")
        read = await world.download(f"/v1/letters/{letter['id']}/files/{upload_id}")
        assert read.body == SMALL_PDF

    async def test_then_it_is_shown_by_the_letters_rights_and_recorded(self, tus: Tus, world: World) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        await tus.judged(upload_id)
        answer = await register(world, upload_id, confidentiality="secret")
        assert answer.status == 201, answer.body
        assert await tus.original(upload_id) == SMALL_PDF
        uploader_elsewhere = Principal(person_id=world.operator.person_id, name="x", roles=frozenset(), positions=())
        elsewhere = Tus(world, uploader_elsewhere)
        assert (await elsewhere.ask("GET", f"/v1/scans/{upload_id}/file")).status == 404


class TestDiscarding:
    """DELETE /v1/scans/{id}."""

    async def test_nothing_is_left(self, tus: Tus, world: World) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        await tus.judged(upload_id)
        assert (await tus.ask("DELETE", f"/v1/scans/{upload_id}")).status == 204
        assert await world.new_keys() == set()
        assert (await tus.ask("GET", f"/v1/scans/{upload_id}")).status == 404
        assert await world.rows("removals") == []

    async def test_one_that_arrives_is_given_up(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(100)
        await tus.patch(upload_id, 0, b"abc")
        assert (await tus.ask("DELETE", f"/v1/scans/{upload_id}")).status == 204
        assert await world.new_keys() == set()

    async def test_what_something_unfinished_names_stays(
        self, tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keepers, "KEEPERS", (_everything,))
        upload_id = await tus.sent(SMALL_PDF)
        await tus.judged(upload_id)
        answer = await tus.ask("DELETE", f"/v1/scans/{upload_id}")
        assert (answer.status, answer.code) == (409, "scan_in_use")

    async def test_where_the_store_is_away_the_sweep_removes_it(
        self, tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        await tus.judged(upload_id)

        async def away(key: str) -> None:
            raise StorageUnavailable("away")

        with monkeypatch.context() as patched:
            patched.setattr(world.storage, "remove", away)
            assert (await tus.ask("DELETE", f"/v1/scans/{upload_id}")).status == 204
        assert len(await world.new_keys()) == 1
        assert await sweep_uploads(world.context) >= 1
        assert await world.new_keys() == set()


class TestSweeping:
    """What nobody comes back for."""

    async def test_an_upload_whose_time_is_over_is_removed_with_its_parts(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(12_000_000)
        await tus.patch(upload_id, 0, bytes(5_500_000))
        row = await world.context.uploads.get(upload_id)
        assert row
        assert row.begun
        await tus.patch(upload_id, 5_500_000, b"abc")
        await set_upload(world, upload_id, expires_at=now() - timedelta(seconds=1))
        assert await end_expired(world.context, now()) == 1
        assert await world.new_keys() == set()
        assert await world.rows("uploads") == []
        with pytest.raises(ObjectMissing):
            await world.storage.join_parts(row.key, row.begun, [(part.number, part.tag) for part in row.parts])

    async def test_one_that_is_being_judged_is_left_alone(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(10)
        await set_upload(world, upload_id, state="checking", expires_at=now() - timedelta(days=1))
        await end_expired(world.context, now())
        assert await world.context.uploads.get(upload_id)

    async def test_of_one_that_became_a_scan_the_scan_stays(self, tus: Tus, world: World) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        await tus.judged(upload_id)
        await set_upload(world, upload_id, expires_at=now() - timedelta(seconds=1))
        await end_expired(world.context, now())
        assert await world.rows("uploads") == []
        assert await tus.original(upload_id) == SMALL_PDF

    async def test_a_scan_that_no_letter_takes_is_discarded_in_the_end(self, tus: Tus, world: World) -> None:
        upload_id, taken = await tus.sent(SMALL_PDF), await tus.sent(scans.pdf(2, pixels=(100, 100)))
        await tus.judged(upload_id)
        await tus.judged(taken)
        await register(world, taken)
        await discard_forgotten(world.context, now() + timedelta(days=29))
        assert (await tus.scan(upload_id))["state"] == "ready"
        await discard_forgotten(world.context, now() + timedelta(days=31))
        assert (await tus.ask("GET", f"/v1/scans/{upload_id}")).status == 404
        assert (await tus.scan(taken))["taken_by"]
        assert len(await world.new_keys()) == 1

    async def test_unless_something_unfinished_names_it(
        self, tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keepers, "KEEPERS", (_everything,))
        upload_id = await tus.sent(SMALL_PDF)
        await tus.judged(upload_id)
        later = now() + timedelta(days=31)
        assert await discard_forgotten(world.context, later) == 1
        assert await discard_forgotten(world.context, later) == 0
        assert (await tus.scan(upload_id))["state"] == "ready"


async def _everything(context: Context, scan_ids: Any) -> set[str]:
    del context
    return set(scan_ids)


async def _begin_as(tus: Tus, position: str) -> Answer:
    return await tus.begin(10, Upload_Metadata=metadata(filename="a.pdf", as_position=position))
