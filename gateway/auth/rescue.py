"""``python -m gateway.auth.rescue USERNAME``: for operators. Lets somebody in again whom nobody can help inside.

Invariant: it is put down like everything else. For whoever administers the machine, who holds the database anyway: the
last administrator may have lost password, telephone and recovery codes at once. Run with the gateway's own settings,
beside the running gateway.
"""

import asyncio
import sys
from datetime import timedelta

from pydantic import ValidationError

from gateway.audit.entries import AuditActor
from gateway.audit.store import Audit
from gateway.auth.accounts import Account, Accounts
from gateway.auth.passwords import Passwords, spoken_password
from gateway.auth.second_factors import COLLECTION as SECOND_FACTORS
from gateway.settings import GatewaySettings
from services.chassis.clock import now
from services.chassis.mongo import connect
from services.chassis.uow import MongoUnitOfWork, Transaction

HOURS = 24
OPERATOR = AuditActor(kind="system", id="operator", name="Operator")


async def rescue(settings: GatewaySettings, username: str) -> str | None:
    """A one-time password for this account, which is switched on and has no second factor then; None without such.

    Its sessions end when the password is chosen that takes the place of the one-time one.
    """
    database = connect(settings.mongo_url.get_secret_value(), settings.mongo_database, pool=2)
    uow = MongoUnitOfWork(database)
    accounts, audit = Accounts(database), Audit(database, uow)
    password = spoken_password()
    fields = {
        "password_hash": await Passwords(settings).hash(password),
        "must_change_password": True,
        "short_password": False,
        "password_until": now() + timedelta(hours=HOURS),
        "second_factor": False,
        "active": True,
    }

    async def work(tx: Transaction) -> Account | None:
        account = await accounts.named(username, tx.session)
        if account is None:
            return None
        await database[SECOND_FACTORS].delete_one({"_id": account.id}, session=tx.session)
        await audit.record(
            "account.rescued",
            outcome="done",
            actor=OPERATOR,
            subject=f"account:{account.id}",
            address="",
            request_id="",
            details={"username": account.username},
            session=tx.session,
        )
        return await accounts.change(account, fields, tx.session)

    return password if await uow.run(work) else None


def main() -> None:
    """Print the password; exit 1 where there is no such account."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m gateway.auth.rescue USERNAME")
    try:
        settings = GatewaySettings.load("gateway")
    except (ValidationError, OSError) as error:
        raise SystemExit(f"gateway: the settings are incomplete: {error}") from None
    password = asyncio.run(rescue(settings, sys.argv[1]))
    if password is None:
        raise SystemExit(f"There is no account {sys.argv[1]}.")
    sys.stdout.write(f"One-time password, good for {HOURS} hours and for choosing another only:\n{password}\n")


if __name__ == "__main__":
    main()
