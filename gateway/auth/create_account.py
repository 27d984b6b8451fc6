"""Creating an account. Invariant: the password is hashed before the transaction and takes part in no fingerprint;
a repeat gets the first answer before anything is judged anew.
"""

from gateway.audit.origin import Origin
from gateway.auth import set_password
from gateway.auth.accounts import Account
from gateway.auth.models import AccountView, NewAccount
from gateway.auth.password_rules import check_password
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, conflict
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.uow import Transaction


async def create_account(
    context: Context, caller: Principal, origin: Origin, key: str | None, wanted: NewAccount
) -> AccountView:
    """The new account; 409 where the username is taken, the first answer where the key is repeated."""
    # what was always there counts with its defaults, what came later only where it was sent: repeats stay repeats
    unsent = {"must_change_password"} - wanted.model_fields_set
    request = fingerprint("account", wanted.model_dump(mode="json", exclude={"password"} | unsent))
    first = await context.acts.find(caller.person_id, key, request)
    account = Account(
        id=new_id(),
        username=wanted.username,
        password_hash=None if first else await _hash(context, wanted),
        person_id=wanted.person_id,
        name=wanted.name,
        roles=tuple(dict.fromkeys(wanted.roles)),
        must_change_password=wanted.must_change_password,
        created_at=now(),
    )

    async def act(tx: Transaction) -> Document:
        if await context.accounts.named(account.username, tx.session):
            raise _taken(account.username)
        await context.accounts.add(account, tx.session)
        await context.audit.act(
            "account.created",
            caller,
            origin,
            f"account:{account.id}",
            details={"username": account.username, "name": account.name, "roles": ", ".join(account.roles)},
            session=tx.session,
        )
        return AccountView.of(account).model_dump(mode="json")

    try:
        answer = first or (await context.acts.run(caller.person_id, key, request, act))[0]
    except DuplicateKeyError:
        raise _taken(account.username) from None
    return AccountView.model_validate({**AccountView.of(account).model_dump(), **answer})


async def _hash(context: Context, wanted: NewAccount) -> str | None:
    if wanted.password is None:
        return None
    password = wanted.password.get_secret_value()
    check_password(password, await set_password.known_of(context, wanted.username, wanted.name, wanted.person_id))
    return await context.passwords.hash(password)


def _taken(username: str) -> ServiceError:
    return conflict("username_taken", f"Nama pengguna {username} sudah dipakai.")
