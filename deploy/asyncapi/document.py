"""The document put together: a channel an event type, who sends into it and who receives from it.

AsyncAPI 3.0.0 with the AMQP bindings 0.3.0. The application it speaks for is Lontar as a whole; a foreign program
that listens does what the ``receive`` operations do, with a queue of its own (docs/wire-format.md).
"""

import inspect
from collections.abc import Iterator
from typing import Any

import orjson

from deploy.asyncapi.schemas import schemas_of
from services.chassis.bus.topology import EVENTS, queue_name
from services.contracts.catalogue import SAMPLES, all_events
from services.contracts.event import Event, routing_key
from services.contracts.golden import samples_of
from services.contracts.subscriptions import SUBSCRIPTIONS

Document = dict[str, Any]
BINDING = "0.3.0"
CLOUD_EVENT = "application/cloudevents+json"
INFO: Document = {
    "title": "Lontar events",
    "version": "1",
    "description": (
        "What happens in Lontar, told to whoever listens: one CloudEvents 1.0 document a message, structured mode. "
        "Delivered at least once, ordered within one stream (`source` and `subject`); repeats have the same `id`. "
        "How to listen is told in docs/wire-format.md."
    ),
    "tags": [{"name": "cloudevents", "description": "CloudEvents 1.0, structured mode, JSON."}],
}
SERVERS: Document = {
    "broker": {
        "host": "{address}",
        "pathname": "/lontar",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "description": "RabbitMQ with quorum queues. A listener has a user and queues of its own name.",
        "variables": {"address": {"default": "127.0.0.1:5672", "description": "Host and port of the broker."}},
        "security": [{"$ref": "#/components/securitySchemes/login"}],
    }
}
HEADERS: Document = {
    "type": "object",
    "description": "AMQP headers beside the properties; others mean what RabbitMQ says they mean.",
    "properties": {
        "traceparent": {"type": "string", "description": "W3C trace context of the span that sent the message."},
        "tracestate": {"type": "string"},
        "x-lontar-attempt": {"type": "integer", "description": "On copies a reader made: rungs of its retry ladder."},
        "x-lontar-reason": {"type": "string", "description": "On copies a reader made: why it was put aside."},
    },
}


def document() -> Document:
    """All of it."""
    events = list(all_events().values())
    schemas, references = schemas_of(events)
    return {
        "asyncapi": "3.0.0",
        "info": INFO,
        "defaultContentType": CLOUD_EVENT,
        "servers": SERVERS,
        "channels": {channel_name(event): _channel(event) for event in events},
        "operations": dict(_operations(events)),
        "components": {
            "messages": {channel_name(event): _message(event, references[event]) for event in events},
            "schemas": {**dict(sorted(schemas.items())), "Headers": HEADERS},
            "securitySchemes": {"login": {"type": "userPassword", "description": "SASL PLAIN over AMQP."}},
        },
    }


def written(made: Document) -> bytes:
    """The document as it is committed."""
    return orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def channel_name(event: type[Event]) -> str:
    """``routing_letter_delivered_v1``."""
    return routing_key(event.event_type).replace(".", "_")


def _channel(event: type[Event]) -> Document:
    name = channel_name(event)
    exchange = {"name": EVENTS, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/lontar"}
    return {
        "address": routing_key(event.event_type),
        "title": event.__name__,
        "description": f"Stream `{event.subject_kind}/<{event.subject_field}>`; the address is the routing key.",
        "servers": [{"$ref": "#/servers/broker"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "tags": [{"name": event.service()}],
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING}},
    }


def _operations(events: list[type[Event]]) -> Iterator[tuple[str, Document]]:
    for event in events:
        sends = {"deliveryMode": 2, "mandatory": True, "bindingVersion": BINDING}
        yield f"{event.service()}_sends_{channel_name(event)}", _operation(event, "send", event.service(), sends)
    for service, wanted in SUBSCRIPTIONS.items():
        for event in wanted:
            receives = {"ack": True, "bindingVersion": BINDING}
            described = _operation(event, "receive", service, receives)
            yield f"{service}_receives_{channel_name(event)}", {**described, "x-lontar-queue": queue_name(service)}


def _operation(event: type[Event], action: str, service: str, binding: Document) -> Document:
    name = channel_name(event)
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"{service} {action}s {routing_key(event.event_type)}",
        "tags": [{"name": service}],
        "bindings": {"amqp": binding},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
    }


def _message(event: type[Event], reference: Document) -> Document:
    said = inspect.getdoc(event) or event.__name__
    data = {
        "type": "object",
        "properties": {"type": {"const": event.event_type}, "data": reference},
    }
    return {
        "name": event.event_type,
        "title": event.__name__,
        "summary": said.split(". ")[0].split("\n\n")[0].replace("\n", " ").rstrip("."),
        "description": said,
        "contentType": CLOUD_EVENT,
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, data]},
        "tags": [{"name": event.service()}],
        "bindings": {"amqp": {"messageType": event.event_type, "bindingVersion": BINDING}},
        "examples": list(_examples(event)),
    }


def _examples(event: type[Event]) -> Iterator[Document]:
    for path in samples_of(event.event_type, SAMPLES):
        case = path.stem.partition("--")[2] or "usual"
        yield {"name": case, "payload": orjson.loads(path.read_bytes())}
