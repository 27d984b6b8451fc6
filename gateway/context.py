"""What the gateway's own doors and commands are given. Invariant: built once, never changed."""

import asyncio
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from gateway.audit.store import Audit
from gateway.auth.accounts import Accounts
from gateway.auth.assignments import Assignments
from gateway.auth.code_tries import CodeTries
from gateway.auth.devices import Devices
from gateway.auth.keys import KeyRing
from gateway.auth.oidc.open_id import OpenId
from gateway.auth.passwords import Passwords
from gateway.auth.revocations import Revocations
from gateway.auth.sealing import Sealer
from gateway.auth.second_factors import SecondFactors
from gateway.auth.sessions import Sessions
from gateway.auth.throttle import Throttle
from gateway.auth.tickets import Tickets
from gateway.auth.tokens import TokenIssuer
from gateway.clients.apps import Apps
from gateway.settings import GatewaySettings
from services.chassis.idempotency import IdempotentActs
from services.chassis.uow import UnitOfWork
from services.projections.organisation import Organisation


@dataclass(frozen=True)
class Context:
    """The parts of sign-in. ``stopping`` is set when the door is closed: streams without an end are ended then."""

    settings: GatewaySettings
    uow: UnitOfWork
    acts: IdempotentActs
    keys: KeyRing
    passwords: Passwords
    accounts: Accounts
    assignments: Assignments
    sessions: Sessions
    revocations: Revocations
    throttle: Throttle
    issuer: TokenIssuer
    sealer: Sealer
    devices: Devices
    tickets: Tickets
    second_factors: SecondFactors
    code_tries: CodeTries
    organisation: Organisation
    audit: Audit
    openid: OpenId
    apps: Apps
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


async def context(request: Request) -> Context:
    """FastAPI dependency: the context."""
    found: Context = request.app.state.context
    return found


Ctx = Annotated[Context, Depends(context)]
