"""What the doors of the catalogue take and give."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.contracts.disposition import Effect
from services.disposition.api.models import Form
from services.disposition.domain.catalogue import Entry, InstructionEntry, Labels, Language

CODE = r"^[a-z][a-z0-9_]{1,39}$"
Code = Annotated[str, StringConstraints(pattern=CODE)]
CodePath = Annotated[str, Path(pattern=CODE, description="The code of the entry.")]
Lang = Annotated[Language, Query(description="The language of `label`; Indonesian where there is no translation.")]
Retired = Annotated[bool, Query(description="Whether those in use no more are listed too.")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Order = Annotated[int, Field(ge=0, le=9999, description="Where it stands among the others.")]


class Translations(Form):
    """What people call it. Indonesian is always there; it is what is kept with a disposition."""

    id: Words
    en: Words | None = None
    ban: Words | None = None


class QuickReplyForm(Form):
    """A one-tap reply as it is to be; without ``order`` it stays where it is, or comes last."""

    labels: Translations
    order: Order | None = None

    def facts(self) -> dict[str, Any]:
        """What was given."""
        return self.model_dump(exclude_none=True)


class InstructionForm(QuickReplyForm):
    """An instruction as it is to be. A new effect holds for what is given from now on."""

    effect: Effect


class NewQuickReply(QuickReplyForm):
    """A further one-tap reply. Its code is for good."""

    code: Code


class NewInstruction(InstructionForm):
    """A further instruction. Its code is for good."""

    code: Code


class EntryView(BaseModel):
    """An entry. ``label`` is what it is called in the language that was asked for."""

    model_config = ConfigDict(frozen=True)

    code: str
    label: str
    labels: Labels
    order: int
    retired: bool
    version: int
    by_name: str | None
    at: datetime | None


class InstructionView(EntryView):
    """An instruction with what it asks for."""

    effect: Effect


class QuickReplyView(EntryView):
    """A one-tap reply."""


def quick_reply_view(one: Entry, language: Language = "id") -> QuickReplyView:
    """As it is shown."""
    return QuickReplyView(label=one.labels.said(language), **_shown(one))


def instruction_view(one: InstructionEntry, language: Language = "id") -> InstructionView:
    """As it is shown."""
    return InstructionView(label=one.labels.said(language), effect=one.effect, **_shown(one))


def _shown(one: Entry) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Entry.model_fields if name in EntryView.model_fields}
