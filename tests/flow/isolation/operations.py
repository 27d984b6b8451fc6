"""The operations of the public API as it describes itself, filled in with the things of a world.

Invariant: a parameter that is not known here fails the walk, so that no new route is passed over.
"""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from deploy.demo.client import Json
from deploy.demo.organisation import seat
from services.chassis.clock import now
from tests.flow.isolation.asking import Request
from tests.flow.isolation.world import World

BOXES = ("inbox", "not_followed_up", "followed_up", "overdue", "copies", "returned", "dispatch", "done", "outbox")
BUPATI = seat("bupati").position_id
Place = dict[str, str]


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    id: str
    method: str
    path: str
    query: tuple[tuple[str, bool], ...]
    """Names of query parameters, and whether each must be given."""

    @property
    def named(self) -> tuple[str, ...]:
        """The path's parameters."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    def at(self, place: Place) -> str:
        """The path of a thing."""
        return self.path.format(**place)


def operations(document: Json) -> dict[str, Operation]:
    """Every operation, by its id."""
    found = {}
    for path, item in document["paths"].items():
        for method, described in item.items():
            query = tuple(
                (one["name"], bool(one.get("required")))
                for one in described.get("parameters", ())
                if one["in"] == "query"
            )
            found[described["operationId"]] = Operation(described["operationId"], method.upper(), path, query)
    return found


def _one(name: str, values: list[str]) -> list[Place]:
    return [{name: value} for value in values]


PLACES: Mapping[tuple[str, ...], Callable[[World], list[Place]]] = {
    (): lambda _: [{}],
    ("letter_id",): lambda world: _one("letter_id", world.letter_ids),
    ("letter_id", "file_id"): lambda world: [
        {"letter_id": sent["id"], "file_id": file["file_id"]}
        for sent in world.letters.values()
        for file in sent["files"]
    ],
    ("branch_id",): lambda world: _one("branch_id", sorted(set(world.ways.values()))),
    ("disposition_id",): lambda world: _one("disposition_id", [one["id"] for one in world.dispositions.values()]),
    ("disposition_id", "recipient_id"): lambda world: [
        {"disposition_id": one["id"], "recipient_id": part["recipient_id"]}
        for one in world.dispositions.values()
        for part in one["recipients"]
    ],
    ("disposition_id", "attachment_id"): lambda world: [
        {"disposition_id": world.dispositions["answered"]["id"], "attachment_id": world.evidence_id}
    ],
    ("disposition_id", "question_id"): lambda world: [
        {"disposition_id": world.dispositions["answered"]["id"], "question_id": world.question_id}
    ],
    ("hand_over_id",): lambda world: [{"hand_over_id": world.hand_over_id}],
    ("request_id",): lambda world: _one("request_id", list(world.requests.values())),
    ("event_id",): lambda world: _one("event_id", list(world.events.values())),
    ("notification_id",): lambda world: _one(
        "notification_id", [one for told in world.notifications.values() for one in told[:5]]
    ),
    ("list_id",): lambda world: [{"list_id": world.list_id}],
    ("absence_id",): lambda world: [{"absence_id": world.absence_id}],
    ("box",): lambda _: _one("box", [box for box in BOXES if box != "outbox"]),
    ("unit_id",): lambda world: [{"unit_id": world.village.unit_id}],
    ("position_id",): lambda world: [{"position_id": world.village.seat.position_id}],
    ("person_id",): lambda world: [{"person_id": world.village.seat.person_id}],
    ("assignment_id",): lambda world: [{"assignment_id": world.village.seat.assignment_id}],
    ("rule_id",): lambda world: [{"rule_id": world.village.seat.position_id}],
    ("day",): lambda _: [{"day": "2031-01-06"}],
    ("code",): lambda world: [{"code": world.letters["plain"]["tracking_code"]}],
}
"""For the parameters a path names, the things of a world that they can stand for."""

OWN_NAMES: Mapping[str, list[Place]] = {
    "get_template": [{"code": "desa"}],
    "apply_template": [{"code": "desa"}],
    **{f"{act}_instruction": [{"code": "pelajari"}] for act in ("change", "retire", "restore")},
    **{f"{act}_quick_reply": [{"code": "siap"}] for act in ("change", "retire", "restore")},
}
"""Operations whose parameters are called as others' are, and stand for something else."""

FOREIGN: Mapping[str, Callable[[World], list[str]]] = {
    "q": lambda world: [
        *world.village.words,
        world.letters["secret"]["tracking_code"],
        f"{world.village.subject[:6]}*",
    ],
    "unit_id": lambda world: [world.village.unit_id],
    "sender_id": lambda world: [world.village.unit_id],
    "sender_unit": lambda world: [world.village.unit_id],
    "parent_id": lambda world: [world.village.unit_id],
    "position_id": lambda world: [world.village.seat.position_id],
    "person_id": lambda world: [world.village.seat.person_id],
    "person": lambda world: [world.village.seat.person_id, world.village.said],
    "as_position": lambda world: [world.village.seat.position_id],
    "parent_disposition_id": lambda world: [world.dispositions["answered"]["id"]],
    "parent_recipient_id": lambda world: [world.dispositions["answered"]["recipients"][0]["recipient_id"]],
    "letter_id": lambda world: [world.letters["plain"]["id"], world.letters["secret"]["id"]],
    "cursor": lambda world: [world.letters["held"]["id"]],
    "leader": lambda _: [BUPATI],
    "start": lambda _: [(now() + timedelta(days=499)).isoformat()],
    "end": lambda _: [(now() + timedelta(days=505)).isoformat()],
}
"""Query parameters that can name a thing or a word of somebody's."""

NEUTRAL = frozenset(
    {
        "active",
        "box",
        "category",
        "confidentiality",
        "date",
        "dry_run",
        "due_to",
        "followed_up",
        "from",
        "instruction",
        "kind",
        "lang",
        "letters",
        "limit",
        "month",
        "on",
        "overdue",
        "registered_from",
        "registered_to",
        "retired",
        "role",
        "sort",
        "state",
        "status",
        "to",
        "unread",
        "urgency",
        "what",
        "year",
    }
)
"""Query parameters that name nobody's things: they narrow what is shown anyway."""


def places(operation: Operation, world: World) -> list[Place]:
    """Where in the world the operation can be asked for."""
    if operation.id in OWN_NAMES:
        return OWN_NAMES[operation.id]
    found = PLACES.get(operation.named)
    assert found is not None, f"{operation.id}: what do {operation.named} in {operation.path} stand for?"
    return found(world)


def questions(operation: Operation, world: World, needed: frozenset[str] = frozenset()) -> list[Request]:
    """Every way to ask a GET for the things of a world: at each place, bare and with each foreign parameter."""
    unknown = {name for name, _ in operation.query} - set(FOREIGN) - NEUTRAL
    assert not unknown, f"{operation.id}: what do its parameters {unknown} name?"
    must = [name for name, required in operation.query if required or name in needed]
    may = [name for name, _ in operation.query if name in FOREIGN and name not in must]
    always = [dict(zip(must, values, strict=True)) for values in itertools.product(*(FOREIGN[n](world) for n in must))]
    limit = {"limit": "50"} if any(name == "limit" for name, _ in operation.query) else {}
    queries = [{**base, **limit} for base in always]
    queries += [{**always[0], **limit, name: value} for name in may for value in FOREIGN[name](world)]
    return [
        Request(operation.id, "GET", operation.at(place), query)
        for place in places(operation, world)
        for query in queries
    ]
