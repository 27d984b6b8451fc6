"""Traces, logs and metrics. Invariant: every log line is JSON with the trace id of the work it belongs to.

Spans around messages are written in the bus and the relay, not by an instrumentation package, because the trace must
run HTTP -> outbox -> message -> handler and the outbox is ours. Attribute names: OpenTelemetry semantic conventions
1.27 for HTTP and messaging. OTLP is used when the standard variable OTEL_EXPORTER_OTLP_ENDPOINT is set.
"""

import logging
import os
import sys
from collections.abc import Mapping

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import Counter, Gauge, Histogram
from pythonjsonlogger.json import JsonFormatter

tracer = trace.get_tracer("lontar")

HTTP_SECONDS = Histogram(
    "lontar_http_request_seconds", "Time to answer a request", ["service", "method", "route", "status"]
)
MESSAGES = Counter("lontar_messages_total", "Messages handled, by outcome", ["service", "type", "outcome"])
HANDLER_SECONDS = Histogram("lontar_handler_seconds", "Time in one message handler", ["service", "handler"])
RELAYED = Counter("lontar_relayed_total", "Events confirmed by the broker", ["service"])
RELAY_FAILURES = Counter("lontar_relay_failures_total", "Events the broker did not take", ["service"])
OUTBOX_PENDING = Gauge("lontar_outbox_pending", "Events not yet confirmed by the broker", ["service"])
OUTBOX_OLDEST = Gauge("lontar_outbox_oldest_seconds", "Age of the oldest pending event", ["service"])


class _TraceFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        context = trace.get_current_span().get_span_context()
        record.trace_id = f"{context.trace_id:032x}" if context.is_valid else None
        record.span_id = f"{context.span_id:016x}" if context.is_valid else None
        return True


def configure_logging(service: str, level: str) -> None:
    """JSON lines on stderr, one per record, with service, trace id and span id."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_TraceFilter())
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s %(trace_id)s %(span_id)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            static_fields={"service": service},
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("aiormq", "aio_pika", "pymongo", "urllib3", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class _Provider(TracerProvider):
    """Knows whether anybody collects what it makes."""

    collected = False

    def add_span_processor(self, span_processor: SpanProcessor) -> None:
        """From now on somebody does."""
        self.collected = True
        super().add_span_processor(span_processor)


def spans_collected() -> bool:
    """Whether spans go anywhere: who makes many asks first, because what nobody collects need not be made.

    A provider that somebody else put up is taken to collect them.
    """
    provider = trace.get_tracer_provider()
    collected: bool | None = getattr(provider, "collected", None)
    return isinstance(provider, TracerProvider) if collected is None else collected


def configure_tracing(service: str) -> None:
    """Install the tracer provider once per process; exports only where an OTLP endpoint is set."""
    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return
    provider = _Provider(resource=Resource.create({"service.name": f"lontar-{service}"}))
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        # Imported here: the exporter pulls in an HTTP client that a process without an endpoint never needs.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def current_trace() -> dict[str, str]:
    """The present trace context as W3C headers (traceparent, tracestate), to be carried in an outbox entry."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


def trace_from(carrier: Mapping[str, object]) -> Context:
    """The trace context that ``carrier`` holds; an empty or broken one starts a new trace."""
    return propagate.extract({name: str(value) for name, value in carrier.items()})
