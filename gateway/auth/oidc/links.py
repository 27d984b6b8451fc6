"""Who at a provider is which account here. Invariant: a subject is one account's, and an account has one subject at a
provider. Whoever was linked once stays so, whatever name they have there later.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from gateway.auth.oidc.proven import Proven
from services.chassis.clock import now
from services.chassis.mongo import Database, IndexModel, Session

COLLECTION = "oidc_links"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [IndexModel([("account_id", 1), ("provider", 1)], name="account", unique=True)]
}


class Link(BaseModel):
    """One link. ``label`` is what the person is called there, for their own eyes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    provider: str
    account_id: str
    label: str
    linked_at: datetime
    last_used_at: datetime | None = None


class Links:
    """All links."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def of(self, proven: Proven, session: Session | None = None) -> Link | None:
        """The link of whom a provider vouches for."""
        return await self.get(link_id(proven), session)

    async def get(self, identifier: str, session: Session | None = None) -> Link | None:
        """The link with this id."""
        row = await self._rows.find_one({"_id": identifier}, session=session)
        return Link.model_validate({**row, "id": row["_id"]}) if row else None

    async def add(self, proven: Proven, account_id: str, session: Session | None = None) -> Link:
        """Link them; DuplicateKeyError where the subject or the account's place at the provider is taken."""
        facts = {"provider": proven.provider, "issuer": proven.issuer, "subject": proven.subject}
        row = {"_id": link_id(proven), "account_id": account_id, "label": proven.label, "linked_at": now(), **facts}
        await self._rows.insert_one(row, session=session)
        return Link.model_validate({**row, "id": row["_id"]})

    async def held_by(self, account_id: str, session: Session | None = None) -> list[Link]:
        """The account's links, the oldest first."""
        rows = await self._rows.find({"account_id": account_id}, session=session).to_list(None)
        return sorted((Link.model_validate({**row, "id": row["_id"]}) for row in rows), key=lambda one: one.linked_at)

    async def remove(self, identifier: str, session: Session | None = None) -> bool:
        """Whether there was one."""
        return bool((await self._rows.delete_one({"_id": identifier}, session=session)).deleted_count)

    async def used(self, identifier: str) -> None:
        """Somebody has signed in by it."""
        await self._rows.update_one({"_id": identifier}, {"$set": {"last_used_at": now()}})


def link_id(proven: Proven) -> str:
    """Issuer and subject as one word: neither of them can be made to run into the other."""
    pair = f"{len(proven.issuer)}:{proven.issuer}{proven.subject}"
    return hashlib.sha256(pair.encode()).hexdigest()
