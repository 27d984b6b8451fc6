"""Whether a scan may carry text."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.scans.scan import FontSigns
from tests.intake import scans


class TestFontSigns:
    """Whether a PDF may carry text, told while it comes in."""

    @settings(max_examples=200, deadline=None)
    @given(
        before=st.binary(max_size=40),
        sign=st.sampled_from([b"/Font", b"/ObjStm", b""]),
        after=st.binary(max_size=40),
        cuts=st.lists(st.integers(0, 90), max_size=6),
    )
    def test_are_found_however_the_bytes_come(self, before: bytes, sign: bytes, after: bytes, cuts: list[int]) -> None:
        content = before + sign + after
        signs = FontSigns()
        edges = [0, *sorted(cuts), len(content)]
        for start, end in itertools.pairwise(edges):
            signs.look(memoryview(content)[start:end])
        assert signs.found == (b"/Font" in content or b"/ObjStm" in content)

    @pytest.mark.parametrize(
        ("content", "found"),
        [(scans.pdf(2), False), (scans.pdf(2, linearize=True), False), (scans.text_pdf("Surat"), True)],
    )
    def test_scanned_has_none_and_typed_has(self, content: bytes, found: bool) -> None:
        signs = FontSigns()
        signs.look(content)
        assert signs.found is found
