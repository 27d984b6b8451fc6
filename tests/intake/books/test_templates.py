"""Templates of numbers: what they mean, and which are refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.vocabulary import Confidentiality
from services.intake.domain.numbers.template import BLANK, TOKENS, Particulars, filled, parts_of, wanting

KNOWN = Particulars("ordinary", date(2026, 11, 3), "620", "DPUPR")


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ("KS/N/K/Y", "B/7/620/2026"),
        ("N/K/U/Y", "7/620/DPUPR/2026"),
        ("K/N/Y", "620/7/2026"),
        ("N3/K/U/R/Y", "007/620/DPUPR/XI/2026"),
        ("UND/N/Y", "UND/7/2026"),
        ("'K'.N-Y", "K.7-2026"),
        ("Nomor N tahun Y", "Nomor 7 tahun 2026"),
    ],
)
def test_a_template_reads_as_offices_write_it(template: str, number: str) -> None:
    assert filled(parts_of(template), KNOWN, 7) == number


@pytest.mark.parametrize(
    ("confidentiality", "code"), [("top_secret", "SR"), ("secret", "R"), ("restricted", "T"), ("ordinary", "B")]
)
def test_the_confidentiality_has_its_code(confidentiality: Confidentiality, code: str) -> None:
    assert filled(parts_of("KS-N-Y"), Particulars(confidentiality, date(2026, 1, 1)), 1) == f"{code}-1-2026"


@pytest.mark.parametrize(
    "template", ["K/Y", "N/K", "N/N/Y", "N/Y/Y", "N9/Y", "N/Y\n", "N/Y<b>", "N/Y'", "''N/Y", "", "№/N/Y"]
)
def test_what_would_not_count_within_a_year_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parts_of(template)


def test_what_is_not_known_is_asked_for_and_left_blank() -> None:
    parts, known = parts_of("N/K/U/Y"), Particulars("ordinary", date(2026, 1, 1))
    assert wanting(parts, known) == ["classification", "unit_code"]
    assert filled(parts, known, 1) == f"1/{BLANK}/{BLANK}/2026"


@given(order=st.permutations(TOKENS), runnings=st.lists(st.integers(1, 99_999), min_size=2, max_size=5, unique=True))
def test_different_running_numbers_never_make_the_same_number(order: list[str], runnings: list[int]) -> None:
    parts = parts_of("/".join(order))
    assert len({filled(parts, KNOWN, one) for one in runnings}) == len(runnings)
