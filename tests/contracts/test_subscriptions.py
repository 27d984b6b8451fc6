"""The table of who wants which events against the services: a queue is bound for exactly what its service handles."""

import importlib
from collections import Counter
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.embedded.definitions import PROGRAMS
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.contracts.subscriptions import SUBSCRIPTIONS

NOWHERE = "http://127.0.0.1:9"


def environment() -> Mapping[str, str]:
    """Settings enough to put any program together; nothing listens at the addresses."""
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    upstreams = {f"LONTAR_GATEWAY_UPSTREAM_{name.upper()}": NOWHERE for name in PROGRAMS}
    return {
        "LONTAR_MONGO_URL": "mongodb://127.0.0.1:9/",
        "LONTAR_AMQP_URL": "amqp://127.0.0.1:9/lontar",
        "LONTAR_JWKS_URL": NOWHERE,
        "LONTAR_S3_ENDPOINT": NOWHERE,
        "LONTAR_S3_ACCESS_KEY": "unused",
        "LONTAR_S3_SECRET_KEY": "unused",
        "LONTAR_GATEWAY_SIGNING_KEY": key,
        **upstreams,
    }


def built(program: str) -> Service:
    """The program as its composition root puts it together."""
    package = program if program == "gateway" else f"services.{program}"
    module = importlib.import_module(f"{package}.settings")
    kinds = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    [settings_type] = [one for one in kinds if issubclass(one, Settings)]
    whole = importlib.import_module(f"{package}.main").build(settings_type.load(program, environment()))
    service = getattr(whole, "service", whole)
    assert isinstance(service, Service)
    return service


@pytest.mark.parametrize("program", SUBSCRIPTIONS)
class TestEachListener:
    async def test_its_queue_is_bound_for_exactly_what_it_handles(self, program: str) -> None:
        handled = {one.event.event_type for one in built(program).subscriptions}
        assert handled == {event.event_type for event in SUBSCRIPTIONS[program]}

    async def test_its_inbox_keys_differ_for_each_event(self, program: str) -> None:
        rows = Counter((one.event.event_type, one.name) for one in built(program).subscriptions)
        assert [row for row, times in rows.items() if times > 1] == []


def test_every_program_is_in_the_table() -> None:
    assert set(SUBSCRIPTIONS) == set(PROGRAMS)
