"""How a password is cut into what is tried first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth import guessable
from gateway.auth.guessable import RUNS

WORDS = frozenset({"bali", "rahasia", "wayan"})
RUNNING = st.sampled_from(
    [run[start:][:length] for run in RUNS for start in (0, 3, 8) for length in (2, 3, 4, 7, 13, 30)]
)
REPEATED = st.builds(lambda letter, times: letter * times, st.sampled_from("a0x"), st.integers(1, 12))
PIECES = st.one_of(RUNNING, REPEATED, st.sampled_from(sorted(WORDS)), st.text("abqz019_-", max_size=3))
TEXTS = st.lists(PIECES, max_size=5).map("".join)


def by_hand(text: str) -> int:
    """The same by trying every piece of every length."""
    fewest = [0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        alone = fewest[end - 1] + (0 if text[end - 1] in "_-" else 1)
        fewest[end] = min([alone, *(fewest[start] for start in range(end) if known(text, start, end))])
    return fewest[-1]


def known(text: str, start: int, end: int) -> bool:
    piece = text[start:end]
    number = guessable._NUMBERS.match(text, start)
    run = len(piece) >= 3 and (len(set(piece)) == 1 or any(piece in one for one in RUNS))
    return piece in WORDS or run or (number is not None and number.end() == end)


class TestLeftOver:
    """Runs are found by their short pieces."""

    @given(TEXTS)
    def test_as_much_is_left_as_when_every_piece_is_tried(self, text: str) -> None:
        assert guessable._left_over(text, WORDS) == by_hand(text)

    @pytest.mark.parametrize("text", ["\u2032" * 984 + "bqxzkwmvj9", "0123456789" * 100, "a" * 1000])
    def test_a_run_costs_as_many_looks_as_it_has_characters(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        looked_at: list[int] = []
        is_run = guessable._is_run

        def counted(piece: str, length: int) -> bool:
            looked_at.append(len(piece))
            return is_run(piece, length)

        monkeypatch.setattr(guessable, "_is_run", counted)
        guessable._left_over(text, WORDS)
        assert len(looked_at) <= 3 * len(text)
        assert max(looked_at) <= 5
