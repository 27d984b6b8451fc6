"""Registering an app. Invariant: its unit and the positions it stands in are known and active."""

from datetime import datetime

from gateway.clients.client import Client
from gateway.clients.commands.acting import By, record
from gateway.clients.models import ClientView, NewClient
from gateway.context import Context
from services.chassis.errors import ServiceError, conflict, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.uow import Transaction


async def register_client(context: Context, by: By, wanted: NewClient) -> ClientView:
    """The new app; 409 where its name is taken, the first answer where the key is repeated."""

    async def act(tx: Transaction) -> Document:
        client = await _client(context, wanted, tx.now)
        if await context.apps.clients.named(client.name, tx.session):
            raise name_taken(client.name)
        await context.apps.clients.add(client, tx.session)
        details = {"name": client.name, "unit": client.unit_id, "grants": " ".join(client.grants)}
        await record(context, by, "client.registered", client.id, details, tx.session)
        return ClientView.model_validate(client).model_dump(mode="json")

    request = fingerprint("client", wanted.model_dump(mode="json", exclude_unset=True))
    try:
        answer, _ = await context.acts.run(by.caller.person_id, by.key, request, act)
    except DuplicateKeyError:
        raise name_taken(wanted.name) from None
    return ClientView.model_validate(answer)


async def _client(context: Context, wanted: NewClient, at: datetime) -> Client:
    """The app as it is wanted; judged within the act, so that a repeat gets its answer though units have changed."""
    unit = await context.organisation.unit(wanted.unit_id)
    if unit is None:
        raise unprocessable("unknown_unit", "Unit ini tidak dikenal atau tidak aktif.", field="unit_id")
    await check_positions(context, wanted.position_ids)
    return Client(
        **wanted.model_dump(exclude={"contact"}),
        contact=wanted.contact,
        id=new_id(),
        unit_name=unit.name,
        created_at=at,
        changed_at=at,
    )


async def check_positions(context: Context, position_ids: list[str]) -> None:
    """422 with those that are not known or no longer active."""
    unknown = [one for one in position_ids if await context.organisation.position(one) is None]
    if unknown:
        raise unprocessable(
            "unknown_position",
            "Ada jabatan yang tidak dikenal atau tidak aktif.",
            field="position_ids",
            position_ids=unknown,
        )


def name_taken(name: str) -> ServiceError:
    """409: the name stands in tracks and must tell apps apart."""
    return conflict("client_name_taken", f"Nama aplikasi {name} sudah dipakai.")
