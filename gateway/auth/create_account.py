"""Creating an account. Invariant: the password is hashed before the transaction and takes part in no fingerprint."""

from gateway.auth.accounts import Account
from gateway.auth.models import AccountView, NewAccount
from gateway.auth.password_rules import check_password
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import conflict
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.uow import Transaction


async def create_account(context: Context, caller: Principal, key: str | None, wanted: NewAccount) -> AccountView:
    """The new account; 409 where the username is taken, the first answer where the key is repeated."""
    password = wanted.password.get_secret_value()
    check_password(password, wanted.username)
    account = Account(
        id=new_id(),
        username=wanted.username,
        password_hash=await context.passwords.hash(password),
        person_id=wanted.person_id,
        name=wanted.name,
        roles=tuple(dict.fromkeys(wanted.roles)),
        created_at=now(),
    )

    async def act(tx: Transaction) -> Document:
        if await context.accounts.named(account.username, tx.session):
            raise _taken(account.username)
        await context.accounts.add(account, tx.session)
        return account.model_dump(mode="json", exclude={"password_hash"})

    request = fingerprint("account", wanted.model_dump(mode="json", exclude={"password"}))
    try:
        answer, _ = await context.acts.run(caller.person_id, key, request, act)
    except DuplicateKeyError:
        raise _taken(account.username) from None
    return AccountView.model_validate(answer)


def _taken(username: str) -> Exception:
    return conflict("username_taken", f"Nama pengguna {username} sudah dipakai.")
