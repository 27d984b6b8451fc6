"""The printed form: its words, and what stands at its head. Invariant: there is always a form; what nobody has changed
is that of the lembar disposisi in use in regencies.
"""

from collections import Counter
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.chassis.ids import EntityId

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Letterhead = Annotated[
    tuple[Line, ...], Field(max_length=5, description="Lines from the top; `{unit}` is the unit's name.")
]
UNIT = "{unit}"
MOST_UNITS = 1000


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitForm(_Text):
    """What a unit has of its own: its letterhead, and the place it signs at."""

    unit_id: EntityId
    letterhead: Letterhead = ()
    place: Line | None = None


class SheetForm(_Text):
    """The words of the form. An empty ``letterhead`` is the regency's name above the unit's.

    ``place`` stands before the date ("Semarapura"). ``units`` say what holds for single units.
    """

    letterhead: Letterhead = ()
    place: Line | None = None
    title: Line = "LEMBAR DISPOSISI"
    sender: Line = "Surat dari"
    letter_number: Line = "Nomor surat"
    letter_date: Line = "Tanggal surat"
    received_on: Line = "Diterima tanggal"
    agenda_number: Line = "Nomor agenda"
    urgency: Line = "Sifat"
    confidentiality: Line = "Keamanan"
    subject: Line = "Perihal"
    forwarded_to: Line = "Diteruskan kepada Sdr.:"
    requested: Line = "Dengan hormat harap:"
    note: Line = "Catatan:"
    initials: Line = "Paraf"
    verification: Line = "Pindai kode ini untuk memeriksa keasliannya."
    units: Annotated[tuple[UnitForm, ...], Field(max_length=MOST_UNITS)] = ()

    @model_validator(mode="after")
    def _each_unit_once(self) -> Self:  # noqa: N804 - after validation it is an instance
        if any(times > 1 for times in Counter(one.unit_id for one in self.units).values()):
            raise ValueError("a unit is named once")
        return self

    def head_of(self, unit_id: str, unit_name: str, regency: str) -> list[str]:
        """The lines at the head of a sheet of this unit."""
        own = self._of(unit_id)
        lines = (own.letterhead if own else ()) or self.letterhead
        named = [line.replace(UNIT, unit_name) for line in lines]
        return named or [line.upper() for line in (regency, unit_name) if line]

    def place_of(self, unit_id: str) -> str | None:
        """Where this unit signs."""
        own = self._of(unit_id)
        return (own.place if own else None) or self.place

    def words(self) -> dict[str, str]:
        """The words by what they name."""
        return self.model_dump(exclude={"letterhead", "place", "units"})

    def _of(self, unit_id: str) -> UnitForm | None:
        return next((one for one in self.units if one.unit_id == unit_id), None)


class KeptForm(BaseModel):
    """The form with its version, and who set it; nobody has set the first one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    form: SheetForm = SheetForm()
    version: int = 1
    by_id: str | None = None
    by_name: str | None = None
    at: AwareDatetime | None = None
