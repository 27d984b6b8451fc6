"""As whom a person acts. Invariant: every act carries person, position, unit and capacity as they were then."""

from services.chassis.auth import Principal
from services.chassis.errors import forbidden
from services.contracts.vocabulary import Actor
from services.disposition.domain.standing import Post


def posts_of(caller: Principal) -> list[Post]:
    """Every position the caller may act as."""
    return [Post(caller.acting_as(held), held.role) for held in caller.positions]


def acting_as(caller: Principal, position_id: str, refusal: str) -> Actor:
    """The caller as the holder of this position; 403 with the sentence ``refusal`` where they do not hold it."""
    held = caller.holding(position_id)
    if held is None:
        raise forbidden(refusal)
    return caller.acting_as(held)
