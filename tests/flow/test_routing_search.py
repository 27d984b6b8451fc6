"""Search: by other forms of a word, by what stands on the scan alone, in spite of slips; and by readers alone."""

from collections.abc import Callable

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import seat, unit_id
from tests.flow.cast import Cast
from tests.flow.desk import arrived, dispose, instructed, told
from tests.house import House, letter
from tests.intake.scans import text_pdf
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]
SCAN = text_pdf("Dengan hormat kami laporkan\nkerusakan tanggul abrasi di pesisir Ceningan\noleh gelombang pasang")
SUBJECT = "Pengajuan perbaikan jembatan Kalimantungan"


async def hits(client: Client, **query: str) -> list[Json]:
    """What a search finds."""
    found: list[Json] = (await client.get("/v1/search", **query))["items"]
    return found


async def found(client: Client, letter_id: str, wanted: Callable[[Json], bool] = bool, **query: str) -> Json:
    """The hit, as soon as the letter is found as ``wanted``."""

    async def look() -> Json | None:
        return next((one for one in await hits(client, **query) if one["letter"]["id"] == letter_id), None)

    # As long as the reading of scans waits for a reader that was killed in the middle of one.
    hit = await until_equal(look, lambda one: one is not None and wanted(one), seconds=240, pause=0.2)
    assert hit is not None
    return hit


async def sent(house: House, client: Client, **changes: object) -> Json:
    """A letter about a bridge, whose scan speaks of a dike."""
    fields = letter(subject=SUBJECT, **changes)
    return await client.send_letter(fields, [("surat.pdf", SCAN, "application/pdf")])


def highlighted(hit: Json) -> set[str]:
    """What is set off in the excerpts."""
    return {piece["text"] for part in hit["excerpts"] for piece in part["pieces"] if piece["match"]}


class TestSearch:
    async def test_a_letter_is_found_by_other_forms_of_its_words_and_shown_where(
        self, house: House, cast: Cast
    ) -> None:
        [village] = await cast("desa.sekartaji")
        one = await sent(house, village)
        await found(village, one["id"], q="Kalimantungan")
        for asked, written in (
            ("diajukan kalimantungan", "Pengajuan"),
            ("memperbaiki kalimantungan", "perbaikan"),
            ("kalimant*", "Kalimantungan"),
            ("kalimantunqan", "Kalimantungan"),
        ):
            hit = await found(village, one["id"], q=asked)
            assert written in highlighted(hit), (asked, hit["excerpts"])
        number = (await village.get(f"/v1/letters/{one['id']}"))["letter_number"]
        assert [hit["letter"]["id"] for hit in await hits(village, q=one["tracking_code"])] == [one["id"]]
        await found(village, one["id"], q=number)

    async def test_a_word_that_stands_on_the_scan_alone_finds_the_letter(self, house: House, cast: Cast) -> None:
        [village] = await cast("desa.sekartaji")
        one = await sent(house, village)
        hit = await found(village, one["id"], q="tanggul ceningan")
        assert {name for match in hit["matches"] for name in match["fields"]} == {"text"}
        assert "isi surat" in hit["why"]
        assert "tanggul" in highlighted(hit)

    async def test_K6_only_readers_find_it_and_a_disposition_makes_a_reader(self, house: House, cast: Cast) -> None:
        village, head, officer, secretary = await cast("desa.sekartaji", "kadis.pu", "kabid.bm", "sekdis.pu")
        one = await sent(house, village, confidentiality="secret")
        await found(head, one["id"], q="kalimantungan")
        for stranger in (officer, secretary):
            ids = [hit["letter"]["id"] for hit in await hits(stranger, q="kalimantungan")]
            assert one["id"] not in ids, stranger.username
        await arrived(head, one["id"])
        await dispose(head, one["id"], instructed(seat("kabid.bm").position_id))
        await told(officer, one["id"], "disposition_received")
        await found(officer, one["id"], q="kalimantungan")
        assert one["id"] not in [hit["letter"]["id"] for hit in await hits(secretary, q="kalimantungan")]

    async def test_a_search_is_narrowed_by_kind_urgency_sender_and_day(self, house: House, cast: Cast) -> None:
        village, neighbour, head = await cast("desa.sekartaji", "desa.batununggul", "kadis.pu")
        one = await sent(house, village, kind="Radiogram", urgency="very_urgent")
        other = await sent(house, neighbour, kind="Surat Dinas", urgency="normal")
        for each in (one, other):
            await found(head, each["id"], q="kalimantungan", limit="50")
        narrowed = {
            one["id"]: ({"kind": "Radiogram"}, {"urgency": "very_urgent"}),
            other["id"]: ({"kind": "Surat Dinas"}, {"sender_unit": unit_id("batununggul")}),
        }
        for wanted, ways in narrowed.items():
            unwanted = other["id"] if wanted == one["id"] else one["id"]
            for query in ways:
                ids = {hit["letter"]["id"] for hit in await hits(head, q="kalimantungan", limit="50", **query)}
                assert (wanted in ids, unwanted in ids) == (True, False), query
        assert await hits(head, q="kalimantungan", to="2020-01-01") == []
