"""What of a process is up. Invariant: a part is down until it has said that it is up; not consuming means not ready.

A part may be shown without deciding: what the process can do without, for some of what it does.
"""

from collections.abc import Awaitable, Callable

Probe = Callable[[], Awaitable[bool]]


class Health:
    """Parts report here (the relay, the consumer); probes are asked when somebody looks (database, storage)."""

    def __init__(self) -> None:
        self._parts: dict[str, bool] = {}
        self._probes: dict[str, Probe] = {}
        self._shown_only: set[str] = set()

    def expect(self, part: str) -> None:
        """Name a part that must report before the process is ready."""
        self._parts.setdefault(part, False)

    def report(self, part: str, up: bool) -> None:
        """Say whether ``part`` is up now."""
        self._parts[part] = up

    def ready(self, part: str) -> bool:
        """Whether ``part`` has last reported that it is up."""
        return self._parts.get(part, False)

    def probe(self, part: str, check: Probe, *, decides: bool = True) -> None:
        """Have ``check`` asked at every readiness look; one that does not decide is shown, and no more."""
        self._probes[part] = check
        if not decides:
            self._shown_only.add(part)

    def enough(self, state: dict[str, bool]) -> bool:
        """Whether a process in this state is ready."""
        return all(up for part, up in state.items() if part not in self._shown_only)

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
