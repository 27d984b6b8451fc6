"""Limits and edges put together. Invariant: both count open streams in one place."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp

from gateway.access_log import AccessLog
from gateway.buckets import Buckets
from gateway.clients.answered import AppsAnswered
from gateway.cross_origin import CrossOrigin
from gateway.edge import Edge
from gateway.hosts import Hosts
from gateway.limits import Allowances
from gateway.passing import Outside
from gateway.safe_headers import SafeHeaders
from gateway.settings import GatewaySettings
from gateway.sharing import Replicas, SharedBuckets, Sharing
from gateway.streams import OpenStreams
from services.chassis.mongo import Database
from services.chassis.service import Duty


@dataclass(frozen=True)
class Perimeter:
    """What is counted, and what stands around the app."""

    settings: GatewaySettings
    admission: Allowances
    sharing: Sharing
    streams: OpenStreams

    @classmethod
    def lay(cls, settings: GatewaySettings, database: Database) -> "Perimeter":
        """Touches no network."""
        buckets, shared = Buckets(), SharedBuckets(database)
        streams = OpenStreams(per_caller=settings.streams_per_caller, at_most=settings.streams_at_most)
        admission = Allowances(settings, buckets, shared, streams)
        every = settings.limits_share_seconds
        return cls(settings, admission, Sharing(buckets, shared, Replicas(database), every_seconds=every), streams)

    @property
    def attendants(self) -> Sequence[Duty]:
        """What runs beside the answering."""
        return (self.sharing.run,)

    def around(self, app: ASGIApp, apps: AppsAnswered) -> Edge:
        """The edge around ``app``."""
        settings = self.settings
        outside = Outside(
            hosts=Hosts(settings.allowed_hosts),
            cross_origin=CrossOrigin(settings.cors_origins, credentials=settings.cors_credentials),
            safe=SafeHeaders(settings.hsts_seconds),
            streams=self.streams,
            apps=apps,
            access_log=AccessLog(settings.service) if settings.access_log else None,
            connection_requests=settings.connection_requests,
        )
        return Edge(app, outside=outside)
