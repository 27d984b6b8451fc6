"""An outgoing number. Invariant: a running number is given once in a series of a unit and a year, without a gap."""

from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.intake.domain.agenda import TRAINING
from services.intake.domain.numbers.template import Part, Particulars, filled, parts_of

PRACTICE = "LATIHAN/"
"""What numbers of practice begin with, so that none is taken for a real one."""


@dataclass(frozen=True)
class NumberSeries:
    """One running sequence of numbers: a unit's series of a year."""

    unit_id: str
    name: str
    year: int

    @property
    def key(self) -> str:
        """The counter's id. Ids, years and names hold no slash, so two series never share a key."""
        return f"{self.unit_id}/{self.year}/{self.name}"


class HouseNumber(BaseModel):
    """Where a number that the house gave was taken from."""

    model_config = ConfigDict(frozen=True)

    series: str
    year: int
    running: int
    template: str

    def key(self, unit_id: str) -> str:
        """What no two letters share."""
        return f"{unit_id}/{self.year}/{self.series}/{self.running}"


class Continued(BaseModel):
    """That a series was made to go on after ``last``, which was given elsewhere: by whom and why."""

    model_config = ConfigDict(frozen=True)

    last: int
    reason: str
    by_id: str
    by_name: str
    at: AwareDatetime


class CountedSeries(BaseModel):
    """A series of a unit and a year, and the number given last."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    year: int
    last: int
    continued: tuple[Continued, ...] = ()


@dataclass(frozen=True)
class PlannedNumber:
    """A number of which only the running part is missing."""

    series: NumberSeries
    template: str
    particulars: Particulars
    training: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The template's pieces."""
        return parts_of(self.template)

    def text(self, running: int) -> str:
        """The number as it stands on the letter."""
        number = filled(self.parts, self.particulars, running)
        return f"{PRACTICE}{number}" if self.training else number

    def given(self, running: int) -> HouseNumber:
        """What is kept of it."""
        return HouseNumber(series=self.series.name, year=self.series.year, running=running, template=self.template)


def series_for(unit_id: str, name: str, year: int, *, training: bool) -> NumberSeries:
    """The series a number is taken from; one apart for practice."""
    return NumberSeries(unit_id, f"{TRAINING}{name}" if training else name, year)
