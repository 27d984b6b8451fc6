"""Who has proved to be somebody. Invariant: nobody is said to have signed in who got no session.

Every way of signing in ends in this, and its entry is written together with the session.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.audit.entries import AuditActor
from gateway.audit.origin import Origin
from gateway.audit.store import Audit
from gateway.auth.accounts import Account
from gateway.auth.session_rows import Via
from services.chassis.mongo import Session


@dataclass(frozen=True)
class Signed:
    """Whose account it is, whether a second factor was seen, and by what way; ``details`` go on record."""

    account: Account
    second_factor: bool
    via: Via
    details: Mapping[str, str]

    async def put_down(self, audit: Audit, came: Origin, session: Session | None) -> None:
        """That they have signed in."""
        await audit.record(
            f"sign_in.{self.via}",
            outcome="done",
            actor=AuditActor(kind="person", id=self.account.person_id, name=self.account.name),
            subject=f"account:{self.account.id}",
            address=came.address,
            request_id=came.request_id,
            details=self.details,
            session=session,
        )
