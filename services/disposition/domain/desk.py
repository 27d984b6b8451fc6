"""Who is responsible on a desk. Invariant: while somebody on the desk works on the letter, exactly one is responsible.

A desk is a branch of a letter, or a part that is passed on. Several dispositions may be given from one desk; of all
their recipients one is responsible (H4), the others coordinate or are informed. Where the responsible one leaves, the
next of those who work takes its place: of the same disposition first, then whoever was instructed first. Where nobody
is left, it is the position the desk belongs to.
"""

from collections.abc import Iterable, Sequence

from pydantic import AwareDatetime

from services.chassis.errors import unprocessable
from services.contracts.disposition import RecipientRole
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient, Part


class Holder(Part):
    """The recipient that is responsible, by its disposition."""

    disposition_id: str
    recipient_id: str


class Desk(Part):
    """Who is responsible there now; nobody below where ``holder`` is None. ``version`` counts changes."""

    id: str
    holder: Holder | None = None
    version: int = 0
    changed_at: AwareDatetime | None = None


def roles_for(wanted: Sequence[RecipientRole | None], *, taken: bool) -> list[RecipientRole]:
    """A role for each recipient. ``taken``: somebody else on the desk is responsible already.

    Who is not told a role coordinates; but the first such is responsible where nobody else is. 422 where two should be
    responsible, or where some should coordinate and nobody to be responsible is left.
    """
    if sum(role == "responsible" for role in wanted) > 1:
        raise unprocessable("several_responsible", "Hanya satu penerima yang boleh menjadi penanggung jawab.")
    found: list[RecipientRole] = [role or "coordinating" for role in wanted]
    if taken or "responsible" in found or "coordinating" not in found:
        return found
    if None not in wanted:
        raise unprocessable("responsible_missing", "Tentukan satu penerima sebagai penanggung jawab.")
    found[list(wanted).index(None)] = "responsible"
    return found


def successor(given: Iterable[Disposition], left: Holder) -> Holder | None:
    """Who is responsible after ``left`` has gone; None where nobody who works is left on the desk."""
    working = [
        (one.id != left.disposition_id, not part.is_open, one.id, number, part)
        for one in given
        for number, part in enumerate(one.recipients)
        if _works(part) and part.recipient_id != left.recipient_id
    ]
    if not working:
        return None
    _, _, disposition_id, _, part = min(working, key=lambda each: each[:4])
    return Holder(disposition_id=disposition_id, recipient_id=part.recipient_id)


def _works(part: DispositionRecipient) -> bool:
    return part.is_live and part.role != "informed"
