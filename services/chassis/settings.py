"""Settings from the environment. Invariant: a service's own variable wins over the shared one, and secrets never print.

``LONTAR_INTAKE_MONGO_URL`` is read first, then ``LONTAR_MONGO_URL``; each may be given as ``..._FILE``, the path of a
file that holds the value, which is how Kubernetes and systemd hand secrets to a process.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

OWN = frozenset({"mongo_database", "port"})
"""Never read from a shared variable: two services in one database or on one port would be a mistake, silently made."""


def read_variable(name: str, environment: Mapping[str, str]) -> str | None:
    """The value of ``name``, or the content of the file ``name_FILE`` points at, or None."""
    if name in environment:
        return environment[name]
    path = environment.get(f"{name}_FILE")
    if not path:
        return None
    with named_by(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()


@contextmanager
def named_by(setting: str) -> Iterator[None]:
    """A file that cannot be read is told with the setting that names it: the path alone may come from anywhere."""
    try:
        yield
    except OSError as error:
        raise type(error)(error.errno, f"{setting}: {error.strerror}", error.filename) from None


KEEP_ALIVE_SECONDS = 5
"""Longer than the gateway keeps a connection that it does not use (gateway/reach/instance.py)."""


class Settings(BaseModel):
    """What every service can be told. A service subclasses it to add its own; unknown variables are ignored.

    ``keep_alive_seconds``: how long a connection on which nothing is asked is held for the next request.
    ``trusted_proxies``: addresses or networks, with commas, that are believed about whom they forward for.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    service: str
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    mongo_url: SecretStr
    mongo_database: str
    amqp_url: SecretStr
    jwks_url: str
    token_issuer: str = "lontar"  # noqa: S105 - a name, not a secret
    token_audience: str = "lontar"  # noqa: S105 - a name, not a secret
    timezone: str = "Asia/Makassar"
    log_level: str = "INFO"
    trusted_proxies: str = ""
    keep_alive_seconds: int = Field(default=KEEP_ALIVE_SECONDS, ge=1, le=3600)
    consumer_concurrency: int = Field(default=4, ge=1, le=256)
    verify_publishers: bool = False
    relay_batch: int = Field(default=2000, ge=1, le=5000)
    relay_poll_seconds: float = Field(default=0.5, gt=0)
    max_body_bytes: int = Field(default=1024 * 1024, ge=1)

    @classmethod
    def load(cls, service: str, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings of ``service``; a missing or malformed one raises pydantic's ValidationError by name."""
        source = os.environ if environment is None else environment
        values: dict[str, Any] = {"service": service, "mongo_database": f"lontar_{service}"}
        for field in cls.model_fields:
            shared = () if field in OWN else (f"LONTAR_{field}".upper(),)
            for name in (f"LONTAR_{service}_{field}".upper(), *shared):
                value = read_variable(name, source)
                if value is not None and field != "service":
                    values[field] = value
                    break
        return cls.model_validate(values)
