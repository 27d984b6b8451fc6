"""Tracking codes."""

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.tracking import ALPHABET, BITS, new_tracking_code, tracking_code

values = st.integers(0, (1 << BITS) - 1)


class TestTrackingCode:
    """Properties."""

    @given(values)
    def test_code_holds_every_bit(self, value: int) -> None:
        symbols = tracking_code(value).replace("-", "")
        assert sum(ALPHABET.index(s) << 5 * at for at, s in enumerate(reversed(symbols))) == value

    @given(values)
    def test_code_is_three_groups_of_four_without_confusable_letters(self, value: int) -> None:
        groups = tracking_code(value).split("-")
        assert [len(group) for group in groups] == [4, 4, 4]
        assert not set("".join(groups)) & set("ILOU")

    def test_fresh_codes_differ(self) -> None:
        assert len({new_tracking_code() for _ in range(10_000)}) == 10_000
