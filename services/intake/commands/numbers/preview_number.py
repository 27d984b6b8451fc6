"""Show what the next number would be. Invariant: looking takes no number, and promises none."""

from dataclasses import dataclass
from datetime import date

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.contracts.vocabulary import Confidentiality
from services.intake.commands.numbers.continue_series import numbers_of
from services.intake.commands.numbers.plan_number import form_of
from services.intake.context import Context
from services.intake.domain.numbers.forms import TemplateKind
from services.intake.domain.numbers.number import PlannedNumber, series_for
from services.intake.domain.numbers.template import Particulars, Want, wanting


@dataclass(frozen=True)
class Asked:
    """Which number is wanted. ``template`` is one to be tried instead of the unit's."""

    unit_id: str
    kind: TemplateKind
    template: str | None
    confidentiality: Confidentiality
    classification: str | None
    letter_date: date | None
    training: bool


@dataclass(frozen=True)
class Preview:
    """The number as it would be, where nobody is sooner; ``missing`` is what it is not given without."""

    number: str
    running: int
    series: str
    year: int
    template: str
    missing: list[Want]


async def preview_number(context: Context, caller: Principal, asked: Asked) -> Preview:
    """The next number; 404 for no unit, 403 for one that is not the caller's and not theirs to set."""
    await numbers_of(context, caller, asked.unit_id)
    form, code = await form_of(context, asked.unit_id, asked.kind)
    on = asked.letter_date or now().astimezone(context.settings.zone).date()
    series = series_for(asked.unit_id, form.series, on.year, training=asked.training)
    known = Particulars(asked.confidentiality, on, asked.classification, code)
    planned = PlannedNumber(series, asked.template or form.template, known, asked.training)
    running = await context.books.series.last(series) + 1
    return Preview(
        number=planned.text(running),
        running=running,
        series=series.name,
        year=series.year,
        template=planned.template,
        missing=wanting(planned.parts, known),
    )
