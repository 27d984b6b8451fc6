"""As whom a person acts. Invariant: every act carries person, position, unit and capacity as they were then."""

from services.chassis.auth import HeldPosition, Principal
from services.chassis.errors import forbidden
from services.contracts.vocabulary import Actor
from services.disposition.domain.standing import Post


def actor_of(caller: Principal, held: HeldPosition) -> Actor:
    """The caller as the holder of ``held``."""
    return Actor(
        person_id=caller.person_id,
        person_name=caller.name,
        position_id=held.position_id,
        position_title=held.title,
        unit_id=held.unit_id,
        unit_name=held.unit_name,
        capacity=held.capacity,
    )


def posts_of(caller: Principal) -> list[Post]:
    """Every position the caller may act as."""
    return [Post(actor_of(caller, held), held.role) for held in caller.positions]


def acting_as(caller: Principal, position_id: str, refusal: str) -> Actor:
    """The caller as the holder of this position; 403 with the sentence ``refusal`` where they do not hold it."""
    held = caller.holding(position_id)
    if held is None:
        raise forbidden(refusal)
    return actor_of(caller, held)
