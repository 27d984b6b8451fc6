"""``python -m gateway.resealing``: for operators. Seals whatever is sealed at rest anew, with the present key.

Invariant: what cannot be opened stays as it is and is named, so it can be run any number of times and beside running
gateways that have the present key. When nothing was named the former key is needed no more.
"""

import asyncio
import sys
from dataclasses import dataclass, field

from pydantic import ValidationError

from gateway.auth import second_factors
from gateway.auth.sealing import SealBroken, Sealer
from gateway.clients import webhooks
from gateway.settings import GatewaySettings
from services.chassis.clock import now
from services.chassis.mongo import Database, Document, connect


@dataclass
class Tally:
    """What was found. ``lost`` are words for an operator."""

    anew: int = 0
    already: int = 0
    lost: list[str] = field(default_factory=list)

    def count(self, before: str, after: str) -> None:
        """A text that could be opened."""
        if before == after:
            self.already += 1
        else:
            self.anew += 1


async def reseal(database: Database, sealer: Sealer) -> Tally:
    """Go through all of it; 503 ``not_configured`` without a key to seal with."""
    sealer.require()
    tally = Tally()
    factors = database[second_factors.COLLECTION]
    async for row in factors.find({}, {"secret": 1, "waiting.secret": 1}):
        await _second_factor(database, sealer, row, tally)
    hooks = database[webhooks.Webhooks.WEBHOOKS]
    async for row in hooks.find({}, {"_id": 1}):
        while not await _webhook(database, sealer, row["_id"], tally):
            pass
    return tally


async def _second_factor(database: Database, sealer: Sealer, row: Document, tally: Tally) -> None:
    """The secret that holds, and one that waits; whoever changes either meanwhile has sealed it by the present key."""
    rows, account_id = database[second_factors.COLLECTION], row["_id"]
    for name, sealed in (("secret", row.get("secret")), ("waiting.secret", (row.get("waiting") or {}).get("secret"))):
        if sealed is None:
            continue
        try:
            fresh = sealer.renewed(sealed, second_factors.purpose_of(account_id))
        except SealBroken:
            if name == "secret":  # what waits counts for nothing, and for an hour at most
                tally.lost.append(f"the second factor of account {account_id}")
            continue
        if fresh != sealed:
            await rows.update_one({"_id": account_id, name: sealed}, {"$set": {name: fresh}})
        tally.count(sealed, fresh)


async def _webhook(database: Database, sealer: Sealer, webhook_id: str, tally: Tally) -> bool:
    """The secrets that sign, of which a renewal makes the present one a former one; False where one was sooner."""
    rows, at = database[webhooks.Webhooks.WEBHOOKS], now()
    row = await rows.find_one({"_id": webhook_id})
    if row is None:
        return True
    found = Tally()
    secrets = []
    for one in row["secrets"]:
        fresh = one["sealed"]
        if one.get("expires_at") is None or at < one["expires_at"]:
            try:
                fresh = sealer.renewed(one["sealed"], webhooks.purpose_of(webhook_id))
                found.count(one["sealed"], fresh)
            except SealBroken:
                found.lost.append(f"a secret of webhook {webhook_id}")
        secrets.append({**one, "sealed": fresh})
    if found.anew:
        same = {"_id": webhook_id, "version": row["version"]}
        if not (await rows.update_one(same, {"$set": {"secrets": secrets}})).matched_count:
            return False
    tally.anew, tally.already = tally.anew + found.anew, tally.already + found.already
    tally.lost += found.lost
    return True


async def _run(settings: GatewaySettings) -> Tally:
    database = connect(settings.mongo_url.get_secret_value(), settings.mongo_database, pool=2)
    return await reseal(database, Sealer(settings))


def main() -> None:
    """Say what was done; exit 1 where something could not be opened."""
    try:
        settings = GatewaySettings.load("gateway")
        if settings.sealing_key is None:
            raise SystemExit("gateway: there is no key to seal with; set LONTAR_GATEWAY_SEALING_KEY.")
        tally = asyncio.run(_run(settings))
    except (ValidationError, OSError, ValueError) as error:
        raise SystemExit(f"gateway: the settings are incomplete: {error}") from None
    sys.stdout.write(f"{tally.anew} sealed anew, {tally.already} were sealed by the present key already.\n")
    for words in tally.lost:
        sys.stderr.write(f"Cannot be opened: {words}\n")
    if tally.lost:
        raise SystemExit("Keep the former key, or find the one before it: what it has sealed opens with it alone.")


if __name__ == "__main__":
    main()
