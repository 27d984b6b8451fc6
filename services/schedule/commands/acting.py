"""As whom a person acts. Invariant: every act carries person, position, unit and capacity as they were then."""

from collections.abc import Callable

from services.chassis.auth import Principal
from services.chassis.errors import forbidden
from services.contracts.vocabulary import Actor
from services.schedule.domain.office import Post


def posts_of(caller: Principal) -> list[Post]:
    """Every position the caller may act as."""
    return [Post(caller.acting_as(held), held.role) for held in caller.positions]


def acting(caller: Principal, as_position: str | None, entitled: Callable[[Post], bool], refusal: str) -> Actor:
    """The first entitled position, or the one asked for; 403 with the sentence ``refusal`` where there is none."""
    for post in posts_of(caller):
        if as_position in (None, post.actor.position_id) and entitled(post):
            return post.actor
    raise forbidden(refusal)
