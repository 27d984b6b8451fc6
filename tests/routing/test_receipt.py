"""Receipts over HTTP, read back from the paper."""

from collections.abc import Awaitable, Callable, Mapping

import aiohttp
import pytest

from services.chassis.auth import Principal
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.vocabulary import Party
from services.routing.context import Context
from services.routing.domain.receipt import MASKED
from services.routing.main import build
from services.routing.settings import RoutingSettings
from tests.conftest import SettingsFor
from tests.printed import archival_part, codes_on, sheets, text_of
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import to_position, to_unit
from tests.routing.regency import Regency
from tests.signing import TokenSigner

CODE = "7K3M-Q2XD-9FJR"
Print = Callable[[Principal, str], Awaitable[tuple[int, bytes, Mapping[str, str]]]]


@pytest.fixture
def routing(settings_for: SettingsFor, signer: TokenSigner) -> Service:
    """The service of a regency with a name and an address."""
    told = {
        "letter_arrival_seconds": 0.1,
        "regency_name": "Pemerintah Kabupaten Klungkung",
        "public_url": "https://surat.klungkungkab.go.id/",
    }
    return build(settings_for(RoutingSettings, "routing", **told), signer.keys)


@pytest.fixture
def printed(http: aiohttp.ClientSession, signer: TokenSigner) -> Print:
    """``status, pdf, headers = await printed(person, letter_id)``."""

    async def get(person: Principal, letter_id: str) -> tuple[int, bytes, Mapping[str, str]]:
        async with http.get(f"/v1/letters/{letter_id}/receipt.pdf", headers=signer.headers(person)) as response:
            return response.status, await response.read(), response.headers

    return get


class TestPrint:
    async def test_K1_a_village_hands_its_sender_a_receipt_with_everything_on_it(
        self, regency: Regency, context: Context, delivered: Delivered, printed: Print
    ) -> None:
        to = (to_unit(regency, "pu"), Party(kind="external", name="PLN Klungkung"))
        letter = await delivered(to, (to_position(regency, "camat"),), tracking_code=CODE)
        status, pdf, headers = await printed(regency.holder("operator", name="Ni Luh Sari"), letter.letter_id)
        assert (status, headers["Content-Type"]) == (200, "application/pdf")
        assert headers["Content-Disposition"] == 'inline; filename="tanda-terima-7-2026.pdf"'
        assert "no-store" in headers["Cache-Control"]
        text = text_of(pdf)
        for part in (
            "PEMERINTAH KABUPATEN KLUNGKUNG",
            "DESA SEKARTAJI",
            "TANDA TERIMA SURAT",
            "7/2026",
            "3 Maret 2026",
            "005/12/SKT/2026",
            "2 Maret 2026",
            "Permohonan peminjaman alat berat",
            "Dinas Pekerjaan Umum; PLN Klungkung",
            "Camat Nusa Penida",
            CODE,
            "Ni Luh Sari (Operator Desa Sekartaji)",
        ):
            assert part in text, part
        assert (await context.front_desk.check_words.of(letter.letter_id)) in text

    async def test_the_code_leads_to_the_page_and_carries_no_secret(
        self, regency: Regency, context: Context, delivered: Delivered, printed: Print
    ) -> None:
        letter = await delivered(tracking_code=CODE)
        _, pdf, _ = await printed(regency.holder("operator"), letter.letter_id)
        assert codes_on(pdf) == [f"https://surat.klungkungkab.go.id/lacak#{CODE}"]

    async def test_it_is_half_a_sheet_and_fit_for_the_archive(
        self, regency: Regency, delivered: Delivered, printed: Print
    ) -> None:
        letter = await delivered()
        _, pdf, _ = await printed(regency.holder("operator"), letter.letter_id)
        assert sheets(pdf) == [(210, 148)]
        assert archival_part(pdf) == "2"
        assert len(pdf) < 60_000

    async def test_P7_a_plt_prints_as_plt(self, regency: Regency, delivered: Delivered, printed: Print) -> None:
        letter = await delivered((to_unit(regency, "sekartaji"),), by=regency.holder("registrar"))
        _, pdf, _ = await printed(regency.holder("head", name="Made Arta", capacity="plt"), letter.letter_id)
        assert "Dicetak oleh Made Arta (Plt. Kepala Dinas PU) pada" in text_of(pdf)

    async def test_it_can_be_printed_again_with_the_same_word(
        self, regency: Regency, delivered: Delivered, printed: Print
    ) -> None:
        letter = await delivered(tracking_code=CODE)
        texts = [text_of((await printed(regency.holder("operator"), letter.letter_id))[1]) for _ in range(2)]
        assert texts[0].split("Dicetak")[0] == texts[1].split("Dicetak")[0]


class TestAccess:
    async def test_who_got_the_letter_is_not_told_the_senders_word(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        path = f"/v1/letters/{letter.letter_id}/receipt.pdf"
        assert (await call(regency.holder("head"), "GET", path))[0] == 403

    async def test_K6_another_village_is_told_there_is_no_such_letter(
        self, regency: Regency, delivered: Delivered, printed: Print
    ) -> None:
        letter = await delivered()
        neighbour = regency.holder("neighbour")
        assert [(await printed(neighbour, one))[0] for one in (letter.letter_id, new_id())] == [404, 404]

    async def test_without_a_token_nobody_prints(self, http: aiohttp.ClientSession, delivered: Delivered) -> None:
        letter = await delivered()
        async with http.get(f"/v1/letters/{letter.letter_id}/receipt.pdf") as response:
            assert response.status == 401


class TestConfidential:
    async def test_who_handles_secrets_has_the_subject_and_others_do_not(
        self, regency: Regency, delivered: Delivered, printed: Print
    ) -> None:
        office = regency.holder("secretary")
        letter = await delivered((to_unit(regency, "sekartaji"),), by=office, confidentiality="secret")
        assert letter.subject in text_of((await printed(regency.holder("head"), letter.letter_id))[1])
        status, pdf, _ = await printed(office, letter.letter_id)
        assert status == 200
        assert MASKED in text_of(pdf)
        assert letter.subject not in text_of(pdf)

    async def test_printing_one_is_noted(
        self, context: Context, regency: Regency, delivered: Delivered, printed: Print
    ) -> None:
        letter = await delivered(confidentiality="secret")
        await printed(regency.holder("operator"), letter.letter_id)
        assert await context.audit._rows.count_documents({"letter_id": letter.letter_id, "what": "opened"}) == 1


class TestHostileLetters:
    @pytest.mark.parametrize(
        "subject",
        [
            '#import "@preview/cetz:0.3.0": *',
            '#read("/etc/passwd") #sys.inputs',
            "*tebal* $x^2$ = judul",
            "] #text(red)[merah",
        ],
    )
    async def test_markup_is_printed_as_it_stands(
        self, regency: Regency, delivered: Delivered, printed: Print, subject: str
    ) -> None:
        letter = await delivered(subject=subject)
        _, pdf, _ = await printed(regency.holder("operator"), letter.letter_id)
        assert subject in text_of(pdf)

    async def test_text_that_turns_its_direction_stays_in_its_place(
        self, regency: Regency, delivered: Delivered, printed: Print
    ) -> None:
        letter = await delivered(subject="Undangan \u202efdp.exe\u202c rapat")
        _, pdf, _ = await printed(regency.holder("operator"), letter.letter_id)
        assert "Undangan fdp.exe rapat" in text_of(pdf)

    @pytest.mark.parametrize("subject", ["W" * 500, "kata " * 100, "ᬒᬁ ᬲ᭄ᬯᬲ᭄ᬢ᭄ᬬᬲ᭄ᬢᬸ 😀"])
    async def test_whatever_it_is_about_the_code_stays_readable(
        self, regency: Regency, delivered: Delivered, printed: Print, subject: str
    ) -> None:
        many = tuple(Party(kind="external", name=f"Yayasan {'Panjang ' * 20}{n}") for n in range(40))
        letter = await delivered(many, subject=subject, tracking_code=CODE)
        status, pdf, _ = await printed(regency.holder("operator"), letter.letter_id)
        assert status == 200
        assert codes_on(pdf) == [f"https://surat.klungkungkab.go.id/lacak#{CODE}"]
        assert all(size == (210, 148) for size in sheets(pdf))
