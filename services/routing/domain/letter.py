"""A letter as routing keeps it, and what follows from its branches. Invariant: who has it now, its status and whether
it is completed are computed from branches and dispositions; none of them is stored here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.vocabulary import Access, Actor, LetterOutcome, LinkRelation, Occasion, Party
from services.routing.domain.branch import Branch, ReasonedAct, Work
from services.routing.domain.disposition import Disposition
from services.routing.domain.summary import LetterSummary

Status = Literal["registered", "routed", "disposed", "in_progress", "done", "archived", "returned", "void"]
RANKED_OUTCOMES: tuple[LetterOutcome, ...] = ("policy", "decision", "reply", "activity", "noted")
"""The weightiest first: a letter's outcome is the weightiest of its branches'."""


class Link(BaseModel):
    """Another letter this one belongs to. ``inverse``: the other one is the reply, or follows this one."""

    model_config = ConfigDict(frozen=True)

    other_id: str
    relation: LinkRelation
    inverse: bool = False


class AgendaItem(BaseModel):
    """A request for a leader's presence that came of the letter, and what became of it."""

    model_config = ConfigDict(frozen=True)

    request_id: str
    title: str
    leader_title: str
    status: Literal["submitted", "approved", "declined"]
    place: str | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    reason: str | None = None


class Letter(BaseModel):
    """Facts of a letter. ``abstract`` is what intake calls its summary. ``corrected`` is the version of intake's stream
    at which it was last corrected, ``voided`` who declared its registration void, and why.

    ``version`` is the version of its stream, ``access_version`` that of who may read it, and ``entries`` how many
    events its history holds.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    version: int
    entries: int = 0
    summary: LetterSummary
    abstract: str | None = None
    addressees: tuple[Party, ...] = ()
    copies: tuple[Party, ...] = ()
    occasion: Occasion | None = None
    registered_by: Actor
    registered_at: AwareDatetime
    delivered_at: AwareDatetime
    first_disposed_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    outcome: LetterOutcome | None = None
    access: Access
    access_version: int
    dispositions: dict[str, Disposition] = {}
    links: tuple[Link, ...] = ()
    agenda: dict[str, AgendaItem] = {}
    corrected: int = 0
    voided: ReasonedAct | None = None

    def disposition(self, disposition_id: str) -> Disposition:
        """What is known of a disposition; nothing but its id before the first news of it."""
        return self.dispositions.get(disposition_id, Disposition(id=disposition_id))

    def knowing(self, disposition: Disposition) -> Self:
        """The letter with this knowledge of a disposition."""
        return self.model_copy(update={"dispositions": {**self.dispositions, disposition.id: disposition}})


def branches_of(disposition: Disposition, letter: Letter, branches: Sequence[Branch]) -> frozenset[str]:
    """The branches a disposition works on: the one it names, else its parent's, else those of the issuer's unit."""
    known = {branch.id for branch in branches if branch.external_name is None}
    seen: set[str] = set()
    current: Disposition | None = disposition
    while current is not None and current.id not in seen:
        if current.branch_id in known:
            return frozenset({str(current.branch_id)})
        own = frozenset(b.id for b in branches if b.id in known and b.unit_id == current.issuer_unit_id)
        if own and current.parent_id is None:
            return own
        seen.add(current.id)
        parent = letter.dispositions.get(current.parent_id) if current.parent_id else None
        if parent is None:
            return own
        current = parent
    return frozenset()


def dispositions_on(letter: Letter, branches: Sequence[Branch]) -> dict[str, list[Disposition]]:
    """Per branch the dispositions that count there: those that were done when it was reopened do not, until one of
    their parts is work again.
    """
    found: dict[str, list[Disposition]] = {branch.id: [] for branch in branches}
    reopened = {branch.id: branch.reopened for branch in branches if branch.reopened}
    for disposition in letter.dispositions.values():
        for branch_id in branches_of(disposition, letter, branches):
            before = reopened.get(branch_id)
            if before is None or not before.leaves_out(disposition.id, disposition.opened):
                found[branch_id].append(disposition)
    return found


def work_on(letter: Letter, branches: Sequence[Branch]) -> Mapping[str, Work]:
    """Per branch what has become of its dispositions: done when all of them are, subordinate ones too. Those that all
    was given back of, or taken back, are as if they had not been given.
    """
    return {branch_id: _work(given) for branch_id, given in dispositions_on(letter, branches).items()}


def _work(given: Sequence[Disposition]) -> Work:
    states = {one.state for one in given} - {"gone"}
    if not states:
        return "none"
    return "open" if "open" in states else "done"


def progressed(letter: Letter, branches: Sequence[Branch], at: datetime) -> tuple[Branch, ...]:
    """The branches brought up to what is known of the letter's dispositions. What is work again lies in no files."""
    work = work_on(letter, branches)
    return tuple(one if one.work == work[one.id] else _at_work(one, work[one.id], at) for one in branches)


def _at_work(branch: Branch, work: Work, at: datetime) -> Branch:
    return branch.with_facts(at, work=work, filed=None if work == "open" else branch.filed)


def to_act_on(branches: Sequence[Branch]) -> list[Branch]:
    """The ways that ask for something: to addressees, and still gone. Copies hold nothing up, unless there is nothing
    else: then they are what the letter went out for.
    """
    live = [branch for branch in branches if branch.is_live]
    return [branch for branch in live if branch.role == "addressee"] or live


def is_completed(branches: Sequence[Branch]) -> bool:
    """Whether every branch that asks for something is done; a letter that is on no such way is not."""
    ways = to_act_on(branches)
    return bool(ways) and all(branch.state == "done" for branch in ways)


def outcome_of(letter: Letter, branches: Sequence[Branch]) -> LetterOutcome:
    """What became of a letter that is completed: the weightiest that was said or done about it."""
    found: set[LetterOutcome] = {branch.closed.outcome for branch in to_act_on(branches) if branch.closed}
    if any(link.relation == "reply_to" and link.inverse for link in letter.links):
        found.add("reply")
    asked = any(part.closes_on != "read" for one in letter.dispositions.values() for part in one.live)
    found.add("activity" if asked else "noted")
    return next(one for one in RANKED_OUTCOMES if one in found)


def status_of(letter: Letter, branches: Sequence[Branch]) -> Status:
    """Where the letter is as a whole."""
    if letter.voided:
        return "void"
    ways = to_act_on(branches)
    if is_completed(branches):
        return "archived" if all(branch.filed for branch in ways) else "done"
    if ways and all(branch.state == "returned" for branch in ways):
        return "returned"
    if any(b.state == "done" for b in ways) or any(one.is_acted_on for one in letter.dispositions.values()):
        return "in_progress"
    if any(not one.is_gone for one in letter.dispositions.values()):
        return "disposed"
    return "routed" if any(branch.is_live for branch in branches) else "registered"


def due_of(branches: Sequence[Branch]) -> datetime | None:
    """The earliest deadline of those branches that are still open."""
    return min((b.due_at for b in branches if b.role == "addressee" and b.is_open and b.due_at), default=None)
