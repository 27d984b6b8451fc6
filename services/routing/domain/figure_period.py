"""From a month through a month. Invariant: pure; a period has at least one month and no more than ``LONGEST``."""

from dataclasses import dataclass

from services.chassis.errors import unprocessable

LONGEST = 36
MONTH = r"^[12]\d{3}-(0[1-9]|1[0-2])$"
"""How a month is written."""


@dataclass(frozen=True)
class Period:
    """Both included."""

    first: str
    last: str

    @property
    def months(self) -> list[str]:
        """Each month, the first one first."""
        return [_named(number) for number in range(_number(self.first), _number(self.last) + 1)]


def period(first: str | None, last: str | None, present: str, usual: int = 12) -> Period:
    """What is asked for; of what is left open, until now and as many months as usual. 422 where that is no period."""
    end = last or max(present, first or present)
    start = first or _named(_number(end) - usual + 1)
    if start > end:
        raise unprocessable("period_reversed", "Bulan akhir tidak boleh mendahului bulan awal.")
    if _number(end) - _number(start) >= LONGEST:
        raise unprocessable("period_too_long", f"Jangka waktu laporan paling lama {LONGEST} bulan.")
    return Period(start, end)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _named(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
