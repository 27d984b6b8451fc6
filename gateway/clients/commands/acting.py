"""Who acts, and from where. Invariant: an act and its entry in the record are committed together."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.audit.origin import Origin
from gateway.clients.client import Client
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.mongo import Session


@dataclass(frozen=True)
class By:
    """The administrator, where the request came from, and its idempotency key."""

    caller: Principal
    origin: Origin
    key: str | None = None


async def record(
    context: Context, by: By, kind: str, client_id: str, details: Mapping[str, str], session: Session | None
) -> None:
    """Put the act down."""
    subject = f"client:{client_id}"
    await context.audit.act(kind, by.caller, by.origin, subject, details=details, session=session)


async def the_client(context: Context, client_id: str, session: Session | None = None) -> Client:
    """The app; 404 where there is none."""
    client = await context.apps.clients.get(client_id, session)
    if client is None:
        raise not_found("Aplikasi")
    return client
