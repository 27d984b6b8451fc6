"""Accounts: a name to sign in with, for one person. Invariant: a username exists once, in lower case, and somebody who
may administer always remains.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from services.chassis.clock import now
from services.chassis.errors import ServiceError, conflict
from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel, Session, clash
from services.chassis.pagination import after

COLLECTION = "accounts"
GUARDS = "account_guards"
ADMINISTRATORS = "administrators"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("username", 1)], name="username", unique=True),
        IndexModel([("person_id", 1)], name="person"),
    ]
}

AccountRole = Literal["regency_admin", "unit_admin", "archivist", "auditor"]
ADMINISTRATOR: AccountRole = "regency_admin"


class Account(BaseModel):
    """An account; its password hash never leaves the store in a response.

    Without a hash nobody signs in with a password. ``must_change_password``: the password is a one-time one, which only
    opens the door to choosing another, until ``password_until``. ``short_password``: it is only good enough beside a
    second factor. ``version`` counts what an administrator sees change.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    username: str
    password_hash: str | None
    person_id: str
    name: str
    roles: tuple[AccountRole, ...] = ()
    active: bool = True
    created_at: datetime
    version: int = 1
    must_change_password: bool = False
    password_until: datetime | None = None
    short_password: bool = False
    second_factor: bool = False
    last_signed_in_at: datetime | None = None

    @property
    def administers(self) -> bool:
        """Whether it may administer now."""
        return self.active and ADMINISTRATOR in self.roles

    @property
    def usable_hash(self) -> str | None:
        """The hash a password is held against; None where none would do."""
        over = self.password_until is not None and self.password_until <= now()
        return self.password_hash if self.active and not over else None


class Accounts:
    """The gateway's own accounts."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]
        self._guards = database[GUARDS]

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

    async def of_person(self, person_id: str, session: Session | None = None) -> list[Account]:
        """The person's accounts, the oldest first: one, as a rule."""
        rows = await self._rows.find({"person_id": person_id}, session=session).sort("_id", 1).to_list(None)
        return [_account(row) for row in rows]

    async def page(self, sought: "Sought", cursor: str | None, limit: int) -> list[Account]:
        """``limit + 1`` accounts, newest first. A regency has some thousands: they are looked through."""
        query = {**sought.query, **after(cursor)}
        rows = await self._rows.find(query).sort("_id", -1).limit(limit + 1).to_list(limit + 1)
        return [_account(row) for row in rows]

    async def any_exist(self) -> bool:
        """Whether there is an account at all."""
        return await self._rows.find_one({}, {"_id": 1}) is not None

    async def change(self, account: Account, fields: Mapping[str, Any], session: Session | None) -> Account:
        """The account with these fields changed; run anew where somebody else changed it since it was read.

        A sign-in that is under way meanwhile writes to the same document, so it comes before or after, never between.
        """
        changed = account.model_copy(update={**fields, "version": account.version + 1})
        if account.administers and not changed.administers:
            await self._leave_one(account, session)
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}
        moved = await self._rows.update_one(
            {"_id": account.id}, {"$set": {**values, "version": changed.version}}, session=session
        )
        if not moved.matched_count:
            raise clash("the account is gone")
        return changed

    async def rehash(self, account_id: str, former: str, password_hash: str) -> None:
        """Replace the hash by one of today's cost, unless the password was changed meanwhile."""
        await self._rows.update_one(
            {"_id": account_id, "password_hash": former}, {"$set": {"password_hash": password_hash}}
        )

    async def _leave_one(self, leaving: Account, session: Session | None) -> None:
        """409 where no other administrator remains. Two that leave at once write to the same guard, so one waits."""
        guard = {"_id": ADMINISTRATORS}
        if not (await self._guards.update_one(guard, {"$inc": {"turns": 1}}, session=session)).matched_count:
            try:
                await self._guards.insert_one({**guard, "turns": 1}, session=session)
            except DuplicateKeyError:
                raise clash("another administrator is leaving") from None
        others = await self._rows.find({"roles": ADMINISTRATOR, "active": True}, session=session).to_list(None)
        if all(row["_id"] == leaving.id for row in others):
            raise last_administrator()


class Sought(BaseModel):
    """Which accounts are looked for; None where it does not matter."""

    q: str | None = None
    active: bool | None = None
    signed_in: bool | None = None
    role: AccountRole | None = None

    @property
    def query(self) -> Document:
        """The query's conditions."""
        found: Document = {}
        if self.active is not None:
            found["active"] = self.active
        if self.signed_in is not None:
            found["last_signed_in_at"] = {"$ne": None} if self.signed_in else None
        if self.role is not None:
            found["roles"] = self.role
        # a pattern must not hold what cannot be printed, and no name does
        said = "".join(letter for letter in self.q or "" if letter.isprintable() or letter.isspace())
        words = [{"$regex": re.escape(word), "$options": "i"} for word in said.split()]
        if words:
            found["$and"] = [{"$or": [{"username": word}, {"name": word}]} for word in words]
        return found


def last_administrator() -> ServiceError:
    """409: nobody could let anybody in any more."""
    return conflict("last_administrator", "Harus tetap ada satu administrator kabupaten yang aktif.")


def _account(row: Document) -> Account:
    return Account.model_validate({**row, "id": row["_id"]})
