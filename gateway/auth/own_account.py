"""What people do to their own account. Invariant: a session alone changes nothing; its owner proves who they are."""

from gateway.audit.origin import Origin
from gateway.auth import set_password, stages
from gateway.auth.accounts import Account
from gateway.auth.code_tries import code_refused
from gateway.auth.own_proofs import device_of, own_account, prove_code, prove_password, proved_owner
from gateway.auth.password_rules import MIN_ALONE, is_short, too_short
from gateway.auth.second_factors import SetUp, Standing
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.errors import conflict
from services.chassis.uow import Transaction


async def change_password(context: Context, caller: Principal, origin: Origin, old: str, new: str) -> None:
    """Set a password of one's own choice; every other session ends."""
    account = await own_account(context, caller)
    await prove_password(context, caller, origin, account, old)
    prepared = await set_password.prepared(context, account, new)
    await set_password.check_other(context, account, new)
    await set_password.by_owner(context, account, prepared, origin, keep=caller.session_id)


async def standing(context: Context, caller: Principal) -> tuple[Standing | None, bool]:
    """The caller's second factor, and whether their account must have one."""
    account = await own_account(context, caller)
    return await context.second_factors.standing(account.id), stages.demands_second_factor(context.settings, account)


async def begin_second_factor(
    context: Context, caller: Principal, origin: Origin, password: str, code: str | None
) -> SetUp:
    """Begin to set one up. Where there is one already a code of it is needed too: it is about to be replaced."""
    context.sealer.require()
    account = await proved_owner(context, caller, origin, password, code)
    return await context.second_factors.begin(account.id, account.username)


async def confirm_second_factor(context: Context, caller: Principal, origin: Origin, code: str) -> None:
    """The app has it: from now on it is asked for. Or new recovery codes have arrived: from now on they hold."""
    account = await own_account(context, caller)
    await context.code_tries.enter(account.id, device_of(caller))

    async def work(tx: Transaction) -> bool:
        if await context.second_factors.confirm_renewal(account.id, code, tx.session):
            kind = "second_factor.recovery_codes_made"
        elif await context.second_factors.confirm(account.id, code, tx.session):
            kind = "second_factor.set_up"
            present = await context.accounts.get(account.id, tx.session) or account
            await context.accounts.change(present, {"second_factor": True}, tx.session)
        else:
            return False
        await context.audit.act(kind, caller, origin, _subject(account), session=tx.session)
        return True

    if not await context.uow.run(work):
        raise code_refused(422)
    await context.code_tries.forget(account.id, device_of(caller))


async def remove_second_factor(context: Context, caller: Principal, origin: Origin, password: str, code: str) -> None:
    """Do without it; only with a password that is long enough to stand alone."""
    account = await own_account(context, caller)
    if stages.demands_second_factor(context.settings, account):
        raise conflict("second_factor_demanded", "Akun dengan peran ini wajib memakai verifikasi dua langkah.")
    await prove_password(context, caller, origin, account, password)
    if is_short(password):
        raise too_short(MIN_ALONE)
    await prove_code(context, caller, account, code)

    async def work(tx: Transaction) -> None:
        present = await context.accounts.get(account.id, tx.session) or account
        await context.second_factors.remove(account.id, tx.session)
        await context.accounts.change(present, {"second_factor": False}, tx.session)
        await context.audit.act("second_factor.removed", caller, origin, _subject(account), session=tx.session)

    await context.uow.run(work)


async def renew_recovery_codes(
    context: Context, caller: Principal, origin: Origin, password: str, code: str
) -> list[str]:
    """Ten new ones; they hold, and the old ones open nothing any more, once one of them was confirmed."""
    account = await own_account(context, caller)
    await prove_password(context, caller, origin, account, password)
    await prove_code(context, caller, account, code)
    return await context.second_factors.begin_renewal(account.id)


def _subject(account: Account) -> str:
    return f"account:{account.id}"
