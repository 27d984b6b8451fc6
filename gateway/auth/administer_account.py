"""What administrators do to accounts. Invariant: whoever is switched off or loses a role has no session left by then.

Nobody resets their own password or second factor here: that would be a way around proving who they are.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.audit.origin import Origin
from gateway.auth import set_password
from gateway.auth.accounts import Account
from gateway.auth.models import AccountChange
from gateway.auth.own_proofs import own_account
from gateway.auth.session_ends import Because
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.errors import conflict, not_found
from services.chassis.mongo import Session
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction


async def found(context: Context, account_id: str, session: Session | None = None) -> Account:
    """The account, or 404."""
    account = await context.accounts.get(account_id, session)
    if account is None:
        raise not_found("Akun")
    return account


async def change_account(
    context: Context, caller: Principal, origin: Origin, account_id: str, wanted: AccountChange, seen: int | None
) -> Account:
    """Change name or roles, switch it off or on; 412 where it is not as it was seen."""

    async def work(tx: Transaction) -> tuple[Account, list[str]]:
        present = await found(context, account_id, tx.session)
        check_version(present.version, seen)
        fields = _differing(present, wanted)
        if not fields:
            return present, []
        changed = await context.accounts.change(present, fields, tx.session)
        ended: list[str] = []
        if because := _ends_sessions(present, changed):
            ended = await context.sessions.end_all(account_id, because, session=tx.session)
        subject, told = f"account:{changed.id}", _told(present, fields)
        await context.audit.act(_kind(fields), caller, origin, subject, details=told, session=tx.session)
        return changed, ended

    changed, ended = await context.uow.run(work)
    context.sessions.ended(ended)
    return changed


async def make_one_time_password(
    context: Context, caller: Principal, origin: Origin, account_id: str
) -> tuple[str, datetime]:
    """A password to tell the account's owner, and until when it is good."""
    account = await found(context, account_id)
    await _not_own(context, caller, account)
    return await set_password.one_time(context, caller, account, origin)


async def reset_second_factor(context: Context, caller: Principal, origin: Origin, account_id: str) -> None:
    """For whoever has lost authenticator and recovery codes. A password too short to stand alone must be changed."""
    await _not_own(context, caller, await found(context, account_id))

    async def work(tx: Transaction) -> list[str]:
        present = await found(context, account_id, tx.session)
        await context.second_factors.remove(account_id, tx.session)
        if not present.second_factor:
            return []
        fields = {
            "second_factor": False,
            "must_change_password": present.must_change_password or present.short_password,
        }
        changed = await context.accounts.change(present, fields, tx.session)
        subject = f"account:{changed.id}"
        await context.audit.act("second_factor.reset", caller, origin, subject, session=tx.session)
        return await context.sessions.end_all(account_id, "revoked", session=tx.session)

    context.sessions.ended(await context.uow.run(work))


async def _not_own(context: Context, caller: Principal, account: Account) -> None:
    if (await own_account(context, caller)).id == account.id:
        raise conflict("own_account", "Untuk akun Anda sendiri, gunakan pengaturan akun Anda.")


def _differing(present: Account, wanted: AccountChange) -> dict[str, Any]:
    """What is asked for and not so already."""
    asked = {name: value for name, value in wanted.model_dump(exclude_unset=True).items() if value is not None}
    if "roles" in asked:
        asked["roles"] = tuple(sorted(set(asked["roles"])))
    now_so = {**present.model_dump(), "roles": tuple(sorted(present.roles))}
    return {name: value for name, value in asked.items() if now_so[name] != value}


def _ends_sessions(before: Account, after: Account) -> Because | None:
    if before.active and not after.active:
        return "deactivated"
    return "revoked" if set(before.roles) - set(after.roles) else None


def _kind(fields: Mapping[str, Any]) -> str:
    if "active" in fields:
        return "account.reactivated" if fields["active"] else "account.deactivated"
    return "account.changed"


def _told(before: Account, fields: Mapping[str, Any]) -> dict[str, str]:
    """The changes as the record keeps them."""
    told = {name: str(value) for name, value in fields.items() if name != "roles"}
    if "roles" in fields:
        told |= {"roles": ", ".join(fields["roles"]), "roles_before": ", ".join(before.roles)}
    return told
