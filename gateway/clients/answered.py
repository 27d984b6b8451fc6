"""What is seen of apps where answers go out. Invariant: every answer to an app is counted, also what it is refused; and
a stream of events ends with the first event after the app was switched off.
"""

from starlette.types import Message, Scope

from gateway.clients.reader import ClientReader
from gateway.clients.usage import Usage
from gateway.credentials import Identity
from gateway.routes import Route

END: Message = {"type": "http.response.body", "body": b"", "more_body": False}
"""The end of a stream of events."""


class AppsAnswered:
    """Asked by the edge about every answer to an app."""

    def __init__(self, reader: ClientReader, usage: Usage) -> None:
        self._reader = reader
        self._usage = usage

    def note(self, scope: Scope, identity: Identity, status: int) -> None:
        """Count an answer that begins."""
        row = _row(scope)
        if row is not None and identity.principal.client_id is not None:
            self._usage.note(identity.principal.client_id, row.family, status)

    async def still_good(self, scope: Scope) -> bool:
        """Whether the app may be told the next event of a stream."""
        row = _row(scope)
        return row is not None and await self._reader.still_good(scope, row.family)


def _row(scope: Scope) -> Route | None:
    """The row of the table somebody came by. Who came by none has been let in nowhere."""
    row: Route | None = scope["state"].get("row")
    return row
