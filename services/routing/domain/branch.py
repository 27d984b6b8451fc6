"""One way a letter goes. Invariant: a branch's state is computed from what happened on it, never set.

sent -> read -> received -> in_progress -> done. Facts are only added (read, received, the work of its dispositions), so
the order in which news of them arrives does not matter. A copy for information is done when it is read.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.errors import conflict
from services.contracts.routing import Branch as PublishedBranch
from services.contracts.vocabulary import Actor
from services.routing.domain.assignment import display_title
from services.routing.domain.summary import LetterSummary

State = Literal["sent", "read", "received", "in_progress", "done"]
Work = Literal["none", "open", "done"]
"""What has become of the dispositions given on a branch."""


class Act(BaseModel):
    """Who did it, as which position, and when."""

    model_config = ConfigDict(frozen=True)

    actor: Actor
    at: AwareDatetime

    @property
    def display(self) -> str:
        """ "Wayan Sudira (Plt. Kepala Dinas PU)"."""
        return f"{self.actor.person_name} ({display_title(self.actor.position_title, self.actor.capacity)})"


class Branch(BaseModel):
    """A letter on its way to a unit, or to one position in it.

    ``open_to_unit``: the positions that handle the unit's letters may act on it, not its holders alone.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    letter_id: str
    version: int = 1
    role: Literal["addressee", "copy"]
    unit_id: str
    unit_name: str
    position_id: str | None = None
    position_title: str | None = None
    holders: tuple[str, ...]
    open_to_unit: bool = True
    letter: LetterSummary
    since: AwareDatetime
    read: Act | None = None
    received: Act | None = None
    work: Work = "none"

    @property
    def state(self) -> State:
        """Where the branch is, from what happened on it."""
        if self.work != "none":
            return "done" if self.work == "done" else "in_progress"
        if self.role == "copy" and self.read:
            return "done"
        if self.received:
            return "received"
        return "read" if self.read else "sent"

    @property
    def readers(self) -> list[str]:
        """Keys of those it lies with: its unit's handlers by how confidential the letter is, or its holders alone."""
        if not self.open_to_unit:
            return list(self.holders)
        trusted = trusted_key(self.unit_id)
        return [trusted] if self.letter.is_secret else [trusted, handlers_key(self.unit_id)]

    def published(self) -> PublishedBranch:
        """The branch as events tell of it."""
        return PublishedBranch(
            branch_id=self.id,
            role=self.role,
            unit_id=self.unit_id,
            unit_name=self.unit_name,
            position_id=self.position_id,
            holders=self.holders,
        )

    def snapshot(self) -> dict[str, Any]:
        """The present state, for whoever came second."""
        return {"id": self.id, "state": self.state, "since": self.since, "version": self.version}


def handlers_key(unit_id: str) -> str:
    """Stands for the positions that handle a unit's ordinary letters, and those alone."""
    return f"{unit_id}/handlers"


def trusted_key(unit_id: str) -> str:
    """Stands for the positions that handle all of a unit's letters, secret ones too."""
    return f"{unit_id}/trusted"


def opened(branch: Branch, actor: Actor, at: datetime) -> Branch:
    """The branch after somebody entitled opened the letter; the first one stays, so a second time changes nothing."""
    if branch.read is not None:
        return branch
    return moved(branch, at, read=Act(actor=actor, at=at))


def accepted(branch: Branch, actor: Actor, at: datetime) -> Branch:
    """The branch after the unit took the letter as its work; whoever accepts a letter has opened it.

    The same position again changes nothing. 409 where another position was first, or work has begun without.
    """
    if branch.received is not None:
        if branch.received.actor.position_id == actor.position_id:
            return branch
        detail = f"Surat ini sudah diterima oleh {branch.received.display}."
        raise conflict("branch_already_received", detail, state=branch.snapshot())
    if branch.work != "none":
        raise conflict(
            "branch_already_in_progress", "Surat ini sudah didisposisikan dan sedang diproses.", state=branch.snapshot()
        )
    act = Act(actor=actor, at=at)
    return moved(branch, at, read=branch.read or act, received=act)


def worked(branch: Branch, work: Work, at: datetime) -> Branch:
    """The branch with its dispositions' work at ``work``."""
    return branch if branch.work == work else moved(branch, at, work=work)


def moved(branch: Branch, at: datetime, **facts: object) -> Branch:
    """The branch with new facts; ``since`` moves only with the state."""
    after = branch.model_copy(update={**facts, "version": branch.version + 1})
    return after if after.state == branch.state else after.model_copy(update={"since": at})
