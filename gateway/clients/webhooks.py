"""Where an app wants to be told, and by which secrets it knows that it is us. Invariant: secrets are sealed at rest.

Unlike a key, a webhook's secret must be read again to sign with; it is sealed for its webhook alone. While a secret is
being replaced the former one signs beside it until its time is over.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from gateway.auth.sealing import SealBroken, Sealer
from services.chassis.documents import document, model
from services.chassis.mongo import Database, IndexModel, Session

log = logging.getLogger(__name__)


class WebhookSecret(BaseModel):
    """A secret; ``expires_at`` None for the present one."""

    model_config = ConfigDict(frozen=True)

    sealed: str
    hint: str
    created_at: datetime
    expires_at: datetime | None = None


class Webhook(BaseModel):
    """An address of an app; ``secrets`` the present one first. ``version`` counts its changes."""

    model_config = ConfigDict(frozen=True)

    id: str
    client_id: str
    url: str
    label: str
    secrets: tuple[WebhookSecret, ...]
    version: int = 1
    created_at: datetime

    def keys(self, sealer: Sealer, at: datetime) -> list[str]:
        """What signs at this moment; SealBroken where none of it can be read any more."""
        found = []
        for one in self.secrets:
            if one.expires_at is None or at < one.expires_at:
                try:
                    found.append(sealer.open(one.sealed, purpose_of(self.id)))
                except SealBroken:
                    log.warning("a secret of webhook %s cannot be opened: its sealing key is not here", self.id)
        if not found:
            raise SealBroken
        return found

    def renewed(self, fresh: WebhookSecret, until: datetime) -> "Webhook":
        """With ``fresh`` in front; what signed until now goes on until ``until``, what was older already is gone."""
        former = self.secrets[0].model_copy(update={"expires_at": until})
        return self.model_copy(update={"secrets": (fresh, former), "version": self.version + 1})


def purpose_of(webhook_id: str) -> str:
    """What a webhook's secrets are sealed for."""
    return f"webhook:{webhook_id}"


class Webhooks:
    """The webhooks of all apps."""

    WEBHOOKS: ClassVar[str] = "client_webhooks"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {WEBHOOKS: [IndexModel([("client_id", 1)], name="client")]}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.WEBHOOKS]

    async def add(self, webhook: Webhook, session: Session | None) -> None:
        """Keep a new one."""
        await self._rows.insert_one(document(webhook), session=session)

    async def get(self, client_id: str, webhook_id: str, session: Session | None = None) -> Webhook | None:
        """The app's webhook with this id."""
        row = await self._rows.find_one({"_id": webhook_id}, session=session)
        return model(Webhook, row) if row and row["client_id"] == client_id else None

    async def of_client(self, client_id: str, session: Session | None = None) -> list[Webhook]:
        """An app's webhooks, newest first."""
        rows = await self._rows.find({"client_id": client_id}, session=session).to_list(None)
        return sorted((model(Webhook, row) for row in rows), key=lambda one: one.id, reverse=True)

    async def replace(self, webhook: Webhook, session: Session | None) -> bool:
        """Put it in the place of the version before; False where another change was sooner."""
        before = {"_id": webhook.id, "version": webhook.version - 1}
        return bool((await self._rows.replace_one(before, document(webhook), session=session)).matched_count)

    async def remove(self, webhook_id: str, session: Session | None) -> None:
        """Nothing is brought there any more; its secrets are gone."""
        await self._rows.delete_one({"_id": webhook_id}, session=session)
