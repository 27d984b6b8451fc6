"""How suggestions are answered. Invariant: a value has the form in which a registration takes it."""

from datetime import date
from typing import Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, Field

from services.contracts.vocabulary import Category, Confidentiality, Urgency
from services.intake.commands.suggestions.suggest import Suggesting
from services.intake.domain.suggestions.suggested import Named, Suggested

Shown = TypeVar("Shown", bound="Reading")


class Box(BaseModel):
    """In fractions of the page as it is shown, from its top left."""

    left: float
    top: float
    right: float
    bottom: float


class Reading(BaseModel):
    """Where a value was read. ``text`` is what stands there, as it was recognised."""

    confidence: float = Field(ge=0, le=1, description="The share of such suggestions that is right, roughly.")
    page: int = Field(ge=1, description="Counted from 1.")
    box: Box
    text: str


class SuggestedText(Reading):
    """A line of text."""

    value: str


class SuggestedDate(Reading):
    """A date."""

    value: date


class SuggestedInstant(Reading):
    """A time, with the offset of the zone that is printed, else of the installation's."""

    value: AwareDatetime


class SuggestedUrgency(Reading):
    """How urgent it calls itself."""

    value: Urgency


class SuggestedConfidentiality(Reading):
    """How confidential it calls itself."""

    value: Confidentiality


class SuggestedCategory(Reading):
    """What it is about, by its kind."""

    value: Category


class PartyValue(BaseModel):
    """As a draft names a party, with its name in any case."""

    kind: Literal["unit", "external"]
    id: str | None = None
    name: str


class SuggestedParty(Reading):
    """A unit of the regency; as sender also anybody else."""

    value: PartyValue


class SuggestedOccasion(BaseModel):
    """What it invites to. Without an end where it ends "sampai selesai"."""

    place: SuggestedText | None = None
    starts_at: SuggestedInstant | None = None
    ends_at: SuggestedInstant | None = None


class SuggestionsView(BaseModel):
    """What a scan seems to say: to be offered to who registers it, and nothing else.

    ``pending``: its words are not read yet. ``unavailable``: they cannot be read, and will not be. In both cases and
    where the letter does not say it, a field is null, a list empty.
    """

    state: Literal["pending", "ready", "unavailable"]
    letter_number: SuggestedText | None = None
    letter_date: SuggestedDate | None = None
    sender: SuggestedParty | None = None
    subject: SuggestedText | None = None
    kind: SuggestedText | None = None
    category: SuggestedCategory | None = None
    urgency: SuggestedUrgency | None = None
    confidentiality: SuggestedConfidentiality | None = None
    addressees: list[SuggestedParty] = []
    copies: list[SuggestedParty] = []
    occasion: SuggestedOccasion | None = None

    @classmethod
    def of(cls, suggesting: Suggesting) -> "SuggestionsView":
        """The view of what was found."""
        found = suggesting.suggestions
        if found is None:
            return cls(state=suggesting.state)
        occasion = SuggestedOccasion(
            place=_shown(SuggestedText, found.occasion_place),
            starts_at=_shown(SuggestedInstant, found.occasion_starts_at),
            ends_at=_shown(SuggestedInstant, found.occasion_ends_at),
        )
        return cls(
            state=suggesting.state,
            letter_number=_shown(SuggestedText, found.letter_number),
            letter_date=_shown(SuggestedDate, found.letter_date),
            sender=_party(found.sender) if found.sender else None,
            subject=_shown(SuggestedText, found.subject),
            kind=_shown(SuggestedText, found.kind),
            category=_shown(SuggestedCategory, found.category),
            urgency=_shown(SuggestedUrgency, found.urgency),
            confidentiality=_shown(SuggestedConfidentiality, found.confidentiality),
            addressees=[_party(one) for one in found.addressees],
            copies=[_party(one) for one in found.copies],
            occasion=occasion if found.occasion_starts_at else None,
        )


def _shown(model: type[Shown], one: Suggested[object] | None) -> Shown | None:
    return model.model_validate(_fields(one) | {"value": one.value}) if one else None


def _party(one: Suggested[Named]) -> SuggestedParty:
    kind: Literal["unit", "external"] = "unit" if one.value.unit_id else "external"
    value = PartyValue(kind=kind, id=one.value.unit_id, name=one.value.name)
    return SuggestedParty.model_validate(_fields(one) | {"value": value})


def _fields(one: Suggested[object]) -> dict[str, object]:
    spot = one.spot
    box = Box(left=spot.left, top=spot.top, right=spot.right, bottom=spot.bottom)
    return {"confidence": one.confidence, "page": spot.page, "box": box, "text": one.text[:500]}
