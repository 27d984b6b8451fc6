"""Words from outside may say anything and stand anywhere: reading them ends soon, in suggestions that are sound."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.domain.suggestions.read_letter import read_letter
from services.intake.domain.suggestions.suggested import LEAST, MOST, Suggested, Suggestions
from services.intake.domain.words import PageWords, Word
from tests.intake.suggestions.measuring import ZONE, directory

KNOWN = directory()
PIECES = (
    "Nomor", ":", "Hal", "Perihal", "Sifat", "Yth.", "Kepada", "Tembusan", "di", "-", "12", "Mei", "2025", "1/A/2025",
    "Pukul", "09.00", "s.d.", "selesai", "WITA", "Tempat", "Senin,", "Hari/tanggal", "TENTANG", "SURAT", "TUGAS",
    "Camat", "Dawan", "PEMERINTAH", "KABUPATEN", "PROVINSI", "Jalan", "1.", "", " ", "\u202e", "\x00", "\ufffd",
    "\ufb01", "\u0661\u0662", "0" * 400,
)  # fmt: skip
SIDE = st.floats(-2, 3, allow_nan=False)
WORD = st.builds(Word, st.sampled_from(PIECES) | st.text(max_size=12), SIDE, SIDE, SIDE, SIDE)
PAGE = st.builds(
    PageWords, st.just(1), st.floats(0.1, 5000), st.floats(0.1, 5000), st.lists(WORD, max_size=60).map(tuple)
)


def made(found: Suggestions) -> Iterator[Suggested[object]]:
    """Every suggestion."""
    for value in vars(found).values():
        yield from value if isinstance(value, tuple) else [value] if value else []


class TestAnything:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(PAGE, max_size=2))
    def test_any_words_end_in_sound_suggestions(self, pages: list[PageWords]) -> None:
        for one in made(read_letter(pages, KNOWN, ZONE)):
            assert LEAST <= one.confidence <= MOST
            assert one.spot.page == 1
            assert one.text.strip()

    @pytest.mark.parametrize("laid", ["rows", "columns", "stairs", "heap"])
    def test_page_full_of_words_takes_no_longer_than_it_may(self, laid: str) -> None:
        words = tuple(_laid(laid, turn, PIECES[turn * 7 % 32]) for turn in range(10_000))
        began = time.process_time()
        read_letter([PageWords(1, 595, 842, words), PageWords(2, 595, 842, words)], KNOWN, ZONE)
        assert time.process_time() - began < 3

    @pytest.mark.parametrize("piece", ["1 ", "1/", "a,", "Mei 2025 ", ": ", "s.d."])
    @pytest.mark.parametrize("length", [100, 20_000])
    def test_endless_words_take_no_longer_than_they_may(self, piece: str, length: int) -> None:
        words = tuple(Word(piece * length, 0.1, row / 50, 0.9, (row + 0.8) / 50) for row in range(50))
        began = time.process_time()
        read_letter([PageWords(1, 595, 842, words)], KNOWN, ZONE)
        assert time.process_time() - began < 3


def _laid(how: str, turn: int, text: str) -> Word:
    """A word of a page that is laid in some awkward way."""
    across, down = {
        "rows": (turn % 60, turn // 60),
        "columns": (turn % 30 * 2, turn // 30),
        "stairs": (turn / 170, turn / 85),
        "heap": (turn % 3, 1),
    }[how]
    return Word(text, across / 60, down / 120, (across + 0.9) / 60, (down + 0.8) / 120)
