"""A letter taken in hand. Invariant: whatever changes a letter or its branches goes through here, one change after the
other for each letter, and every change is told: events, their versions and their steps on the track are made here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.chassis.bus.outcome import RetryLater
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.contracts.routing import AccessChanged, BranchRead, BranchReceived, LetterCompleted
from services.routing.context import Context
from services.routing.domain import steps
from services.routing.domain.branch import Branch
from services.routing.domain.letter import Letter, is_completed, outcome_of
from services.routing.domain.track import Step


@dataclass(frozen=True)
class Hand:
    """A letter with its branches, held until the transaction ends."""

    letter: Letter
    branches: tuple[Branch, ...]

    def branch(self, branch_id: str) -> Branch:
        """One of the branches."""
        return next(branch for branch in self.branches if branch.id == branch_id)

    def with_branch(self, changed: Branch) -> "Hand":
        """The same with one branch changed."""
        branches = tuple(changed if branch.id == changed.id else branch for branch in self.branches)
        return replace(self, branches=branches)


async def take(context: Context, tx: Transaction, letter_id: str) -> Hand:
    """Take the letter; RetryLater where it has not been delivered yet, because news of it may overtake it."""
    letter = await context.letters.take(letter_id, tx.session)
    if letter is None:
        raise RetryLater(f"letter {letter_id} has not been delivered yet")
    return Hand(letter, tuple(await context.branches.of(letter_id, tx.session)))


async def put_back(
    context: Context, tx: Transaction, before: Hand, after: Hand, at: datetime, heard: Sequence[Step] = ()
) -> None:
    """Keep what changed and tell it. ``heard`` are steps other services told of."""
    version = before.letter.version
    made: list[Step] = list(heard)
    for event in _told(before, after, at):
        version += 1
        event_id = tx.publish(event, seq=version)
        made += _steps(event_id, event, after)
    for old, new in zip(before.branches, after.branches, strict=True):
        if new != old:
            await context.branches.change(new, tx.session)
    letter = after.letter.model_copy(update={"version": version})
    if letter != before.letter:
        await context.letters.change(letter, tx.session)
    await context.timeline.add(made, tx.session)


def _told(before: Hand, after: Hand, at: datetime) -> list[Event]:
    events: list[Event] = []
    for old, new in zip(before.branches, after.branches, strict=True):
        events += _told_of_branch(old, new)
    letter = after.letter
    if letter.access != before.letter.access:
        access = AccessChanged(letter_id=letter.id, access=letter.access, access_version=letter.access_version)
        events.append(access)
    if is_completed(after.branches) and not is_completed(before.branches):
        events.append(_completion(letter, after.branches, at))
    return events


def _told_of_branch(old: Branch, new: Branch) -> list[Event]:
    events: list[Event] = []
    if new.read is not None and old.read is None:
        act = new.read
        events.append(BranchRead(letter_id=new.letter_id, branch_id=new.id, actor=act.actor, at=act.at))
    if new.received is not None and old.received is None:
        act = new.received
        events.append(BranchReceived(letter_id=new.letter_id, branch_id=new.id, actor=act.actor, at=act.at))
    return events


def _completion(letter: Letter, branches: Sequence[Branch], at: datetime) -> LetterCompleted:
    holders = [holder for branch in branches if branch.role == "addressee" for holder in branch.holders]
    return LetterCompleted(
        letter_id=letter.id,
        subject=letter.summary.subject,
        outcome=outcome_of(letter),
        holders=tuple(dict.fromkeys([*holders, letter.registered_by.position_id])),
        at=at,
    )


def _steps(event_id: str, event: Event, hand: Hand) -> list[Step]:
    if isinstance(event, BranchRead | BranchReceived):
        return [steps.branch_step(event_id, event, hand.branch(event.branch_id))]
    if isinstance(event, LetterCompleted):
        return [steps.completed(event_id, event)]
    return []
