"""What each program is told, as variables.

Invariants: a part whose address the caller's environment names is not started, and its address is handed on as it is;
the addresses of what the stack starts itself always win. Only those that keep files are told of the object store.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.definitions import OPERATOR
from deploy.embedded.mongo import Database
from deploy.embedded.programs import GATEWAY, SERVICES
from deploy.embedded.rabbitmq import RabbitMq
from deploy.embedded.s3 import BUCKET, FOLDERS, REGION, ObjectStore
from services.chassis.settings import read_variable

EXTERNAL = {"mongodb": "LONTAR_MONGO_URL", "rabbitmq": "LONTAR_AMQP_URL", "s3": "LONTAR_S3_ENDPOINT"}
"""The variable that says a part is somewhere else."""
PRINTING = ("routing", "disposition")
"""Those whose print-outs lead the public here."""
LOOPBACK = "localhost,127.0.0.1,[::1]"
"""What the gateway of one machine answers to, unless the environment names more."""
S3_VARIABLES = ("ENDPOINT", "ACCESS_KEY", "SECRET_KEY", "BUCKET", "REGION")


def is_external(part: str, environment: Mapping[str, str] | None = None) -> bool:
    """Whether the caller's environment names the part's address."""
    return bool(read_variable(EXTERNAL[part], os.environ if environment is None else environment))


@dataclass(frozen=True)
class Addresses:
    """Everything that has an address in one stack; a part that is None is external."""

    database: Database | None
    broker: RabbitMq | None
    objects: ObjectStore | None
    service_ports: Mapping[str, int]
    gateway_port: int
    operations_port: int
    key_ring: Path
    sealing_key: Path
    admin_password: Path

    @property
    def base_url(self) -> str:
        """The one door."""
        return f"http://127.0.0.1:{self.gateway_port}"

    def of(self, program: str) -> dict[str, str]:
        """The variables of a service, of ``gateway`` or of ``operator``."""
        own = f"LONTAR_{program}".upper()
        mine = {
            f"{own}_MONGO_URL": self._mongo_url(program),
            f"{own}_AMQP_URL": self._amqp_url(program),
        }
        if self.broker is not None:
            mine["LONTAR_VERIFY_PUBLISHERS"] = "true"  # our broker knows each program by its own name
        if program == OPERATOR:
            return {**mine, **self._s3(program, "admin")}
        mine |= {f"{own}_HOST": "127.0.0.1", "LONTAR_JWKS_URL": f"{self.base_url}/.well-known/jwks.json"}
        if program == GATEWAY:
            return {**mine, **self._gateway()}
        mine[f"{own}_PORT"] = str(self.service_ports[program])
        mine[f"{own}_TRUSTED_PROXIES"] = (
            "127.0.0.1"  # the gateway alone stands before it, and says whom it forwards for
        )
        if program in ("routing", "disposition"):  # they print codes that lead here
            mine[f"{own}_PUBLIC_URL"] = _said_outside(program, "PUBLIC_URL") or self.base_url
        return {**mine, **self._s3(program, program)} if program in FOLDERS else mine

    def _mongo_url(self, program: str) -> str:
        return self.database.url(program) if self.database else _outside(program, "MONGO_URL")

    def _amqp_url(self, program: str) -> str:
        return self.broker.url(program) if self.broker else _outside(program, "AMQP_URL")

    def _s3(self, program: str, user: str) -> dict[str, str]:
        if self.objects is None:
            values = {name: _said_outside(program, f"S3_{name}") for name in S3_VARIABLES}
        else:
            access, secret = self.objects.keys(user)
            values = dict(zip(S3_VARIABLES, (self.objects.endpoint, access, secret, BUCKET, REGION), strict=True))
        return {f"LONTAR_{program}_S3_{name}".upper(): value for name, value in values.items() if value}

    def _gateway(self) -> dict[str, str]:
        upstreams = {
            f"LONTAR_GATEWAY_UPSTREAM_{name.upper()}": f"http://127.0.0.1:{self.service_ports[name]}"
            for name in SERVICES
        }
        return {
            **upstreams,
            "LONTAR_GATEWAY_PORT": str(self.gateway_port),
            "LONTAR_GATEWAY_OPERATIONS_PORT": str(self.operations_port),
            "LONTAR_GATEWAY_ALLOWED_HOSTS": _said_outside(GATEWAY, "ALLOWED_HOSTS") or LOOPBACK,
            "LONTAR_GATEWAY_KEY_RING_PATH": str(self.key_ring),
            "LONTAR_GATEWAY_SEALING_KEY_FILE": str(self.sealing_key),
            "LONTAR_GATEWAY_ADMIN_PASSWORD_FILE": str(self.admin_password),
        }


def _outside(program: str, name: str) -> str:
    value = _said_outside(program, name)
    if value is None:
        raise KeyError(f"LONTAR_{name}")
    return value


def _said_outside(program: str, name: str) -> str | None:
    """What the caller's environment says for one program, else for all."""
    variables = (f"LONTAR_{program}_{name}".upper(), f"LONTAR_{name}")
    return next((value for variable in variables if (value := read_variable(variable, os.environ))), None)
