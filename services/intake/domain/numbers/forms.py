"""Which template a unit numbers which letters by. Invariant: there always is one; a unit's own goes before the
regency's, and that before the usual form.
"""

from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from services.intake.domain.agenda import TRAINING
from services.intake.domain.numbers.template import TemplateText

TemplateKind = Literal["external", "internal", "assignment"]
KINDS: tuple[TemplateKind, ...] = get_args(TemplateKind)
REGENCY = "regency"
"""Under what the forms are kept that hold for every unit without its own."""


def _not_for_practice(name: str) -> str:
    if name.startswith(TRAINING):
        raise ValueError(f"series of practice are named by the house: leave out {TRAINING}")
    return name


SeriesName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$"), AfterValidator(_not_for_practice)
]
UnitCode: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]{0,29}$"),
    Field(description="What stands for the unit in its numbers, such as `DPUPR`."),
]


class NumberForm(BaseModel):
    """A template, and the series its running numbers are taken from: kinds that name the same one share it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    template: TemplateText
    series: SeriesName | None = Field(default=None, description="By default one of its own, named as the kind.")


class NumberForms(BaseModel):
    """What somebody has set, for the regency or for a unit; what is left out is not changed by it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: UnitCode | None = None
    external: NumberForm | None = None
    internal: NumberForm | None = None
    assignment: NumberForm | None = None

    def of(self, kind: TemplateKind) -> NumberForm | None:
        """The form of a kind, where one is set."""
        found: NumberForm | None = getattr(self, kind)
        return found


USUAL = NumberForms(
    external=NumberForm(template="KS/N/K/Y"),
    internal=NumberForm(template="N/K/U/Y"),
    assignment=NumberForm(template="K/N/Y"),
)


class InForce(BaseModel):
    """The form a unit goes by, and where it was set."""

    model_config = ConfigDict(frozen=True)

    template: str
    series: str
    set_by: Literal["unit", "regency", "default"]


class KeptForms(BaseModel):
    """Forms with their version, and who set them; nobody has set the first ones."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    forms: NumberForms = NumberForms()
    version: int = 1
    by_id: str | None = None
    by_name: str | None = None
    at: AwareDatetime | None = None


def in_force(kind: TemplateKind, unit: NumberForms, regency: NumberForms) -> InForce:
    """What a unit numbers letters of this kind by."""
    levels: tuple[tuple[Literal["unit", "regency", "default"], NumberForms], ...] = (
        ("unit", unit),
        ("regency", regency),
        ("default", USUAL),
    )
    for level, forms in levels:
        form = forms.of(kind)
        if form:
            return InForce(template=form.template, series=form.series or kind, set_by=level)
    raise LookupError(kind)  # the usual forms have every kind
