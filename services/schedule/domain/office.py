"""A leader and the office around them. Invariant: who decides over a leader's time sits in that leader's unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.contracts.routing import PositionChanged
from services.contracts.vocabulary import Actor

DECIDING_ROLES = frozenset({"personal_secretary", "agenda_staff"})
OFFICE_ROLES = DECIDING_ROLES | {"aide", "protocol"}
TOLD_ROLES = ("personal_secretary", "aide")
"""Beside the leader, these hear of every change; none can be skipped."""


@dataclass(frozen=True)
class Post:
    """A position the caller holds: as whom they would act, and its role."""

    actor: Actor
    role: str


def is_leader(position: PositionChanged) -> bool:
    """Whether the position has a calendar: a leader, or the head of a leadership unit."""
    return position.role == "leader" or (position.role == "head" and position.unit_kind == "leadership")


def nearest_leader(issuer: PositionChanged, superiors: Iterable[PositionChanged]) -> PositionChanged | None:
    """The issuer where it is a leader, else the first leader above it."""
    known = {one.position_id: one for one in superiors}
    chain = [issuer, *(known[one] for one in issuer.superiors if one in known)]
    return next((one for one in chain if is_leader(one)), None)


def told_of(leader_position_id: str, office: Sequence[PositionChanged]) -> tuple[str, ...]:
    """The positions that must hear of a change: the leader first, then the office's."""
    return tuple(dict.fromkeys([leader_position_id, *(one.position_id for one in office)]))


def decides(post: Post, leader_position_id: str, leader_unit_id: str) -> bool:
    """Whether this position decides over the leader's time."""
    return post.actor.position_id == leader_position_id or (
        post.actor.unit_id == leader_unit_id and post.role in DECIDING_ROLES
    )


def belongs(post: Post, leader_position_id: str, leader_unit_id: str) -> bool:
    """Whether this position is of the leader's office and so sees the calendar."""
    return post.actor.position_id == leader_position_id or (
        post.actor.unit_id == leader_unit_id and post.role in OFFICE_ROLES
    )
