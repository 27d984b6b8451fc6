"""The parts that have to do with apps. Invariant: built once, never changed."""

from dataclasses import dataclass
from typing import Self

from gateway.auth.keys import KeyRing
from gateway.auth.tokens import TokenIssuer
from gateway.clients.app_tokens import AppTokens
from gateway.clients.credentials import ClientCredentials
from gateway.clients.reader import ClientReader
from gateway.clients.standing import Standings
from gateway.clients.store import Clients
from gateway.clients.usage import Usage
from gateway.clients.webhooks import Webhooks
from gateway.settings import GatewaySettings
from services.chassis.mongo import Database
from services.chassis.webhook_sender import WebhookSender
from services.projections.organisation import Organisation

INDEXES = Clients.INDEXES | ClientCredentials.INDEXES | Usage.INDEXES | Webhooks.INDEXES


@dataclass(frozen=True)
class Apps:
    """Stores, tokens, counters, the way out to webhooks; ``reader`` knows what apps show at the door."""

    clients: Clients
    credentials: ClientCredentials
    webhooks: Webhooks
    standings: Standings
    tokens: AppTokens
    usage: Usage
    sender: WebhookSender
    reader: ClientReader

    @classmethod
    def build(
        cls,
        database: Database,
        settings: GatewaySettings,
        keys: KeyRing,
        issuer: TokenIssuer,
        organisation: Organisation,
    ) -> Self:
        """From the gateway's other parts."""
        clients, credentials = Clients(database), ClientCredentials(database)
        standings = Standings(clients, credentials, organisation, issuer, settings)
        tokens, usage = AppTokens(keys, settings), Usage(database, credentials, settings)
        return cls(
            clients=clients,
            credentials=credentials,
            webhooks=Webhooks(database),
            standings=standings,
            tokens=tokens,
            usage=usage,
            sender=WebhookSender(
                seconds=settings.webhook_seconds, private=settings.webhook_private, ca=settings.webhook_ca
            ),
            reader=ClientReader(standings, tokens, usage),
        )

    async def close(self) -> None:
        """Write the last counts, close every connection."""
        await self.usage.close()
        await self.sender.close()
