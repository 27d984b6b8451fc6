"""What of a process is up. Invariant: a part is down until it has said that it is up; not consuming means not ready."""

from collections.abc import Awaitable, Callable

Probe = Callable[[], Awaitable[bool]]


class Health:
    """Parts report here (the relay, the consumer); probes are asked when somebody looks (database, storage)."""

    def __init__(self) -> None:
        self._parts: dict[str, bool] = {}
        self._probes: dict[str, Probe] = {}

    def expect(self, part: str) -> None:
        """Name a part that must report before the process is ready."""
        self._parts.setdefault(part, False)

    def report(self, part: str, up: bool) -> None:
        """Say whether ``part`` is up now."""
        self._parts[part] = up

    def ready(self, part: str) -> bool:
        """Whether ``part`` has last reported that it is up."""
        return self._parts.get(part, False)

    def probe(self, part: str, check: Probe) -> None:
        """Have ``check`` asked at every readiness look."""
        self._probes[part] = check

    async def look(self) -> dict[str, bool]:
        """Every part with its present state."""
        state = dict(self._parts)
        for part, check in self._probes.items():
            try:
                state[part] = await check()
            except Exception:  # noqa: BLE001 - a probe that fails in any way is a part that is down
                state[part] = False
        return state

    def forget_reports(self) -> None:
        """Expect nothing of the parts that report: a process that only serves has no relay and no consumer."""
        self._parts.clear()
