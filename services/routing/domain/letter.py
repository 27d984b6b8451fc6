"""A letter as routing keeps it, and what follows from its branches. Invariant: who has it now, its status and whether
it is completed are computed from branches and dispositions; none of them is stored here.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.vocabulary import Access, Actor, Occasion
from services.routing.domain.branch import Branch, Work, worked
from services.routing.domain.disposition import Disposition
from services.routing.domain.summary import LetterSummary

Status = Literal["registered", "routed", "disposed", "in_progress", "done"]


class Letter(BaseModel):
    """Facts of a letter. ``version`` is the version of its stream, ``access_version`` that of who may read it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    version: int
    summary: LetterSummary
    occasion: Occasion | None = None
    registered_by: Actor
    registered_at: AwareDatetime
    delivered_at: AwareDatetime
    access: Access
    access_version: int
    dispositions: dict[str, Disposition] = {}

    def disposition(self, disposition_id: str) -> Disposition:
        """What is known of a disposition; nothing but its id before the first news of it."""
        return self.dispositions.get(disposition_id, Disposition(id=disposition_id))

    def knowing(self, disposition: Disposition) -> Self:
        """The letter with this knowledge of a disposition."""
        return self.model_copy(update={"dispositions": {**self.dispositions, disposition.id: disposition}})

    def readable_by(self, positions: Sequence[str]) -> Self:
        """The letter with these positions named among its readers; itself where they were already."""
        added = tuple(dict.fromkeys(one for one in positions if one not in self.access.positions))
        if not added:
            return self
        access = self.access.model_copy(update={"positions": self.access.positions + added})
        return self.model_copy(update={"access": access, "access_version": self.access_version + 1})


def branches_of(disposition: Disposition, letter: Letter, branches: Sequence[Branch]) -> frozenset[str]:
    """The branches a disposition works on: the one it names, else its parent's, else those of the issuer's unit."""
    known = {branch.id for branch in branches}
    seen: set[str] = set()
    current: Disposition | None = disposition
    while current is not None and current.id not in seen:
        if current.branch_id in known:
            return frozenset({str(current.branch_id)})
        own = frozenset(branch.id for branch in branches if branch.unit_id == current.issuer_unit_id)
        if own and current.parent_id is None:
            return own
        seen.add(current.id)
        parent = letter.dispositions.get(current.parent_id) if current.parent_id else None
        if parent is None:
            return own
        current = parent
    return frozenset()


def work_on(letter: Letter, branches: Sequence[Branch]) -> Mapping[str, Work]:
    """Per branch what has become of its dispositions: done when all of them are, subordinate ones too."""
    work: dict[str, Work] = {branch.id: "none" for branch in branches}
    for disposition in letter.dispositions.values():
        for branch_id in branches_of(disposition, letter, branches):
            done = disposition.is_done and work[branch_id] != "open"
            work[branch_id] = "done" if done else "open"
    return work


def progressed(letter: Letter, branches: Sequence[Branch], at: AwareDatetime) -> tuple[Branch, ...]:
    """The branches brought up to what is known of the letter's dispositions."""
    work = work_on(letter, branches)
    return tuple(worked(branch, work[branch.id], at) for branch in branches)


def is_completed(branches: Sequence[Branch]) -> bool:
    """Whether every branch to an addressee is done; copies are for information and hold nothing up."""
    addressees = [branch for branch in branches if branch.role == "addressee"]
    return bool(addressees) and all(branch.state == "done" for branch in addressees)


def outcome_of(letter: Letter) -> Literal["activity", "noted"]:
    """What became of a letter that is completed: noted where nobody was asked for more than to read it."""
    asked = any(charge.closes_on != "read" for one in letter.dispositions.values() for charge in one.charges)
    return "activity" if asked else "noted"


def status_of(letter: Letter, branches: Sequence[Branch]) -> Status:
    """Where the letter is as a whole."""
    if not branches:
        return "registered"
    if is_completed(branches):
        return "done"
    some_done = any(branch.role == "addressee" and branch.state == "done" for branch in branches)
    if some_done or any(one.is_acted_on for one in letter.dispositions.values()):
        return "in_progress"
    return "disposed" if letter.dispositions else "routed"
