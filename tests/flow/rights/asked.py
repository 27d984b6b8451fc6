"""The one request by which everybody is tried, of each operation: a thing of the village's, a whole question about it.

Invariant: nothing is said in it that only some may say, so that what differs between two answers is who asked.
"""

from collections.abc import Callable, Mapping

from deploy.demo.client import Json
from deploy.demo.organisation import seat, unit_id
from services.chassis.ids import new_id
from tests.flow.isolation.asking import Request
from tests.flow.isolation.both import Both
from tests.flow.isolation.deed import Deed
from tests.flow.isolation.judging import NEEDED
from tests.flow.isolation.operations import Operation, places
from tests.flow.isolation.parameters import FOREIGN, OWN_FOREIGN, Place
from tests.flow.isolation.unregistered import OFFSET_TYPE
from tests.flow.isolation.world import World
from tests.flow.rights.nothing import nowhere

TUS = {"Tus-Resumable": "1.0.0"}
STALE = {"If-Match": '"999999999"'}
"""A state that never was: whoever may change a thing is told so, and nothing is changed."""


UPLOADS = {
    "create_upload": TUS,
    "continue_upload": {**TUS, "Content-Type": OFFSET_TYPE, "Upload-Offset": "0"},
    "end_upload": TUS,
}
"""What is said of bytes that are brought: too little, or of another place."""
FINAL = frozenset({"end_upload", "end_my_other_sessions", "sign_out_of_oidc"})
"""What cannot be asked in vain by those who may; it has tests of its own."""

THINGS: Mapping[str, Callable[[World], str]] = {
    "letter_id": lambda world: str(world.letters["plain"]["id"]),
    "file_id": lambda world: str(world.letters["plain"]["files"][0]["file_id"]),
    "disposition_id": lambda world: str(world.dispositions["answered"]["id"]),
    "request_id": lambda world: world.requests["held"],
    "event_id": lambda world: world.events["held"],
    "scan_id": lambda world: str(world.scans["loose"]["id"]),
    "draft_id": lambda world: world.drafts["kept"],
    "batch_id": lambda world: world.batches["kept"],
    "upload_id": lambda world: str(world.scans["arriving"]["id"]),
    "box": lambda _: "inbox",
}
"""Which of several things of a village's is asked for; of what is not named here the village has one."""


def place(operation: Operation, world: World) -> Place:
    """Where the operation is asked for."""
    first = dict(places(operation, world)[0])
    return first | {name: THINGS[name](world) for name in operation.named if name in THINGS}


def reading(operation: Operation, world: World) -> Request:
    """A whole question, with nothing more in it than must be."""
    must = [name for name, required in operation.query if required or name in NEEDED.get(operation.id, ())]
    query = {name: OWN_FOREIGN.get((operation.id, name), FOREIGN[name])(world)[0] for name in must}
    return Request(operation.id, operation.method, operation.at(place(operation, world)), query)


def _secret(operation: Operation, world: World) -> Request:
    path = operation.at({"letter_id": str(world.letters["secret"]["id"])})
    return Request(operation.id, operation.method, path)


def _unit(operation: Operation, world: World) -> Request:
    asked = reading(operation, world)
    return Request(asked.operation, asked.method, asked.path, {**asked.query, "unit_id": unit_id("dinas-pu")})


def _person(operation: Operation, world: World) -> Request:
    return Request(operation.id, operation.method, operation.path, {"person_id": world.village.seat.person_id})


VARIANTS: Mapping[str, Callable[[Operation, World], Request]] = {
    "secret": _secret,
    "unit": _unit,
    "person": _person,
}
"""The same operation, asked of something that fewer may see."""


def question(row: str, operation: Operation, world: World) -> Request:
    """The question of a row of the table."""
    _, _, variant = row.partition("#")
    request = VARIANTS[variant](operation, world) if variant else reading(operation, world)
    if operation.id == "get_upload_offset":
        return Request(operation.id, operation.method, request.path, headers=TUS)
    return request


def elsewhere(operation: Operation) -> Request:
    """A change of the regency's own, of a thing there is not or a state that never was: it does no harm to anything."""
    path = operation.at(nowhere(operation.named))
    return Request(operation.id, operation.method, path, body={}, headers=STALE)


def deed_of(both: Both, deed: Deed, world: World) -> Request:
    """The deed, on the thing it is meant for."""
    operation = both.operations[deed.operation]
    body = deed.body(world) if deed.upload is None else None
    return Request(deed.operation, operation.method, operation.at(deed.place(world)), body=body, upload=deed.upload)


def by_itself(operation: Operation, world: World) -> Request:
    """What has a request of its own, made so that it comes to nothing."""
    own, district = world.village.seat.position_id, seat("camat.np").position_id
    bodies: dict[str, Json] = {
        "act_on_branches": {"act": "read", "branch_ids": [new_id()]},
        "register_letter": {"letter": {}, "scans": []},
        "propose_addressees": {"kind": "Surat Permohonan", "subject": "Hal"},
        "hand_over_work": {"from_position": own, "to_position": district, "reason": "Cuti"},
    }
    path = operation.at({"code": "TIDAK-ADA", "upload_id": str(world.scans["arriving"]["id"])})
    if operation.id in UPLOADS:
        return Request(operation.id, operation.method, path, headers=UPLOADS[operation.id], stretch=b"x")
    return Request(operation.id, operation.method, path, body=bodies.get(operation.id, {}))


def at_the_gateway(operation: Operation) -> Request:
    """What the gateway answers itself, of a thing there is not, and with nothing said."""
    return Request(operation.id, operation.method, operation.at(nowhere(operation.named)), body={})
