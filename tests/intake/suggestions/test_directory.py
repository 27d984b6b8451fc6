"""Units by what letters call them."""

import pytest

from services.intake.domain.suggestions.directory import Directory
from tests.intake.suggestions.corpus.places import PLACES, Place, units
from tests.intake.suggestions.measuring import directory
from tests.people import unit_changed

KNOWN = directory()


class TestFind:
    @pytest.mark.parametrize("place", PLACES, ids=lambda place: place.key)
    def test_every_unit_by_its_name_and_by_its_head(self, place: Place) -> None:
        for said in (place.head, *place.shorter, *([place.name] if place.kind != "assistant" else [])):
            match = KNOWN.find(said)
            assert match, said
            assert match.unit.unit_id == place.key, said

    @pytest.mark.parametrize(
        ("said", "key"),
        [
            ("KEPALA DINAS KESEHATAN KABUPATEN KLUNGKUNG", "dinkes"),
            ("Kepala Dinas Kesehafan", "dinkes"),
            ("Bapak Kadis PU", "pu"),
            ("Kepala Desa Kusamba", "desa-kusamba"),
            ("Camat Klungkung", "kec-klungkung"),
            ("Sekda Kab. Klungkung", "setda"),
            ("Lurah Semarapura Klod", "kel-klod"),
            ("Wakil Bupati Klungkung", "wabup"),
            ("Bupati Klungkung", "bupati"),
        ],
    )
    def test_said_in_other_words(self, said: str, key: str) -> None:
        match = KNOWN.find(said)
        assert match
        assert match.unit.unit_id == key

    @pytest.mark.parametrize(
        "said",
        ["", "Tempat", "Klungkung", "Semarapura", "Arsip", "PT Maju Bersama", "Kepala Dinas", "Perbekel", "x" * 500],
    )
    def test_what_names_no_unit_finds_none(self, said: str) -> None:
        assert KNOWN.find(said) is None

    def test_two_units_of_one_name_are_neither(self) -> None:
        twice = Directory([unit_changed("one", "Desa Selat", "village"), unit_changed("two", "Desa Selat", "village")])
        assert twice.find("Perbekel Selat") is None

    def test_place_without_its_office_is_unsure(self) -> None:
        alone, office = KNOWN.find("Kusamba"), KNOWN.find("Perbekel Kusamba")
        assert office
        assert alone is None or alone.confidence < office.confidence / 1.5

    def test_closed_unit_is_not_found(self) -> None:
        closed = unit_changed("old", "Dinas Kehutanan").model_copy(update={"active": False})
        assert Directory([closed]).find("Kepala Dinas Kehutanan") is None

    def test_no_units_no_matches(self) -> None:
        assert Directory([]).find("Kepala Dinas Kesehatan") is None


class TestRegency:
    def test_is_named_by_who_leads_it(self) -> None:
        assert Directory(units()).regency == "klungkung"
