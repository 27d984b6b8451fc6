"""What must hold of a tree of dispositions whatever was done with it."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from services.chassis.auth import Principal
from services.chassis.bus.envelope import Envelope
from services.chassis.errors import ServiceError
from services.chassis.outbox import COLLECTION
from services.contracts import disposition as d
from services.contracts.event import Event
from services.disposition.commands.show_dispositions import show_disposition
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient
from tests.disposition.trees import Office

EVENTS: dict[str, type[Event]] = {
    kind.event_type: kind for kind in vars(d).values() if isinstance(kind, type) and hasattr(kind, "event_type")
}


@dataclass
class Heard:
    """A part as whoever only hears the events knows it."""

    recipient: d.Recipient
    closes_on: str
    position_id: str
    role: str
    facts: set[str] = field(default_factory=set)
    below: list[str] = field(default_factory=list)


@dataclass
class Listener:
    """Dispositions as told by their events, each stream in its order."""

    parts: dict[str, dict[str, Heard]] = field(default_factory=dict)
    finished: dict[str, bool] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    by_the_house: set[str] = field(default_factory=set)

    def hear(self, event: Any) -> None:
        """Take one event in."""
        mine = self.parts.setdefault(event.disposition_id, {})
        if isinstance(event, d.DispositionIssued | d.RecipientAdded):
            mine |= {one.recipient_id: _heard(one) for one in event.recipients}
        if isinstance(event, d.DispositionRecalled):
            for recipient_id in event.recipient_ids:
                mine[recipient_id].facts.add("recalled")
        if isinstance(event, d.ResponsibleChanged):
            _responsible(mine, event.recipient_id)
        if fact := FACTS.get(type(event)):
            mine[event.recipient_id].facts.add(fact)
        if isinstance(event, d.RecipientReopened):
            mine[event.recipient_id].facts -= {"replied", "completed", "declined"}
            mine[event.recipient_id].closes_on = event.closes_on
        if isinstance(event, d.WorkHandedOver) and event.recipient_id:
            mine[event.recipient_id].position_id = event.position_id
        self._hear_of_the_whole(event)

    def _hear_of_the_whole(self, event: Any) -> None:
        if isinstance(event, d.DispositionIssued) and event.parent_recipient_id:
            self.parents[event.disposition_id] = event.parent_recipient_id
        if isinstance(event, d.DispositionDeclined) and event.actor is None:
            self.by_the_house.add(event.disposition_id)
        if hasattr(event, "all_done"):
            self.finished[event.disposition_id] = event.all_done

    def state(self, disposition_id: str) -> str:
        """Of a disposition, by the rules of the domain."""
        states = [self.part_state(one) for one in self.parts[disposition_id].values()]
        live = [one for one in states if one not in ("declined", "recalled")]
        if not live:
            return "returned" if "declined" in states else "recalled"
        return "done" if set(live) == {"done"} else "open"

    def part_state(self, part: Heard) -> str:
        """Of a part, by the rules of the domain."""
        given_on = [one for one, above in self.parents.items() if above == part.recipient.recipient_id]
        busy = any(self.state(one) == "open" for one in given_on)
        enough = {"read": {"read", "completed"}, "reply": {"replied", "completed"}, "completion": {"completed"}}
        order = (
            ("recalled", "recalled" in part.facts),
            ("declined", "declined" in part.facts),
            ("in_progress", busy),
            ("done", bool(enough[part.closes_on] & part.facts)),
            ("in_progress", bool(given_on) or "progressed" in part.facts),
            ("replied", "replied" in part.facts),
            ("received", "received" in part.facts),
            ("read", "read" in part.facts),
            ("sent", True),
        )
        return next(state for state, holds in order if holds)


FACTS: dict[type[Any], str] = {
    d.DispositionRead: "read",
    d.DispositionReceived: "received",
    d.DispositionReplied: "replied",
    d.DispositionProgressed: "progressed",
    d.DispositionCompleted: "completed",
    d.DispositionDeclined: "declined",
}


def _heard(one: d.Recipient) -> Heard:
    return Heard(one, one.closes_on or "completion", one.position_id, one.role or "coordinating")


def _responsible(parts: dict[str, Heard], recipient_id: str | None) -> None:
    for part in parts.values():
        if part.role == "responsible":
            part.role = "coordinating"
    if recipient_id:
        parts[recipient_id].role = "responsible"


async def stream_of(office: Office, disposition_id: str) -> list[Envelope]:
    """What was published of a disposition, by sequence."""
    rows = office.world.service.foundation.database[COLLECTION].find({"stream": f"disposition/{disposition_id}"})
    found = [Envelope.model_validate(orjson.loads(row["body"])) for row in await rows.to_list(None)]
    return sorted(found, key=lambda one: one.streamversion)


async def assert_truths(office: Office) -> None:
    """Everything that must hold between two acts."""
    given = await office.given()
    listener = Listener()
    for one in given:
        stream = await stream_of(office, one.id)
        assert [each.streamversion for each in stream] == list(range(1, one.version + 1)), "versions count events"
        for each in stream:
            listener.hear(EVENTS[each.type].read(each.data))
    for one in given:
        _assert_states(one, given, listener)
    await _assert_one_responsible(office, given)
    await _assert_closed_to_outsiders(office, given)


def _assert_states(one: Disposition, given: list[Disposition], listener: Listener) -> None:
    for part in one.recipients:
        below = [each for each in given if each.parent and each.parent.recipient_id == part.recipient_id]
        open_below = [each for each in below if each.is_open]
        assert part.below == len(open_below), "below is how many are open"
        assert not open_below or part.is_open, "what is given on keeps its part open"
        assert (part.state == "done") == (part.is_live and part.is_closed and not open_below)
        heard = listener.parts[one.id][part.recipient_id]
        assert listener.part_state(heard) == part.state, "events tell the same state"
        assert heard.role == part.role or not part.is_live, "events tell who is responsible"
        assert heard.position_id == part.position_id
    assert listener.state(one.id) == one.state
    if one.state != "open" and not _ended_by_the_house(one, given, listener):
        assert listener.finished[one.id], "it is told when nobody is left to act"
    assert set(one.above) == {each.owner.position_id for each in _ancestors(one, given)}, "who gave it down"


def _ancestors(one: Disposition, given: list[Disposition]) -> list[Disposition]:
    found = []
    by_id = {each.id: each for each in given}
    while one.parent:
        one = by_id[one.parent.disposition_id]
        found.append(one)
    return found


def _ended_by_the_house(one: Disposition, given: list[Disposition], listener: Listener) -> bool:
    """Whether a part somewhere below came to an end by nobody's act: then it was told there, not here."""
    return any(each.id in listener.by_the_house and one in _ancestors(each, given) for each in given)


async def _assert_one_responsible(office: Office, given: list[Disposition]) -> None:
    desks: dict[str, list[tuple[str, DispositionRecipient]]] = {}
    for one in given:
        desks.setdefault(one.desk, []).extend((one.id, part) for part in one.live if part.role != "informed")
    for desk_id, working in desks.items():
        responsible = [(one, part.recipient_id) for one, part in working if part.responsible]
        assert len(responsible) == bool(working), "one is responsible while somebody works there"
        holder = (await office.context.desks.get(desk_id)).holder
        assert ([(holder.disposition_id, holder.recipient_id)] if holder else []) == responsible


async def _assert_closed_to_outsiders(office: Office, given: list[Disposition]) -> None:
    head = office.seats[0].position_id
    for one in given:
        inside = frozenset({*one.parties, *one.above, head})
        as_it_is = (one.id, one.version, inside)
        if as_it_is in office.shown:
            continue  # everybody was asked of it as it is
        office.shown.add(as_it_is)
        for position_id, person in office.people.items():
            shown = await _is_shown(office, person, one)
            assert shown == (position_id in inside), "only the tree above and the parties see it"


async def _is_shown(office: Office, person: Principal, one: Disposition) -> bool:
    try:
        await show_disposition(office.context, person, one.id)
    except ServiceError as refusal:
        status = refusal.status
    else:
        return True
    assert status == 404
    return False
