"""Event streams that are open. Invariant: as many as were entered and not left, in this process.

A stream costs a connection here and one at the service for hours, so it is counted while it is open; how often streams
are opened is counted apart, like any request.
"""

from collections import Counter

from prometheus_client import Gauge

from services.chassis.errors import ServiceError

OPEN = Gauge("lontar_event_streams", "Event streams open in this process")
RETRY_SECONDS = 30


class OpenStreams:
    """Counts open streams by who holds them."""

    def __init__(self, *, per_caller: int, at_most: int) -> None:
        self._per_caller = per_caller
        self._at_most = at_most
        self._held: Counter[str] = Counter()
        self._all = 0

    def look(self, name: str) -> None:
        """429 where the caller holds as many as one may, 503 where this process does."""
        if self._held[name] >= self._per_caller:
            detail = "Terlalu banyak halaman yang terbuka sekaligus. Tutup sebagian lalu coba lagi."
            raise _refused(429, "too_many_streams", detail)
        if self._all >= self._at_most:
            raise _refused(503, "streams_full", "Pemberitahuan langsung sedang penuh. Silakan coba lagi sebentar.")

    def enter(self, name: str) -> None:
        """One more; refused like in ``look``."""
        self.look(name)
        self._held[name] += 1
        self._all += 1
        OPEN.set(self._all)

    def leave(self, name: str) -> None:
        """One less."""
        self._held[name] -= 1
        if not self._held[name]:
            del self._held[name]
        self._all -= 1
        OPEN.set(self._all)


def _refused(status: int, code: str, detail: str) -> ServiceError:
    return ServiceError(status, code, detail, headers={"Retry-After": str(RETRY_SECONDS)})
