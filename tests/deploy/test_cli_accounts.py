"""`lontar accounts rescue` as an operator runs it."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from deploy.embedded.stack import EmbeddedStack
from gateway.audit.store import Audit
from gateway.auth.accounts import INDEXES, Account, Accounts
from gateway.auth.passwords import normalised
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.mongo import Database, connect, ensure_indexes
from tests.deploy.test_cli import lontar


async def locked_out(database: Database) -> Account:
    """An account that is off, with a second factor nobody has."""
    await ensure_indexes(database, INDEXES | Audit.INDEXES)
    account = Account(
        id=new_id(),
        username=f"boss-{new_id()[-8:]}",
        password_hash=None,
        person_id=new_id(),
        name="Administrator",
        roles=("regency_admin",),
        active=False,
        second_factor=True,
        created_at=now(),
    )
    await Accounts(database).add(account)
    return account


class TestRescue:
    async def test_where_nothing_runs_it_says_so(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "accounts", "rescue", "admin")
        assert said.code == 1
        assert "not running" in said.err

    @pytest.mark.stack
    async def test_a_name_that_is_not_there_is_told(self, stack: EmbeddedStack) -> None:
        said = await lontar(stack.layout.root, "accounts", "rescue", "bukan-siapa-siapa")
        assert said.code == 1
        assert "There is no account bukan-siapa-siapa." in said.err

    @pytest.mark.stack
    async def test_it_gives_a_one_time_password_and_is_put_on_record(self, stack: EmbeddedStack) -> None:
        database = connect(stack.environment("gateway")["LONTAR_GATEWAY_MONGO_URL"], "lontar_gateway", pool=2)
        account = await locked_out(database)
        said = await lontar(stack.layout.root, "accounts", "rescue", account.username)
        assert (said.code, said.err) == (0, "")
        password = said.out.strip().splitlines()[-1]
        rescued = await Accounts(database).get(account.id)
        assert rescued is not None
        assert PasswordHasher().verify(rescued.usable_hash or "", normalised(password))
        assert (rescued.active, rescued.second_factor, rescued.must_change_password) == (True, False, True)
        assert rescued.version == account.version + 1
        rows = await database[Audit.WAITING].find({"subject": f"account:{account.id}"}).to_list(None)
        rows += await database[Audit.ENTRIES].find({"subject": f"account:{account.id}"}).to_list(None)
        assert [row["kind"] for row in rows] == ["account.rescued"]
        assert password not in str(rows)
