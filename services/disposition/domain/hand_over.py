"""Moving work to another position. Invariant: whoever takes over a part also waits for what was given on with it, and
no position comes to stand on both sides of one disposition.
"""

from typing import Literal

from pydantic import AwareDatetime

from services.contracts.routing import PositionChanged
from services.contracts.vocabulary import Actor
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient, Part, Seat

Side = Literal["part", "giving"]


class Skipped(Part):
    """What could not be moved, for the new position is a party to it already."""

    disposition_id: str
    recipient_id: str | None = None
    letter_subject: str


class HandOver(Part):
    """All open work of a position on its way to another. ``moved`` counts what arrived; ``done_at`` when all has."""

    id: str
    former: Seat
    to: Seat
    reason: str
    actor: Actor | None = None
    person_id: str
    at: AwareDatetime
    moved: int = 0
    skipped: tuple[Skipped, ...] = ()
    done_at: AwareDatetime | None = None

    def skips(self, disposition_id: str) -> bool:
        """Whether it was found that this one cannot be moved."""
        return any(one.disposition_id == disposition_id for one in self.skipped)


def seat_of(position: PositionChanged, since: AwareDatetime) -> Seat:
    """The position as one that work lies with."""
    return Seat(
        position_id=position.position_id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        since=since,
    )


def is_party(one: Disposition, position_id: str) -> bool:
    """Whether it stands on either side already."""
    return position_id == one.owner.position_id or one.recipient_at(position_id) is not None


def open_part(one: Disposition, position_id: str) -> DispositionRecipient | None:
    """The part this position still has to do, or None."""
    part = one.recipient_at(position_id)
    return part if part and part.is_open else None


def awaits(one: Disposition, position_id: str) -> bool:
    """Whether this position waits for answers, or has to see to what came back."""
    return one.owner.position_id == position_id and one.state in ("open", "returned")


def with_part_at(one: Disposition, part: DispositionRecipient, to: Seat) -> Disposition:
    """The same with the part lying at another position."""
    return one.with_part(part.recipient_id, to.since, **to.model_dump(), former=(*part.former, part.seat()))


def with_owner_at(one: Disposition, to: Seat) -> Disposition:
    """The same with another position waiting for the answers."""
    return one.having((), owner=to)


def with_above(one: Disposition, parent: Disposition) -> Disposition:
    """The same below ``parent`` as it is now, each above named once: who gave over here may stand there elsewhere."""
    return one.having((), above=tuple(dict.fromkeys((parent.owner.position_id, *parent.above))))
