"""A letter's dossier, taken and put back. Invariant: whatever happens to a letter goes through here, one thing after
the other for each letter; what happened is written in its history, told to others, and only then seen in any list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.chassis.bus.outcome import RetryLater
from services.chassis.errors import conflict
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.contracts.routing import AccessChanged, LetterCompleted
from services.contracts.vocabulary import Access
from services.routing.context import Context
from services.routing.domain.access import access_of
from services.routing.domain.control import control_row
from services.routing.domain.dossier import Dossier, applied
from services.routing.domain.letter import is_completed, outcome_of
from services.routing.store.letters import Entry


@dataclass(frozen=True)
class Heard:
    """An event another service told of, under its own id."""

    event_id: str
    seq: int
    event: Event


@dataclass
class Happening:
    """What happens to one letter in one transaction."""

    tx: Transaction
    dossier: Dossier
    entries: list[Entry] = field(default_factory=list)

    def hear(self, heard: Heard) -> None:
        """Apply what another service told."""
        self._apply(heard.event_id, heard.seq, heard.event)

    def make(self, event: Event) -> None:
        """Let an event of ours happen: publish it and apply it."""
        seq = self.dossier.letter.version + 1
        self._apply(self.tx.publish(event, seq=seq), seq, event)

    def follow(self) -> None:
        """Let happen what follows from where the letter now is: who may read it, whether it is completed."""
        letter, branches = self.dossier.letter, self.dossier.branches
        access = access_of(letter, branches)
        if not _same(access, letter.access):
            self.make(AccessChanged(letter_id=letter.id, access=access, access_version=letter.access_version + 1))
        if is_completed(branches) and letter.completed_at is None:
            self.make(_completion(self.dossier, self.tx))

    def _apply(self, event_id: str, seq: int, event: Event) -> None:
        self.dossier = applied(self.dossier, event, seq)
        self.entries.append(Entry(event_id, self.dossier.letter.entries, seq, event))


async def take(context: Context, tx: Transaction, letter_id: str) -> Dossier:
    """Take the letter; RetryLater where it has not been delivered yet, because news of it may overtake it."""
    letter = await context.letters.take(letter_id, tx.session)
    if letter is None:
        raise RetryLater(f"letter {letter_id} has not been delivered yet")
    if letter.entries == 0:
        raise conflict("no_history", "Surat ini belum memiliki riwayat, jadi belum dapat ditindaklanjuti di sini.")
    return Dossier(letter, tuple(await context.branches.of(letter_id, tx.session)))


async def take_valid(context: Context, tx: Transaction, letter_id: str) -> Dossier:
    """Take the letter for an act of a person; 409 where its registration is void."""
    dossier = await take(context, tx, letter_id)
    if voided := dossier.letter.voided:
        state = {"status": "void", "at": voided.at, "reason": voided.reason}
        raise conflict("letter_voided", f"Pendaftaran surat ini sudah dibatalkan oleh {voided.display}.", state=state)
    return dossier


async def happen(
    context: Context, tx: Transaction, before: Dossier, made: Sequence[Event] = (), heard: Heard | None = None
) -> Dossier:
    """Let it happen and keep what came of it; the dossier after."""
    happening = Happening(tx, before)
    if heard:
        happening.hear(heard)
    for event in made:
        happening.make(event)
    happening.follow()
    await _keep(context, happening, before)
    return happening.dossier


async def begin(context: Context, tx: Transaction, first: Heard, dossier: Dossier, made: Event) -> Dossier:
    """Keep a letter that was not known; the driver's DuplicateKeyError where it was."""
    happening = Happening(tx, dossier, [Entry(first.event_id, 1, first.seq, first.event)])
    happening.make(made)
    happening.follow()
    after = happening.dossier
    await context.letters.add(after.letter, tx.now, tx.session)
    await context.branches.add(after.branches, tx.session)
    await context.history.add(after.letter.id, happening.entries, tx.now, tx.session)
    await context.control_list.add(control_row(after), tx.session)
    return after


async def _keep(context: Context, happening: Happening, before: Dossier) -> None:
    tx, after = happening.tx, happening.dossier
    known = {branch.id: branch for branch in before.branches}
    for branch in after.branches:
        if branch.id in known and branch != known[branch.id]:
            await context.branches.change(branch, tx.session)
    await context.branches.add([one for one in after.branches if one.id not in known], tx.session)
    await context.letters.change(before.letter, after.letter, tx.now, tx.session)
    await context.history.add(after.letter.id, happening.entries, tx.now, tx.session)
    row = control_row(after)
    if row != control_row(before):
        await context.control_list.put(row, tx.session)


def _same(one: Access, other: Access) -> bool:
    """Whether they let in the same; the order in which places came to it says nothing."""
    confidential = one.confidentiality == other.confidentiality
    return confidential and set(one.units) == set(other.units) and set(one.positions) == set(other.positions)


def _completion(dossier: Dossier, tx: Transaction) -> LetterCompleted:
    letter, branches = dossier.letter, dossier.branches
    holders = [holder for one in branches if one.role == "addressee" and one.is_live for holder in one.holders]
    return LetterCompleted(
        letter_id=letter.id,
        subject=letter.summary.subject,
        outcome=outcome_of(letter, branches),
        holders=tuple(dict.fromkeys([*holders, letter.registered_by.position_id])),
        at=tx.now,
    )
