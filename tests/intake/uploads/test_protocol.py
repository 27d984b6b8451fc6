"""tus 1.0, clause by clause: core, creation, creation-with-upload, checksum, expiration, termination."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.intake.commands.uploads import arrival
from tests.intake import scans
from tests.intake.uploads.conftest import MOST
from tests.intake.uploads.tus import BYTES, Tus, checksum, metadata
from tests.intake.world import SMALL_PDF, World


class TestAbilities:
    """OPTIONS."""

    async def test_they_are_told_without_naming_a_version(self, tus: Tus, world: World) -> None:
        answer = await tus.ask("OPTIONS", "/v1/uploads", headers=world.headers())
        assert answer.status == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Max-Size"] == str(MOST)
        assert set(answer.headers["Tus-Extension"].split(",")) == {
            "creation",
            "creation-with-upload",
            "expiration",
            "checksum",
            "termination",
        }
        assert set(answer.headers["Tus-Checksum-Algorithm"].split(",")) >= {"sha1", "sha256", "md5"}


class TestVersion:
    """Tus-Resumable."""

    @pytest.mark.parametrize("given", [None, "0.2.2", "1.0.1"])
    async def test_another_version_is_refused_with_the_ones_there_are(self, tus: Tus, given: str | None) -> None:
        headers = {name: value for name, value in tus.headers().items() if name != "Tus-Resumable"}
        headers |= {"Tus-Resumable": given} if given else {}
        for method, path in (
            ("POST", ""),
            ("HEAD", f"/{new_id()}"),
            ("PATCH", f"/{new_id()}"),
            ("DELETE", f"/{new_id()}"),
        ):
            answer = await tus.ask(method, f"/v1/uploads{path}", headers=headers)
            assert answer.status == 412
            assert answer.headers["Tus-Version"] == "1.0.0"

    async def test_every_answer_names_it_refusals_too(self, tus: Tus) -> None:
        upload_id = await tus.begun(10)
        answers = [
            await tus.begin(10),
            await tus.begin(-1),
            await tus.ask("HEAD", f"/v1/uploads/{upload_id}"),
            await tus.ask("HEAD", f"/v1/uploads/{new_id()}"),
            await tus.ask("HEAD", "/v1/uploads/not-an-id"),
            await tus.patch(upload_id, 3, b"x"),
            await tus.patch(upload_id, 0, b"x"),
            await tus.ask("DELETE", f"/v1/uploads/{upload_id}"),
        ]
        assert [answer.status for answer in answers] == [201, 400, 200, 404, 422, 409, 204, 204]
        assert {answer.headers["Tus-Resumable"] for answer in answers} == {"1.0.0"}


class TestCreation:
    """POST."""

    async def test_it_says_where_to_go_on(self, tus: Tus) -> None:
        answer = await tus.begin(100)
        assert answer.status == 201
        assert answer.headers["Location"].startswith("/v1/uploads/")
        assert answer.headers["Upload-Offset"] == "0"

    async def test_what_was_said_of_the_file_is_repeated_as_it_was(self, tus: Tus) -> None:
        said = metadata(filename="Undangan Rapat.pdf", filetype="application/pdf") + ",is_confidential"
        answer = await tus.begin(100, Upload_Metadata=said)
        head = await tus.ask("HEAD", answer.headers["Location"])
        assert head.headers["Upload-Metadata"] == said
        assert head.headers["Upload-Length"] == "100"

    @pytest.mark.parametrize(
        ("said", "name"),
        [
            (metadata(filename="../../etc/passwd"), "passwd"),
            (metadata(filename="C:\\pindaian\\surat\x00\r\n1.pdf"), "surat 1.pdf"),
            (metadata(filename="…" * 400 + ".pdf"), "…" * 146 + ".pdf"),
            ("filename " + base64.b64encode(b"surat\xff.pdf").decode(), "surat�.pdf"),
            ("", "pindaian"),
        ],
    )
    async def test_a_file_name_is_made_harmless(self, tus: Tus, said: str, name: str) -> None:
        answer = await tus.begin(100, Upload_Metadata=said)
        scan = await tus.scan(answer.headers["Location"].removeprefix("/v1/uploads/"))
        assert scan["name"] == name

    @pytest.mark.parametrize(
        "said",
        [
            "filename a=b",
            "filename YQ==,filename Yg==",
            ",",
            "filename YQ",
            " , ",
            "a" * 5000,
            ",".join(f"k{n}" for n in range(21)),
        ],
    )
    async def test_metadata_that_cannot_be_read_is_refused(self, tus: Tus, said: str) -> None:
        answer = await tus.begin(100, Upload_Metadata=said)
        assert (answer.status, answer.code) == (400, "bad_metadata")

    @pytest.mark.parametrize("length", ["-1", "1.5", "x", "9" * 19, " "])
    async def test_a_length_that_is_no_number_is_refused(self, tus: Tus, length: str) -> None:
        assert (await tus.begin(0, Upload_Length=length)).status == 400

    async def test_a_length_must_be_said_at_once(self, tus: Tus) -> None:
        headers = tus.headers(Upload_Defer_Length="1")
        assert (await tus.ask("POST", "/v1/uploads", headers=headers)).code == "length_required"

    async def test_what_is_too_long_or_empty_is_refused_before_it_is_sent(self, tus: Tus) -> None:
        assert (await tus.begin(MOST + 1)).status == 413
        assert (await tus.begin(MOST)).status == 201
        assert (await tus.begin(0)).code == "scan_empty"

    async def test_it_may_begin_with_bytes(self, tus: Tus) -> None:
        answer = await tus.begin(10, body=b"0123")
        assert (answer.status, answer.headers["Upload-Offset"]) == (201, "4")
        whole = await tus.begin(len(SMALL_PDF), body=SMALL_PDF)
        assert (await tus.scan(whole.headers["Location"].removeprefix("/v1/uploads/")))["state"] == "ready"

    async def test_a_body_of_another_kind_is_no_part_of_the_file(self, tus: Tus) -> None:
        answer = await tus.ask("POST", "/v1/uploads", b"0123", tus.headers(Upload_Length="10"))
        assert (answer.status, answer.headers["Upload-Offset"]) == (201, "0")

    async def test_the_same_key_begins_the_same_upload(self, tus: Tus) -> None:
        first = await tus.begin(10, Idempotency_Key="a1", body=b"0123")
        again = await tus.begin(10, Idempotency_Key="a1", body=b"0123")
        assert again.headers["Location"] == first.headers["Location"]
        assert (again.status, again.headers["Upload-Offset"]) == (201, "4")

    async def test_nobody_begins_more_than_the_limit(self, tus: Tus) -> None:
        ids = [await tus.begun(10) for _ in range(5)]
        answer = await tus.begin(10)
        assert (answer.status, answer.code) == (429, "too_many_uploads")
        await tus.ask("DELETE", f"/v1/uploads/{ids[0]}")
        assert (await tus.begin(10)).status == 201

    async def test_a_key_whose_upload_was_over_the_limit_begins_none(self, tus: Tus) -> None:
        for _ in range(5):
            await tus.begun(10)
        assert (await tus.begin(10, Idempotency_Key="a1")).status == 429
        again = await tus.begin(10, Idempotency_Key="a1")
        assert (again.status, again.code) == (410, "upload_over")

    async def test_nor_more_bytes_and_others_are_not_concerned(self, tus: Tus, world: World) -> None:
        assert [(await tus.begin(MOST)).status for _ in range(3)] == [201, 201, 429]
        assert (await Tus(world, world.head).begin(MOST)).status == 201


class TestOffset:
    """HEAD."""

    async def test_it_grows_with_what_came_and_is_never_kept_by_anybody(self, tus: Tus) -> None:
        upload_id = await tus.begun(10)
        await tus.patch(upload_id, 0, b"abc")
        answer = await tus.ask("HEAD", f"/v1/uploads/{upload_id}")
        assert answer.headers["Upload-Offset"] == "3"
        assert answer.headers["Cache-Control"] == "no-store"

    async def test_it_is_still_told_when_all_is_here(self, tus: Tus) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        assert await tus.offset(upload_id) == len(SMALL_PDF)

    async def test_of_what_is_not_there_none_is_told(self, tus: Tus) -> None:
        answer = await tus.ask("HEAD", f"/v1/uploads/{new_id()}")
        assert answer.status == 404
        assert "Upload-Offset" not in answer.headers


class TestContinuing:
    """PATCH."""

    async def test_bytes_in_many_requests_are_the_file(self, tus: Tus, world: World) -> None:
        content = scans.pdf_of_size(300_000)
        upload_id = await tus.begun(len(content))
        for begin in range(0, len(content), 7_001):
            answer = await tus.patch(upload_id, begin, content[begin : begin + 7_001])
            assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(min(begin + 7_001, len(content))))
        assert await tus.original(upload_id) == content

    async def test_a_file_of_several_parts_is_the_file(self, tus: Tus, world: World) -> None:
        content = scans.pdf_of_size(12_000_000)
        upload_id = await tus.begun(len(content))
        for begin, end in ((0, 6_000_000), (6_000_000, 6_000_100), (6_000_100, 11_500_000), (11_500_000, len(content))):
            assert (await tus.patch(upload_id, begin, content[begin:end])).status == 204
        assert await tus.original(upload_id) == content
        assert {key.rsplit("/", 2)[0] for key in await world.new_keys()} == {"letters/scans/" + f"{now():%Y}"}

    @pytest.mark.parametrize("offset", [0, 2, 4, 10, 99])
    async def test_bytes_that_begin_elsewhere_are_refused(self, tus: Tus, offset: int) -> None:
        upload_id = await tus.begun(10)
        await tus.patch(upload_id, 0, b"abc")
        answer = await tus.patch(upload_id, offset, b"abc")
        assert (answer.status, answer.code, answer.headers["Upload-Offset"]) == (409, "offset_mismatch", "3")
        assert await tus.offset(upload_id) == 3

    async def test_a_stretch_sent_twice_counts_once(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(len(SMALL_PDF))
        first, rest = SMALL_PDF[:500], SMALL_PDF[500:]
        answers = [await tus.patch(upload_id, 0, first) for _ in range(3)]
        assert [answer.status for answer in answers] == [204, 409, 409]
        answers = [await tus.patch(upload_id, 500, rest) for _ in range(2)]
        assert [answer.status for answer in answers] == [204, 409]
        assert await tus.original(upload_id) == SMALL_PDF

    async def test_what_is_longer_than_was_said_is_refused(self, tus: Tus) -> None:
        async def endless() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b"x" * 1000

        upload_id = await tus.begun(10)
        assert (await tus.patch(upload_id, 0, b"x" * 11)).code == "upload_too_long"
        assert (await tus.patch(upload_id, 0, endless())).code == "upload_too_long"
        assert (await tus.patch(upload_id, await tus.offset(upload_id), b"")).status == 204

    @pytest.mark.parametrize("kind", ["application/octet-stream", "application/pdf", ""])
    async def test_a_body_of_another_kind_is_refused(self, tus: Tus, kind: str) -> None:
        upload_id = await tus.begun(10)
        answer = await tus.patch(upload_id, 0, b"abc", Content_Type=kind)
        assert (answer.status, answer.code) == (415, "offset_type_required")

    async def test_where_it_begins_must_be_said(self, tus: Tus) -> None:
        upload_id = await tus.begun(10)
        headers = tus.headers(Content_Type=BYTES)
        answer = await tus.ask("PATCH", f"/v1/uploads/{upload_id}", b"abc", headers)
        assert (answer.status, answer.code) == (400, "offset_required")

    async def test_an_upload_that_is_not_there_is_not_there(self, tus: Tus) -> None:
        assert (await tus.patch(new_id(), 0, b"abc")).status == 404

    async def test_whoever_may_only_post_says_what_is_meant(self, tus: Tus) -> None:
        upload_id = await tus.begun(10)

        async def meant(method: str, body: bytes | None = None, **more: str) -> Any:
            headers = tus.headers(X_HTTP_Method_Override=method, **more)
            return await tus.ask("POST", f"/v1/uploads/{upload_id}", body, headers)

        assert (await meant("PATCH", b"abc", Upload_Offset="0", Content_Type=BYTES)).headers["Upload-Offset"] == "3"
        assert (await meant("HEAD")).headers["Upload-Offset"] == "3"
        assert (await meant("DELETE")).status == 204
        assert (await meant("GET")).status == 405


class TestChecksum:
    """Upload-Checksum."""

    @pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
    async def test_bytes_that_are_what_was_said_count(self, tus: Tus, algorithm: str) -> None:
        upload_id = await tus.begun(10)
        answer = await tus.patch(upload_id, 0, b"0123", Upload_Checksum=checksum(b"0123", algorithm))
        assert (answer.status, answer.headers["Upload-Offset"]) == (204, "4")

    async def test_of_bytes_that_are_not_none_counts(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(len(SMALL_PDF))
        answer = await tus.patch(upload_id, 0, SMALL_PDF[:900], Upload_Checksum=checksum(b"another"))
        assert (answer.status, answer.code) == (460, "checksum_mismatch")
        assert await tus.offset(upload_id) == 0
        assert await world.new_keys() == set()

    async def test_nor_of_parts_that_were_put_meanwhile(self, tus: Tus, world: World) -> None:
        content = scans.pdf_of_size(7_000_000)
        upload_id = await tus.begun(len(content))
        await tus.patch(upload_id, 0, content[:1000])
        answer = await tus.patch(upload_id, 1000, b"x" * 6_500_000, Upload_Checksum=checksum(b"another"))
        assert (answer.status, await tus.offset(upload_id)) == (460, 1000)
        answer = await tus.patch(upload_id, 1000, content[1000:], Upload_Checksum=checksum(content[1000:]))
        assert answer.status == 204
        assert await tus.original(upload_id) == content

    async def test_what_never_proves_right_fills_the_store_no_further(
        self, tus: Tus, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(arrival, "IN_VAIN", 2)
        upload_id = await tus.begun(6_000_000)
        wrong = [await tus.patch(upload_id, 0, bytes(6_000_000), Upload_Checksum=checksum(b"another")) for _ in "12345"]
        assert [answer.status for answer in wrong] == [460, 460, 460, 460, 410]
        assert wrong[-1].code == "upload_worn"

    @pytest.mark.parametrize("said", ["sha512 YQ==", "sha1", "sha1 YQ==", "sha1 ***", ""])
    async def test_what_cannot_be_checked_is_refused(self, tus: Tus, said: str) -> None:
        upload_id = await tus.begun(10)
        answer = await tus.patch(upload_id, 0, b"0123", Upload_Checksum=said)
        assert (answer.status, answer.code) == (400, "bad_checksum")

    async def test_the_first_bytes_are_checked_too(self, tus: Tus) -> None:
        answer = await tus.begin(10, body=b"0123", Upload_Checksum=checksum(b"wrong"))
        assert answer.status == 460


class TestExpiration:
    """Upload-Expires."""

    async def test_it_is_told_and_moves_on_with_every_byte(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(10)
        uploads = world.service.foundation.database["uploads"]
        await uploads.update_one({"_id": upload_id}, {"$set": {"expires_at": now() + timedelta(hours=1)}})
        answer = await tus.patch(upload_id, 0, b"abc")
        left = parsedate_to_datetime(answer.headers["Upload-Expires"]) - now()
        assert timedelta(days=6, hours=23) < left <= timedelta(days=7)

    async def test_what_is_over_is_gone(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(10)
        uploads = world.service.foundation.database["uploads"]
        await uploads.update_one({"_id": upload_id}, {"$set": {"expires_at": now()}})
        answers = [await tus.patch(upload_id, 0, b"abc"), await tus.ask("DELETE", f"/v1/uploads/{upload_id}")]
        assert [(answer.status, answer.code) for answer in answers] == [(410, "upload_over")] * 2


class TestTermination:
    """DELETE."""

    async def test_nothing_is_left(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(12_000_000)
        await tus.patch(upload_id, 0, bytes(6_000_000))
        answer = await tus.ask("DELETE", f"/v1/uploads/{upload_id}")
        assert answer.status == 204
        assert await world.new_keys() == set()
        assert (await tus.ask("HEAD", f"/v1/uploads/{upload_id}")).status in (404, 410)
        assert (await tus.patch(upload_id, 0, b"abc")).status in (404, 410)

    async def test_the_scan_that_came_of_it_goes_too(self, tus: Tus, world: World) -> None:
        upload_id = await tus.sent(SMALL_PDF)
        assert (await tus.ask("DELETE", f"/v1/uploads/{upload_id}")).status == 204
        assert (await tus.ask("GET", f"/v1/scans/{upload_id}")).status == 404
        assert await world.new_keys() == set()


class TestOthers:
    """An upload is its maker's alone."""

    async def test_for_a_stranger_it_is_not_there(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(10)
        stranger = Tus(world, world.head)
        answers = [
            await stranger.ask("HEAD", f"/v1/uploads/{upload_id}"),
            await stranger.patch(upload_id, 0, b"abc"),
            await stranger.ask("DELETE", f"/v1/uploads/{upload_id}"),
            await stranger.ask("GET", f"/v1/scans/{upload_id}"),
            await stranger.ask("DELETE", f"/v1/scans/{upload_id}"),
            await stranger.ask("GET", f"/v1/scans/{upload_id}/file"),
        ]
        assert [answer.status for answer in answers] == [404] * 6
        assert await tus.offset(upload_id) == 0

    async def test_without_the_right_to_register_nothing_begins(self, tus: Tus, world: World) -> None:
        headers = tus.headers(Upload_Length="10") | world.headers(scope="letters:read")
        assert (await tus.ask("POST", "/v1/uploads", headers=headers)).status == 403

    async def test_nor_without_a_name(self, tus: Tus) -> None:
        answer = await tus.ask("POST", "/v1/uploads", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10"})
        assert answer.status == 401
