"""How long an office has for a letter. Invariant: a deadline is counted in working days, or there is none.

The defaults are the old rule of offices, 24 hours, 48 hours and five days, read as working days.
"""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from services.contracts.vocabulary import Urgency
from services.projections.working_days import WorkingCalendar
from services.routing.domain.delivery import Deadline

MAX_WORKING_DAYS = 120
MAX_KIND_RULES = 200
WorkingDays = Annotated[int, Field(ge=1, le=MAX_WORKING_DAYS)] | None
"""None: no deadline at all."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


class KindRule(BaseModel):
    """The rule for a kind of letter (jenis naskah), of one urgency or (None) of any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_one_line)]
    urgency: Urgency | None = None
    working_days: WorkingDays

    @property
    def key(self) -> tuple[str, Urgency | None]:
        """What it speaks of; kinds are the same however they are capitalised."""
        return self.kind.casefold(), self.urgency


class UrgencyRules(BaseModel):
    """The rule for each urgency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    very_urgent: WorkingDays
    urgent: WorkingDays
    normal: WorkingDays


class DeadlineRules(BaseModel):
    """The rules of a regency: by urgency, and for some kinds of letters otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by_urgency: UrgencyRules
    by_kind: tuple[KindRule, ...] = Field(default=(), max_length=MAX_KIND_RULES)

    @model_validator(mode="after")
    def _each_once(self) -> Self:  # noqa: N804 - after validation it is an instance
        if len({rule.key for rule in self.by_kind}) < len(self.by_kind):
            raise ValueError("each kind and urgency is named once")
        return self

    def working_days(self, urgency: Urgency, kind: str) -> int | None:
        """How many working days there are for such a letter; None for no deadline. The closest rule decides."""
        named = {rule.key: rule.working_days for rule in self.by_kind}
        folded = _one_line(kind).casefold()
        for key in ((folded, urgency), (folded, None)):
            if key in named:
                return named[key]
        days: int | None = getattr(self.by_urgency, urgency)
        return days


DEFAULT_RULES = DeadlineRules(by_urgency=UrgencyRules(very_urgent=1, urgent=2, normal=5))


def deadline_of(
    rules: DeadlineRules, calendar: WorkingCalendar, urgency: Urgency, kind: str, at: datetime
) -> Deadline | None:
    """The deadline of a letter that arrives ``at``; None where the rules give it none."""
    days = rules.working_days(urgency, kind)
    if days is None:
        return None
    due_at = calendar.add_working_days(at, days)
    return Deadline(due_at, calendar.reminder(at, due_at))
