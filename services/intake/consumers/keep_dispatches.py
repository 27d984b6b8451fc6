"""The buku ekspedisi from routing's news. Invariant: handlers are guarded: done twice or torn apart, it is the same.

Only the unit that sent something, and whether it was practice, is looked up: intake registered the letter.
"""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from services.chassis.bus.consumer import Received, Subscription
from services.chassis.bus.outcome import RetryLater
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.contracts.routing import (
    Branch,
    BranchClosed,
    BranchRead,
    BranchRecalled,
    BranchReceived,
    BranchRedirected,
    BranchReturned,
    LetterDelivered,
    LetterForwarded,
)
from services.contracts.vocabulary import Actor
from services.intake.domain.books.dispatch import Sending, signed
from services.intake.domain.letter import Letter
from services.intake.store.dispatches import Dispatches
from services.intake.store.letters import Letters
from services.projections.ways import destination

Handler = Callable[[Any, Received, Transaction], Coroutine[Any, Any, None]]


class DispatchKeeping:
    """Keeps what units have sent, to whom, and who took it there."""

    def __init__(self, letters: Letters, dispatches: Dispatches) -> None:
        self._letters = letters
        self._dispatches = dispatches

    async def on_letter_delivered(self, event: LetterDelivered, _: Received, tx: Transaction) -> None:
        """The unit that registered it sent it. Comes with every letter, so nothing is read for it where it says so."""
        unit_id, training = event.registrar_unit_id, event.training
        if unit_id is None:
            letter = await self._letter(event.letter_id, tx)
            unit_id, training = letter.unit_id, letter.training
        await self._dispatches.begin(
            Sending(one, event.letter_id, unit_id, event.delivered_at, training, by_registrar=True)
            for one in (*event.branches, *event.external)
        )

    async def on_letter_forwarded(self, event: LetterForwarded, _: Received, tx: Transaction) -> None:
        """Whoever forwarded it sent it; where a rule did, the unit that registered it."""
        letter = await self._letter(event.letter_id, tx)
        unit_id = event.actor.unit_id if event.actor else letter.unit_id
        await self._send(letter, event.branches, event.at, event.actor, unit_id, tx)

    async def on_branch_redirected(self, event: BranchRedirected, _: Received, tx: Transaction) -> None:
        """It left one way for another, on which whoever redirected it sent it."""
        letter = await self._letter(event.letter_id, tx)
        await self._send(letter, [event.branch], event.at, event.actor, event.actor.unit_id, tx)
        to = destination(event.branch)
        await self._note(event.branch_id, "redirected", event.actor, event.at, tx, reason=event.reason, to=to)

    async def on_branch_read(self, event: BranchRead, _: Received, tx: Transaction) -> None:
        """It was opened there."""
        await self._note(event.branch_id, "read", event.actor, event.at, tx)

    async def on_branch_received(self, event: BranchReceived, _: Received, tx: Transaction) -> None:
        """It was taken there."""
        await self._note(event.branch_id, "received", event.actor, event.at, tx)

    async def on_branch_returned(self, event: BranchReturned, _: Received, tx: Transaction) -> None:
        """It came back."""
        await self._note(event.branch_id, "returned", event.actor, event.at, tx, reason=event.reason)

    async def on_branch_recalled(self, event: BranchRecalled, _: Received, tx: Transaction) -> None:
        """It was taken back."""
        await self._note(event.branch_id, "recalled", event.actor, event.at, tx, reason=event.reason)

    async def on_branch_closed(self, event: BranchClosed, received: Received, tx: Transaction) -> None:
        """It needs nothing more; of what left the house, that says it was sent off."""
        await self._note(event.branch_id, f"closings.{received.seq}", event.actor, event.at, tx, reason=event.note)

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows of intake's subscription table."""
        rows: tuple[tuple[type[Event], str, Handler], ...] = (
            (LetterDelivered, "delivered", self.on_letter_delivered),
            (LetterForwarded, "forwarded", self.on_letter_forwarded),
            (BranchRedirected, "redirected", self.on_branch_redirected),
            (BranchRead, "read", self.on_branch_read),
            (BranchReceived, "received", self.on_branch_received),
            (BranchReturned, "returned", self.on_branch_returned),
            (BranchRecalled, "recalled", self.on_branch_recalled),
            (BranchClosed, "closed", self.on_branch_closed),
        )
        return [Subscription(event, f"dispatches.{name}", handler, guarded=True) for event, name, handler in rows]

    async def _letter(self, letter_id: str, tx: Transaction) -> Letter:
        letter = await self._letters.get(letter_id, tx.session)
        if letter is None:
            raise RetryLater(f"letter {letter_id} is not in the register")
        return letter

    async def _send(
        self, letter: Letter, branches: Sequence[Branch], at: datetime, by: Actor | None, unit_id: str, tx: Transaction
    ) -> None:
        sendings = [Sending(one, letter.letter_id, unit_id, at, letter.training, by) for one in branches]
        await self._dispatches.send(sendings, tx.session)

    async def _note(
        self, branch_id: str, what: str, actor: Actor, at: datetime, tx: Transaction, **further: str | None
    ) -> None:
        await self._dispatches.note(branch_id, {what: signed(actor, at, **further)}, tx.session)
