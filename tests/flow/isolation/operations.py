"""The operations of the public API as it describes itself, filled in with the things of a world.

Invariant: a parameter that is not known here fails the walk, so that no new route is passed over.
"""

import itertools
import re
from dataclasses import dataclass

from deploy.demo.client import Json
from tests.flow.isolation.asking import Request
from tests.flow.isolation.parameters import FOREIGN, NEUTRAL, OWN_FOREIGN, OWN_NAMES, PLACES, Place
from tests.flow.isolation.world import World


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
    foreign = {name: OWN_FOREIGN.get((operation.id, name), FOREIGN[name])(world) for name in (*must, *may)}
    always = [dict(zip(must, values, strict=True)) for values in itertools.product(*(foreign[n] for n in must))]
    limit = {"limit": "50"} if any(name == "limit" for name, _ in operation.query) else {}
    queries = [{**base, **limit} for base in always]
    queries += [{**always[0], **limit, name: value} for name in may for value in foreign[name]]
    return [
        Request(operation.id, "GET", operation.at(place), query)
        for place in places(operation, world)
        for query in queries
    ]
