"""Setting a password. Invariant: it is judged and hashed before anything changes, and with it other sessions end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.audit.entries import AuditActor
from gateway.audit.origin import Origin
from gateway.auth.accounts import Account
from gateway.auth.fair_queue import Asker
from gateway.auth.password_rules import check_password, is_short
from gateway.auth.passwords import spoken_password
from gateway.auth.session_ends import Because
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import conflict, not_found, unprocessable
from services.chassis.uow import Transaction


@dataclass(frozen=True)
class NewPassword:
    """A password that may be set."""

    hash: str
    short: bool


async def prepared(context: Context, account: Account, password: str) -> NewPassword:
    """The password as it may be kept; 422 where it must not be used."""
    known = await known_of(context, account.username, account.name, account.person_id)
    check_password(password, known, second_factor=account.second_factor)
    return NewPassword(await context.passwords.hash(password, own_place(account)), is_short(password))


async def known_of(context: Context, username: str, name: str, person_id: str) -> list[str]:
    """What everybody knows of an account's owner."""
    held = await context.assignments.held_by(person_id)
    return [username, name, *(text for one in held for text in (one.title, one.unit_name))]


async def check_other(context: Context, account: Account, password: str) -> None:
    """422 where it is the password that is to be replaced."""
    if await context.passwords.verify(account.password_hash, password, own_place(account)):
        raise unprocessable("password_unchanged", "Kata sandi baru harus berbeda dari yang sekarang.")


async def by_owner(
    context: Context, account: Account, new: NewPassword, origin: Origin, *, keep: str | None = None
) -> Account:
    """The owner sets it; every session but ``keep`` ends."""
    actor = AuditActor(kind="person", id=account.person_id, name=account.name, session_id=keep)
    fields = {
        "password_hash": new.hash,
        "short_password": new.short,
        "must_change_password": False,
        "password_until": None,
    }
    return await _set(context, account, fields, "password.changed", actor, origin, keep=keep, own=True)


async def one_time(context: Context, caller: Principal, account: Account, origin: Origin) -> tuple[str, datetime]:
    """A password to tell somebody, and until when it opens the choice of another; every session ends."""
    password, until = spoken_password(), now() + timedelta(hours=context.settings.one_time_password_hours)
    fields = {
        "password_hash": await context.passwords.hash(password),
        "short_password": False,
        "must_change_password": True,
        "password_until": until,
    }
    await _set(context, account, fields, "password.one_time_made", AuditActor.of(caller), origin)
    return password, until


async def _set(
    context: Context,
    account: Account,
    fields: dict[str, Any],
    kind: str,
    actor: AuditActor,
    origin: Origin,
    *,
    keep: str | None = None,
    own: bool = False,
) -> Account:
    because: Because = "password_changed"

    async def work(tx: Transaction) -> tuple[Account, list[str]]:
        present = await context.accounts.get(account.id, tx.session)
        if present is None:
            raise not_found("Akun")
        if own and present.password_hash != account.password_hash:
            raise conflict(
                "password_changed_meanwhile", "Kata sandi akun ini baru saja diganti. Silakan masuk kembali."
            )
        changed = await context.accounts.change(present, fields, tx.session)
        ended = await context.sessions.end_all(account.id, because, but=keep, session=tx.session)
        await context.audit.record(
            kind,
            outcome="done",
            actor=actor,
            subject=f"account:{account.id}",
            address=origin.address,
            request_id=origin.request_id,
            details={"sessions_ended": str(len(ended))},
            session=tx.session,
        )
        return changed, ended

    changed, ended = await context.uow.run(work)
    context.sessions.ended(ended)
    return changed


def own_place(account: Account) -> Asker:
    """Whoever has proved who they are queues with the known, each for themselves."""
    return Asker("known", f"account {account.id}")
