"""The documents that are merged. Invariant: got from the programs themselves, built without touching the network."""

import inspect
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fastapi import FastAPI
from joserfc.jwk import OKPKey

from gateway.main import build as build_gateway
from gateway.settings import GatewaySettings
from services.chassis.service import Service
from services.chassis.settings import Settings

Document = dict[str, Any]

SERVICES = ("intake", "routing", "disposition", "schedule", "notify")
GATEWAY = "gateway"
NOWHERE = "127.0.0.1:1"
PLACEHOLDERS = {
    "LONTAR_MONGO_URL": f"mongodb://{NOWHERE}/",
    "LONTAR_AMQP_URL": f"amqp://{NOWHERE}/",
    "LONTAR_JWKS_URL": f"http://{NOWHERE}/",
    "LONTAR_S3_ENDPOINT": f"http://{NOWHERE}",
    "LONTAR_S3_ACCESS_KEY": "unused",
    "LONTAR_S3_SECRET_KEY": "unused",
    **{f"LONTAR_GATEWAY_UPSTREAM_{name.upper()}": f"http://{NOWHERE}" for name in SERVICES},
}


def documents() -> dict[str, Document]:
    """The OpenAPI document of each service there is, and of the gateway, by name."""
    return {name: app.openapi() for name, app in apps().items()}


def apps() -> dict[str, FastAPI]:
    """The programs' HTTP faces, by name."""
    found = {name: _service(name) for name in SERVICES if find_spec(f"services.{name}.main")}
    return {**found, GATEWAY: _gateway()}


def _service(name: str) -> FastAPI:
    settings_type = _settings_type(name)
    service: Service = import_module(f"services.{name}.main").build(settings_type.load(name, PLACEHOLDERS))
    return service.app


def _settings_type(name: str) -> type[Settings]:
    """The service's own subclass of Settings."""
    module = import_module(f"services.{name}.settings")
    own = [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Settings) and member.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise LookupError(f"services.{name}.settings has {len(own)} settings classes, not one")
    return own[0]


def _gateway() -> FastAPI:
    key = OKPKey.generate_key("Ed25519").as_pem(private=True).decode()
    settings = GatewaySettings.load(GATEWAY, {**PLACEHOLDERS, "LONTAR_GATEWAY_SIGNING_KEY": key})
    return build_gateway(settings).service.app
