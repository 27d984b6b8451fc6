"""Signing in with a name and a password. Invariant: every refusal to sign in reads the same and takes as long."""

from gateway.auth.accounts import Account
from gateway.context import Context
from services.chassis.auth import unauthenticated


async def sign_in(context: Context, username: str, password: str, address: str) -> Account:
    """The account of the right name and password; 401 for any others, 429 for too many of them."""
    await context.throttle.enter(username, address)
    account = await context.accounts.named(username)
    usable = account is not None and account.active
    fits = await context.passwords.verify(account.password_hash if account and usable else None, password)
    if account is None or not fits:
        raise unauthenticated("sign_in_failed", "Nama pengguna atau kata sandi salah.")
    await context.throttle.clear(username, address)
    if context.passwords.outdated(account.password_hash):
        await context.accounts.rehash(account.id, await context.passwords.hash(password))
    return account
