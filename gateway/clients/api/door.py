"""Who may administer apps. Invariant: an administrator of the regency, in person."""

from typing import Annotated

from fastapi import Depends

from gateway.audit.origin import From
from gateway.clients.commands.acting import By
from gateway.credentials import Caller
from services.chassis.auth import Principal
from services.chassis.errors import forbidden
from services.chassis.idempotency import IdempotencyKey


async def administrator(caller: Caller) -> Principal:
    """FastAPI dependency: an administrator of the regency; 403 for everybody else, apps among them."""
    if caller.client_id or "regency_admin" not in caller.roles:
        raise forbidden("Aplikasi hanya diatur oleh administrator kabupaten.")
    return caller


Administrator = Annotated[Principal, Depends(administrator)]


async def acting(caller: Administrator, origin: From, key: IdempotencyKey = None) -> By:
    """FastAPI dependency: the administrator with the key of this very act."""
    return By(caller, origin, key)


async def ending(caller: Administrator, origin: From) -> By:
    """FastAPI dependency: the same for an act that may be repeated as it is."""
    return By(caller, origin)


Acting = Annotated[By, Depends(acting)]
Ending = Annotated[By, Depends(ending)]
