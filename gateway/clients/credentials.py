"""Keys and client secrets, as they are kept. Invariant: none can be read back, and none works past its time.

Both are rows of one kind: shown once, known by a digest, ended by a date or by being revoked. A key may be given less
than its app has; what it may do is what both say.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from gateway.clients.grants import Grant
from gateway.clients.key_text import KeyKind, digest_of
from services.chassis.documents import document, model
from services.chassis.mongo import Database, IndexModel, Session


class Credential(BaseModel):
    """A key or a client secret; ``grants`` None means all its app has."""

    model_config = ConfigDict(frozen=True)

    id: str
    client_id: str
    kind: KeyKind
    label: str
    hint: str
    digest: str
    grants: tuple[Grant, ...] | None = None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def works(self, at: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked_at is None and at < self.expires_at

    def fits(self, text: str) -> bool:
        """Whether it is what was shown; takes as long whatever the answer."""
        return hmac.compare_digest(self.digest, digest_of(text))


class ClientCredentials:
    """All keys and secrets. They are never deleted: what a key did stays told apart from what another did."""

    CREDENTIALS: ClassVar[str] = "client_credentials"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {CREDENTIALS: [IndexModel([("client_id", 1)], name="client")]}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.CREDENTIALS]

    async def add(self, credential: Credential, session: Session | None) -> None:
        """Keep a new one."""
        await self._rows.insert_one(document(credential), session=session)

    async def get(self, credential_id: str, session: Session | None = None) -> Credential | None:
        """The one with this id."""
        row = await self._rows.find_one({"_id": credential_id}, session=session)
        return model(Credential, row) if row else None

    async def of_client(self, client_id: str, kind: KeyKind, session: Session | None = None) -> list[Credential]:
        """An app's keys or its secrets, newest first."""
        rows = await self._rows.find({"client_id": client_id}, session=session).to_list(None)
        found = [model(Credential, row) for row in rows if row["kind"] == kind]
        return sorted(found, key=lambda one: one.id, reverse=True)

    async def revoke(self, credential_id: str, at: datetime, session: Session | None) -> None:
        """It opens nothing from now on."""
        await self._rows.update_one({"_id": credential_id}, {"$set": {"revoked_at": at}}, session=session)

    async def end_by(self, credential_id: str, at: datetime, session: Session | None) -> None:
        """It opens nothing from ``at`` on."""
        await self._rows.update_one({"_id": credential_id}, {"$set": {"expires_at": at}}, session=session)

    async def used(self, credential_id: str, at: datetime) -> None:
        """Note when it was last used; an older note changes nothing."""
        await self._rows.update_one({"_id": credential_id}, {"$max": {"last_used_at": at}})
