"""Where the tests' real servers are."""

from dataclasses import dataclass

from deploy.embedded.mongo import Database
from deploy.embedded.stack import EmbeddedStack


@dataclass(frozen=True)
class Servers:
    """Addresses with the rights of an administrator, so that each test can have a database of its own."""

    mongo_url: str
    amqp_url: str
    s3: dict[str, str]


def servers_of(stack: EmbeddedStack) -> Servers:
    """The addresses of a running stack."""
    operator = stack.environment("operator")
    own = stack.addresses.database
    mongo_url = own.url("root") if isinstance(own, Database) else operator["LONTAR_OPERATOR_MONGO_URL"]
    s3 = {
        name: operator[f"LONTAR_OPERATOR_S3_{name.upper()}"]
        for name in ("endpoint", "access_key", "secret_key", "bucket")
    }
    return Servers(mongo_url, operator["LONTAR_OPERATOR_AMQP_URL"], s3)
