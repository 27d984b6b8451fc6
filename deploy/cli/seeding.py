"""The demo organisation at a start. Invariants: a start never fails because `admin` is secured, and what was made once
is not made again.

That it was made is remembered beside the data, of which database and of which organisation: to make it, `admin` signs
in with the first password, which is of use for as long only as nobody has secured that account.
"""

import hashlib
import os
from dataclasses import dataclass

from deploy.cli.console import complain, say, table
from deploy.demo.client import Refused
from deploy.demo.organisation import SEATS, UNITS
from deploy.demo.seed import Account, demo_accounts, ensure_seeded
from deploy.embedded.environment import EXTERNAL
from deploy.embedded.layout import Layout, write_private
from services.chassis.settings import read_variable

MADE = "demo-made"
"""The file in the data folder."""
OTHER_PASSWORD = frozenset({"sign_in_failed", "password_change_required"})
SECURED = {
    "sign_in_failed": "`admin` has another password by now, or is switched off",
    "password_change_required": "`admin` has a one-time password",
    "second_factor_required": "`admin` has a second factor",
    "second_factor_set_up_required": "`admin` must set up a second factor first",
}
"""Why nobody signs in with the first password alone, by the code of the refusal."""


@dataclass(frozen=True)
class Seeded:
    """What a start has to tell of the demo organisation; no ``accounts`` where nobody could look."""

    accounts: list[Account] | None
    first_password: bool
    """Whether `admin` may still have the first password."""


async def see_to_demo(base_url: str, admin_password: str, layout: Layout) -> bool:
    """Make the demo organisation where it is not known to be there, and print its accounts; whether `admin` may still
    have the first password.
    """
    seeded = await seed_once(base_url, admin_password, layout)
    if seeded.accounts is not None:
        rows = [(account.username, account.password, account.description) for account in seeded.accounts]
        table("Demo accounts", ("account", "password", "who"), rows)
    return seeded.first_password


async def seed_once(base_url: str, admin_password: str, layout: Layout) -> Seeded:
    """The same, without the table; a refusal is told in one line."""
    remembered = layout.data / MADE
    if remembered.exists() and remembered.read_text(encoding="utf-8") == _wanted():
        return Seeded(demo_accounts(layout.root), first_password=True)
    say("Making sure of the demo organisation and its accounts ...")
    try:
        accounts = await ensure_seeded(base_url, admin_password, layout.root)
    except Refused as refused:
        code = str(refused.problem.get("code"))
        complain(f"{SECURED.get(code, refused)}: the demo organisation stays as it is (`--no-seed` leaves it alone).")
        return Seeded(None, first_password=code not in OTHER_PASSWORD)
    write_private(remembered, _wanted())
    return Seeded(accounts, first_password=True)


def _wanted() -> str:
    """Stands for the organisation as this version has it, in this database."""
    database = read_variable(EXTERNAL["mongodb"], os.environ) or ""
    return hashlib.sha256(repr((UNITS, SEATS, database)).encode()).hexdigest()
