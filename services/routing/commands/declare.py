"""Making a part of the organisation, so that a seed can be run again. Invariant: one id, one declared content.

The client may choose the id: the same id with the same content is answered with what is there, with another content it
is refused with 409. A key (``Idempotency-Key``) works beside that.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from services.chassis.auth import Principal
from services.chassis.errors import conflict
from services.chassis.idempotency import fingerprint
from services.chassis.ids import EntityId, new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.routing.domain.flaws import settled
from services.routing.domain.organisation import Entity
from services.routing.domain.picture import Picture
from services.routing.registry import Registry
from services.routing.store.entities import Entities

E = TypeVar("E", bound=Entity)


class Wanted(BaseModel):
    """What a client asks to have made; ``id`` is its own choice or left to the service."""

    id: EntityId | None = None

    @property
    def content(self) -> str:
        """The fingerprint of what is asked for, whatever the id."""
        return fingerprint(type(self).__name__, self.model_dump(mode="json", exclude={"id"}, exclude_none=True))


@dataclass(frozen=True)
class Declaration:
    """Who asks for it, and the client's key for this very act."""

    caller: Principal
    key: str | None = None


async def declare(
    registry: Registry,
    by: Declaration,
    wanted: Wanted,
    store: Entities[E],
    make: Callable[[Transaction, str], Awaitable[tuple[E, Picture]]],
) -> tuple[E, bool]:
    """The entity and whether it was made now. ``make`` gives it with what is around it, which decides if it fits."""
    identifier = wanted.id or new_id()

    async def act(tx: Transaction) -> Document:
        await registry.lock.take(tx.session)
        known = await store.declared(identifier, tx.session) if wanted.id else None
        if known and known.declared != wanted.content:
            raise _taken(known.entity)
        if known:
            return {"made": False, "entity": known.entity.model_dump(mode="json")}
        if wanted.id and await registry.history.version(identifier, 1, tx.session):
            raise conflict("id_taken", "Id ini sudah dipakai untuk data jenis lain.")  # one history, one name each
        entity, around = await make(tx, identifier)
        found = settled(around, around.having(entity), registry.day_of(tx.now))
        await registry.keep(tx, found, "made", by.caller, wanted.content)
        made = found.find(store.kind, identifier) or entity
        return {"made": True, "entity": made.model_dump(mode="json")}

    request = fingerprint(wanted.content, wanted.id)

    async def once() -> tuple[Document, bool]:
        return await registry.acts.run(by.caller.person_id, by.key, request, act)

    answer, _ = await registry.in_turn(once)
    return store.kind.model_validate(answer["entity"]), bool(answer["made"])


def _taken(entity: Entity) -> Exception:
    return conflict("id_taken", "Id ini sudah dipakai untuk data yang berbeda.", state=entity.model_dump(mode="json"))
