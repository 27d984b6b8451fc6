"""What the doors of disposition take and give, beside what the domain already says."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.chassis.ids import EntityId
from services.contracts.disposition import Attachment
from services.disposition.commands.answer import Answer
from services.disposition.domain.disposition import Act, Disposition

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
Files = Annotated[list[EntityId], Field(max_length=10, description="Files that were brought for this disposition.")]


class Form(BaseModel):
    """What is sent: nothing that is not known."""

    model_config = ConfigDict(extra="forbid")


class Reply(Form):
    """An answer to the issuer: words, or the code of a one-tap reply; with files or without."""

    text: Text | None = None
    quick_reply: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    attachments: Files = []

    @model_validator(mode="after")
    def _one_of_both(self) -> "Reply":  # noqa: N804 - after validation it is an instance
        if (self.text is None) == (self.quick_reply is None):
            raise ValueError("an answer is a text or a quick reply")
        return self

    def answer(self) -> Answer:
        """As commands take it."""
        return Answer(self.text, self.quick_reply, tuple(self.attachments))


class Progress(Form):
    """How far one is, in percent."""

    percent: Annotated[int, Field(ge=0, le=100)]
    note: Text | None = None
    attachments: Files = []

    def answer(self) -> Answer:
        """As commands take it."""
        return Answer(self.note, None, tuple(self.attachments))


class Completion(Form):
    """What was done, for the issuer: a report, evidence, and the letter that went out."""

    report: Text | None = None
    attachments: Files = []
    outgoing_letter_id: EntityId | None = None

    def answer(self) -> Answer:
        """As commands take it."""
        return Answer(self.report, None, tuple(self.attachments), self.outgoing_letter_id)


class Refusal(Form):
    """Why a part is given back."""

    reason: Reason


class IssuedDisposition(Disposition):
    """A disposition that was just given, with a sentence for each position in it that nobody is there for; given to it
    was all the same, and who stands in there is named.
    """

    warnings: tuple[str, ...] = ()


class ShownFile(Attachment):
    """A file as people are shown it: where it lies in the store is nobody's business."""

    key: str = Field(exclude=True)


class ShownAct(Act):
    """An act as people are shown it."""

    attachments: tuple[ShownFile, ...] = ()


class DispositionDetail(Disposition):
    """A disposition with what was done with it: the newest 500 acts, the oldest of them first."""

    acts: list[ShownAct]


class DispositionAct(BaseModel):
    """The disposition after an act, and the act; null where nothing was new."""

    disposition: Disposition
    act: ShownAct | None
