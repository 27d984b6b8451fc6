"""What the catalogue consists of: instructions and one-tap replies. Invariant: an entry is retired, never removed, and
a disposition keeps the words and the effect it was given with, whatever becomes of its entry.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.disposition import Effect, Instruction

Language = Literal["id", "en", "ban"]
FREE_TEXT = "lainnya"
"""Says nothing by itself: a note must say what is meant."""


class Labels(BaseModel):
    """What people call it, in Indonesian always; in English and Balinese where somebody said so."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    en: str | None = None
    ban: str | None = None

    def said(self, language: Language) -> str:
        """The words in this language, else in Indonesian."""
        found: str | None = getattr(self, language)
        return found or self.id


class Entry(BaseModel):
    """One entry. ``order`` is where it stands; ``version`` counts its changes, the first is what it began with."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    labels: Labels
    order: int
    retired: bool = False
    version: int = 1
    by_id: str | None = None
    by_name: str | None = None
    at: AwareDatetime | None = None


class InstructionEntry(Entry):
    """An instruction with what it asks for."""

    effect: Effect

    def instruction(self) -> Instruction:
        """As a disposition gives it: in the language of the office."""
        return Instruction(code=self.code, label=self.labels.id, effect=self.effect)


class QuickReplyEntry(Entry):
    """A one-tap reply: its words are what is answered."""


E = TypeVar("E", bound=Entry)


def in_order(entries: Iterable[E]) -> list[E]:
    """As they stand on the printed sheet and on the screen."""
    return sorted(entries, key=lambda one: (one.order, one.code))


def in_use(entries: Mapping[str, E]) -> dict[str, E]:
    """Those that may be given."""
    return {code: one for code, one in entries.items() if not one.retired}
