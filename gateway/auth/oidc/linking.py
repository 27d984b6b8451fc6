"""One's own links. Invariant: nobody links or unlinks for somebody else, and nobody locks themselves out by it."""

from gateway.audit.origin import Origin
from gateway.auth.accounts import Account
from gateway.auth.oidc.links import Link, link_id
from gateway.auth.oidc.proven import Proven
from gateway.auth.own_proofs import own_account
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict, not_found
from services.chassis.mongo import DuplicateKeyError
from services.chassis.uow import Transaction


async def link(context: Context, caller: Principal, account: Account, proven: Proven, came: Origin) -> Link:
    """Link whom the provider vouches for to the caller's own account; the same once more changes nothing."""

    async def work(tx: Transaction) -> Link:
        present = await context.openid.links.of(proven, tx.session)
        if present is not None:
            if present.account_id == account.id:
                return present
            raise _taken()
        if any(one.provider == proven.provider for one in await context.openid.links.held_by(account.id, tx.session)):
            raise _taken()
        added = await context.openid.links.add(proven, account.id, tx.session)
        await context.audit.act(
            "oidc.linked", caller, came, f"account:{account.id}", details=_told(added), session=tx.session
        )
        return added

    try:
        return await context.uow.run(work)
    except DuplicateKeyError:
        present = await context.openid.links.get(link_id(proven))
        if present is not None and present.account_id == account.id:
            return present
        raise _taken() from None


async def unlink(context: Context, caller: Principal, identifier: str, came: Origin) -> None:
    """Take a link of the caller's away; sessions that a provider opened end, but for the present one."""
    account = await own_account(context, caller)

    async def work(tx: Transaction) -> list[str]:
        present = await context.openid.people.held(account.id, tx.session)  # two at once must not leave no way in
        held = await context.openid.links.held_by(account.id, tx.session)
        found = next((one for one in held if one.id == identifier), None)
        if found is None:
            raise not_found("Tautan")
        if len(held) == 1 and (present is None or present.password_hash is None):
            detail = "Buat kata sandi terlebih dahulu: tanpa tautan ini Anda tidak dapat masuk lagi."
            raise conflict("last_way_in", detail)
        await context.openid.links.remove(identifier, tx.session)
        await context.audit.act(
            "oidc.unlinked", caller, came, f"account:{account.id}", details=_told(found), session=tx.session
        )
        opened = [one.id for one in await context.sessions.list_of(account.id, tx.session) if one.via == "oidc"]
        others = [one for one in opened if one != caller.session_id]
        return [one for one in others if await context.sessions.end(one, "unlinked", tx.session)]

    context.sessions.ended(await context.uow.run(work))


def _taken() -> ServiceError:
    detail = "Akun penyedia ini, atau akun Anda di penyedia ini, sudah terhubung dengan yang lain."
    return conflict("already_linked", detail)


def _told(link: Link) -> dict[str, str]:
    return {"provider": link.provider, "label": link.label}
