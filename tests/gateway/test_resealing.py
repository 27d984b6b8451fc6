"""Sealing anew whatever is sealed at rest."""

import logging
import sys
from datetime import datetime, timedelta

import pytest

from gateway import resealing
from gateway.auth.sealing import SealBroken, Sealer
from gateway.auth.second_factors import COLLECTION, SecondFactors
from gateway.auth.second_factors import purpose_of as of_account
from gateway.clients.webhooks import Webhook, Webhooks, WebhookSecret
from gateway.clients.webhooks import purpose_of as of_webhook
from gateway.resealing import Tally, reseal
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.mongo import Database, connect
from services.chassis.settings import Settings
from tests.conftest import SettingsFor
from tests.gateway.test_sealing import key, sealer


class House:
    """What an installation has sealed by its old key, and the sealers of before, between and after the change."""

    def __init__(self, database: Database, settings_for: SettingsFor) -> None:
        old, new = key(), key()
        self.database = database
        self.old = sealer(settings_for, sealing_key=old)
        self.both = sealer(settings_for, sealing_key=new, former_sealing_key=old)
        self.new = sealer(settings_for, sealing_key=new)
        self.webhooks = Webhooks(database)

    async def second_factor(self, account_id: str, sealer: Sealer) -> None:
        """One that holds, and another that waits beside it."""
        waiting = await SecondFactors(self.database, sealer).begin(account_id, "wayan")
        held = {"secret": sealer.seal(f"held {waiting.secret}", of_account(account_id)), "recovery": [], "last_step": 0}
        await self.database[COLLECTION].update_one({"_id": account_id}, {"$set": held})

    def secret(self, sealer: Sealer, expires_at: datetime | None = None) -> WebhookSecret:
        """A secret of the webhook ``w-1``."""
        sealed = sealer.seal("whsec_rahasia", of_webhook("w-1"))
        return WebhookSecret(sealed=sealed, hint="asia", created_at=now(), expires_at=expires_at)

    async def webhook(self, *secrets: WebhookSecret) -> None:
        """The webhook ``w-1``."""
        hook = Webhook(id="w-1", client_id="c-1", url="https://pu.example", label="", secrets=secrets, created_at=now())
        await self.webhooks.add(hook, None)


@pytest.fixture
def house(settings_for: SettingsFor) -> House:
    """An empty installation."""
    settings = settings_for(Settings, "gateway")
    return House(connect(settings.mongo_url.get_secret_value(), settings.mongo_database), settings_for)


class TestReseal:
    async def test_afterwards_the_former_key_is_needed_no_more(self, house: House) -> None:
        for account_id in ("1", "2"):
            await house.second_factor(account_id, house.old)
        await house.webhook(house.secret(house.old), house.secret(house.old, now() + timedelta(hours=1)))
        assert await reseal(house.database, house.both) == Tally(anew=6)
        for row in await house.database[COLLECTION].find({}).to_list(None):
            waiting = house.new.open(row["waiting"]["secret"], of_account(row["_id"]))
            assert house.new.open(row["secret"], of_account(row["_id"])) == f"held {waiting}"
        hook = await house.webhooks.get("c-1", "w-1")
        assert hook
        assert hook.keys(house.new, now()) == ["whsec_rahasia", "whsec_rahasia"]
        assert await reseal(house.database, house.new) == Tally(already=6)

    async def test_what_cannot_be_opened_stays_as_it_is_and_is_named(
        self, house: House, settings_for: SettingsFor
    ) -> None:
        lost = sealer(settings_for, sealing_key=key())
        await house.second_factor("1", lost)
        await house.second_factor("2", house.old)
        await house.webhook(house.secret(lost), house.secret(lost, now() - timedelta(hours=1)))
        before = await house.database[COLLECTION].find_one({"_id": "1"})
        tally = await reseal(house.database, house.both)
        assert tally == Tally(anew=2, lost=["the second factor of account 1", "a secret of webhook w-1"])
        assert await house.database[COLLECTION].find_one({"_id": "1"}) == before

    async def test_a_webhook_renewed_meanwhile_keeps_its_new_secret(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await house.webhook(house.secret(house.old))
        renewals = [house.secret(house.both)]
        renewed = house.both.renewed

        def meanwhile(sealed: str, purpose: str) -> str:
            fresh = renewed(sealed, purpose)
            while renewals:
                hook = Webhook(
                    id="w-1", client_id="c-1", url="", label="", secrets=(house.secret(house.old),), created_at=now()
                )
                after = hook.renewed(renewals.pop(), now() + timedelta(hours=1)).model_dump(include={"secrets"})
                house.database.delegate["client_webhooks"].update_one({"_id": "w-1"}, {"$set": {**after, "version": 2}})
            return fresh

        monkeypatch.setattr(house.both, "renewed", meanwhile)
        assert await reseal(house.database, house.both) == Tally(anew=1, already=1)
        hook = await house.webhooks.get("c-1", "w-1")
        assert hook
        assert (len(hook.secrets), hook.version) == (2, 2)
        assert len(hook.keys(house.new, now())) == 2

    async def test_without_a_key_to_seal_with_nothing_is_done(self, house: House, settings_for: SettingsFor) -> None:
        with pytest.raises(ServiceError, match="not_configured"):
            await reseal(house.database, sealer(settings_for))


class TestWebhookSecrets:
    async def test_a_key_that_does_not_fit_is_told_to_the_log(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        await house.webhook(house.secret(house.old))
        hook = await house.webhooks.get("c-1", "w-1")
        assert hook
        with caplog.at_level(logging.WARNING, "gateway.clients.webhooks"), pytest.raises(SealBroken):
            hook.keys(house.new, now())
        assert "webhook w-1 cannot be opened" in caplog.text
        assert hook.secrets[0].sealed not in caplog.text


class TestProgram:
    """``python -m gateway.resealing``."""

    def test_without_a_sealing_key_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("INTAKE", "ROUTING", "DISPOSITION", "SCHEDULE", "NOTIFY"):
            monkeypatch.setenv(f"LONTAR_GATEWAY_UPSTREAM_{name}", "http://127.0.0.1:9")
        for name in ("MONGO_URL", "AMQP_URL"):
            monkeypatch.setenv(f"LONTAR_GATEWAY_{name}", "x://127.0.0.1:9")
        monkeypatch.delenv("LONTAR_GATEWAY_SEALING_KEY", raising=False)
        monkeypatch.setattr(sys, "argv", ["resealing"])
        with pytest.raises(SystemExit, match="no key to seal with"):
            resealing.main()
