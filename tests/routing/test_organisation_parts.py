"""Changes too large for one transaction, and what a machine leaves that stops in the middle of one."""

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.clock import now
from services.chassis.service import Service
from services.routing import registry
from services.routing.context import Context
from services.routing.domain.picture import Picture, derived
from services.routing.registry import Registry
from tests.events import published
from tests.routing.conftest import Call
from tests.routing.domain.importing.files import WHOLE
from tests.routing.regency import ADMIN, Regency
from tests.routing.test_organisation_files import Files, files, workbook

__all__ = ["files"]


class PowerCut(Exception):
    """The machine stops."""


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction holds two entities."""
    monkeypatch.setattr(registry, "AT_ONCE", 2)


def stopping_after(monkeypatch: pytest.MonkeyPatch, parts: int) -> None:
    """Have the machine stop after so many parts."""
    keep, kept = Registry.keep, 0

    async def keep_or_stop(self: Registry, *given: Any, **named: Any) -> None:
        nonlocal kept
        kept += 1
        if kept > parts:
            raise PowerCut
        await keep(self, *given, **named)

    monkeypatch.setattr(Registry, "keep", keep_or_stop)


async def time_passes(context: Context) -> None:
    """What is seized has been so for too long."""
    lock = context.organisation.lock._rows
    assert await lock.count_documents({"holder": {"$exists": True}}) == 1
    await lock.update_one({}, {"$set": {"until": now() - timedelta(seconds=1)}})


async def picture_of(context: Context) -> Picture:
    """Everything there is."""
    return Picture.of(await context.organisation.everything(None))


@pytest.mark.usefixtures("in_parts")
class TestInParts:
    async def test_a_large_file_comes_in_as_a_small_one_does(
        self, routing: Service, context: Context, call: Call, files: Files
    ) -> None:
        status, plan = await files.send(workbook(**WHOLE), dry_run="false")
        assert (status, plan["made"]) == (200, 18)
        assert len(await published(routing)) == 15
        there = await picture_of(context)
        assert derived(there, context.organisation.today()) == there
        assert (await files.send(workbook(**WHOLE), dry_run="false"))[1]["unchanged"] == 18
        assert (await call(ADMIN, "POST", "/v1/units", json={"name": "Dinas Baru", "kind": "agency"}))[0] == 201

    async def test_a_large_file_with_a_mistake_changes_nothing_and_holds_up_nobody(
        self, routing: Service, call: Call, files: Files
    ) -> None:
        broken = {**WHOLE, "pegawai": "nama|nip\nWayan|1"}
        assert (await files.send(workbook(**broken), dry_run="false"))[0] == 422
        assert await published(routing) == []
        assert (await call(ADMIN, "POST", "/v1/units", json={"name": "Dinas Baru", "kind": "agency"}))[0] == 201

    async def test_a_large_move_moves_everything_below(self, context: Context, regency: Regency, call: Call) -> None:
        path = f"/v1/positions/{regency.positions['head'].id}"
        status, after, _ = await call(ADMIN, "PATCH", path, json={"superior_id": regency.positions["camat"].id})
        assert (status, after["superiors"]) == (200, [regency.positions["camat"].id])
        there = await picture_of(context)
        assert derived(there, context.organisation.today()) == there
        assert len(there.positions[regency.positions["heavy"].id].superiors) == 3


@pytest.mark.usefixtures("in_parts")
class TestCutOff:
    async def test_a_file_that_was_cut_off_is_completed_by_sending_it_again(
        self, context: Context, call: Call, files: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as stopping:
            stopping_after(stopping, 4)
            assert (await files.send(workbook(**WHOLE), dry_run="false"))[0] == 500
        status, problem, headers = await call(ADMIN, "POST", "/v1/units", json={"name": "X", "kind": "agency"})
        assert (status, problem["code"], headers["Retry-After"]) == (503, "organisation_busy", "5")
        await time_passes(context)
        status, plan = await files.send(workbook(**WHOLE), dry_run="false")
        assert (status, plan["made"], plan["unchanged"]) == (200, 10, 8)
        assert (await files.send(workbook(**WHOLE), dry_run="false"))[1]["unchanged"] == 18

    async def test_what_follows_from_a_move_that_was_cut_off_is_brought_in_line_by_the_next_act(
        self, context: Context, regency: Regency, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = f"/v1/positions/{regency.positions['head'].id}"
        with monkeypatch.context() as stopping:
            stopping_after(stopping, 1)
            move = {"superior_id": regency.positions["camat"].id}
            assert (await call(ADMIN, "PATCH", path, json=move))[0] == 500
        there = await picture_of(context)
        assert derived(there, context.organisation.today()) != there
        await time_passes(context)
        assert (await call(ADMIN, "POST", "/v1/people", json={"name": "Ni Luh Sari"}))[0] == 201
        there = await picture_of(context)
        assert derived(there, context.organisation.today()) == there
        assert there.positions[regency.positions["head"].id].superiors == (regency.positions["camat"].id,)
        _, history, _ = await call(ADMIN, "GET", f"/v1/positions/{regency.positions['heavy'].id}/history")
        assert (history["items"][0]["by"]["name"], history["items"][0]["act"]) == ("Admin Kabupaten", "changed")
