"""What each event of a disposition adds to what is known of it. Invariant: learning is commutative and repeatable."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.contracts import disposition as d
from services.contracts.event import Event
from services.routing.domain.charge import charge_of
from services.routing.domain.disposition import Disposition, Marks, Move, Named, Reopened

Learning = Callable[[Disposition, Any, int], dict[str, Any]]


def learned(known: Disposition, event: Event, version: int) -> Disposition:
    """What is known after an event; ``version`` is the event's on the disposition's stream."""
    facts = LEARNINGS[type(event)](known, event, version)
    told: Any = event
    branch_id = getattr(told, "branch_id", None)
    if branch_id and known.branch_id is None:
        facts["branch_id"] = branch_id
    if (all_done := getattr(told, "all_done", None)) is not None:
        statement = "all_done" if all_done else "some_left"
        facts[statement] = max(getattr(known, statement), version)
    return known.knowing(**facts)


def _issued(known: Disposition, event: d.DispositionIssued, version: int) -> dict[str, Any]:
    return {
        "parent_id": event.parent_disposition_id,
        "parent_recipient_id": event.parent_recipient_id,
        "issuer_unit_id": event.issuer.unit_id,
        **_given(known, event, version),
    }


def _given(known: Disposition, event: d.DispositionIssued | d.RecipientAdded, version: int) -> dict[str, Any]:
    charges = {one.recipient_id: one for one in known.charges}
    charges |= {one.recipient_id: charge_of(one, version) for one in event.recipients}
    # Sorting is stable: what was given at once stays in the order it was named.
    return {"charges": tuple(sorted(charges.values(), key=lambda one: one.since))}


def _mark(fact: str) -> Learning:
    def learn(known: Disposition, event: Any, version: int) -> dict[str, Any]:
        return {fact: _marked(getattr(known, fact), [event.recipient_id], version)}

    return learn


def _marked(marks: Marks, recipient_ids: Iterable[str], version: int) -> Marks:
    return {**marks, **{one: max(version, marks.get(one, 0)) for one in recipient_ids}}


def _recalled(known: Disposition, event: d.DispositionRecalled, version: int) -> dict[str, Any]:
    return {"recalled": _marked(known.recalled, event.recipient_ids, version)}


def _reopened(known: Disposition, event: d.RecipientReopened, version: int) -> dict[str, Any]:
    again = Reopened(version=version, closes_on=event.closes_on)
    before = known.reopened.get(event.recipient_id)
    return {"reopened": {**known.reopened, event.recipient_id: _newer(before, again)}}


def _handed_over(known: Disposition, event: d.WorkHandedOver, version: int) -> dict[str, Any]:
    move = Move(version=version, **event.model_dump(include=set(Move.model_fields) - {"version"}))
    if event.recipient_id is None:
        return {"owner": _newer(known.owner, move)}
    return {"moved": {**known.moved, event.recipient_id: _newer(known.moved.get(event.recipient_id), move)}}


def _responsible(known: Disposition, event: d.ResponsibleChanged, version: int) -> dict[str, Any]:
    return {"responsible": _newer(known.responsible, Named(version=version, recipient_id=event.recipient_id))}


def _newer(before: Any, after: Any) -> Any:
    return after if before is None or after.version >= before.version else before


def _nothing(_: Disposition, __: Any, ___: int) -> dict[str, Any]:
    """It stands on the track, and changes nothing of where the letter is."""
    return {}


LEARNINGS: Mapping[type[Event], Learning] = {
    d.DispositionIssued: _issued,
    d.DispositionRead: _mark("read"),
    d.DispositionReceived: _mark("acted"),
    d.DispositionReplied: _mark("answered"),
    d.DispositionProgressed: _mark("acted"),
    d.DispositionCompleted: _mark("completed"),
    d.DispositionDeclined: _mark("declined"),
    d.DispositionRecalled: _recalled,
    d.DispositionCommented: _nothing,
    d.RecipientAdded: _given,
    d.RecipientAmended: _nothing,
    d.RecipientReopened: _reopened,
    d.WorkHandedOver: _handed_over,
    d.ResponsibleChanged: _responsible,
    d.DispositionDeadlinePassed: _nothing,
}
"""Every event of a disposition that a letter's history holds."""
