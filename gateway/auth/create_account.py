"""Creating an account. Invariant: the password is hashed before the transaction and takes part in no fingerprint;
a repeat gets the first answer before anything is judged anew.
"""

from gateway.audit.origin import Origin
from gateway.auth import set_password
from gateway.auth.accounts import Account
from gateway.auth.models import CreatedAccount, NewAccount
from gateway.auth.password_rules import check_password
from gateway.context import Context
from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, conflict
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.uow import Transaction

UNKNOWN = (
    "Pegawai ini belum pernah tercatat memegang jabatan. Jika person_id keliru, nonaktifkan akun ini dan buat akun "
    "baru: person_id tidak dapat diubah."
)


async def create_account(
    context: Context, caller: Principal, origin: Origin, key: str | None, wanted: NewAccount
) -> CreatedAccount:
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
        warnings = await _warnings(context, account.person_id, tx)
        await context.accounts.add(account, tx.session)
        await context.audit.act(
            "account.created",
            caller,
            origin,
            f"account:{account.id}",
            details={"username": account.username, "name": account.name, "roles": ", ".join(account.roles)},
            session=tx.session,
        )
        return CreatedAccount.of(account).model_copy(update={"warnings": warnings}).model_dump(mode="json")

    try:
        answer = first or (await context.acts.run(caller.person_id, key, request, act))[0]
    except DuplicateKeyError:
        raise _taken(account.username) from None
    return CreatedAccount.model_validate({**CreatedAccount.of(account).model_dump(), **answer})


async def _warnings(context: Context, person_id: str, tx: Transaction) -> tuple[str, ...]:
    """What looks like a mistake about the person. Only people with positions are told of here, and an account may well
    come before the position: so nothing is refused.
    """
    warnings = () if await context.assignments.told_of(person_id, tx.session) else (UNKNOWN,)
    others = await context.accounts.of_person(person_id, tx.session)
    return (*warnings, *(f"Pegawai ini sudah punya akun: {other.username}." for other in others))


async def _hash(context: Context, wanted: NewAccount) -> str | None:
    if wanted.password is None:
        return None
    password = wanted.password.get_secret_value()
    check_password(password, await set_password.known_of(context, wanted.username, wanted.name, wanted.person_id))
    return await context.passwords.hash(password)


def _taken(username: str) -> ServiceError:
    return conflict("username_taken", f"Nama pengguna {username} sudah dipakai.")
