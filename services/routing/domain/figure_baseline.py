"""How long things took on paper, as it was measured before. Invariant: a stated baseline is never changed; a better one
is stated beside it, and the newest counts.
"""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.routing.domain.figure_measures import Measure


class Baseline(BaseModel):
    """Hours of each measure, and where they are from. ``letters``: of how many letters they are the median."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: int
    hours: dict[Measure, float]
    source: str
    measured_from: date | None = None
    measured_to: date | None = None
    letters: int | None = None
    stated_at: AwareDatetime
    stated_by_id: str
    stated_by_name: str

    def seconds(self, measure: Measure) -> float | None:
        """How long it took; None where it was not measured."""
        hours = self.hours.get(measure)
        return None if hours is None else round(hours * 3600, 3)


def saved(before_seconds: float | None, now_seconds: float | None) -> float | None:
    """What share of the time before is saved: 0.75 where it takes a quarter now, less than 0 where it takes longer."""
    if not before_seconds or now_seconds is None:
        return None
    return round(1 - now_seconds / before_seconds, 4)
