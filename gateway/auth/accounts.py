"""Accounts: a name to sign in with, for one person. Invariant: a username exists once, in lower case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.pagination import after

COLLECTION = "accounts"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: [IndexModel([("username", 1)], name="username", unique=True)]}

AccountRole = Literal["regency_admin", "unit_admin", "archivist", "auditor"]


class Account(BaseModel):
    """An account; its password hash never leaves the store in a response."""

    model_config = ConfigDict(frozen=True)

    id: str
    username: str
    password_hash: str
    person_id: str
    name: str
    roles: tuple[AccountRole, ...] = ()
    active: bool = True
    created_at: datetime


class Accounts:
    """The gateway's own accounts."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def add(self, account: Account, session: Session | None = None) -> None:
        """Store a new account; a taken username raises DuplicateKeyError."""
        row = account.model_dump(exclude={"id"}) | {"_id": account.id, "roles": list(account.roles)}
        await self._rows.insert_one(row, session=session)

    async def named(self, username: str, session: Session | None = None) -> Account | None:
        """The account with this username, whatever case it was typed in."""
        row = await self._rows.find_one({"username": username.strip().lower()}, session=session)
        return _account(row) if row else None

    async def get(self, account_id: str, session: Session | None = None) -> Account | None:
        """The account with this id."""
        row = await self._rows.find_one({"_id": account_id}, session=session)
        return _account(row) if row else None

    async def page(self, cursor: str | None, limit: int) -> list[Document]:
        """``limit + 1`` accounts, newest first."""
        return await self._rows.find(after(cursor)).sort("_id", -1).limit(limit + 1).to_list(limit + 1)

    async def any_exist(self) -> bool:
        """Whether there is an account at all."""
        return await self._rows.find_one({}, {"_id": 1}) is not None

    async def rehash(self, account_id: str, password_hash: str) -> None:
        """Replace the hash by one of today's cost."""
        await self._rows.update_one({"_id": account_id}, {"$set": {"password_hash": password_hash}})


def _account(row: Document) -> Account:
    return Account.model_validate({"id": row["_id"], **{name: row[name] for name in row if name != "_id"}})
