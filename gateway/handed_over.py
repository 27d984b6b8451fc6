"""A request that the gateway's own app answers. Invariant: who comes and how often is looked at as for any service.

The app matches addresses in a way of its own, so it is not even asked for one of the API that fits no row.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.bodies import Progress, body_timeout
from gateway.compression import SECRET, Packing
from gateway.headers import REQUEST_ID_FIELD
from gateway.passage import Passage
from gateway.routes import NOWHERE, Route
from gateway.visit import Visit
from services.chassis.http import no_such_address


class HandedOver(Visit):
    """One request for the gateway itself."""

    def __init__(
        self, passage: Passage, route: Route, own: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        super().__init__(passage, route, scope, receive, send)
        self._own = own
        self._late = False
        self._more = self._has_body
        self._progress = Progress(receive, passage.context.settings.client_idle_seconds, short=True)
        self.reached_app = False
        """Whether the app was asked: it counts what it answers."""

    async def _answer(self) -> None:
        if self._route is NOWHERE:
            raise no_such_address()
        identity = await self._admit()
        written = {REQUEST_ID_FIELD: self._request_id}
        if identity:
            written[b"authorization"] = f"Bearer {identity.token}".encode("ascii")
        kept = [(name, value) for name, value in self._scope["headers"] if name not in written]
        if self._route.family not in SECRET:
            self._send = Packing(self._send, self._scope["headers"], self._scope["method"])
        scope = {**self._scope, "headers": [*kept, *written.items()]}
        self.reached_app = True
        await self._own(scope, self._patient_receive, self._own_send)
        if self._late:
            raise body_timeout()

    async def _own_send(self, message: Message) -> None:
        if self._late:
            return  # the app speaks of a body it could not read; the true answer is that it did not come
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *self._exchange.added]}
            self._exchange.status = message["status"]
        await self._send(message)

    async def _patient_receive(self) -> Message:
        """The body for the own app, which waits for it only so long."""
        if self._exchange.status is not None or not self._more:
            return await self._receive()
        try:
            message = await self._progress.next()
        except TimeoutError:
            self._late = True
            return {"type": "http.disconnect"}
        self._more = message.get("more_body", False)
        return message
