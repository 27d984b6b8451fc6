"""As what a person holds a letter. Invariant: nobody instructs about a letter that lies with somebody else.

A position holds a letter in one of three ways: it received a disposition about it, it is itself addressed, or it leads
the addressed unit. The first comes first: whoever was instructed passes the instruction on, so the tree stays whole.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.chassis.errors import ServiceError, forbidden, unprocessable
from services.contracts.routing import Branch
from services.contracts.vocabulary import Actor
from services.disposition.domain.disposition import Disposition, Parent
from services.disposition.domain.order import NewDisposition

DISPOSING_ROLES = frozenset({"head", "leader", "secretary"})
"""Roles that may instruct about letters addressed to their unit."""


@dataclass(frozen=True)
class Post:
    """A position the caller holds: as whom they would act, and its role."""

    actor: Actor
    role: str


@dataclass(frozen=True)
class Standing:
    """One way in which the caller holds the letter."""

    actor: Actor
    branch_id: str | None
    parent: Parent | None = None


def standings(
    posts: Iterable[Post],
    branches: Sequence[Branch],
    received: Sequence[Disposition],
    handles: Callable[[str], bool],
) -> list[Standing]:
    """Every way in which one of ``posts`` holds the letter, the likeliest first.

    ``received`` are the dispositions about this letter that one of the posts got, newest first; ``handles`` says
    whether a role sees its unit's letters of this confidentiality.
    """
    posts = list(posts)
    got = [(post, one, own) for post in posts for one in received if (own := one.recipient_at(post.actor.position_id))]
    # A stable sort: what is still to be done goes before what is done, and either newest first.
    got.sort(key=lambda each: each[2].state == "done")
    passing_on = [
        Standing(post.actor, one.branch_id, Parent(disposition_id=one.id, recipient_id=own.recipient_id))
        for post, one, own in got
    ]
    holding = [
        Standing(post.actor, branch.branch_id) for post in posts for branch in branches if _holds(post, branch, handles)
    ]
    return passing_on + holding


def _holds(post: Post, branch: Branch, handles: Callable[[str], bool]) -> bool:
    position, unit = post.actor.position_id, post.actor.unit_id
    if branch.position_id == position:
        return True
    lies_here = branch.unit_id == unit or position in branch.holders
    return lies_here and post.role in DISPOSING_ROLES and handles(post.role)


def choose(
    found: Sequence[Standing], order: NewDisposition, branches: Sequence[Branch], superiors: dict[str, tuple[str, ...]]
) -> Standing:
    """The standing to act in: one that the order allows and under which every recipient lies below.

    ``superiors`` gives, for each recipient's position, the positions above it. 403 where the caller holds the letter
    in no such way; the refusal lists the recipients that are not below.
    """
    if order.branch_id and order.branch_id not in {branch.branch_id for branch in branches}:
        raise unprocessable("unknown_branch", "Cabang surat yang disebut tidak ada.")
    fitting = [one for one in found if _fits(one, order)]
    if not fitting:
        raise forbidden("Surat ini tidak berada pada jabatan Anda, sehingga tidak dapat Anda disposisikan.")
    for standing in fitting:
        if not _not_below(standing, order, superiors):
            return standing
    raise ServiceError(
        403,
        "recipient_not_below",
        "Disposisi hanya dapat diberikan kepada jabatan di bawah Anda.",
        extra={"positions": _not_below(fitting[0], order, superiors)},
    )


def _fits(standing: Standing, order: NewDisposition) -> bool:
    if order.as_position and standing.actor.position_id != order.as_position:
        return False
    if order.parent and standing.parent != order.parent.parent():
        return False
    return order.branch_id is None or standing.branch_id == order.branch_id


def _not_below(standing: Standing, order: NewDisposition, superiors: dict[str, tuple[str, ...]]) -> list[str]:
    return [one for one in order.position_ids if standing.actor.position_id not in superiors[one]]
