"""The first account. Invariant: it is created only where there is no account at all, and never changed afterwards."""

import logging

from gateway.auth.accounts import Account
from gateway.auth.password_rules import check_password
from gateway.context import Context
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.chassis.mongo import DuplicateKeyError

log = logging.getLogger(__name__)
USERNAME = "admin"


class PasswordRefused(Exception):
    """The settings name a password for the first account that nobody may have; the sentence is an operator's."""


async def ensure_first_account(context: Context) -> None:
    """Create ``admin`` from the settings where there is no account; two gateways starting at once make one."""
    if await context.accounts.any_exist():
        return
    secret = context.settings.admin_password
    if secret is None:
        log.warning("there is no account and no LONTAR_GATEWAY_ADMIN_PASSWORD to make the first one with")
        return
    password = secret.get_secret_value()
    try:
        check_password(password, [USERNAME])
    except ServiceError as refused:
        raise PasswordRefused(f"LONTAR_GATEWAY_ADMIN_PASSWORD: {refused.code}: {refused.detail}") from None
    account = Account(
        id=new_id(),
        username=USERNAME,
        password_hash=await context.passwords.hash(password),
        person_id=new_id(),
        name="Administrator",
        roles=("regency_admin",),
        created_at=now(),
    )
    try:
        await context.accounts.add(account)
        log.info("the first account, %s, was created", USERNAME)
    except DuplicateKeyError:
        log.info("another gateway has just created the first account")
