"""What an app may do at this moment. Invariant: whatever is taken from an app is gone within a second, everywhere.

Apps, keys and positions are looked up again after ``client_memory_seconds``; the process that makes a change forgets
at once. While the database is away nobody can take anything from an app either, and what was known lately holds.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from gateway.auth.tokens import Subject, TokenIssuer
from gateway.clients.client import Client
from gateway.clients.credentials import ClientCredentials, Credential
from gateway.clients.grants import scopes_beyond, scopes_within
from gateway.clients.store import Clients
from gateway.lookups import Lookups
from gateway.settings import GatewaySettings
from services.chassis.auth import HeldPosition, Principal
from services.projections.organisation import Organisation

REMEMBERED = 4096
OUTAGE_SECONDS = 30.0
"""So long what was known goes on while the database does not answer."""
TOKEN_SECONDS = 60.0
"""An internal token is used this long, so that services need not verify a new one with every request."""


@dataclass(frozen=True)
class Standing:
    """An app that has shown a key or secret of its own, with the positions it stands in now."""

    client: Client
    credential: Credential
    positions: tuple[HeldPosition, ...]

    @property
    def grants(self) -> frozenset[str]:
        """What both the app and what it has shown are given."""
        given = frozenset[str](self.client.grants)
        return given if self.credential.grants is None else given & frozenset(self.credential.grants)

    def works(self, at: datetime) -> bool:
        """Whether the app is on, and what it has shown opens anything."""
        return self.client.active and self.credential.works(at)

    def subject(self, grants: frozenset[str]) -> Subject:
        """Whom the internal token speaks for."""
        return Subject(
            person_id=self.client.id,
            name=self.client.shown_as,
            positions=self.positions,
            client_id=self.client.id,
            within=scopes_within(grants),
            further=scopes_beyond(grants),
        )

    def principal(self, grants: frozenset[str]) -> Principal:
        """The same, as the gateway itself sees it."""
        subject = self.subject(grants)
        return Principal(
            person_id=subject.person_id,
            name=subject.name,
            scopes=subject.scopes,
            positions=self.positions,
            client_id=subject.client_id,
        )


@dataclass(frozen=True)
class Voice:
    """An app as services will see it, and the internal token that says so."""

    principal: Principal
    token: str


class Standings:
    """Looks apps up by what they show, and remembers for a moment."""

    def __init__(
        self,
        clients: Clients,
        credentials: ClientCredentials,
        organisation: Organisation,
        issuer: TokenIssuer,
        settings: GatewaySettings,
    ) -> None:
        self._clients, self._credentials = clients, credentials
        self._organisation = organisation
        self._issuer = issuer
        self._seconds = settings.client_memory_seconds
        self._token_seconds = min(TOKEN_SECONDS, issuer.lifetime / 2)
        self._known: dict[str, tuple[float, Standing]] = {}
        self._voices: dict[tuple[str, int, frozenset[str], tuple[HeldPosition, ...]], tuple[float, Voice]] = {}
        self._lookups = Lookups[Standing | None]()
        self._changes = 0

    async def of(self, credential_id: str) -> Standing | None:
        """Who stands behind this key or secret; None for one that does not exist."""
        looked, known = self._known.get(credential_id, (float("-inf"), None))
        age = time.monotonic() - looked
        if age < self._seconds:
            return known
        look = partial(self._look, credential_id)
        return await self._lookups.ask(credential_id, look, known if age <= OUTAGE_SECONDS else None)

    def costs_a_look(self, credential_id: str) -> bool:
        """Whether this key or secret is neither known to exist nor being looked up for somebody."""
        return credential_id not in self._known and not self._lookups.under_way(credential_id)

    def forget(self, client_id: str) -> None:
        """The app has just been changed here; what is being looked up at this moment may be from before."""
        self._changes += 1
        self._lookups.ask_anew()
        self._known = {key: row for key, row in self._known.items() if row[1].client.id != client_id}

    def voice(self, standing: Standing, grants: frozenset[str]) -> Voice:
        """What speaks for the app inside."""
        moment = time.monotonic()
        key = (standing.client.id, standing.client.version, grants, standing.positions)
        until, voice = self._voices.get(key, (0.0, None))
        if voice is None or until <= moment:
            if len(self._voices) >= REMEMBERED:
                self._voices.clear()
            voice = Voice(standing.principal(grants), self._issuer.issue(standing.subject(grants)))
            self._voices[key] = (moment + self._token_seconds, voice)
        return voice

    async def _look(self, credential_id: str) -> Standing | None:
        moment, changes = time.monotonic(), self._changes
        standing = await self._read(credential_id)
        self._known.pop(credential_id, None)
        if standing and changes == self._changes:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[credential_id] = (moment, standing)
        return standing

    async def _read(self, credential_id: str) -> Standing | None:
        credential = await self._credentials.get(credential_id)
        client = await self._clients.get(credential.client_id) if credential else None
        if credential is None or client is None:
            return None
        found = [await self._organisation.position(one) for one in client.position_ids]
        held = tuple(
            HeldPosition(
                position_id=one.position_id,
                title=one.title,
                unit_id=one.unit_id,
                unit_name=one.unit_name,
                role=one.role,
            )
            for one in found
            if one
        )
        return Standing(client, credential, held)
