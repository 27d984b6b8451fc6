"""Who stands at the door before anybody knows who it is. Invariant: nothing here was verified but the address."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from gateway.audit.origin import From, Origin

DEVICE_COOKIE = "lontar_device"
"""What a browser or app shows that has signed in before; see ``devices``."""


@dataclass(frozen=True)
class Visitor:
    """Where somebody comes from and what they say they are. ``device`` is what their cookie holds."""

    origin: Origin
    user_agent: str = ""
    device: str | None = None
    secure: bool = False

    @property
    def address(self) -> str:
        """The network address."""
        return self.origin.address


async def visitor(request: Request, origin: From) -> Visitor:
    """FastAPI dependency: whoever sends this request."""
    return Visitor(
        origin,
        user_agent=request.headers.get("user-agent", ""),
        device=request.cookies.get(DEVICE_COOKIE),
        secure=request.url.scheme == "https",
    )


Arriving = Annotated[Visitor, Depends(visitor)]
