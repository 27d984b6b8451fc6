"""The services behind the gateway, by name. Invariant: built without touching the network; one set a process."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.reach.breaker import Rule
from gateway.reach.upstream import Upstream
from gateway.settings import GatewaySettings

NAMES = ("intake", "routing", "disposition", "schedule", "notify")


class Upstreams:
    """Every service with its instances."""

    def __init__(self, settings: GatewaySettings) -> None:
        rule = Rule(in_a_row=settings.breaker_failures, open_seconds=settings.breaker_open_seconds)
        self.by_name: Mapping[str, Upstream] = MappingProxyType(
            {
                name: Upstream(
                    name,
                    settings.instances(name),
                    rule=rule,
                    most_at_once=settings.upstream_concurrency,
                    most_per_caller=settings.upstream_places_per_caller,
                    connect_seconds=settings.connect_timeout_seconds,
                    probe_seconds=settings.probe_seconds,
                )
                for name in NAMES
            }
        )

    async def close(self) -> None:
        """Close every connection."""
        for upstream in self.by_name.values():
            await upstream.close()
