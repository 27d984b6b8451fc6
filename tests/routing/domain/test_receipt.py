"""What is on a receipt: what was handed in, and to whom."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.contracts.vocabulary import Confidentiality
from services.routing.domain.branch import Branch, ReasonedAct
from services.routing.domain.receipt import MASKED, Slip, receipt
from tests.routing.domain.samples import AT, actor_at, branch, letter, summary

ZONE = ZoneInfo("Asia/Makassar")


def printed(
    *ways: Branch, confidentiality: Confidentiality = "ordinary", shows_subject: bool = False
) -> dict[str, Any]:
    """The receipt's data."""
    slip = Slip(
        check_word="gamelan-pulau-kijang-4827",
        address="http://localhost:8080/lacak",
        printed_by="Ni Luh Sari (Operator Desa Sekartaji)",
        printed_at=AT,
        shows_subject=shows_subject,
    )
    of = letter().model_copy(update={"summary": summary(confidentiality)})
    return receipt(of, ways or (branch(),), slip, ZONE)


class TestReceipt:
    def test_it_says_what_was_handed_in(self) -> None:
        data = printed()
        assert data["agenda_number"] == "7/2026"
        assert data["received_on"] == "2 Maret 2026"
        assert data["sender"] == "Desa Sekartaji"
        assert data["subject"] == "Permohonan alat berat"
        assert (data["letter_number"], data["letter_date"]) == ("-", "-")
        assert data["printed_at"] == "2 Maret 2026 pukul 15.00 WITA"

    def test_it_names_those_it_was_for_and_not_where_it_went_later(self) -> None:
        copy = branch("b2", role="copy").model_copy(update={"position_title": "Camat Nusa Penida"})
        outside = branch("b3").model_copy(update={"external_name": "PLN Klungkung"})
        later = branch("b4").model_copy(update={"unit_name": "Dinas Sosial", "opened_at": AT + timedelta(days=1)})
        by_rule = branch("b5").model_copy(update={"unit_name": "Inspektorat", "rule": "pengawasan"})
        data = printed(branch(), copy, outside, later, by_rule)
        assert data["addressees"] == "Dinas PU; PLN Klungkung"
        assert data["copies"] == "Camat Nusa Penida"

    def test_that_it_is_void_or_only_practised_is_seen_at_once(self) -> None:
        act = ReasonedAct(actor=actor_at("operator"), at=AT, reason="Terdaftar dua kali")
        told = letter().model_copy(update={"voided": act})
        practised = letter().model_copy(update={"summary": summary().model_copy(update={"training": True})})
        slip = Slip("kata", "x", "x", AT, shows_subject=True)
        marks = [receipt(one, [], slip, ZoneInfo("Asia/Makassar"))["mark"] for one in (letter(), told, practised)]
        assert marks == ["", "DIBATALKAN", "LATIHAN – BUKAN TANDA TERIMA"]

    def test_many_addressees_are_counted(self) -> None:
        ways = [branch(f"b{n}").model_copy(update={"unit_name": f"Desa {n}"}) for n in range(50)]
        assert printed(*ways)["addressees"] == "Desa 0; Desa 1; Desa 2; Desa 3; Desa 4; dan 45 lainnya"

    @pytest.mark.parametrize(
        ("confidentiality", "shows_subject", "masked"),
        [
            ("ordinary", False, False),
            ("restricted", False, False),
            ("secret", False, True),
            ("top_secret", False, True),
            ("secret", True, False),
        ],
    )
    def test_a_secret_subject_is_for_those_who_handle_secrets(
        self, confidentiality: Confidentiality, shows_subject: bool, masked: bool
    ) -> None:
        data = printed(confidentiality=confidentiality, shows_subject=shows_subject)
        assert (data["subject"] == MASKED) is masked
