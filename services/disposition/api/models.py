"""What the doors of disposition take and give, beside what the domain already says."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.disposition.domain.disposition import Act, Disposition

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class Reply(BaseModel):
    """An answer to the issuer."""

    model_config = ConfigDict(extra="forbid")

    text: Text


class Completion(BaseModel):
    """What was done, for the issuer."""

    model_config = ConfigDict(extra="forbid")

    report: Text | None = None


class DispositionDetail(Disposition):
    """A disposition with what its recipients did: the newest 500 acts, the oldest of them first."""

    acts: list[Act]


class RecipientAct(BaseModel):
    """The disposition after an act, and the act; null where nothing was new."""

    disposition: Disposition
    act: Act | None
