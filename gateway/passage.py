"""What requests are passed on with. Invariant: built once; limits and patience follow from the row alone."""

from dataclasses import dataclass
from functools import cached_property

from gateway.admission import Admission
from gateway.caching import Cache
from gateway.context import Context
from gateway.credentials import Credentials
from gateway.exchange import Patience
from gateway.routes import FORM_BYTES, Body, Route, RouteTable
from gateway.upstreams import Upstreams


@dataclass(frozen=True)
class Passage:
    """What the proxy works with."""

    context: Context
    credentials: Credentials
    admission: Admission
    upstreams: Upstreams
    table: RouteTable
    cache: Cache

    def limit(self, route: Route) -> int:
        """How long a body the route takes."""
        return self._limits[route.body]

    def patience(self, route: Route) -> Patience:
        """How long its service may take: longer for what is much work, or comes with a file."""
        return self._patient if route.pace == "heavy" or route.body not in ("form", "document") else self._quick

    @cached_property
    def _limits(self) -> dict[Body, int]:
        settings = self.context.settings
        return {
            "form": FORM_BYTES,
            "document": settings.max_body_bytes,
            "sheet": settings.max_sheet_bytes,
            "attachment": settings.max_attachment_bytes,
            "scan": settings.max_upload_bytes,
            "upload": settings.max_resumable_bytes,
        }

    @cached_property
    def _quick(self) -> Patience:
        settings = self.context.settings
        return Patience(settings.answer_timeout_seconds, settings.read_timeout_seconds)

    @cached_property
    def _patient(self) -> Patience:
        settings = self.context.settings
        return Patience(settings.heavy_answer_timeout_seconds, settings.read_timeout_seconds)
