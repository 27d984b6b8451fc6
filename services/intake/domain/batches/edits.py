"""What somebody who reviews a batch may ask for. Invariant: each says what it means whatever was edited before it."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from services.chassis.ids import EntityId
from services.intake.domain.batches import arrangement as arranging
from services.intake.domain.batches.arrangement import Arrangement, Fresh
from services.intake.domain.draft import Said

PageNumber: TypeAlias = Annotated[int, Field(ge=1, le=100_000)]
Pages: TypeAlias = Annotated[tuple[PageNumber, ...], Field(min_length=1, max_length=2000)]
LetterIds: TypeAlias = Annotated[tuple[EntityId, ...], Field(min_length=2, max_length=2000)]


class _OfPages(Said):
    """An edit of some pages, by their numbers in the scan."""

    pages: Pages

    @model_validator(mode="after")
    def _each_once(self) -> "_OfPages":  # noqa: N804 - after validation it is an instance
        if len(set(self.pages)) < len(self.pages):
            raise ValueError("each page is named once")
        return self


class Rotate(_OfPages):
    """Turn pages to the right."""

    do: Literal["rotate"]
    degrees: Literal[90, 180, 270]

    def made(self, arrangement: Arrangement, fresh: Fresh) -> Arrangement:
        """The arrangement after it."""
        del fresh
        return arranging.rotate(arrangement, self.pages, self.degrees)


class Move(_OfPages):
    """Move pages, those left out too, into a letter or, without one, into a new letter."""

    do: Literal["move"]
    to: EntityId | None = None
    before: PageNumber | None = Field(default=None, description="A page of that letter; by default behind its last.")

    def made(self, arrangement: Arrangement, fresh: Fresh) -> Arrangement:
        """The arrangement after it."""
        return arranging.move(arrangement, self.pages, self.to, self.before, fresh)


class Split(Said):
    """Begin a new letter with a page of this one."""

    do: Literal["split"]
    letter: EntityId
    at: PageNumber

    def made(self, arrangement: Arrangement, fresh: Fresh) -> Arrangement:
        """The arrangement after it."""
        return arranging.split(arrangement, self.letter, self.at, fresh)


class Merge(Said):
    """Make one letter of several: the first, with the pages of the others behind its own."""

    do: Literal["merge"]
    letters: LetterIds

    @model_validator(mode="after")
    def _each_once(self) -> "Merge":  # noqa: N804 - after validation it is an instance
        if len(set(self.letters)) < len(self.letters):
            raise ValueError("each letter is named once")
        return self

    def made(self, arrangement: Arrangement, fresh: Fresh) -> Arrangement:
        """The arrangement after it."""
        del fresh
        return arranging.merge(arrangement, self.letters)


class Drop(_OfPages):
    """Leave pages out; they can be restored."""

    do: Literal["drop"]

    def made(self, arrangement: Arrangement, fresh: Fresh) -> Arrangement:
        """The arrangement after it."""
        del fresh
        return arranging.drop(arrangement, self.pages)


class Restore(_OfPages):
    """Put pages that were left out back where they came from."""

    do: Literal["restore"]

    def made(self, arrangement: Arrangement, fresh: Fresh) -> Arrangement:
        """The arrangement after it."""
        return arranging.restore(arrangement, self.pages, fresh)


Edit: TypeAlias = Annotated[Rotate | Move | Split | Merge | Drop | Restore, Field(discriminator="do")]


def edited(arrangement: Arrangement, edits: Sequence[Edit], fresh: Fresh) -> Arrangement:
    """The arrangement after all of them, in order; whatever one refuses refuses all."""
    for edit in edits:
        arrangement = edit.made(arrangement, fresh)
    return arrangement
