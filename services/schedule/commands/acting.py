"""As whom a person acts. Invariant: every act carries person, position, unit and capacity as they were then."""

from collections.abc import Callable

from services.chassis.auth import Principal
from services.chassis.errors import forbidden
from services.contracts.vocabulary import Actor
from services.schedule.domain.office import Post


def posts_of(caller: Principal) -> list[Post]:
    """Every position the caller may act as."""
    return [
        Post(
            Actor(
                person_id=caller.person_id,
                person_name=caller.name,
                position_id=held.position_id,
                position_title=held.title,
                unit_id=held.unit_id,
                unit_name=held.unit_name,
                capacity=held.capacity,
            ),
            held.role,
        )
        for held in caller.positions
    ]


def acting(caller: Principal, as_position: str | None, entitled: Callable[[Post], bool], refusal: str) -> Actor:
    """The first entitled position, or the one asked for; 403 with the sentence ``refusal`` where there is none."""
    for post in posts_of(caller):
        if as_position in (None, post.actor.position_id) and entitled(post):
            return post.actor
    raise forbidden(refusal)
