"""One trace from the HTTP request at the gateway to the last handler, through two outboxes and the broker."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from deploy.demo.seed import ensure_seeded, signed_in
from deploy.embedded.definitions import OPERATOR
from deploy.embedded.stack import EmbeddedStack
from deploy.topology import declare
from gateway.main import build as build_gateway
from gateway.settings import GatewaySettings
from services.chassis.run import running
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.disposition import main as disposition
from services.disposition.settings import DispositionSettings
from services.intake import main as intake
from services.intake.settings import IntakeSettings
from services.notify import main as notify
from services.notify.settings import NotifySettings
from services.routing import main as routing
from services.routing.settings import RoutingSettings
from services.schedule import main as schedule
from services.schedule.settings import ScheduleSettings
from tests.conftest import SettingsFor
from tests.house import SCAN, letter
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]
ADMIN_PASSWORD = "a long enough password for tests"


@pytest.fixture
async def broker_alone(tmp_path: Path) -> AsyncIterator[str]:
    """A broker from which no other process consumes while the services run inside the test: its address."""
    async with EmbeddedStack(tmp_path / "broker", services=(), gateway=False) as stack:
        await stack.start_part("rabbitmq")
        url = stack.environment(OPERATOR)["LONTAR_OPERATOR_AMQP_URL"]
        await declare(url)
        yield url


@pytest.fixture
def spans() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


@dataclass(frozen=True)
class Whole:
    """The whole system inside this process."""

    url: str
    var: Path


@pytest.fixture
async def whole(settings_for: SettingsFor, broker_alone: str, tmp_path: Path) -> AsyncIterator[Whole]:
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    services: dict[str, tuple[Callable[..., Service], type[Settings]]] = {
        "intake": (intake.build, IntakeSettings),
        "routing": (routing.build, RoutingSettings),
        "disposition": (disposition.build, DispositionSettings),
        "schedule": (schedule.build, ScheduleSettings),
        "notify": (notify.build, NotifySettings),
    }
    unknown = {f"upstream_{name}": "http://127.0.0.1:9" for name in services}
    own = {
        "amqp_url": broker_alone,
        "signing_key": key,
        "admin_password": ADMIN_PASSWORD,
        "argon2_memory_kib": 8,
        "argon2_passes": 1,
        "argon2_lanes": 1,
    }
    key_source = build_gateway(settings_for(GatewaySettings, "gateway", **unknown, **own)).context.keys.keys
    async with AsyncExitStack() as doors:
        upstreams = {}
        for name, (build, settings_type) in services.items():
            service = build(settings_for(settings_type, name, amqp_url=broker_alone), key_source)
            upstreams[f"upstream_{name}"] = await doors.enter_async_context(running(service, "all"))
        gateway = build_gateway(settings_for(GatewaySettings, "gateway", **upstreams, **own))
        doors.push_async_callback(gateway.upstreams.close)
        url = await doors.enter_async_context(running(gateway.service, "all"))
        await until_equal(gateway.service.foundation.health.look, lambda parts: all(parts.values()))
        await ensure_seeded(url, ADMIN_PASSWORD, tmp_path)
        yield Whole(url, tmp_path)


def ancestors(span: ReadableSpan, by_id: dict[int, ReadableSpan]) -> list[ReadableSpan]:
    """From the span up to the root of its trace."""
    chain = [span]
    while (parent := chain[-1].parent) is not None and parent.span_id in by_id:
        chain.append(by_id[parent.span_id])
    return chain


def finished(exporter: InMemorySpanExporter, root: str) -> Sequence[ReadableSpan]:
    """The spans of the trace whose root has this name."""
    everything = exporter.get_finished_spans()
    [top] = [span for span in everything if span.name == root and span.parent is None]
    assert top.context is not None
    return [span for span in everything if span.context and span.context.trace_id == top.context.trace_id]


class TestOneTrace:
    async def test_from_the_request_to_the_last_handler(self, whole: Whole, spans: InMemorySpanExporter) -> None:
        async with (
            signed_in(whole.url, "desa.sekartaji", whole.var) as village,
            signed_in(whole.url, "kadis.pu", whole.var) as head,
        ):
            await village.send_letter(letter(), [("surat.pdf", SCAN, "application/pdf")])
            await until_equal(lambda: head.get("/v1/notifications"), lambda page: len(page["items"]) == 1)

        async def chains() -> list[list[tuple[str, SpanKind]]]:
            """From each last handler up to the root. What was sent may be handled before its sending has ended."""
            so_far = finished(spans, "POST /v1/letters")
            by_id = {one.context.span_id: one for one in so_far if one.context}
            handlers = [one for one in so_far if one.name == "process routing.letter.delivered.v1"]
            return [[(span.name, span.kind) for span in ancestors(one, by_id)] for one in handlers]

        wanted = [
            ("process routing.letter.delivered.v1", SpanKind.CONSUMER),
            ("send routing.letter.delivered.v1", SpanKind.PRODUCER),
            ("process intake.letter.registered.v1", SpanKind.CONSUMER),
            ("send intake.letter.registered.v1", SpanKind.PRODUCER),
            ("POST /v1/letters", SpanKind.SERVER),
            ("POST intake", SpanKind.CLIENT),
            ("POST /v1/letters", SpanKind.SERVER),
        ]
        await until_equal(chains, lambda found: found == [wanted] * 4)  # intake, notify, disposition, schedule
