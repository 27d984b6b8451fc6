"""Codes of separator sheets."""

import random

import pytest
from pydantic import ValidationError

from services.intake.domain.batches.form_labels import labelled
from services.intake.domain.batches.sheet import SeparatorSheet, SheetDefaults, code_of, sheet_of
from tests.intake.batches.pile import FULL, KEY, OTHER_UNIT, SHEET, UNIT

QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


class TestCode:
    @pytest.mark.parametrize(
        "defaults",
        [
            SheetDefaults(),
            FULL,
            SheetDefaults(kind="Surat Perjanjian Kerja Sama – Adendum"),
            SheetDefaults(addressee=OTHER_UNIT, urgency="normal"),
        ],
    )
    def test_says_all_of_the_sheet(self, defaults: SheetDefaults) -> None:
        sheet = SeparatorSheet(unit_id=UNIT, defaults=defaults)
        assert sheet_of(code_of(sheet, KEY), KEY) == sheet

    def test_is_in_the_alphabet_that_qr_codes_pack_best_and_short(self) -> None:
        code = code_of(SHEET, KEY)
        assert set(code) <= QR_ALPHANUMERIC
        assert len(code) < 110

    def test_stays_readable_as_it_was_first_printed(self) -> None:
        printed = (
            "LTR:P1:AGILNIT2KF6MHGY6H4HW6HJKAE7QAAAAAIHFG5LSMF2CAVLOMRQW4Z3BNYAZBNVCPJIXZQ43DY7Q63Y5FIBPJ6Z77RYBDQ6C"
        )
        assert sheet_of(printed, KEY) == SHEET

    def test_any_change_makes_it_no_sheet_of_ours(self) -> None:
        chance = random.Random(4)
        code = code_of(SHEET, KEY)
        for _ in range(500):
            place = chance.randrange(len("LTR:P1:"), len(code) - 1)
            other = chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
            changed = code[:place] + other + code[place + 1 :]
            assert sheet_of(changed, KEY) == (SHEET if other == code[place] else "foreign")

    def test_another_house_has_no_sheet_of_ours(self) -> None:
        assert sheet_of(code_of(SHEET, b"x" * 32), KEY) == "foreign"

    @pytest.mark.parametrize("text", ["", "https://lontar.example/", "ltr:p1:abc", "LTR", "LTR-P1:"])
    def test_other_codes_are_none(self, text: str) -> None:
        assert sheet_of(text, KEY) is None

    def test_nothing_a_code_may_hold_breaks_the_reading(self) -> None:
        chance = random.Random(9)
        for _ in range(2000):
            text = "".join(chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=:é ") for _ in range(chance.randrange(130)))
            assert sheet_of("LTR:P1:" + text, KEY) == "foreign"

    def test_a_kind_that_would_make_the_code_dense_is_refused(self) -> None:
        with pytest.raises(ValidationError):
            SheetDefaults(kind="é" * 21)


class TestWords:
    def test_only_what_is_given_stands_on_the_sheet(self) -> None:
        assert labelled(SheetDefaults(), None) == []
        assert labelled(SheetDefaults(urgency="urgent", kind="Surat Undangan"), None) == [
            ["Jenis naskah", "Surat Undangan"],
            ["Kecepatan", "Segera"],
        ]
