"""The demo organisation at a start, above all once the administrator's account is secured."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.cli import seeding
from deploy.cli.seeding import Seeded, seed_once
from deploy.demo.seed import Account, demo_accounts
from deploy.embedded.layout import Layout
from gateway.auth.first_account import USERNAME
from services.chassis.ids import new_id
from tests.gateway.conftest import PASSWORD, Door, OpenDoor
from tests.gateway.test_sealing import key

STAYS = "the demo organisation stays as it is (`--no-seed` leaves it alone)."


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Folders of a start."""
    made = Layout(tmp_path)
    made.create()
    return made


@pytest.fixture
async def door(open_door: OpenDoor) -> AsyncIterator[Door]:
    """A gateway whose first account has ``PASSWORD``; no service is behind it."""
    async with open_door() as opened:
        await opened.account(USERNAME, roles=("regency_admin",))
        yield opened


class TestSecured:
    async def test_another_password(self, door: Door, layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
        seeded = await seed_once(door.url, "bukan-yang-pertama", layout)
        assert seeded == Seeded(None, first_password=False)
        assert _complaint(capsys) == f"`admin` has another password by now, or is switched off: {STAYS}"

    async def test_a_one_time_password(self, door: Door, layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
        await _change(door, must_change_password=True)
        assert await seed_once(door.url, PASSWORD, layout) == Seeded(None, first_password=False)
        assert _complaint(capsys) == f"`admin` has a one-time password: {STAYS}"

    async def test_a_second_factor(self, door: Door, layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
        await _change(door, second_factor=True)
        assert await seed_once(door.url, PASSWORD, layout) == Seeded(None, first_password=True)
        assert _complaint(capsys) == f"`admin` has a second factor: {STAYS}"

    async def test_a_second_factor_the_house_asks_for(
        self, open_door: OpenDoor, layout: Layout, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = {"require_second_factor_for": "regency_admin", "sealing_key": key()}
        async with open_door(**asked) as door:
            await door.account(USERNAME, roles=("regency_admin",))
            assert await seed_once(door.url, PASSWORD, layout) == Seeded(None, first_password=True)
        assert _complaint(capsys) == f"`admin` must set up a second factor first: {STAYS}"

    async def test_what_was_refused_is_tried_again(self, door: Door, layout: Layout) -> None:
        await seed_once(door.url, "bukan-yang-pertama", layout)
        assert not (layout.data / seeding.MADE).exists()


class TestMadeOnce:
    async def test_it_is_not_made_again_and_its_accounts_are_told(
        self, layout: Layout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = await self._make(layout, monkeypatch)
        again = await seed_once("http://127.0.0.1:9", "nobody is asked", layout)
        assert (made, again) == (1, Seeded(demo_accounts(layout.root), first_password=True))
        assert again.accounts

    async def test_another_database_gets_its_own(self, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("LONTAR_MONGO_URL", raising=False)
        assert await self._make(layout, monkeypatch) == 1
        monkeypatch.setenv("LONTAR_MONGO_URL", f"mongodb://{new_id()}")
        assert await self._make(layout, monkeypatch) == 1

    async def _make(self, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> int:
        """How often it was made by one start."""
        asked = []

        async def ensure_seeded(base_url: str, admin_password: str, var_dir: Path) -> list[Account]:
            asked.append(base_url)
            return demo_accounts(var_dir)

        with monkeypatch.context() as standing_in:
            standing_in.setattr(seeding, "ensure_seeded", ensure_seeded)
            await seed_once("http://127.0.0.1:9", PASSWORD, layout)
        return len(asked)


def _complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line it complained with, beside what the gateway of this process has logged."""
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("{")]
    assert len(said) == 1
    return said[0]


async def _change(door: Door, **fields: bool) -> None:
    accounts = door.gateway.context.accounts
    account = await accounts.named(USERNAME)
    assert account
    await accounts.change(account, fields, None)
