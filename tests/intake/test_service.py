"""Intake as a whole: what it listens to, how it is described, what it needs to be ready."""

import re

import pytest
from pydantic import ValidationError

from gateway.settings import GatewaySettings
from services.contracts.subscriptions import SUBSCRIPTIONS
from services.intake.settings import IntakeSettings
from tests.intake.world import World

ENVIRONMENT = {
    "LONTAR_MONGO_URL": "mongodb://127.0.0.1:1/",
    "LONTAR_AMQP_URL": "amqp://127.0.0.1:1/",
    "LONTAR_JWKS_URL": "http://127.0.0.1:1/jwks",
    "LONTAR_S3_ENDPOINT": "http://127.0.0.1:1",
    "LONTAR_S3_ACCESS_KEY": "shared",
    "LONTAR_S3_SECRET_KEY": "hush",
}


class TestSettings:
    """From the environment."""

    def test_own_variable_wins_over_the_shared_one(self) -> None:
        own = ENVIRONMENT | {"LONTAR_INTAKE_S3_ACCESS_KEY": "own"}
        assert IntakeSettings.load("intake", own).storage.access_key.get_secret_value() == "own"
        assert IntakeSettings.load("intake", ENVIRONMENT).storage.bucket == "lontar"

    def test_secrets_do_not_print(self) -> None:
        assert "hush" not in repr(IntakeSettings.load("intake", ENVIRONMENT))

    def test_unknown_time_zone_is_refused_at_start(self) -> None:
        with pytest.raises(ValidationError, match="no such time zone"):
            IntakeSettings.load("intake", ENVIRONMENT | {"LONTAR_TIMEZONE": "Asia/Klungkung"})

    def test_gateway_lets_through_just_what_intake_takes(self) -> None:
        upstreams = dict.fromkeys(("intake", "routing", "disposition", "schedule", "notify"), "http://127.0.0.1:1")
        front = {f"LONTAR_GATEWAY_UPSTREAM_{name}".upper(): url for name, url in upstreams.items()}
        gateway = GatewaySettings.load("gateway", ENVIRONMENT | front | {"LONTAR_GATEWAY_SIGNING_KEY": "unread"})
        assert gateway.max_upload_bytes == IntakeSettings.load("intake", ENVIRONMENT).max_body_bytes


class TestAssembly:
    """What it is made of."""

    async def test_listens_to_what_the_contracts_say(self, world: World) -> None:
        assert {one.event for one in world.service.subscriptions} == set(SUBSCRIPTIONS["intake"])

    async def test_readiness_looks_at_database_and_storage(self, world: World) -> None:
        parts = await world.service.foundation.health.look()
        assert (parts["database"], parts["storage"]) == (True, True)

    async def test_registration_is_described_with_its_form_and_its_problems(self, world: World) -> None:
        described = world.service.app.openapi()
        operation = described["paths"]["/v1/letters"]["post"]
        assert operation["operationId"] == "register_letter"
        form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
        assert form["required"] == ["letter", "files"]
        letter = form["properties"]["letter"]
        assert {"direction", "kind", "subject", "addressees"} <= set(letter["required"])
        assert letter["properties"]["addressees"]["items"]["properties"]["kind"]["enum"] == [
            "unit",
            "position",
            "external",
        ]
        assert "$ref" not in str(letter)
        assert {"201", "400", "401", "403", "413", "415", "422", "503"} <= set(operation["responses"])
        names = [one["name"] for one in operation["parameters"]]
        assert names == ["Idempotency-Key"]

    async def test_every_route_has_its_own_operation_id_and_a_summary(self, world: World) -> None:
        operations = [one for path in world.service.app.openapi()["paths"].values() for one in path.values()]
        ids = [one["operationId"] for one in operations]
        assert {
            "register_letter",
            "get_letter",
            "get_letter_file",
            "list_register",
            "create_upload",
            "read_book",
        } <= set(ids)
        assert len(set(ids)) == len(ids)
        assert [one for one in ids if not re.fullmatch("[a-z]+(_[a-z]+)+", one)] == []
        assert all(one["summary"] and one["tags"] == ["intake"] for one in operations)
