"""Where apps are kept. Invariant: a name exists once, and a change is made only on the state it was decided on."""

from collections.abc import Sequence
from typing import ClassVar

from gateway.clients.client import Client, name_key
from services.chassis.documents import document, model
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.pagination import after


class Clients:
    """The apps."""

    CLIENTS: ClassVar[str] = "clients"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        CLIENTS: [IndexModel([("name_key", 1)], name="name", unique=True)]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.CLIENTS]

    async def add(self, client: Client, session: Session | None) -> None:
        """Keep a new app; a taken name raises DuplicateKeyError."""
        await self._rows.insert_one(_row(client), session=session)

    async def get(self, client_id: str, session: Session | None = None) -> Client | None:
        """The app with this id."""
        row = await self._rows.find_one({"_id": client_id}, session=session)
        return model(Client, row) if row else None

    async def named(self, name: str, session: Session | None = None) -> Client | None:
        """The app with this name, however it is written."""
        row = await self._rows.find_one({"name_key": name_key(name)}, session=session)
        return model(Client, row) if row else None

    async def replace(self, client: Client, seen: int, session: Session | None) -> bool:
        """Put ``client`` in the place of its version ``seen``; False where another change was sooner."""
        before = {"_id": client.id, "version": seen}
        return bool((await self._rows.replace_one(before, _row(client), session=session)).matched_count)

    async def page(self, cursor: str | None, limit: int) -> list[Client]:
        """``limit + 1`` apps, newest first. A regency has tens of them: the whole list is a page or two."""
        rows = await self._rows.find(after(cursor)).sort("_id", -1).limit(limit + 1).to_list(limit + 1)
        return [model(Client, row) for row in rows]


def _row(client: Client) -> Document:
    return {**document(client), "name_key": name_key(client.name)}
