"""`lontar outbox`: what each service has committed and not yet published."""

import asyncio

from deploy.cli import targets
from deploy.cli.console import table
from deploy.embedded.programs import SERVICES
from services.chassis.mongo import connect
from services.chassis.outbox import OutboxSummary, outbox_summary


def outbox() -> None:
    """Pending events and the age of the oldest, per service."""
    url = targets.need("MONGO_URL")
    found = asyncio.run(targets.reach("The database", summaries(url)))
    rows = [(service, str(summary.pending), age(summary)) for service, summary in found.items()]
    table("Outbox", ("service", "pending", "oldest"), rows)


async def summaries(url: str) -> dict[str, OutboxSummary]:
    """Every service's outbox, through the operator's account."""
    return {service: await outbox_summary(connect(url, f"lontar_{service}", pool=2)) for service in SERVICES}


def age(summary: OutboxSummary) -> str:
    """How long the oldest has waited."""
    return "-" if summary.oldest_age_s is None else f"{summary.oldest_age_s:.1f} s"
