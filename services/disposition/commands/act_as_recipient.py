"""What a recipient may do: read, reply, complete. Invariant: only a holder of the instructed position does it."""

from typing import Literal

from services.chassis.auth import Principal
from services.chassis.errors import conflict, not_found
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Actor
from services.disposition.commands.acting import acting_as
from services.disposition.commands.advance import advance
from services.disposition.commands.show_dispositions import may_see
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Disposition, DispositionRecipient

_NOT_YOURS = "Hanya pemegang jabatan penerima yang dapat melakukan ini."


async def read_disposition(context: Context, caller: Principal, disposition_id: str, recipient_id: str) -> Document:
    """Note that it was opened; a second time changes nothing."""
    return await _act(context, caller, disposition_id, recipient_id, "read", None, None)


async def reply_to_disposition(
    context: Context, caller: Principal, disposition_id: str, recipient_id: str, text: str, key: str | None
) -> Document:
    """Answer the issuer; one may answer again, also after all is done."""
    return await _act(context, caller, disposition_id, recipient_id, "reply", text, key)


async def complete_part(
    context: Context, caller: Principal, disposition_id: str, recipient_id: str, report: str | None, key: str | None
) -> Document:
    """Report one's part as done; 409 with the state where it is done already."""
    return await _act(context, caller, disposition_id, recipient_id, "complete", report, key)


async def _act(
    context: Context,
    caller: Principal,
    disposition_id: str,
    recipient_id: str,
    deed: Literal["read", "reply", "complete"],
    text: str | None,
    key: str | None,
) -> Document:
    async def work(transaction: Transaction) -> Document:
        disposition, recipient, actor = await _mine(context, caller, disposition_id, recipient_id, transaction)
        if deed == "complete" and recipient.state == "done":
            raise conflict("state_changed", "Bagian ini sudah selesai.", state=recipient.state)
        act = Act(
            id=new_id(),
            disposition_id=disposition_id,
            recipient_id=recipient_id,
            kind=deed,
            text=text,
            actor=actor,
            at=transaction.now,
        )
        changed, kept = await advance(context, disposition, act, transaction)
        shown = kept.model_dump(mode="json") if kept else None
        return {"disposition": changed.model_dump(mode="json"), "act": shown}

    request = fingerprint(deed, disposition_id, recipient_id, text)
    # Neighbours in this process queue here; those in others clash in the database and are run again.
    async with context.locks.hold(disposition_id):
        answer, _ = await context.idempotent.run(caller.person_id, key, request, work)
    return answer


async def _mine(
    context: Context, caller: Principal, disposition_id: str, recipient_id: str, transaction: Transaction
) -> tuple[Disposition, DispositionRecipient, Actor]:
    """The disposition, its recipient, the caller as its holder; 404 for whom it is no business of, else 403."""
    disposition = await context.dispositions.get(disposition_id, transaction.session)
    if disposition is None or not await may_see(context, caller, disposition):
        raise not_found("Disposisi")
    recipient = disposition.recipient(recipient_id)
    if recipient is None:
        raise not_found("Penerima disposisi")
    return disposition, recipient, acting_as(caller, recipient.position_id, _NOT_YOURS)
