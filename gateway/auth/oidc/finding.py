"""Whose account it is. Invariant: an account that is somebody's already is never given to somebody else.

A linked subject is its account. Somebody who comes the first time is found by what the operator has said claims mean,
once; from then on the link decides. Accounts that administer the regency are not found so, unless the operator says
so: who can name people at the provider would name themselves administrator here.
"""

import re

from gateway.auth.accounts import COLLECTION as ACCOUNTS
from gateway.auth.accounts import Account
from gateway.auth.assignments import COLLECTION as ASSIGNMENTS
from gateway.auth.oidc.proven import Proven
from gateway.auth.oidc.providers import Match, Provider
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.chassis.mongo import Database, Document, Session, take_document

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")


class People:
    """Looks for accounts by what a provider may know of a person."""

    def __init__(self, database: Database) -> None:
        self._accounts = database[ACCOUNTS]
        self._assignments = database[ASSIGNMENTS]

    async def found(self, provider: Provider, proven: Proven, session: Session | None) -> Account | None:
        """The one account that fits, by the first match that says anything; None where none or more than one does."""
        for match in provider.matches:
            said = proven.claims.get(match.claim)
            if not said:
                continue
            rows = await self._fitting(match, said, session)
            accounts = [Account.model_validate({**row, "id": row["_id"]}) for row in rows]
            if len(accounts) > 1:
                return None
            if accounts:
                reserved = accounts[0].administers and not provider.match_administrators
                return None if reserved or not accounts[0].active else accounts[0]
        return None

    async def new_account(self, provider: Provider, proven: Proven, session: Session | None) -> Account | None:
        """An account for somebody there is none for yet; None where nothing says what it should be called."""
        claims = [match.claim for match in provider.matches if match.to == "username"]
        offered = [proven.claims.get(claim, "").lower() for claim in (*claims, "preferred_username")]
        username = next((one for one in offered if USERNAME.fullmatch(one)), None)
        if username is None or await self._accounts.find_one({"username": username}, session=session):
            return None
        person_id = await self._person(provider, proven, session) or new_id()
        if await self._accounts.find_one({"person_id": person_id}, session=session):
            return None
        return Account(
            id=new_id(),
            username=username,
            password_hash=None,
            person_id=person_id,
            name=proven.claims.get("name", username)[:200],
            created_at=now(),
        )

    async def held(self, account_id: str, session: Session | None) -> Account | None:
        """The account, held until the transaction ends."""
        row = await take_document(self._accounts, account_id, session)
        return Account.model_validate({**row, "id": row["_id"]}) if row else None

    async def _person(self, provider: Provider, proven: Proven, session: Session | None) -> str | None:
        """The person whose NIP the provider tells."""
        for match in provider.matches:
            if match.to == "nip" and (said := proven.claims.get(match.claim)):
                people = await self._with_nip(said, session)
                return people.pop() if len(people) == 1 else None
        return None

    async def _fitting(self, match: Match, said: str, session: Session | None) -> list[Document]:
        if match.to == "username":
            return await self._accounts.find({"username": said.lower()}, session=session).to_list(None)
        people = {said} if match.to == "person_id" else await self._with_nip(said, session)
        if len(people) != 1:
            return []
        return await self._accounts.find({"person_id": people.pop()}, session=session).to_list(None)

    async def _with_nip(self, nip: str, session: Session | None) -> set[str]:
        digits = re.sub(r"\s", "", nip)
        rows = await self._assignments.find({"nip": digits}, {"person_id": 1}, session=session).to_list(None)
        return {row["person_id"] for row in rows}


def not_linked() -> ServiceError:
    """403 for somebody who is who they say and has no place here; the same for an account that is switched off."""
    detail = "Akun Anda di penyedia masuk belum terhubung dengan akun Lontar yang aktif. Silakan hubungi administrator."
    return ServiceError(403, "account_not_linked", detail)
