"""/v1/classifications: brought in from a file, searched, and what a registration is told by it."""

import asyncio
from typing import Any

import aiohttp
import pytest

from services.chassis.sheets import read_sheets, write_workbook
from services.intake.domain.catalogue.classification import MAIN_GROUPS
from services.intake.main import build
from services.intake.settings import IntakeSettings
from tests.conftest import Serve
from tests.intake import scans
from tests.intake.world import Answer, World
from tests.signing import ALL_SCOPES, TokenSigner

PATH = "/v1/classifications"
CLERK_SCOPES = " ".join(sorted(ALL_SCOPES - {"organisation:write"}))
CSV = """kode;uraian
600;Pekerjaan Umum dan Ketenagaan
600.1;Pekerjaan Umum
600.1.2;Jalan dan Jembatan
600.1.10;Alat Berat
600.2;Ketenagaan
"""


async def brought(
    world: World, content: str | bytes = CSV, query: str = "?dry_run=false", name: str = "kode.csv", **claims: Any
) -> Answer:
    """Bring a file in."""
    form = aiohttp.FormData()
    form.add_field("file", content if isinstance(content, bytes) else content.encode(), filename=name)
    headers = world.headers(**claims)
    async with world.http.post(f"{PATH}/import{query}", data=form, headers=headers) as response:
        return Answer(response.status, response.headers, await response.json())


async def listed(world: World, query: str = "") -> list[str]:
    """The codes of one page."""
    return [one["code"] for one in (await world.get(f"{PATH}{query}")).body["items"]]


async def registered(world: World, code: str) -> Answer:
    """Register a letter under a code."""
    return await world.register(world.letter(classification=code), [("a.pdf", scans.pdf(1, pixels=(120, 160)))])


class TestList:
    """What there is."""

    async def test_begins_with_the_main_groups(self, world: World) -> None:
        answer = await world.get(PATH)
        assert (answer.body["version"], answer.headers["ETag"]) == (0, '"0"')
        assert {one["code"]: one["name"] for one in answer.body["items"]} == MAIN_GROUPS

    async def test_is_walked_from_the_top_down(self, world: World) -> None:
        await brought(world)
        assert await listed(world, "?main=true") == sorted(MAIN_GROUPS)
        assert await listed(world, "?parent=600") == ["600.1", "600.2"]
        assert await listed(world, "?parent=600.1") == ["600.1.2", "600.1.10"]
        (group,) = [one for one in (await world.get(PATH)).body["items"] if one["code"] == "600"]
        assert (group["children"], group["parent"]) == (2, None)

    @pytest.mark.parametrize(
        ("q", "codes"),
        [
            ("alat", ["600.1.10"]),
            ("jembatan jalan", ["600.1.2"]),
            ("600.1.", ["600.1.2", "600.1.10"]),
            ("umum 6", ["600", "600.1"]),
            ("tidak ada", []),
        ],
    )
    async def test_is_searched_by_words_and_by_the_beginning_of_a_code(
        self, world: World, q: str, codes: list[str]
    ) -> None:
        await brought(world)
        assert await listed(world, f"?q={q}") == codes

    async def test_pages_follow_each_other_without_a_gap(self, world: World) -> None:
        await brought(world)
        whole, found, cursor = await listed(world, "?limit=200"), list[str](), ""
        while True:
            page = (await world.get(f"{PATH}?limit=4{cursor}")).body
            found += [one["code"] for one in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert found == whole
        assert len(whole) == 14

    async def test_for_everybody_who_is_signed_in(self, world: World) -> None:
        for path in (PATH, f"{PATH}/versions"):
            assert (await world.act("GET", path, scope="letters:read")).status == 200
            async with world.http.get(path) as response:
                assert response.status == 401


class TestImport:
    """Bringing it in."""

    async def test_dry_run_says_what_would_be_done_and_does_nothing(self, world: World) -> None:
        answer = await brought(world, query="")
        assert answer.status == 200
        counts = {name: answer.body[name] for name in ("dry_run", "version", "made", "changed", "unchanged")}
        assert counts == {"dry_run": True, "version": 0, "made": 4, "changed": 0, "unchanged": 1}
        assert (await world.get(PATH)).body["version"] == 0

    async def test_is_in_force_at_once_and_the_same_again_changes_nothing(self, world: World) -> None:
        assert (await brought(world)).body["version"] == 1
        assert len(await listed(world)) == 14
        again = (await brought(world)).body
        assert (again["version"], again["made"], again["unchanged"]) == (1, 0, 5)

    async def test_a_workbook_is_read_as_well(self, world: World) -> None:
        rows: list[list[Any]] = [["Klasifikasi Arsip"], ["Kode", "Uraian"], [0, "Umum"], ["000.1", "Ketatausahaan"]]
        book = write_workbook({"Lampiran": [[*row, *[None] * (2 - len(row))] for row in rows]})
        answer = await brought(world, book, name="kode.xlsx")
        assert (answer.status, answer.body["made"], answer.body["unchanged"]) == (200, 1, 1)

    async def test_every_mistake_is_listed_with_its_row(self, world: World) -> None:
        wrong = (
            "kode;nama;aktif\n600.x;Salah;ya\n;Tanpa kode;\n700.1;;\n800.9.9;Tanpa induk;\n900.1;Satu;mungkin\n"
            "100.1;Satu;\n100.1;Dua;\n"
        )
        dry = (await brought(world, wrong, query="")).body
        shown = [(one["row"], one["column"]) for one in dry["errors"]]
        assert sorted(shown) == [(2, "kode"), (3, "kode"), (4, "nama"), (5, "kode"), (6, "aktif"), (8, "kode")]
        assert "baris 7" in next(one["message"] for one in dry["errors"] if one["row"] == 8)
        answer = await brought(world, wrong)
        assert (answer.status, answer.code) == (422, "import_refused")
        assert answer.body["errors"] == dry["errors"]
        assert (await world.get(PATH)).body["version"] == 0

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "import_refused"),
            (b"nama\nUmum\n", "import_refused"),
            (b"kode\n000\n", "import_refused"),
            (b"kode;nama\n", "import_refused"),
            (b"kode;kode;nama\n000;001;Umum\n", "import_refused"),
            (b"PK\x03\x04rusak", "sheet_unreadable"),
            (b"\x00\x01\x02", "sheet_unreadable"),
        ],
    )
    async def test_what_is_no_catalogue_is_refused(self, world: World, content: bytes, code: str) -> None:
        answer = await brought(world, content)
        assert (answer.status, answer.code) == (422, code)

    async def test_a_file_over_the_limit_is_refused(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("services.intake.api.classifications.MOST_BYTES", 50)
        monkeypatch.setattr("services.intake.commands.catalogue.import_classification.MOST_BYTES", 50)
        answer = await brought(world)
        assert (answer.status, answer.code) == (413, "import_too_large")

    async def test_names_change_and_what_a_whole_catalogue_leaves_out_is_retired(self, world: World) -> None:
        await brought(world)
        less = "kode;nama;aktif\n600;Pekerjaan Umum dan Ketenagaan;\n600.1;Bina Marga;\n600.2;Ketenagaan;tidak\n"
        answer = (await brought(world, less, "?dry_run=false&whole=true")).body
        assert (answer["version"], answer["changed"], answer["retired"]) == (2, 1, 12)
        renamed = next(one for one in answer["items"] if one["action"] == "changed")
        assert (renamed["name"], renamed["former_name"]) == ("Bina Marga", "Pekerjaan Umum")
        assert await listed(world) == ["600", "600.1"]
        assert len(await listed(world, "?retired=true")) == 14, "nothing is removed"
        back = (await brought(world, "kode;nama;aktif\n600.1.2;Jalan;ya\n")).body
        assert (back["restored"], back["version"]) == (1, 3)

    async def test_a_row_that_does_not_say_leaves_a_retired_code_retired(self, world: World) -> None:
        await brought(world, "kode;nama;aktif\n600.1;Bina Marga;tidak\n")
        assert (await brought(world, "kode;nama\n600.1;Bina Marga\n")).body["unchanged"] == 1

    async def test_every_version_is_kept_with_who_brought_it(self, world: World) -> None:
        await brought(world)
        await brought(world, "kode;nama\n700.1;Pengawasan Internal\n")
        shown = (await world.get(f"{PATH}/versions")).body["items"]
        assert [(one["version"], one["made"], one["by_name"], one["file"]) for one in shown] == [
            (2, 1, "Ni Luh Sari", "kode.csv"),
            (1, 4, "Ni Luh Sari", "kode.csv"),
        ]
        rows = await world.rows("classification_entries")
        assert {row["version"]: len(row["entries"]) for row in rows} == {1: 14, 2: 15}

    async def test_two_files_at_once_both_stand_or_one_is_told_to_try_again(self, world: World) -> None:
        files = [f"kode;nama\n{group}.1;Rincian\n" for group in range(100, 600, 100)]
        answers = await asyncio.gather(*(brought(world, file) for file in files))
        done = [answer for answer in answers if answer.status == 200]
        assert {answer.status for answer in answers} <= {200, 409}
        assert done
        assert len(await listed(world)) == 10 + len(done)
        assert (await world.get(PATH)).body["version"] == len(done)

    async def test_thousands_of_codes_come_in_and_go_out_again(self, world: World) -> None:
        codes = [f"{group:03}.{part}" for group in range(0, 1000, 100) for part in range(1, 401)]
        content = "kode;nama\n" + "".join(f"{code};Rincian {code}\n" for code in codes)
        assert (await brought(world, content)).body["made"] == 4000
        book = await world.download(f"{PATH}/export.xlsx")
        assert book.status == 200
        (rows,) = read_sheets(book.body, "x.xlsx").values()
        assert len(rows) == 4011
        again = (await brought(world, book.body, name="lagi.xlsx")).body
        assert (again["version"], again["unchanged"], again["errors"]) == (1, 4010, [])

    async def test_only_who_keeps_the_organisation(self, world: World) -> None:
        answer = await brought(world, scope=CLERK_SCOPES)
        assert (answer.status, answer.code) == (403, "forbidden")


class TestRegistration:
    """What a letter's classification is held against."""

    async def test_before_anything_was_brought_in_every_code_is_taken(self, world: World) -> None:
        answer = await registered(world, "000.1.2")
        assert (answer.status, answer.body["warnings"]) == (201, [])

    async def test_then_a_code_that_never_was_is_refused(self, world: World) -> None:
        await brought(world)
        assert (await registered(world, "600.1.10")).body["warnings"] == []
        answer = await registered(world, "600.1.11")
        assert (answer.status, answer.code, answer.body["field"]) == (422, "unknown_classification", "classification")
        assert len(await world.rows("letters")) == 1

    async def test_a_retired_code_is_taken_with_a_warning(self, world: World) -> None:
        await brought(world, "kode;nama;aktif\n600.1;Bina Marga;tidak\n")
        answer = await registered(world, "600.1")
        (warning,) = answer.body["warnings"]
        assert (warning["code"], "Bina Marga" in warning["detail"]) == ("retired_classification", True)

    async def test_a_correction_is_held_against_it_too(self, world: World) -> None:
        made = await world.registered(letter=world.letter(classification="620"))
        await brought(world)
        path = f"/v1/letters/{made['id']}"
        assert (await world.act("PATCH", path, {"reason": "Keliru", "subject": "Lain"})).status == 200
        answer = await world.act("PATCH", path, {"reason": "Keliru", "classification": "600.7"})
        assert (answer.status, answer.code) == (422, "unknown_classification")

    async def test_another_process_takes_a_new_code_at_once(
        self, world: World, intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner
    ) -> None:
        second = build(intake_settings, signer.keys)
        async with serve(second) as http:
            other = World(second, http, signer)
            other.operator, other.agency = world.operator, world.agency
            await brought(world)
            assert (await registered(other, "600.1.10")).status == 201
            await brought(world, "kode;nama\n600.3;Baru\n")
            assert (await registered(other, "600.3")).status == 201
        second.foundation.database.client.close()
