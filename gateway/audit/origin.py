"""Where a request came from, as the record keeps it. Invariant: both are the gateway's own words, not the client's."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.chassis.limits import address_of


@dataclass(frozen=True)
class Origin:
    """The network address, and the request's id by which its log lines are found."""

    address: str
    request_id: str


async def origin(request: Request) -> Origin:
    """FastAPI dependency: where this request came from."""
    address = address_of(request.client)
    return Origin(address, str(request.scope.get("state", {}).get("request_id", "")))


From = Annotated[Origin, Depends(origin)]
