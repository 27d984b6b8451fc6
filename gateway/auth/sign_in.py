"""Signing in with a password. Invariant: every refusal reads the same and takes as long, whoever was meant.

What is cheap comes first: a place in the queue, then the count of tries, then the password. Each step after the
password is opened by a ticket that the step before has given.
"""

from gateway.audit.entries import AuditActor, Outcome
from gateway.auth import set_password, stages
from gateway.auth.accounts import Account
from gateway.auth.code_tries import code_refused
from gateway.auth.fair_queue import Asker
from gateway.auth.second_factors import Proof, SetUp
from gateway.auth.session_rows import Via
from gateway.auth.signed import Signed
from gateway.auth.tickets import invalid
from gateway.auth.visitor import Visitor
from gateway.context import Context
from services.chassis.auth import unauthenticated
from services.chassis.limits import network_of
from services.chassis.uow import Transaction


async def sign_in(context: Context, visitor: Visitor, username: str, password: str) -> Signed:
    """Whoever has the name and the password; 401 for any others, 429 for too many of them."""
    device = context.devices.known(visitor.device, username)
    asker = _asker(visitor, username, device)
    with context.passwords.place(asker):
        await context.throttle.enter(username, visitor.address, device)
        account = await context.accounts.named(username)
        fits = await context.passwords.verify(account.usable_hash if account else None, password, asker)
        if account is None or account.password_hash is None or not fits:
            await context.throttle.failed(username, device)
            await _record(context, visitor, "sign_in.password", "refused", account)
            raise unauthenticated("sign_in_failed", "Nama pengguna atau kata sandi salah.")
        await context.throttle.clear(username, visitor.address, device)
        if context.passwords.outdated(account.password_hash):
            await context.accounts.rehash(
                account.id, account.password_hash, await context.passwords.hash(password, asker)
            )
    return await _go_on(context, account, "password", second_factor=False)


def _asker(visitor: Visitor, username: str, device: str | None) -> Asker:
    """Who waits for a turn. Every sign-in makes a new device, so all devices of an account have their turns as one."""
    if device:
        return Asker("known", f"devices of {username.strip().lower()}")
    return Asker("others", network_of(visitor.address))


async def show_code(context: Context, visitor: Visitor, token: str, code: str) -> Signed:
    """The second step: a code of the authenticator or a recovery code, or the first code of one just set up."""
    ticket = await context.tickets.enter(token, "second_factor", "set_up_second_factor")
    account = await stages.account_of(context, ticket)
    device = context.devices.known(visitor.device, account.username)
    await context.code_tries.enter(account.id, device)
    if ticket.stage == "second_factor":
        proof = await _accepted(context, visitor, account, code)
    else:
        confirmed = await _set_up_confirmed(context, visitor, account, code)
        account, proof = confirmed or account, "totp" if confirmed else None
    if proof is None:
        await _record(context, visitor, "sign_in.second_factor", "refused", account)
        raise code_refused(401)
    await context.tickets.spend(ticket)
    await context.code_tries.forget(account.id, device)
    return await _go_on(context, account, ticket.via, second_factor=True)


async def begin_set_up(context: Context, token: str) -> SetUp:
    """What has to be taken into an authenticator app before one may go on."""
    ticket = await context.tickets.enter(token, "set_up_second_factor")
    account = await stages.account_of(context, ticket)
    return await context.second_factors.begin(account.id, account.username)


async def choose_password(context: Context, visitor: Visitor, token: str, password: str) -> Signed:
    """A password of one's own in place of the one-time one. One that is refused may be mended with the same ticket."""
    ticket = await context.tickets.show(token, "new_password")
    account = await stages.account_of(context, ticket)
    new = await set_password.prepared(context, account, password)
    await set_password.check_other(context, account, password)
    await context.tickets.spend(ticket)
    account = await set_password.by_owner(context, account, new, visitor.origin)
    return await _go_on(context, account, ticket.via, second_factor=ticket.second_factor)


async def _accepted(context: Context, visitor: Visitor, account: Account, code: str) -> Proof | None:
    """What the code is; that a recovery code is used up is on record with it."""

    async def work(tx: Transaction) -> Proof | None:
        proof = await context.second_factors.accept(account.id, code, tx.session)
        if proof == "recovery_code":
            await _record(context, visitor, "second_factor.recovery_code_used", "done", account, known=True, tx=tx)
        return proof

    return await context.uow.run(work)


async def _set_up_confirmed(context: Context, visitor: Visitor, account: Account, code: str) -> Account | None:
    """The account with its second factor; None where the code does not fit."""

    async def work(tx: Transaction) -> Account | None:
        present = await context.accounts.get(account.id, tx.session)
        if present is None or present.version != account.version:
            raise invalid()
        if not await context.second_factors.confirm(account.id, code, tx.session):
            return None
        await _record(context, visitor, "second_factor.set_up", "done", account, known=True, tx=tx)
        return await context.accounts.change(present, {"second_factor": True}, tx.session)

    return await context.uow.run(work)


async def _go_on(context: Context, account: Account, via: Via, *, second_factor: bool) -> Signed:
    await stages.require_rest(context, account, second_factor=second_factor, by_password=via == "password")
    return Signed(account, second_factor, via, {"second_factor": str(second_factor).lower()})


async def _record(
    context: Context,
    visitor: Visitor,
    kind: str,
    outcome: Outcome,
    account: Account | None,
    *,
    known: bool = False,
    tx: Transaction | None = None,
) -> None:
    """Put it down; ``known`` where it is sure that it was the account's owner."""
    actor = AuditActor(kind="person", id=account.person_id, name=account.name) if account and known else None
    await context.audit.record(
        kind,
        outcome=outcome,
        actor=actor,
        subject=f"account:{account.id if account else 'unknown'}",
        address=visitor.address,
        request_id=visitor.origin.request_id,
        session=tx.session if tx else None,
    )
