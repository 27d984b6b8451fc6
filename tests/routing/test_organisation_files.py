"""H1: the organisation as files, over HTTP."""

from io import BytesIO
from typing import Any

import aiohttp
import pytest
from openpyxl import load_workbook

from services.chassis.auth import Principal
from services.chassis.service import Service
from services.chassis.sheets import XLSX, write_workbook
from tests.events import published, types_published
from tests.people import principal
from tests.routing.conftest import Call
from tests.routing.domain.importing.files import UNITS, WHOLE, rows
from tests.routing.officials import official
from tests.routing.regency import ADMIN, Regency
from tests.signing import TokenSigner

CLERK = principal().model_copy(update={"scopes": frozenset({"letters:read"})})


def workbook(**sheets: str) -> bytes:
    """The sheets as an XLSX file."""
    return write_workbook({name: [cells for _, cells in rows(text)] for name, text in sheets.items()})


class Files:
    """Sends and fetches files."""

    def __init__(self, http: aiohttp.ClientSession, signer: TokenSigner) -> None:
        self._http = http
        self._signer = signer

    async def send(
        self, content: bytes, name: str = "organisasi.xlsx", caller: Principal = ADMIN, **query: str
    ) -> tuple[int, dict[str, Any]]:
        """Import a file."""
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        headers = self._signer.headers(caller)
        async with self._http.post("/v1/organisation/import", data=form, params=query, headers=headers) as answer:
            return answer.status, await answer.json()

    async def fetch(self, path: str, caller: Principal = ADMIN) -> tuple[int, bytes, str]:
        """Download a file."""
        async with self._http.get(f"/v1/organisation/{path}", headers=self._signer.headers(caller)) as answer:
            return answer.status, await answer.read(), answer.headers["Content-Type"]


@pytest.fixture
def files(http: aiohttp.ClientSession, signer: TokenSigner) -> Files:
    """A client for files."""
    return Files(http, signer)


class TestImport:
    async def test_H1_a_dry_run_says_what_would_be_and_does_nothing(
        self, routing: Service, call: Call, files: Files
    ) -> None:
        status, plan = await files.send(workbook(**WHOLE))
        assert (status, plan["dry_run"], plan["errors"]) == (200, True, [])
        assert (plan["made"], plan["changed"], plan["unchanged"]) == (18, 0, 0)
        assert plan["items"][0] == {
            "sheet": "unit",
            "row": 2,
            "action": "made",
            "entity": "unit",
            "id": plan["items"][0]["id"],
            "label": "Bupati",
            "fields": [],
        }
        assert await published(routing) == []
        assert (await call(ADMIN, "GET", "/v1/units"))[1]["items"] == []

    async def test_H1_a_whole_regency_is_taken_in_at_once_and_a_second_time_nothing_changes(
        self, routing: Service, call: Call, files: Files
    ) -> None:
        content = workbook(**WHOLE)
        status, plan = await files.send(content, dry_run="false")
        assert (status, plan["made"], plan["dry_run"]) == (200, 18, False)
        told = await types_published(routing)
        assert (
            told == ["routing.unit.changed"] * 6 + ["routing.position.changed"] * 6 + ["routing.assignment.changed"] * 3
        )
        _, page, _ = await call(ADMIN, "GET", "/v1/positions", params={"q": "kepala bidang"})
        assert len(page["items"][0]["superiors"]) == 3
        _, history, _ = await call(ADMIN, "GET", f"/v1/positions/{page['items'][0]['id']}/history")
        assert (history["items"][0]["act"], history["items"][0]["by"]["name"]) == ("imported", "Admin Kabupaten")
        status, again = await files.send(content, dry_run="false")
        assert (again["made"], again["changed"], again["unchanged"]) == (0, 0, 18)
        assert await types_published(routing) == told

    async def test_every_mistake_is_told_and_nothing_is_done(self, routing: Service, files: Files) -> None:
        broken = WHOLE | {
            "unit": UNITS.replace("bidang ", "bidan ").replace("OPD        | SETDA", "OPD        | STDA"),
            "pegawai": "nama|nip\nWayan|19\nMade|197001011990031001",
        }
        status, plan = await files.send(workbook(**broken))
        assert status == 200
        status, problem = await files.send(workbook(**broken), dry_run="false")
        assert (status, problem["code"]) == (422, "import_refused")
        assert problem["errors"] == plan["errors"]
        assert f"ada {len(plan['errors'])} kesalahan" in problem["detail"]
        places = {(one["sheet"], one["row"], one["column"]) for one in plan["errors"]}
        assert {("unit", 5, "jenis_unit"), ("pegawai", 2, "nip"), ("unit", 4, "induk")} <= places
        assert await published(routing) == []

    async def test_text_files_come_one_sheet_each_or_mixed(self, call: Call, files: Files) -> None:
        content = "\ufeffkode;nama;jenis_unit\r\nPU;Dinas PU;opd\r\n".encode()
        for answer in (await files.send(content, "unit.csv"), await files.send(content, "daftar.csv", kind="unit")):
            status, plan = answer
            assert (status, plan["made"], plan["errors"]) == (200, 1, [])
        mixed = b"jenis,nama,jenis_unit,nip\nunit,Dinas PU,opd,\npegawai,Wayan,,197001011990031001\n"
        assert (await files.send(mixed, "semua.csv", dry_run="false"))[1]["made"] == 2
        _, plan = await files.send(content, "daftar.csv")
        assert "daftar tidak dikenal" in plan["errors"][0]["message"]

    async def test_what_changed_meanwhile_is_planned_against_as_it_is(
        self, routing: Service, call: Call, files: Files
    ) -> None:
        await files.send(workbook(**WHOLE), dry_run="false")
        _, page, _ = await call(ADMIN, "GET", "/v1/units", params={"q": "desa sekartaji"})
        village = page["items"][0]
        await call(ADMIN, "PATCH", f"/v1/units/{village['id']}", json={"code": "SKT", "name": "Desa Sekar"})
        status, plan = await files.send(workbook(unit="kode|nama|jenis_unit\nSKT|Desa Sekartaji|desa"), dry_run="false")
        assert (status, plan["items"][0]["fields"]) == (
            200,
            [{"field": "name", "before": "Desa Sekar", "after": "Desa Sekartaji"}],
        )
        assert (await call(ADMIN, "GET", f"/v1/units/{village['id']}"))[1]["version"] == 3

    async def test_what_is_no_sheet_and_who_may_not_are_refused(self, files: Files) -> None:
        assert (await files.send(b"%PDF-1.7 \x00", "surat.pdf"))[0] == 422
        assert (await files.send(b"PK\x03\x04", "a.xlsx"))[1]["code"] == "sheet_unreadable"
        assert (await files.send(b"", "unit.csv"))[1]["errors"] != []
        assert (await files.send(workbook(**WHOLE), caller=CLERK))[0] == 403
        for path in ("export.xlsx", "import/template.xlsx"):
            assert (await files.fetch(path, CLERK))[0] == 403


class TestExport:
    async def test_importing_the_export_changes_nothing(
        self, routing: Service, regency: Regency, call: Call, files: Files
    ) -> None:
        names = (("Nusa Penida", "Banjarangkan"), ("Sekartaji", "Takmung"), ("Dinas Pekerjaan Umum", "Dinas Kesehatan"))
        for name, text in WHOLE.items():
            for here, there in names:
                text = text.replace(here, there)
            assert (await files.send(workbook(**{name: text}), dry_run="false"))[0] == 200
        await official(call, regency, "head", "Ni Luh Sari", nip="198001012005012001")
        await official(call, regency, "roads", "I Gede Tirta", ends_on="2024-12-31")
        gone = f"/v1/positions/{regency.positions['neighbour'].id}"
        await call(ADMIN, "PATCH", gone, json={"active": False})
        told = await published(routing)
        status, content, kind = await files.fetch("export.xlsx")
        assert (status, kind) == (200, XLSX)
        sheets = load_workbook(BytesIO(content))
        assert sheets.sheetnames == ["unit", "jabatan", "pegawai", "penugasan"]
        assert "Operator Desa Batukandik" in {row[1].value for row in sheets["jabatan"] if row[5].value == "tidak"}
        status, plan = await files.send(content, dry_run="false")
        assert (status, plan["made"], plan["changed"], plan["errors"]) == (200, 0, 0, [])
        assert plan["unchanged"] == 10 + 14 + 5 + 4
        assert await published(routing) == told


class TestTemplate:
    async def test_an_empty_workbook_explains_itself(self, files: Files) -> None:
        status, content, kind = await files.fetch("import/template.xlsx")
        assert (status, kind) == (200, XLSX)
        book = load_workbook(BytesIO(content))
        assert book.sheetnames == ["unit", "jabatan", "pegawai", "penugasan", "petunjuk"]
        assert [cell.value for cell in book["unit"][1]] == ["kode", "nama", "jenis_unit", "induk", "aktif"]
        assert book["pegawai"].column_dimensions["C"].number_format == "@"
        assert any("kecamatan" in str(rule.formula1) for rule in book["unit"].data_validations.dataValidation)
        explained = {(row[0].value, row[1].value) for row in book["petunjuk"].iter_rows(min_row=2)}
        assert ("penugasan", "dasar_hukum") in explained
        _, plan = await files.send(content)
        assert [one["message"] for one in plan["errors"]] == ["Berkas ini tidak memuat satu baris data pun."]
