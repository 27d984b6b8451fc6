"""Register a letter: the way from a draft and its scans to a number in the book.

Invariant: a registration is written down before its originals are put, they are in the store before the transaction,
and the number, the letter, its first readers, its event and the idempotency record commit together; whatever is refused
leaves nothing behind.
"""

from collections.abc import Awaitable, Callable, Sequence

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError
from services.chassis.idempotency import fingerprint
from services.chassis.mongo import Document, surely_rolled_back
from services.chassis.uow import Transaction
from services.intake.commands.acting import acting_position
from services.intake.commands.enter_letter import enter_letter
from services.intake.commands.find_loose_scans import find_loose_scans
from services.intake.commands.prepare_registration import Registration, prepare_registration
from services.intake.commands.store_scans import discard_scans, store_scans
from services.intake.context import Context
from services.intake.domain.draft import Draft
from services.intake.domain.scans.scan import Scan

Together = Callable[[Transaction, Document], Awaitable[None]]


async def register_letter(
    context: Context,
    caller: Principal,
    draft: Draft,
    scans: Sequence[Scan],
    key: str | None,
    scan_ids: Sequence[str] = (),
    *,
    together: Together | None = None,
) -> Document:
    """The answer of a registration, first or repeated. ``scan_ids`` are scans that were uploaded before.

    ``together`` is done in the same transaction, with the answer it will give.
    """
    acting = acting_position(caller, draft.as_position)
    request = fingerprint(
        draft.model_dump(mode="json", exclude_unset=True),
        [[scan.name, scan.sha256] for scan in scans],
        *([list(scan_ids)] if scan_ids else []),
    )
    first = await context.acts.find(caller.person_id, key, request)
    if first is not None:
        return first
    loose = await find_loose_scans(context, caller, scan_ids)
    registration = await prepare_registration(context, caller, acting, draft, scans, loose)
    if scans:
        await context.underway.begin(registration.letter_id)
        await store_scans(context.storage, list(zip(registration.arrived, scans, strict=True)))
    try:
        answer, repeated = await _commit(context, registration, key, request, together)
    except Exception as error:
        if isinstance(error, ServiceError) or surely_rolled_back(error):
            await discard_scans(context.storage, registration.arrived)
        raise
    if repeated:
        await discard_scans(context.storage, registration.arrived)
    return answer


async def _commit(
    context: Context, registration: Registration, key: str | None, request: str, together: Together | None
) -> tuple[Document, bool]:
    async def act(transaction: Transaction) -> Document:
        answer = await enter_letter(context, registration, transaction)
        if together is not None:
            await together(transaction, answer)
        return answer

    async with context.numbering.hold(registration.book.key):
        return await context.acts.run(registration.caller.person_id, key, request, act)
