"""Check words: they follow from the key, look like chance, and are told however they are typed."""

import math
import re
import secrets
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.check_word import COMBINATIONS, check_word, same_word
from services.routing.domain.words import WORDS

KEY = bytes(range(32))
LETTER = "01960000-0000-7000-8000-000000000001"


class TestWords:
    def test_there_are_nine_bits_of_them(self) -> None:
        assert len(WORDS) == len(set(WORDS)) == 512

    def test_none_is_taken_for_another(self) -> None:
        assert len({word[:4] for word in WORDS}) == len(WORDS)
        assert all(re.fullmatch(r"[a-z]{4,7}", word) for word in WORDS)

    def test_guessing_is_hopeless_under_the_limits(self) -> None:
        """Ten tries an hour for a whole year, at one code: less than one chance in ten million."""
        assert math.log2(COMBINATIONS) > 40
        assert 10 * 24 * 365 / COMBINATIONS < 1e-7


class TestCheckWord:
    def test_what_is_on_paper_stays_true(self) -> None:
        """A change of words, key use or order would make every printed receipt worthless."""
        assert check_word(KEY, LETTER) == "sabit-gitar-dadu-1477"

    def test_another_letter_or_another_key_has_another(self) -> None:
        assert check_word(KEY, LETTER) != check_word(KEY, LETTER[:-1] + "2")
        assert check_word(KEY, LETTER) != check_word(secrets.token_bytes(32), LETTER)

    def test_it_looks_like_chance(self) -> None:
        words = [check_word(KEY, str(number)) for number in range(4000)]
        assert len(set(words)) == len(words)
        firsts = Counter(word.split("-")[0] for word in words)
        digits = Counter(word[-1] for word in words)
        assert len(firsts) > 500
        assert max(firsts.values()) < 30
        assert all(300 < count < 500 for count in digits.values())


class TestSameWord:
    @pytest.mark.parametrize(
        "typed",
        [
            "gamelan-pulau-kijang-4827",
            "Gamelan Pulau Kijang 4827",
            " gamelan  pulau_kijang, 4827. ",
            "GAMELANPULAUKIJANG4827",
            "gamelan\u2011pulau\u2011kijang\u20114827",
            "ｇａｍｅｌａｎ-pulau-kijang-４８２７",
        ],
    )
    def test_it_is_known_however_it_is_typed(self, typed: str) -> None:
        assert same_word(typed, "gamelan-pulau-kijang-4827")

    @pytest.mark.parametrize("typed", ["", "-", "gamelan-pulau-kijang-4826", "gamelan-pulau-kijang", "*", "\x00"])
    def test_nothing_else_is(self, typed: str) -> None:
        assert not same_word(typed, "gamelan-pulau-kijang-4827")

    @given(st.text(max_size=100))
    def test_no_text_breaks_it(self, typed: str) -> None:
        assert not same_word(typed, check_word(KEY, LETTER) + "0")
