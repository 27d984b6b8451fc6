"""Tracking codes: however they are written down, they are led back to one."""

import pytest

from services.routing.domain.tracking_code import as_issued


class TestAsIssued:
    @pytest.mark.parametrize(
        "written",
        [
            "7K3M-Q2XD-9FJR",
            "7k3m-q2xd-9fjr",
            "7K3MQ2XD9FJR",
            " 7K3M Q2XD 9FJR ",
            "7K3M\u2013Q2XD\u20139FJR",
            "7k3m.q2xd.9fjr",
        ],
    )
    def test_it_is_the_same_code(self, written: str) -> None:
        assert as_issued(written) == "7K3M-Q2XD-9FJR"

    def test_letters_that_are_not_used_are_read_as_the_digits_they_look_like(self) -> None:
        assert as_issued("OIL0-1111-0000") == "0110-1111-0000"

    @pytest.mark.parametrize("text", ["SKT-7K2M", "", "7K3M-Q2XD-9FJ", "7K3M-Q2XD-9FJ$", "U" * 12, "\u0662" * 12])
    def test_what_is_no_code_stays_what_it_is(self, text: str) -> None:
        assert as_issued(text) == text
