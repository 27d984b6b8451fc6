"""Logs that are JSON with a trace id, and trace contexts that travel as headers."""

import json
import logging
from collections.abc import Callable

import pytest
from opentelemetry import trace

from services.chassis.telemetry import configure_logging, configure_tracing, current_trace, trace_from, tracer

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Gives what was logged; the root logger is put back afterwards."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    return lambda: capsys.readouterr().err


class TestConfigureLogging:
    def test_writes_json_with_the_service(self, written: Callable[[], str]) -> None:
        configure_logging("post", "info")
        logging.getLogger("a.b").info("moved %d parcels", 3)
        line = json.loads(written())
        assert (line["service"], line["level"], line["logger"]) == ("post", "INFO", "a.b")
        assert line["message"] == "moved 3 parcels"
        assert line["trace_id"] is None

    def test_names_the_trace_the_line_belongs_to(self, written: Callable[[], str]) -> None:
        configure_tracing("test")
        configure_logging("post", "INFO")
        with tracer.start_as_current_span("work", context=trace_from({"traceparent": TRACE})):
            logging.getLogger("a").info("here")
        line = json.loads(written())
        assert line["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
        assert len(line["span_id"]) == 16

    def test_keeps_an_exception_on_one_line(self, written: Callable[[], str]) -> None:
        configure_logging("post", "INFO")
        try:
            raise LookupError("a bug")
        except LookupError:
            logging.getLogger("a").exception("failed")
        [line] = written().splitlines()
        assert "LookupError: a bug" in json.loads(line)["exc_info"]


class TestConfigureTracing:
    def test_again_changes_nothing(self) -> None:
        configure_tracing("one")
        provider = trace.get_tracer_provider()
        configure_tracing("two")
        assert trace.get_tracer_provider() is provider


class TestTrace:
    def test_travels_as_headers(self) -> None:
        configure_tracing("test")
        with tracer.start_as_current_span("work") as span:
            carried = current_trace()
        with tracer.start_as_current_span("later", context=trace_from(carried)) as later:
            assert later.get_span_context().trace_id == span.get_span_context().trace_id

    @pytest.mark.parametrize("carrier", [{}, {"traceparent": "nonsense"}, {"traceparent": 5}, {"traceparent": ""}])
    def test_that_cannot_be_read_starts_a_new_one(self, carrier: dict[str, object]) -> None:
        configure_tracing("test")
        with tracer.start_as_current_span("work", context=trace_from(carrier)) as span:
            assert span.get_span_context().is_valid

    def test_is_empty_outside_of_any_work(self) -> None:
        assert current_trace() == {}
