"""Signing in, staying in, signing out. Invariant: every refusal to sign in reads the same and takes as long."""

from gateway.auth.accounts import Account
from gateway.auth.models import Tokens
from gateway.auth.sessions import Opened, refused
from gateway.auth.tokens import Subject
from gateway.context import Context
from services.chassis.auth import unauthenticated


async def sign_in(context: Context, username: str, password: str, address: str) -> Tokens:
    """Tokens for the right name and password; 401 for any others, 429 for too many of them."""
    await context.throttle.enter(username, address)
    account = await context.accounts.named(username)
    usable = account is not None and account.active
    fits = await context.passwords.verify(account.password_hash if account and usable else None, password)
    if account is None or not fits:
        raise unauthenticated("sign_in_failed", "Nama pengguna atau kata sandi salah.")
    await context.throttle.clear(username, address)
    if context.passwords.outdated(account.password_hash):
        await context.accounts.rehash(account.id, await context.passwords.hash(password))
    return await _tokens(context, account, await context.sessions.open(account.id))


async def refresh(context: Context, refresh_token: str) -> Tokens:
    """The next tokens, with the person's positions as they are now."""
    opened = await context.sessions.refresh(refresh_token)
    account = await context.accounts.get(opened.account_id)
    if account is None or not account.active:
        raise refused()
    return await _tokens(context, account, opened)


async def _tokens(context: Context, account: Account, opened: Opened) -> Tokens:
    positions = await context.assignments.held_by(account.person_id)
    subject = Subject(account.person_id, account.name, positions, account.roles, session_id=opened.session_id)
    return Tokens(
        access_token=context.issuer.issue(subject),
        expires_in=context.issuer.lifetime,
        refresh_token=opened.refresh_token,
        refresh_expires_at=opened.expires_at,
    )
