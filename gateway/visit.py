"""One request for an address of the route table. Invariant: it is answered once, or the connection is cut."""

import logging
from abc import ABC, abstractmethod
from functools import partial

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from gateway.auth.visitor import DEVICE_COOKIE
from gateway.bodies import ClientGone, is_chunked
from gateway.credentials import Identity
from gateway.exchange import Exchange
from gateway.headers import REQUEST_ID_FIELD, fields_of
from gateway.passage import Passage
from gateway.routes import Route
from services.chassis.errors import ServiceError
from services.chassis.http import problem
from services.chassis.limits import address_of

log = logging.getLogger(__name__)


class Visit(ABC):
    """One request: who comes, whether they may, and what they are told where something goes wrong."""

    def __init__(self, passage: Passage, route: Route, scope: Scope, receive: Receive, send: Send) -> None:
        self._passage, self._route = passage, route
        self._scope, self._receive, self._send = scope, receive, send
        self._fields = fields_of(scope)
        self._request_id = self._fields[REQUEST_ID_FIELD]  # the edge has seen to it that there is one
        self._address = address_of(scope.get("client"))
        self._exchange = Exchange(scope, receive, send, passage.context.stopping)

    async def serve(self) -> int:
        """Have it answered, or refuse it; the status the client was told (499 for a client that left)."""
        try:
            await self._answer()
        except ClientGone:
            return 499
        except ServiceError as error:
            return await self._refuse(error)
        except Exception:
            if self._exchange.status is not None:
                raise
            log.exception("unhandled error")
            sentence = "Terjadi kesalahan di server. Silakan hubungi administrator."
            return await self._refuse(ServiceError(500, "internal", sentence))
        finally:
            self._exchange.interpose = None  # no circle is left behind for the collector to find
        return self._exchange.status or 500

    @abstractmethod
    async def _answer(self) -> None:
        """Admit it and have it answered; ServiceError where it is refused."""

    async def _admit(self) -> Identity | None:
        """Who comes; what tells how often they still may, and how long here, is added to the answer."""
        identity = None
        if not self._route.open:
            identity = await self._passage.credentials.identify(self._scope, self._route.family)
            self._exchange.over = partial(self._passage.context.revocations.until_over, identity.principal)
        added = self._exchange.added
        added += await self._passage.admission.admit(identity, self._address, self._route.pace, self._device)
        if self._route.deprecated:
            added += self._route.deprecated.fields
        return identity

    @property
    def _device(self) -> str | None:
        """The device somebody has signed in with before: at a shared address they are counted by it alone."""
        if self._route.pace != "sign_in":
            return None
        return self._passage.context.devices.vouched(Request(self._scope).cookies.get(DEVICE_COOKIE))

    @property
    def _has_body(self) -> bool:
        return is_chunked(self._fields) or self._fields.get(b"content-length", b"0") != b"0"

    @property
    def _unread(self) -> bool:
        """Whether some of the request's body may still be on its way."""
        return self._has_body

    async def _refuse(self, error: ServiceError) -> int:
        """Tell the client, unless it has been told something already; then the connection is cut."""
        if self._exchange.status is not None:
            return self._exchange.status
        response = problem(error, self._request_id.decode("ascii"))
        headers = [*response.raw_headers, (REQUEST_ID_FIELD, self._request_id)]
        if self._unread:
            headers.append((b"connection", b"close"))
        await self._send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": response.body})
        return error.status
