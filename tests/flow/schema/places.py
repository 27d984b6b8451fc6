"""Which thing of the world each operation names. Invariant: operations share nothing that one of them could use up."""

from collections import Counter

from tests.flow.schema.running import Document
from tests.flow.schema.world import Place, World

CODES: dict[str, Place] = {
    "change_instruction": {"code": "pelajari"},
    "retire_instruction": {"code": "pantau"},
    "restore_instruction": {"code": "fasilitasi"},
    "change_quick_reply": {"code": "siap"},
    "retire_quick_reply": {"code": "dilaksanakan"},
    "restore_quick_reply": {"code": "mohon_arahan"},
    "change_letter_kind": {"code": "piagam"},
    "get_template": {"code": "desa"},
    "apply_template": {"code": "desa"},
}
"""Parameters that are called as others' are, and stand for something else."""


def places(document: Document, world: World) -> dict[str, Place]:
    """For each operation that names things, by its id: one of each kind; nothing for a kind that is not known."""
    taken: Counter[tuple[str, ...]] = Counter()
    found: dict[str, Place] = {}
    for item in document["paths"].values():
        for described in item.values():
            named = {one["name"] for one in described.get("parameters", ()) if one["in"] == "path"}
            name = described["operationId"]
            place = CODES.get(name) or _next(named, world, taken)
            if place:
                found[name] = place
    return found


def _next(named: set[str], world: World, taken: Counter[tuple[str, ...]]) -> Place | None:
    for kind, things in world.places.items():
        if set(kind) == named:
            taken[kind] += 1
            return things[(taken[kind] - 1) % len(things)]
    return None
