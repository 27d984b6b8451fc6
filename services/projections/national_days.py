"""The days off that hold in all of Indonesia: the only place that asks the ``holidays`` library.

Invariant: pure, and the same for everybody: what a regency decides for itself lies on top (see working_days). Days that
follow the moon are foretold from the decrees the library knows, and beyond those are estimates.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Literal

from holidays import GOVERNMENT, PUBLIC, country_holidays

FIRST_YEAR, LAST_YEAR = 1946, 2100
"""What the library knows of."""
NationalKind = Literal["national", "joint_leave"]


@lru_cache(maxsize=64)
def national_days(year: int) -> Mapping[date, tuple[NationalKind, str]]:
    """Public holidays (hari libur nasional) and joint leave (cuti bersama) of a year, with their Indonesian names."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    leave = country_holidays("ID", years=year, categories=(GOVERNMENT,), language="id")
    public = country_holidays("ID", years=year, categories=(PUBLIC,), language="id")
    kinds: tuple[tuple[NationalKind, Mapping[date, str]], ...] = (("joint_leave", leave), ("national", public))
    return {day: (kind, named[day]) for kind, named in kinds for day in sorted(named)}
