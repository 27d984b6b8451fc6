"""Proving inside a session that one is the account's owner. Invariant: a session alone is no proof.

Whoever has taken a session over must not make a lasting way in of it. Failures count for the session they come from,
so it does not keep the owner from signing in, and a wrong password is on record.
"""

from gateway.audit.origin import Origin
from gateway.auth import set_password
from gateway.auth.accounts import Account
from gateway.auth.code_tries import code_refused
from gateway.auth.session_acts import own_session
from gateway.auth.subjects import account_of
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict


async def own_account(context: Context, caller: Principal) -> Account:
    """The account of the caller's session; 403 for a token that belongs to none."""
    return await account_of(context, await own_session(context, caller))


async def proved_owner(
    context: Context, caller: Principal, origin: Origin, password: str, code: str | None = None
) -> Account:
    """The caller's account, once its password was shown, and a code where a second factor holds."""
    account = await own_account(context, caller)
    await prove_password(context, caller, origin, account, password)
    if account.second_factor:
        await prove_code(context, caller, account, code or "")
    return account


async def prove_password(context: Context, caller: Principal, origin: Origin, account: Account, password: str) -> None:
    """403 for a wrong password, 429 for too many."""
    if account.password_hash is None:
        detail = "Akun ini tidak mempunyai kata sandi. Mintalah kata sandi sekali pakai kepada administrator."
        raise conflict("no_password", detail)
    device, asker = device_of(caller), set_password.own_place(account)
    with context.passwords.place(asker):
        await context.throttle.enter(account.username, origin.address, device)
        if not await context.passwords.verify(account.password_hash, password, asker):
            await context.audit.act("password.proved", caller, origin, f"account:{account.id}", outcome="refused")
            raise ServiceError(403, "password_wrong", "Kata sandi Anda yang sekarang tidak benar.")
    await context.throttle.clear(account.username, origin.address, device)


async def prove_code(context: Context, caller: Principal, account: Account, code: str) -> None:
    """403 for a wrong code, 429 for too many."""
    if not account.second_factor:
        raise conflict("no_second_factor", "Akun ini belum memakai verifikasi dua langkah.")
    await context.code_tries.enter(account.id, device_of(caller))
    if await context.second_factors.accept(account.id, code) is None:
        raise code_refused(403)
    await context.code_tries.forget(account.id, device_of(caller))


def device_of(caller: Principal) -> str:
    """What the caller's failures are counted for."""
    return f"session {caller.session_id}"
