"""The books of an office that works and practises, and what its letters take up. The office is the tests' own."""

import pytest

from deploy.demo.client import Client, Json
from services.chassis.sheets import read_sheets
from tests.flow.cast import Cast
from tests.flow.desk import arrived, in_box, replace, told
from tests.flow.offices import Office, demo_unit, open_office
from tests.flow.test_routing_figures import figures
from tests.house import House, letter
from tests.intake import scans
from tests.printed import text_of
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]


@pytest.fixture(scope="module")
async def office(house: House) -> Office:
    """An agency whose registrar enters what comes in."""
    return await open_office(house, "Dinas Kelautan", "head", "registrar")


async def practise(house: House, office: Office, *, on: bool) -> None:
    """Have the office practise, or no more."""
    async with house.admin() as admin:
        assert (await replace(admin, f"/v1/training/{office.unit_id}", {"on": on}))["on"] is on


def book_of(entered: Json, office: Office) -> str:
    """Where the book is in which the letter was entered."""
    return f"/v1/books/{office.unit_id}/{entered['year']}/{entered['book']}"


async def workbook(client: Client, path: str) -> str:
    """All that stands in the book's workbook."""
    sheets = read_sheets(await client.download(f"{path}.xlsx"), "buku.xlsx")
    return " ".join(str(cell) for rows in sheets.values() for row in rows for cell in row.cells)


class TestK10:
    async def test_K10_who_practises_goes_all_the_way_and_touches_no_live_book_number_or_figure(
        self, house: House, cast: Cast, office: Office
    ) -> None:
        clerk, head = await cast(office["registrar"].username, office["head"].username)
        live = await house.send(clerk, addressees=[office.party], subject="Laporan tangkapan ikan")
        await practise(house, office, on=True)
        try:
            tried = [await house.send(clerk, addressees=[office.party], subject="Contoh surat") for _ in range(2)]
        finally:
            await practise(house, office, on=False)
        after = await house.send(clerk, addressees=[office.party], subject="Izin berlayar")
        assert [(one["book"], one["agenda_number"]) for one in tried] == [("latihan-masuk", 1), ("latihan-masuk", 2)]
        assert (after["book"], after["agenda_number"]) == ("masuk", live["agenda_number"] + 1)

        for one in (live, after):
            await arrived(head, one["id"])
        for one in tried:
            await arrived(head, one["id"])
            assert (await told(head, one["id"], "letter_addressed"))["title"].startswith("LATIHAN — ")
        assert not (await told(head, after["id"], "letter_addressed"))["title"].startswith("LATIHAN")
        assert {one["letter_id"] for one in await in_box(head, "inbox")} >= {tried[0]["id"], live["id"]}

        def counted(page: Json) -> int:
            return int(page["total"]["spans"]["to_inbox"]["count"])

        found = await figures(head, "steps", office, lambda page: counted(page) >= after["agenda_number"])
        assert counted(found) == after["agenda_number"], "letters of practice are in no figure"

        assert [one["book"] for one in (await clerk.get("/v1/books"))["items"]] == ["masuk"]
        books = (await clerk.get("/v1/books", training="true"))["items"]
        assert {one["book"]: one["training"] for one in books} == {"masuk": False, "latihan-masuk": True}


class TestAgenda:
    async def test_K10_a_book_on_paper_and_as_a_workbook_shows_its_own_letters_and_what_became_of_them(
        self, house: House, cast: Cast, office: Office
    ) -> None:
        clerk, head = await cast(office["registrar"].username, office["head"].username)
        first = await house.send(clerk, addressees=[office.party], subject="Kebutuhan solar nelayan")
        twice = await house.send(clerk, addressees=[office.party], subject="Kebutuhan solar nelayn")
        await clerk.post(f"/v1/letters/{twice['id']}/void", {"reason": "Tercatat dua kali"})
        tried = await house.send(clerk, addressees=[office.party], subject="Sekadar latihan", training=True)
        book, practice = book_of(first, office), book_of(tried, office)
        for said in (
            text_of(await clerk.download(f"{book}.pdf")),
            await workbook(clerk, book),
        ):
            assert "Kebutuhan solar nelayan" in said
            assert "Tercatat dua kali" in said
            assert "Sekadar latihan" not in said
        assert "Sekadar latihan" in text_of(await clerk.download(f"{practice}.pdf"))
        assert await head.status_of(f"{book}.pdf") == 200
        (village,) = await cast("desa.batununggul")
        for kind in ("", ".pdf", ".xlsx"):
            assert await village.status_of(f"{book}{kind}") == 404


class TestK15:
    async def test_K15_K11_what_a_letter_takes_up_and_saves_is_in_the_report(
        self, house: House, cast: Cast, office: Office
    ) -> None:
        (clerk,) = await cast(office["registrar"].username)
        pdf = scans.pdf(3, pixels=(60, 80))

        async def all_counted() -> Json:
            """The report when it has every letter the office has numbered."""
            numbered = sum(one["last"] for one in (await clerk.get("/v1/books", training="true"))["items"])
            return await until_equal(
                lambda: clerk.get("/v1/storage/usage"), lambda one: bool(one["total"]["letters"] == numbered)
            )

        before = await all_counted()
        saved = (await clerk.get("/v1/storage/saved"))["total"]
        form = letter(addressees=[office.party], copies=[demo_unit("dinkes")])
        await clerk.send_letter(form, [("a.pdf", pdf, "application/pdf")] * 2)
        after = await all_counted()
        grown = {name: after["total"][name] - before["total"][name] for name in ("letters", "files", "pages")}
        assert grown == {"letters": 1, "files": 2, "pages": 6}
        assert after["total"]["original_bytes"] - before["total"]["original_bytes"] == 2 * len(pdf)
        assert {row["unit_id"] for row in after["rows"]} == {office.unit_id}, "their own and nobody else's"
        now_saved = (await clerk.get("/v1/storage/saved"))["total"]
        assert (now_saved["pages"] - saved["pages"], now_saved["trips"] - saved["trips"]) == (6, 1), (
            "a copy for the other office; what stays in the office saves nothing"
        )
