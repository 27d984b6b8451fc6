"""`lontar audit verify` as an operator runs it."""

import re
from pathlib import Path

import pytest

from deploy.embedded.stack import EmbeddedStack
from gateway.audit.entries import AuditActor
from gateway.audit.store import Audit
from services.chassis.mongo import connect, ensure_indexes
from services.chassis.uow import MongoUnitOfWork
from tests.deploy.test_cli import lontar

ANCHOR = "0" * 64


async def note(stack: EmbeddedStack) -> tuple[int, str]:
    """Record something as the gateway would; the chain's end then."""
    database = connect(stack.environment("gateway")["LONTAR_GATEWAY_MONGO_URL"], "lontar_gateway", pool=2)
    audit = Audit(database, MongoUnitOfWork(database))
    await ensure_indexes(database, Audit.INDEXES)
    await audit.record(
        "test.noted",
        outcome="done",
        actor=AuditActor(kind="system", id="test", name="Test"),
        subject="record:identity",
        address="",
        request_id="",
    )
    await audit.link_all()
    return await audit.head()


class TestAuditVerify:
    async def test_where_nothing_runs_it_says_so(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "audit", "verify")
        assert said.code == 1
        assert "not running" in said.err

    async def test_what_is_no_anchor_is_told(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "audit", "verify", "--anchor", "yesterday")
        assert said.code == 1
        assert "is no anchor" in said.err

    @pytest.mark.stack
    async def test_S4_a_record_nobody_touched_is_whole_and_gives_its_anchor(self, stack: EmbeddedStack) -> None:
        seq, noted = await note(stack)
        said = await lontar(stack.layout.root, "audit", "verify", "--anchor", f"{seq}:{noted}")
        assert (said.code, said.err) == (0, "")
        assert "The record is whole." in said.out
        again = await lontar(stack.layout.root, "audit", "verify")
        anchor = re.search(r"^(\d+):[0-9a-f]{64}$", again.out, re.MULTILINE)
        assert anchor is not None
        assert int(anchor[1]) >= seq

    @pytest.mark.stack
    async def test_S4_a_record_that_is_not_the_one_that_was_noted_is_told_by_the_exit_code(
        self, stack: EmbeddedStack
    ) -> None:
        seq, _ = await note(stack)
        said = await lontar(stack.layout.root, "audit", "verify", "--anchor", f"{seq}:{ANCHOR}")
        assert said.code == 1
        assert f"entry {seq}: its hash is not the one that was noted" in said.err
        assert "The record is not whole." in said.err
