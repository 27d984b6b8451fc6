"""As what a person holds a letter. Invariant: nobody instructs about a letter that lies with somebody else.

A position holds a letter in one of three ways: it received a disposition about it, it is itself addressed, or it leads
the addressed unit. The first comes first: whoever was instructed passes the instruction on, so the tree stays whole.
Where the letter has left, nobody instructs any more; but who was instructed before it went back to its sender, in the
very moment, goes on, as routing does. Where its branch was closed, nobody instructs until it is opened again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.chassis.errors import ServiceError, conflict, forbidden, unprocessable
from services.contracts.vocabulary import Actor
from services.disposition.domain.disposition import Disposition, Parent
from services.disposition.domain.order import Ground, NewDisposition
from services.projections.ways import Exit, Way

DISPOSING_ROLES = frozenset({"head", "leader", "secretary"})
"""Roles that may instruct about letters addressed to their unit."""

_LEFT: dict[Exit, str] = {
    "recalled": "ditarik kembali oleh pengirim",
    "redirected": "dialihkan ke {to}",
    "returned": "dikembalikan kepada pengirim",
}


@dataclass(frozen=True)
class Post:
    """A position the caller holds: as whom they would act, and its role."""

    actor: Actor
    role: str


@dataclass(frozen=True)
class Standing:
    """One way in which the caller holds the letter; ``gone`` is the way it has left or that is done for good."""

    actor: Actor
    branch_id: str | None
    parent: Parent | None = None
    gone: Way | None = None


def standings(
    posts: Iterable[Post],
    ways: Sequence[Way],
    received: Sequence[Disposition],
    handles: Callable[[str], bool],
) -> list[Standing]:
    """Every way in which one of ``posts`` holds the letter, the likeliest first.

    ``received`` are the dispositions about this letter that one of the posts got, newest first; ``handles`` says
    whether a role sees its unit's letters of this confidentiality.
    """
    posts = list(posts)
    lost = {way.branch.branch_id: way for way in ways if way.left in ("recalled", "redirected") or way.closed}
    got = [(post, one, own) for post in posts for one in received if (own := one.recipient_at(post.actor.position_id))]
    # A stable sort: what is still to be done goes before what is done, and either newest first.
    got.sort(key=lambda each: each[2].state == "done")
    passing_on = [
        Standing(post.actor, one.branch_id, _parent(one.id, own.recipient_id), lost.get(one.branch_id or ""))
        for post, one, own in got
    ]
    holding = [
        Standing(post.actor, way.branch.branch_id, gone=way if way.left or way.closed else None)
        for post in posts
        for way in ways
        if _holds(post, way, handles)
    ]
    return passing_on + holding


def _parent(disposition_id: str, recipient_id: str) -> Parent:
    return Parent(disposition_id=disposition_id, recipient_id=recipient_id)


def _holds(post: Post, way: Way, handles: Callable[[str], bool]) -> bool:
    """Whether the letter lies with this position; what goes outside only waits here to be sent."""
    branch, position = way.branch, post.actor.position_id
    if way.is_outside:
        return False
    if branch.position_id == position:
        return True
    lies_here = position in branch.holders or (branch.open_to_unit and branch.unit_id == post.actor.unit_id)
    return lies_here and post.role in DISPOSING_ROLES and handles(post.role)


def choose(
    found: Sequence[Standing], order: NewDisposition, ways: Sequence[Way], superiors: dict[str, tuple[str, ...]]
) -> Standing:
    """The standing to act in: one that the order allows and under which every recipient lies below.

    ``superiors`` gives, for each recipient's position, the positions above it. 403 where the caller holds the letter
    in no such way; the refusal lists the recipients that are not below. 409 where the letter has left the caller.
    """
    here = usable(found, order, ways)
    for standing in here:
        if not _not_below(standing, order, superiors):
            return standing
    raise ServiceError(
        403,
        "recipient_not_below",
        "Disposisi hanya dapat diberikan kepada jabatan di bawah Anda.",
        extra={"positions": _not_below(here[0], order, superiors)},
    )


def usable(found: Sequence[Standing], ground: Ground, ways: Sequence[Way]) -> list[Standing]:
    """The standings to act in that ``ground`` allows; 403 where there is none, 409 where the letter has left them."""
    if ground.branch_id and ground.branch_id not in {way.branch.branch_id for way in ways}:
        raise unprocessable("unknown_branch", "Cabang surat yang disebut tidak ada.")
    fitting = [one for one in found if _fits(one, ground)]
    if not fitting:
        raise forbidden("Surat ini tidak berada pada jabatan Anda, sehingga tidak dapat Anda disposisikan.")
    here = [one for one in fitting if one.gone is None]
    if not here:
        raise _gone(fitting)
    return here


def _gone(found: Sequence[Standing]) -> ServiceError:
    """Where the letter has gone, by the first of these."""
    way = next(one.gone for one in found if one.gone)
    if way.left is None:
        detail = "Surat ini sudah dinyatakan selesai pada unit Anda, sehingga tidak dapat didisposisikan."
        raise conflict("branch_done", detail, state={"id": way.branch.branch_id, "state": "done"})
    what = _LEFT[way.left].format(to=way.to)
    state = {"id": way.branch.branch_id, "state": way.left}
    return conflict(f"branch_{way.left}", f"Surat ini sudah {what}, sehingga tidak dapat didisposisikan.", state=state)


def _fits(standing: Standing, ground: Ground) -> bool:
    if ground.as_position and standing.actor.position_id != ground.as_position:
        return False
    if ground.parent and standing.parent != ground.parent.parent():
        return False
    return ground.branch_id is None or standing.branch_id == ground.branch_id


def _not_below(standing: Standing, order: NewDisposition, superiors: dict[str, tuple[str, ...]]) -> list[str]:
    return [one for one in order.position_ids if standing.actor.position_id not in superiors[one]]
