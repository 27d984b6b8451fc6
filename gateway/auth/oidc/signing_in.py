"""From a proof to an account. Invariant: whoever is let in is linked first, and it is put down with the link."""

from gateway.audit.entries import HOUSE
from gateway.audit.origin import Origin
from gateway.auth import stages
from gateway.auth.accounts import Account
from gateway.auth.oidc.finding import not_linked
from gateway.auth.oidc.proven import Proven
from gateway.auth.oidc.proving import note_refusal
from gateway.auth.signed import Signed
from gateway.context import Context
from services.chassis.mongo import DuplicateKeyError, Session
from services.chassis.uow import Transaction


async def signed(context: Context, proven: Proven, came: Origin) -> Signed:
    """Whom a provider vouches for, ready for a session.

    403 where there is none, 401 with a ticket where a second factor is asked for that the provider did not see.
    """
    account = await _account(context, proven, came)
    if account is None or not account.active:
        await note_refusal(context, proven.provider, "no account" if account is None else "account is off", came)
        raise not_linked()
    link = await context.openid.links.of(proven)
    if link is None or link.account_id != account.id:
        raise not_linked()  # it was unlinked this very moment
    await context.openid.links.used(link.id)
    await stages.require_rest(context, account, second_factor=proven.second_factor, by_password=False)
    details = {"provider": proven.provider, "second_factor": "provider" if proven.second_factor else "none"}
    return Signed(account, proven.second_factor, "oidc", details)


async def _account(context: Context, proven: Proven, came: Origin) -> Account | None:
    """The linked account, or the one that fits somebody who comes the first time."""
    link = await context.openid.links.of(proven)
    if link is None:
        try:
            return await context.uow.run(lambda tx: _first_time(context, proven, came, tx))
        except DuplicateKeyError:
            # Two came at once, or the account has somebody else at this provider: whatever stands now, holds.
            link = await context.openid.links.of(proven)
    return await context.accounts.get(link.account_id) if link else None


async def _first_time(context: Context, proven: Proven, came: Origin, tx: Transaction) -> Account | None:
    link = await context.openid.links.of(proven, tx.session)
    if link is not None:  # they came twice at once, and this is the look again of the second
        return await context.accounts.get(link.account_id, tx.session)
    provider = context.openid.providers.named(proven.provider)
    account = await context.openid.people.found(provider, proven, tx.session)
    if account is None and provider.create_accounts:
        account = await context.openid.people.new_account(provider, proven, tx.session)
        if account is not None:
            await context.accounts.add(account, tx.session)
            await _record(context, "account.created", account, proven, came, tx.session)
    if account is not None:
        await context.openid.links.add(proven, account.id, tx.session)
        await _record(context, "oidc.linked", account, proven, came, tx.session)
    return account


async def _record(
    context: Context, kind: str, account: Account, proven: Proven, came: Origin, session: Session | None
) -> None:
    await context.audit.record(
        kind,
        outcome="done",
        actor=HOUSE,
        subject=f"account:{account.id}",
        address=came.address,
        request_id=came.request_id,
        details={"provider": proven.provider, "label": proven.label, "username": account.username},
        session=session,
    )
