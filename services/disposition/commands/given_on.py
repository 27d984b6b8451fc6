"""The part a disposition was given on with. Invariant: nothing becomes work again below a part that is nobody's."""

from services.chassis.uow import Transaction
from services.disposition.context import Context
from services.disposition.domain.acts import refused
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient


async def part_above(context: Context, tx: Transaction, one: Disposition) -> DispositionRecipient | None:
    """That part, or None for one that was given on with none; 409 where it was given back or taken."""
    if one.parent is None:
        return None
    above = await context.dispositions.get(one.parent.disposition_id, tx.session)
    if above is None:
        raise LookupError(f"disposition {one.parent.disposition_id}, which {one.id} was given on with")
    part = above.part(one.parent.recipient_id)
    if not part.is_live:
        detail = "Disposisi ini diteruskan dari bagian yang sudah dikembalikan kepada pemberinya."
        raise refused(above, part, part.state, detail)
    return part
