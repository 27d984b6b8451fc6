"""Changing an app. Invariant: what is taken from it is gone here with the answer, and elsewhere within a second."""

from gateway.clients.client import Client
from gateway.clients.commands.acting import By, record, the_client
from gateway.clients.commands.register_client import check_positions, name_taken
from gateway.clients.models import ClientChange
from gateway.context import Context
from services.chassis.mongo import DuplicateKeyError, clash
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction

TOLD = ("active", "grants", "position_ids", "per_second", "burst", "name")
"""What the record tells the new value of; the contact's address and number it leaves out."""


async def change_client(context: Context, by: By, client_id: str, change: ClientChange, seen: int | None) -> Client:
    """The app as it is now; 412 where it is no longer as it was seen."""
    named = change.model_dump(exclude_none=True)
    if change.position_ids is not None:
        await check_positions(context, change.position_ids)

    async def work(tx: Transaction) -> Client:
        before = await the_client(context, client_id, tx.session)
        check_version(before.version, seen)
        wanted = Client.model_validate({**before.model_dump(), **named})
        if wanted == before:
            return before
        after = wanted.model_copy(update={"version": before.version + 1, "changed_at": tx.now})
        if not await context.apps.clients.replace(after, before.version, tx.session):
            raise clash("the app was changed meanwhile")
        await record(context, by, "client.changed", client_id, _details(before, after), tx.session)
        return after

    try:
        client = await context.uow.run(work)
    except DuplicateKeyError:
        raise name_taken(change.name or "") from None
    finally:
        context.apps.standings.forget(client_id)  # also where the answer to the commit was lost
    return client


def _details(before: Client, after: Client) -> dict[str, str]:
    changed = [name for name in TOLD if getattr(before, name) != getattr(after, name)]
    told = {name: _text(getattr(after, name)) for name in changed}
    return told if before.contact == after.contact else {**told, "contact": "changed"}


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value).lower()
