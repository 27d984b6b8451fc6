"""What the operator may set, and what keeps the gateway from starting."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.auth.oidc.providers import Providers
from gateway.settings import GatewaySettings
from tests.gateway.conftest import NAMES, NOWHERE, private_pem

GOOD: dict[str, Any] = {
    "name": "kabupaten",
    "title": "SSO",
    "issuer": "https://sso.example",
    "client_id": "lontar",
    "authentication": "none",
}


def of(*providers: dict[str, Any], **given: Any) -> Providers:
    addresses = {f"upstream_{name}": NOWHERE for name in NAMES}
    urls = {"mongo_url": "x", "mongo_database": "x", "amqp_url": "x"}
    settings = {"public_url": "https://lontar.example", "oidc_providers": json.dumps(providers), **given}
    return Providers.of(
        GatewaySettings.model_validate(
            {"service": "gateway", "signing_key": private_pem(), **addresses, **urls, **settings}
        )
    )


class TestProviders:
    def test_each_has_a_callback_of_its_own(self) -> None:
        providers = of(GOOD, {**GOOD, "name": "provinsi"})
        callbacks = [providers.callback(one) for one in providers.all()]
        assert callbacks == [
            "https://lontar.example/v1/auth/oidc/callback/kabupaten",
            "https://lontar.example/v1/auth/oidc/callback/provinsi",
        ]

    def test_none_may_be_set(self) -> None:
        assert of(oidc_providers="", public_url="").all() == ()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"issuer": "http://sso.example"},
            {"issuer": "https://sso.example?x=1"},
            {"issuer": "https://sso.example#x"},
            {"issuer": "https:///nowhere"},
            {"name": "Not a name"},
            {"scopes": ["profile"]},
            {"algorithms": ["none"]},
            {"algorithms": ["HS256"]},
            {"algorithms": []},
            {"client_secret": "in the settings"},
            {"authentication": "client_secret_basic"},
            {"matches": [{"claim": "email", "to": "roles"}]},
        ],
    )
    def test_what_cannot_be_meant_keeps_the_gateway_from_starting(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="OIDC_PROVIDERS") as raised:
            of({**GOOD, **wrong})
        assert "in the settings" not in str(raised.value)

    def test_two_of_one_name_do_too(self) -> None:
        with pytest.raises(ValueError, match="same name"):
            of(GOOD, GOOD)

    def test_so_does_a_missing_address_of_ours(self) -> None:
        with pytest.raises(ValueError, match="PUBLIC_URL"):
            of(GOOD, public_url="")

    def test_and_a_secret_that_is_not_there(self, tmp_path: Path) -> None:
        secret = {"authentication": "client_secret_basic", "client_secret_file": str(tmp_path / "missing")}
        with pytest.raises(OSError, match=f"OIDC_PROVIDERS: {GOOD['name']}: client_secret_file: .*missing"):
            of({**GOOD, **secret})

    def test_and_certificates_that_are_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match=f"OIDC_PROVIDERS: {GOOD['name']}: ca_file: "):
            of({**GOOD, "ca_file": str(tmp_path / "missing")})

    @pytest.mark.parametrize(
        "redirect", ["javascript:alert(1)", "http://app.example/", "http://127.0.0.1:80/x", "masuk", "https://a@b/"]
    )
    def test_an_app_must_have_an_address_of_its_own(self, redirect: str) -> None:
        with pytest.raises(ValueError, match="OIDC_APP_REDIRECTS"):
            of(GOOD, oidc_app_redirects=redirect)
