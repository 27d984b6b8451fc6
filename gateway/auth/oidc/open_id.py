"""The parts of signing in by a provider, put together. Invariant: built without asking any provider anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from gateway.auth.oidc import attempts, handovers, links
from gateway.auth.oidc.attempts import Attempts
from gateway.auth.oidc.finding import People
from gateway.auth.oidc.handovers import Handovers
from gateway.auth.oidc.links import Links
from gateway.auth.oidc.metadata import Directory
from gateway.auth.oidc.providers import Provider, Providers
from gateway.settings import GatewaySettings
from services.chassis.mongo import Database, IndexModel

INDEXES: dict[str, Sequence[IndexModel]] = attempts.INDEXES | handovers.INDEXES | links.INDEXES


@dataclass(frozen=True)
class OpenId:
    """What the doors and commands of it work with."""

    providers: Providers
    directories: dict[str, Directory]
    attempts: Attempts
    handovers: Handovers
    links: Links
    people: People

    @classmethod
    def of(cls, settings: GatewaySettings, database: Database) -> Self:
        """Put it together; ValueError where the providers are set wrongly."""
        providers = Providers.of(settings)
        return cls(
            providers,
            {one.name: Directory(one) for one in providers.all()},
            Attempts(database),
            Handovers(database),
            Links(database),
            People(database),
        )

    def directory(self, provider: Provider) -> Directory:
        """What the provider says of itself."""
        return self.directories[provider.name]
