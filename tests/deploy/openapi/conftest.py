"""The merged document, built once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from deploy.openapi.merge import merge
from deploy.openapi.sources import documents
from gateway.routes import Route, RouteTable

Document = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """An operation, where it is and the row that leads to it."""

    path: str
    method: str
    described: Document
    route: Route

    @property
    def name(self) -> str:
        """Its id."""
        return str(self.described["operationId"])

    @property
    def parameters(self) -> list[Document]:
        """What the path, the query and the header hold."""
        return list(self.described.get("parameters", ()))


@pytest.fixture(scope="session")
def merged() -> Document:
    """What the programs say now."""
    return merge(documents())


@pytest.fixture(scope="session")
def operations(merged: Document) -> list[Operation]:
    """Every operation there is."""
    return list(_operations(merged))


def _operations(merged: Document) -> Iterator[Operation]:
    table = RouteTable()
    for path, item in merged["paths"].items():
        for method, described in item.items():
            route = table.match(path.replace("{", "").replace("}", "").encode(), method.upper())
            assert route is not None, f"{path} has no row in the gateway's table"
            yield Operation(path, method, described, route)
