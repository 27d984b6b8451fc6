"""Act as a recipient, or as whoever gave it. Invariant: only a holder of the very position does it, once for each key,
and on the state that was asked for.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.chassis.auth import Principal
from services.chassis.errors import forbidden, not_found
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.contracts.vocabulary import Actor
from services.disposition.commands.acting import acting_as
from services.disposition.commands.change import Change, keep
from services.disposition.commands.letter import must_be_valid
from services.disposition.commands.show_dispositions import may_see
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Deed, Disposition
from services.disposition.domain.recipient import DispositionRecipient

NOT_RECIPIENT = "Hanya pemegang jabatan penerima yang dapat melakukan ini."
NOT_OWNER = "Hanya pemberi disposisi yang dapat melakukan ini."
NOT_PARTY = "Hanya pemberi dan penerima disposisi yang dapat melakukan ini."


@dataclass(frozen=True)
class Asked:
    """What a request says: by whom, of which disposition, under which key, and for which state of it."""

    caller: Principal
    disposition_id: str
    key: str | None = None
    seen: int | None = None


@dataclass(frozen=True)
class Turn:
    """One run of an act: the disposition as it is, and the caller as the position that acts."""

    tx: Transaction
    disposition: Disposition
    actor: Actor
    caller: Principal

    @property
    def at(self) -> datetime:
        """The instant of the act."""
        return self.tx.now

    def act(self, kind: Deed, recipient_id: str | None = None, **facts: Any) -> Act:
        """What stands in the thread."""
        return Act(
            id=new_id(),
            disposition_id=self.disposition.id,
            recipient_id=recipient_id,
            kind=kind,
            actor=self.actor,
            at=self.at,
            **facts,
        )


@dataclass(frozen=True)
class PartTurn(Turn):
    """The same as the holder of one part."""

    part: DispositionRecipient

    def done(self, act: Act, events: Sequence[Event], **facts: Any) -> Change:
        """The change in which the part has these facts."""
        return Change(self.disposition.acted(self.part.recipient_id, self.at, **facts), events, (act,))


Work = Callable[[PartTurn], Awaitable[Change | None]]
OwnerWork = Callable[[Turn], Awaitable[Change | None]]


async def act_on_part(context: Context, asked: Asked, recipient_id: str, what: Sequence[Any], work: Work) -> Document:
    """The disposition after an act of the holder of this part, and the act: none where there was nothing to do.

    ``what`` tells requests apart that come with the same key.
    """

    async def run(tx: Transaction) -> Document:
        before = await _seen(context, asked, tx, recipient_id)
        part = before.recipient(recipient_id)
        if part is None:
            raise not_found("Penerima disposisi")
        actor = acting_as(asked.caller, part.position_id, NOT_RECIPIENT)
        return await _answer(context, tx, before, await work(PartTurn(tx, before, actor, asked.caller, part)))

    return await _once(context, asked, [*what, recipient_id], run)


async def act_as_owner(context: Context, asked: Asked, what: Sequence[Any], work: OwnerWork) -> Document:
    """The same for the position that waits for the answers."""

    async def run(tx: Transaction) -> Document:
        before = await _seen(context, asked, tx)
        actor = acting_as(asked.caller, before.owner.position_id, NOT_OWNER)
        return await _answer(context, tx, before, await work(Turn(tx, before, actor, asked.caller)))

    return await _once(context, asked, what, run)


async def act_on_owned(context: Context, asked: Asked, recipient_id: str, what: Sequence[Any], work: Work) -> Document:
    """The same for that position, about one part."""

    async def about(turn: Turn) -> Change | None:
        part = turn.disposition.recipient(recipient_id)
        if part is None:
            raise not_found("Penerima disposisi")
        return await work(PartTurn(turn.tx, turn.disposition, turn.actor, turn.caller, part))

    return await act_as_owner(context, asked, [*what, recipient_id], about)


async def act_as_party(
    context: Context, asked: Asked, what: Sequence[Any], work: OwnerWork, as_position: str | None = None
) -> Document:
    """The same for any position it is between: ``as_position``, or else the first that is held, the giver's before."""

    async def run(tx: Transaction) -> Document:
        before = await _seen(context, asked, tx)
        order = [before.owner.position_id, *(one.position_id for one in before.live)]
        mine = next((one for one in order if as_position in (None, one) and asked.caller.holding(one)), None)
        if mine is None:
            raise forbidden(NOT_PARTY)
        actor = acting_as(asked.caller, mine, NOT_PARTY)
        return await _answer(context, tx, before, await work(Turn(tx, before, actor, asked.caller)))

    return await _once(context, asked, what, run)


async def _once(
    context: Context, asked: Asked, what: Sequence[Any], run: Callable[[Transaction], Awaitable[Document]]
) -> Document:
    request = fingerprint(asked.disposition_id, *what)
    # Neighbours in this process queue here; those in others clash in the database and are run again.
    async with context.locks.hold(asked.disposition_id):
        answer, _ = await context.idempotent.run(asked.caller.person_id, asked.key, request, run)
    return answer


async def _seen(context: Context, asked: Asked, tx: Transaction, recipient_id: str | None = None) -> Disposition:
    """The disposition; 404 for whom it is no business of, 412 where it is not as the caller has seen it.

    Who holds the very part is let through where it was taken back, which only hides it: so they are told that, not
    that there never was anything.
    """
    found = await context.dispositions.get(asked.disposition_id, tx.session)
    part = found.recipient(recipient_id) if found and recipient_id else None
    theirs = part is not None and asked.caller.holding(part.position_id) is not None
    if found is None or not (theirs or await may_see(context, asked.caller, found)):
        raise not_found("Disposisi")
    await must_be_valid(context, found.letter_id, tx)
    check_version(found.version, asked.seen)
    return found


async def _answer(context: Context, tx: Transaction, before: Disposition, change: Change | None) -> Document:
    if change is None:
        return {"disposition": before.model_dump(mode="json"), "act": None}
    after = await keep(context, tx, before, change)
    act = change.acts[-1].model_dump(mode="json") if change.acts else None
    return {"disposition": after.model_dump(mode="json"), "act": act}
