"""One trace runs through the gateway, and what it forwards is measured."""

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from services.chassis.telemetry import configure_tracing
from tests.gateway.conftest import Door
from tests.gateway.upstream import Upstream

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """What is traced from now on."""
    configure_tracing("tests")
    provider = trace.get_tracer_provider()
    assert isinstance(provider, TracerProvider)
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield exporter
    exporter.shutdown()


async def test_the_clients_trace_goes_on_through_both_spans_to_the_service(
    door: Door, upstream: Upstream, spans: InMemorySpanExporter
) -> None:
    headers = {**await door.bearer(), "traceparent": f"00-{TRACE}-{PARENT}-01"}
    async with door.http.get("/v1/letters/7/track", headers=headers) as answer:
        assert answer.status == 200
        await answer.read()
    mine = [span for span in spans.get_finished_spans() if span.context and f"{span.context.trace_id:032x}" == TRACE]
    server = next(span for span in mine if span.kind == SpanKind.SERVER)
    client = next(span for span in mine if span.kind == SpanKind.CLIENT)
    assert server.name == "GET /v1/letters/*/track"
    assert server.parent
    assert f"{server.parent.span_id:016x}" == PARENT
    assert client.parent
    assert server.context
    assert client.context
    assert client.parent.span_id == server.context.span_id
    (forwarded,) = upstream.seen[-1].values("traceparent")
    assert forwarded == f"00-{TRACE}-{client.context.span_id:016x}-01"


async def test_the_metrics_name_the_route_and_not_the_address(door: Door) -> None:
    async with door.http.get("/v1/letters/0198f/track", headers=await door.bearer()) as answer:
        assert answer.status == 200
    async with door.operations() as http, http.get("/metrics") as answer:
        text = await answer.text()
    assert 'route="/v1/letters/*/track",service="gateway",status="200"' in text
    assert "0198f" not in text
