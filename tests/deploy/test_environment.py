"""What the programs of the embedded stack are told."""

from pathlib import Path

import pytest

from deploy.embedded.environment import Addresses
from deploy.embedded.programs import GATEWAY, SERVICES

SERVERS = {"LONTAR_MONGO_URL": "mongodb://elsewhere/", "LONTAR_AMQP_URL": "amqp://elsewhere/"}


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> Addresses:
    """A stack whose servers are all somewhere else."""
    for name, value in SERVERS.items():
        monkeypatch.setenv(name, value)
    ports = {service: 9000 + number for number, service in enumerate(SERVICES)}
    return Addresses(None, None, None, ports, 8080, 8081, Path("key.pem"), Path("sealing-key"), Path("password"))


class TestPublicAddress:
    """Where the codes on paper lead."""

    @pytest.mark.parametrize("service", ["routing", "disposition"])
    def test_it_is_this_machine_unless_the_environment_says_otherwise(
        self, addresses: Addresses, service: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        variable = f"LONTAR_{service.upper()}_PUBLIC_URL"
        assert addresses.of(service)[variable] == "http://127.0.0.1:8080"
        monkeypatch.setenv(variable, "https://surat.example")
        assert addresses.of(service)[variable] == "https://surat.example"


class TestTrust:
    """Whose word counts about where a client comes from."""

    @pytest.mark.parametrize("service", SERVICES)
    def test_a_service_believes_the_gateway(self, addresses: Addresses, service: str) -> None:
        assert addresses.of(service)[f"LONTAR_{service.upper()}_TRUSTED_PROXIES"] == "127.0.0.1"

    def test_the_gateway_believes_nobody_of_itself(self, addresses: Addresses) -> None:
        assert [name for name in addresses.of(GATEWAY) if "TRUSTED" in name] == []
