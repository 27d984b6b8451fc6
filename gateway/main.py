"""The gateway put together. Invariant: built without touching the network, like every service."""

import asyncio
import logging
from dataclasses import dataclass

from gateway import sharing
from gateway.audit import keeping
from gateway.audit.api import router as audit_record
from gateway.audit.store import Audit
from gateway.auth import accounts, api, assignments, code_tries, sessions, throttle, tickets
from gateway.auth.accounts import Accounts
from gateway.auth.assignments import Assignments
from gateway.auth.code_tries import CodeTries
from gateway.auth.cookie_marks import CookieMarks
from gateway.auth.devices import Devices
from gateway.auth.first_account import ensure_first_account
from gateway.auth.keys import KeyRing
from gateway.auth.oidc import open_id
from gateway.auth.oidc.api import ROUTERS as OIDC_ROUTERS
from gateway.auth.oidc.open_id import OpenId
from gateway.auth.passwords import Passwords
from gateway.auth.portal_reader import CookieReader
from gateway.auth.revocations import Revocations
from gateway.auth.sealing import Sealer
from gateway.auth.second_factors import SecondFactors
from gateway.auth.sessions import Sessions
from gateway.auth.throttle import Throttle
from gateway.auth.tickets import Tickets
from gateway.auth.tokens import TokenIssuer
from gateway.caching import Cache
from gateway.clients import apps
from gateway.clients.answered import AppsAnswered
from gateway.clients.api import ROUTERS as APP_ROUTERS
from gateway.clients.apps import Apps
from gateway.context import Context
from gateway.credentials import BearerReader, Credentials
from gateway.docs import router as docs
from gateway.events_page import router as events_page
from gateway.front import Front
from gateway.head_answers import HeadAnswers
from gateway.passage import Passage
from gateway.perimeter import Perimeter
from gateway.proxy import Proxy
from gateway.routes import FORM_BYTES, ROUTES, RouteTable
from gateway.settings import GatewaySettings
from gateway.status.api import router as status
from gateway.status.page import router as status_page
from gateway.status.watching import Watch
from gateway.tracking_page import router as tracking_page
from gateway.upstreams import NAMES, Upstreams
from gateway.verification_page import router as verification_page
from services.chassis.health import Health
from services.chassis.mongo import is_outage
from services.chassis.service import Apart, Foundation, Service, assemble
from services.projections import organisation
from services.projections.organisation import Organisation

log = logging.getLogger(__name__)
INDEXES = (
    Audit.INDEXES
    | accounts.INDEXES
    | assignments.INDEXES
    | sessions.INDEXES
    | throttle.INDEXES
    | tickets.INDEXES
    | code_tries.INDEXES
    | open_id.INDEXES
    | organisation.INDEXES
    | apps.INDEXES
    | sharing.INDEXES
)
FIRST_ACCOUNT = "first_account"


@dataclass(frozen=True)
class Gateway:
    """The gateway, ready to run, and what must be let go of at the end."""

    service: Service
    context: Context
    upstreams: Upstreams


def build(settings: GatewaySettings) -> Gateway:
    """Put the gateway together from its settings."""
    keys = KeyRing.of(settings)
    foundation = Foundation.lay(settings, keys.keys)
    context = _context(settings, foundation, keys)
    foundation.health.expect(FIRST_ACCOUNT)
    perimeter = Perimeter.lay(settings, foundation.database)
    service = assemble(
        foundation,
        title="Lontar gateway",
        context=context,
        routers=[
            *api.ROUTERS,
            *APP_ROUTERS,
            *OIDC_ROUTERS,
            audit_record,
            status,
            status_page,
            events_page,
            docs,
            tracking_page,
            verification_page,
        ],
        subscriptions=[*context.assignments.subscriptions(), *context.organisation.subscriptions()],
        indexes=INDEXES,
        duties=[
            lambda: _first_account(context, foundation.health),
            *keeping.duties(context.audit, foundation.database),
        ],
        attendants=[*perimeter.attendants, *keeping.attendants(context.audit)],
        publishes=False,
        limits={row.pattern.removesuffix("**"): FORM_BYTES for row in ROUTES if row.body == "form"},
        operations=Apart(settings.operations_host, settings.operations_port),
    )
    upstreams = Upstreams(settings)
    service.app.state.stopping = context.stopping
    bearer = BearerReader(foundation.verifier, context.revocations)
    credentials = Credentials([context.apps.reader, CookieReader(context, foundation.verifier), bearer])
    passage = Passage(context, credentials, perimeter.admission, upstreams, RouteTable(), Cache(settings.cache_bytes))
    outermost = perimeter.around(
        Proxy(HeadAnswers(service.app), passage=passage), AppsAnswered(context.apps.reader, context.apps.usage)
    )
    service.front = Front(outermost, service.app)
    service.app.state.credentials = credentials
    service.app.state.watch = watch = _watch(service, settings)
    service.attendants = (*service.attendants, watch.run)
    service.mends = (context.sessions.adopt,)
    return Gateway(service, context, upstreams)


def _watch(service: Service, settings: GatewaySettings) -> Watch:
    instances = {name: settings.instances(name) for name in NAMES}
    every = settings.status_poll_seconds
    return Watch(service.foundation.database, service.vitals, instances, every_seconds=every)


def _context(settings: GatewaySettings, foundation: Foundation, keys: KeyRing) -> Context:
    database = foundation.database
    audit, revocations = Audit(database, foundation.uow), Revocations(database, settings)
    issuer, units, sealer = TokenIssuer(keys, settings), Organisation(database), Sealer(settings)
    return Context(
        settings=settings,
        uow=foundation.uow,
        acts=foundation.acts,
        keys=keys,
        passwords=Passwords(settings),
        accounts=Accounts(database),
        assignments=Assignments(database, settings.timezone),
        sessions=Sessions(database, foundation.uow, settings, audit, revocations, CookieMarks(sealer)),
        revocations=revocations,
        throttle=Throttle(database),
        issuer=issuer,
        audit=audit,
        openid=OpenId.of(settings, database),
        sealer=sealer,
        devices=Devices(sealer),
        tickets=Tickets(database, settings.sign_in_ticket_seconds),
        second_factors=SecondFactors(database, sealer),
        code_tries=CodeTries(database, settings),
        organisation=units,
        apps=Apps.build(database, settings, keys, issuer, units),
    )


async def _first_account(context: Context, health: Health) -> None:
    """The duty that sees to the first account, however long the database takes to come up."""
    while True:
        try:
            await ensure_first_account(context)
            health.report(FIRST_ACCOUNT, True)
            return
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("waiting for the database: %s", type(error).__name__)
            await asyncio.sleep(0.5)
