"""Range headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.files.ranges import Unsatisfiable, part_wanted


class TestPartWanted:
    """Properties."""

    @given(st.integers(0, 2000), st.integers(0, 2000), st.integers(1, 1000))
    def test_closed_range_is_what_a_slice_gives(self, first: int, last: int, size: int) -> None:
        content = bytes(i % 251 for i in range(size))
        if last < first:
            assert part_wanted(f"bytes={first}-{last}", size) is None
        elif first >= size:
            with pytest.raises(Unsatisfiable):
                part_wanted(f"bytes={first}-{last}", size)
        else:
            part = part_wanted(f"bytes={first}-{last}", size)
            assert part is not None
            offset, length = part
            assert content[offset : offset + length] == content[first : last + 1]

    @given(st.text(max_size=40), st.integers(1, 1000))
    def test_any_header_is_ignored_served_or_refused(self, header: str, size: int) -> None:
        try:
            part = part_wanted(header, size)
        except Unsatisfiable:
            return
        if part is not None:
            offset, length = part
            assert 0 <= offset < offset + length <= size

    @pytest.mark.parametrize("many", ["9" * 18, "9" * 19, "1" + "0" * 5000])
    def test_numbers_without_end_lie_beyond_the_file(self, many: str) -> None:
        with pytest.raises(Unsatisfiable):
            part_wanted(f"bytes={many}-", 100)
        assert part_wanted(f"bytes=-{many}", 100) == (0, 100)
        assert part_wanted(f"bytes=40-{many}", 100) == (40, 60)
        assert part_wanted(f"bytes={many}-40", 100) is None

    def test_leading_zeros_count_for_nothing(self) -> None:
        zeros = "0" * 5000
        assert part_wanted(f"bytes={zeros}5-{zeros}9", 100) == (5, 5)
        with pytest.raises(Unsatisfiable):
            part_wanted(f"bytes=-{zeros}", 100)

    def test_spaces_without_end_are_ignored(self) -> None:
        assert part_wanted(f"bytes={' ' * 1_000_000}x", 100) is None
