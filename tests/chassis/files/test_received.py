"""Names of files as clients send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.files.received import LONGEST_NAME, clean_name


class TestName:
    """Names as clients send them."""

    @pytest.mark.parametrize(
        ("given_name", "kept"),
        [
            ("surat.pdf", "surat.pdf"),
            ("/etc/passwd", "passwd"),
            ("..\\..\\x.pdf", "x.pdf"),
            ("...", "berkas"),
            ("", "berkas"),
            ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
            ("surat\u202efdp.exe", "surat fdp.exe"),
            ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ],
    )
    def test_examples(self, given_name: str, kept: str) -> None:
        assert clean_name(given_name) == kept

    @given(st.text(max_size=400))
    def test_any_name_becomes_harmless(self, text: str) -> None:
        name = clean_name(text)
        assert 0 < len(name) <= LONGEST_NAME
        assert name.isprintable()
        assert not set(name) & set("/\\")
        assert name == clean_name(name)

    def test_what_has_no_name_gets_the_one_it_is_to_have(self) -> None:
        assert clean_name("...", "pindaian") == "pindaian"
