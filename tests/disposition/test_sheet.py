"""The lembar disposisi over HTTP, read back from the paper, and verified by whoever holds it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from services.chassis.auth import HeldPosition, Principal
from services.chassis.ids import new_id
from services.disposition.store.seals import Seals
from tests.conftest import Serve, SettingsFor
from tests.disposition.office import ADDRESS, an_office, assigned
from tests.disposition.test_register_changes import correction
from tests.disposition.world import Json, World, to
from tests.people import principal, unit_changed
from tests.printed import archival_part, codes_on, sheets, text_of
from tests.signing import ALL_SCOPES, TokenSigner

VERIFY = "/v1/public/dispositions/verify"
FORM = "/v1/disposition-form"
ADMIN = principal(name="Admin Kabupaten")
CLERK = principal().model_copy(update={"scopes": ALL_SCOPES - {"organisation:write"}})


@pytest.fixture
async def office(settings_for: SettingsFor, serve: Serve, signer: TokenSigner) -> AsyncIterator[World]:
    """An office that prints under its name."""
    async with an_office(settings_for, serve, signer) as world:
        yield world


async def answer(world: World, who: HeldPosition | Principal, given: Json) -> tuple[int, bytes, Mapping[str, str]]:
    """The answer to asking for the sheet."""
    person = who if isinstance(who, Principal) else principal(who)
    path = f"/v1/dispositions/{given['id']}/sheet.pdf"
    async with world.http.get(path, headers=world.signer.headers(person)) as response:
        return response.status, await response.read(), response.headers


async def printed(world: World, given: Json, who: HeldPosition | Principal | None = None) -> bytes:
    """The sheet, which must be printed."""
    status, pdf, _ = await answer(world, who or world.head, given)
    assert status == 200, pdf
    return pdf


def code_on(pdf: bytes) -> str:
    """The code that the QR leads with."""
    [link] = codes_on(pdf)
    address, _, code = link.partition("#")
    assert address == ADDRESS
    return code


async def verified(world: World, code: str, **more: Any) -> tuple[int, Json]:
    """What anybody on the street is told."""
    async with world.http.post(VERIFY, json={"code": code, **more}) as response:
        assert response.status != 200 or response.headers["Cache-Control"] == "no-store"
        return response.status, await response.json()


class TestPrint:
    async def test_P10_everything_that_was_ordered_is_on_it(self, office: World) -> None:
        given = await office.disposed(
            office.head,
            to(office.secretary, "pelajari", "sosialisasikan", responsible=True, note="Cek anggarannya"),
            to(office.division_head, "sosialisasikan", due_on="2099-03-04"),
            note="Laporkan hari Senin",
        )
        status, pdf, headers = await answer(office, office.head, given)
        assert (status, headers["Content-Type"]) == (200, "application/pdf")
        assert headers["Content-Disposition"] == 'inline; filename="disposisi-1-2026.pdf"'
        assert "no-store" in headers["Cache-Control"]
        text = text_of(pdf)
        for part in (
            "PEMERINTAH KABUPATEN KLUNGKUNG",
            "DINAS PEKERJAAN UMUM",
            "LEMBAR DISPOSISI",
            "Desa Sekartaji",
            "140/17/Pem/2026",
            "28 Februari 2026",
            "2 Maret 2026",
            "1/2026",
            "Permohonan peminjaman alat berat",
            "Diteruskan kepada Sdr.:",
            "Sekretaris Dinas PU penanggung jawab",
            "Cek anggarannya",
            "Kepala Bidang Alat Berat koordinasi, batas 4 Maret 2099",
            "Dengan hormat harap:",
            "Pelajari / telaah (1)",
            "Menghadap / bicarakan dengan saya",
            "Laporkan hari Senin",
            "Kepala Dinas PU",
            given["id"],
            code_on(pdf),
        ):
            assert part in text, part
        assert "Sosialisasikan (" not in text

    async def test_it_is_half_a_folio_and_fit_for_the_archive(self, office: World) -> None:
        pdf = await printed(office, await office.disposed(office.head, to(office.secretary)))
        assert sheets(pdf) == [(165, 215)]
        assert archival_part(pdf) == "2"
        assert len(pdf) < 80_000

    async def test_P7_a_plt_signs_as_plt_with_nip_and_rank(self, office: World) -> None:
        person = principal(office.head.model_copy(update={"capacity": "plt"}), name="Made Arta")
        await office.tell(assigned(office, person.person_id, "plt"))
        pdf = await printed(office, await office.disposed(person, to(office.secretary)), person)
        text = text_of(pdf)
        for part in ("Plt. Kepala Dinas PU", "Made Arta", "Pembina Tingkat I (IV/b)", "NIP 19700101 199503 1 002"):
            assert part in text, part

    async def test_the_same_order_is_the_same_file_whoever_prints_it(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        await office.act(office.secretary, given, "reply", {"quick_reply": "siap"})
        files = [await printed(office, given, who) for who in (office.head, office.secretary, office.registrar)]
        assert files[0] == files[1] == files[2]

    async def test_many_at_once_print_one_page(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        files = await asyncio.gather(*(printed(office, given) for _ in range(6)))
        assert len(set(files)) == 1

    async def test_who_printed_it_is_noted(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        pdf = await printed(office, given, office.secretary)
        rows = await office.service.foundation.database[Seals.PRINTINGS].find({}).to_list(None)
        assert [(row["code"], row["by"]["position_id"]) for row in rows] == [
            (code_on(pdf), office.secretary.position_id)
        ]

    async def test_what_was_passed_on_is_signed_by_who_passed_it_on(self, office: World) -> None:
        await office.disposed(office.head, to(office.division_head))
        child = await office.disposed(office.division_head, to(office.officers[0]))
        text = text_of(await printed(office, child, office.officers[0]))
        assert "Kepala Bidang Alat Berat" in text
        assert "Staf Alat Berat 1" in text
        assert "Kepala Dinas PU" not in text

    async def test_a_label_that_changed_since_is_printed_as_it_was_given(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary, "pelajari"))
        body = {"labels": {"id": "Kaji ulang"}, "effect": "reply"}
        await office.call(ADMIN, "PUT", "/v1/instructions/pelajari", body)
        await office.call(ADMIN, "POST", "/v1/instructions/pelajari/retire")
        text = text_of(await printed(office, given))
        assert "Pelajari / telaah" in text
        assert "Kaji ulang" not in text

    async def test_a_letter_that_was_not_heard_of_is_printed_without_number(self, world: World) -> None:
        pdf = await printed(world, await world.disposed(world.head, to(world.secretary)))
        assert "Desa Sekartaji" in text_of(pdf)

    @pytest.mark.parametrize("note", ['#read("/etc/h")', "*tebal* $x^2$", "] #text(red)[merah", "W" * 2000, "😀 ᬒᬁ"])
    async def test_whatever_is_written_the_code_stays_readable(self, office: World, note: str) -> None:
        given = await office.disposed(office.head, to(office.secretary, note=note[:2000]))
        pdf = await printed(office, given)
        assert code_on(pdf) in text_of(pdf)
        assert len(note) > 400 or not note.isascii() or note in text_of(pdf)


class TestAccess:
    async def test_K6_who_may_not_see_it_finds_no_sheet(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        for who in (office.stranger, office.officers[0]):
            assert (await answer(office, who, given))[0] == 404
        assert (await answer(office, office.head, {"id": new_id()}))[0] == 404

    async def test_without_a_token_nobody_prints(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        async with office.http.get(f"/v1/dispositions/{given['id']}/sheet.pdf") as response:
            assert response.status == 401


class TestVerify:
    async def test_tells_who_signed_what_when_and_that_it_holds(self, office: World) -> None:
        person = principal(office.head.model_copy(update={"capacity": "plt"}), name="Made Arta")
        given = await office.disposed(person, to(office.secretary))
        status, told = await verified(office, code_on(await printed(office, given, person)))
        assert (status, told["kind_label"], told["state"]) == (200, "Lembar disposisi", "unchanged")
        assert (told["signed_by"], told["unit"]) == ("Plt. Kepala Dinas PU", "Dinas Pekerjaan Umum")
        assert told["label"] == "Isi disposisi masih sama dengan yang tercetak pada lembar ini."
        assert told["genuine_file"] is None

    async def test_discloses_nothing_of_the_content(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary, "menghadap", note="Jangan sampai bocor"))
        _, told = await verified(office, code_on(await printed(office, given)))
        assert set(told) == {
            "kind", "kind_label", "signed_by", "unit", "signed_on", "printed_at", "state", "label", "genuine_file"
        }  # fmt: skip
        said = str(told)
        for secret in (given["id"], office.letter.letter_id, office.letter.subject, "bocor", "Sekretaris", "Menghadap"):
            assert secret not in said

    async def test_answers_and_progress_change_nothing(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        code = code_on(await printed(office, given))
        await office.act(office.secretary, given, "reply", {"quick_reply": "siap"})
        await office.act(office.secretary, given, "complete")
        assert (await verified(office, code))[1]["state"] == "unchanged"

    async def test_what_was_amended_is_told_and_a_new_sheet_holds(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        code = code_on(await printed(office, given))
        part = given["recipients"][0]["recipient_id"]
        path = f"/v1/dispositions/{given['id']}/recipients/{part}"
        status, _, _ = await office.call(office.head, "PATCH", path, {"note": "Segera"})
        assert status == 200
        assert (await verified(office, code))[1]["state"] == "changed"
        newer = code_on(await printed(office, given))
        assert newer != code
        assert (await verified(office, newer))[1]["state"] == "unchanged"

    async def test_a_recipient_added_later_is_told(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        code = code_on(await printed(office, given))
        path = f"/v1/dispositions/{given['id']}/recipients"
        assert (await office.post(office.head, path, {"recipients": [to(office.division_head)]}))[0] == 201
        assert (await verified(office, code))[1]["state"] == "changed"

    async def test_what_was_taken_back_is_told(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        code = code_on(await printed(office, given))
        assert (await office.post(office.head, f"/v1/dispositions/{given['id']}/recall", {}))[0] == 200
        _, told = await verified(office, code)
        assert (told["state"], told["label"]) == ("recalled", "Disposisi ini sudah ditarik kembali oleh pemberinya.")

    async def test_another_page_of_the_same_order_holds_too(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        code = code_on(await printed(office, given))
        numbered = correction(office.letter, letter_number="140/18/Pem/2026", subject=office.letter.subject)
        await office.tell(numbered, seq=2)
        newer = code_on(await printed(office, given))
        assert newer != code
        assert [(await verified(office, one))[1]["state"] for one in (code, newer)] == ["unchanged", "unchanged"]

    async def test_a_file_that_was_tampered_with_is_told_from_the_printed_one(self, office: World) -> None:
        pdf = await printed(office, await office.disposed(office.head, to(office.secretary)))
        code = code_on(pdf)
        for file, genuine in ((pdf, True), (pdf + b"\n", False)):
            sha256 = hashlib.sha256(file).hexdigest()
            assert (await verified(office, code, sha256=sha256))[1]["genuine_file"] is genuine

    async def test_however_the_code_is_written(self, office: World) -> None:
        code = code_on(await printed(office, await office.disposed(office.head, to(office.secretary))))
        for written in (code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", code.replace("0", "o")):
            assert (await verified(office, written))[0] == 200, written

    @pytest.mark.parametrize("code", ["7K3M4-Q2XDB-9FJR0-5TVW1", "x", "../../etc", "\u0000", "7K3M-Q2XD-9FJR"])
    async def test_a_code_on_no_paper(self, office: World, code: str) -> None:
        status, problem = await verified(office, code)
        assert (status, problem["code"]) == (404, "not_found")
        assert problem["detail"] == "Kode ini tidak ada pada lembar disposisi mana pun."

    async def test_the_id_of_a_disposition_or_of_a_letter_is_no_code(self, office: World) -> None:
        given = await office.disposed(office.head, to(office.secretary))
        await printed(office, given)
        for one in (given["id"], office.letter.letter_id, office.letter.tracking_code):
            assert (await verified(office, one))[0] == 404

    @pytest.mark.parametrize(
        "body", [{}, {"code": ""}, {"code": "x" * 65}, {"code": "x", "sha256": "y"}, {"kode": "x"}]
    )
    async def test_what_makes_no_sense(self, office: World, body: Json) -> None:
        async with office.http.post(VERIFY, json=body) as response:
            assert response.status == 422


class TestLimits:
    async def test_who_tries_too_often_waits(
        self, settings_for: SettingsFor, serve: Serve, signer: TokenSigner
    ) -> None:
        async with an_office(settings_for, serve, signer, public_tries_per_client="5/minute") as office:
            answers = await asyncio.gather(*(verified(office, "7K3M4-Q2XDB-9FJR0-5TVW1") for _ in range(8)))
            assert sorted(status for status, _ in answers) == [404] * 5 + [429] * 3
            problem = next(told for status, told in answers if status == 429)
            assert problem["code"] == "too_many_attempts"


class TestForm:
    async def test_H16_its_words_and_letterheads_are_the_regencys(self, office: World) -> None:
        form = {
            "title": "DISPOSISI BUPATI",
            "requested": "Mohon agar:",
            "letterhead": ["PEMKAB KLUNGKUNG", "{unit}", "Jl. Untung Surapati 2"],
            "place": "Semarapura",
        }
        given = await office.disposed(office.head, to(office.secretary))
        status, kept, headers = await office.call(ADMIN, "PUT", FORM, form, {"If-Match": '"1"'})
        assert (status, headers["ETag"], kept["by_name"]) == (200, '"2"', "Admin Kabupaten")
        text = text_of(await printed(office, given))
        for part in ("PEMKAB KLUNGKUNG", "Jl. Untung Surapati 2", "DISPOSISI BUPATI", "Mohon agar:", "Semarapura,"):
            assert part in text, part
        assert "LEMBAR DISPOSISI" not in text

    async def test_a_unit_has_a_letterhead_of_its_own(self, office: World) -> None:
        await office.tell(unit_changed(office.unit_id))
        given = await office.disposed(office.head, to(office.secretary))
        own = {"unit_id": office.unit_id, "letterhead": ["DINAS PU DAN PENATAAN RUANG"]}
        form = {"letterhead": ["PEMKAB KLUNGKUNG"], "units": [own]}
        assert (await office.call(ADMIN, "PUT", FORM, form))[0] == 200
        text = text_of(await printed(office, given))
        assert "DINAS PU DAN PENATAAN RUANG" in text
        assert "PEMKAB" not in text

    async def test_sheets_printed_before_stay_genuine(self, office: World) -> None:
        code = code_on(await printed(office, await office.disposed(office.head, to(office.secretary))))
        await office.call(ADMIN, "PUT", FORM, {"title": "DISPOSISI"})
        assert (await verified(office, code))[1]["state"] == "unchanged"

    async def test_everybody_inside_may_read_it(self, office: World) -> None:
        status, kept, headers = await office.call(CLERK, "GET", FORM)
        assert (status, headers["ETag"], kept["version"], kept["by_name"]) == (200, '"1"', 1, None)
        assert kept["form"]["title"] == "LEMBAR DISPOSISI"

    async def test_only_who_keeps_the_organisation_sets_it(self, office: World) -> None:
        assert (await office.call(CLERK, "PUT", FORM, {"title": "X"}))[0] == 403
        async with office.http.get(FORM) as response:
            assert response.status == 401

    async def test_of_many_at_once_that_have_seen_the_same_one_wins(self, office: World) -> None:
        asked = [office.call(ADMIN, "PUT", FORM, {"title": f"LEMBAR {n}"}, {"If-Match": '"1"'}) for n in range(6)]
        assert sorted(status for status, _, _ in await asyncio.gather(*asked)) == [200, 412, 412, 412, 412, 412]

    async def test_the_same_again_changes_nothing(self, office: World) -> None:
        found = [await office.call(ADMIN, "PUT", FORM, {"title": "DISPOSISI"}) for _ in range(2)]
        assert [headers["ETag"] for _, _, headers in found] == ['"2"', '"2"']

    async def test_a_unit_nobody_knows_is_refused(self, office: World) -> None:
        status, problem, _ = await office.call(ADMIN, "PUT", FORM, {"units": [{"unit_id": new_id()}]})
        assert (status, problem["code"]) == (422, "unknown_unit")

    @pytest.mark.parametrize("wrong", [{"title": ""}, {"judul": "X"}, {"letterhead": ["x"] * 6}, {"note": "y" * 121}])
    async def test_what_makes_no_sense_is_refused(self, office: World, wrong: Json) -> None:
        assert (await office.call(ADMIN, "PUT", FORM, wrong))[0] == 422
