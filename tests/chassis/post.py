"""A small service of the tests' own: one route that commits an event, one handler that reads it."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from opentelemetry import trace
from pydantic import BaseModel

from services.chassis.auth import Caller, KeySource
from services.chassis.bus.consumer import Received, Subscription
from services.chassis.ids import new_id
from services.chassis.service import Foundation, Service, assemble
from services.chassis.settings import Settings
from services.chassis.uow import Transaction
from tests.chassis.sample import ParcelSent


class ParcelIn(BaseModel):
    note: str = ""


router = APIRouter()


@router.post("/v1/parcels", status_code=201)
async def send_parcel(request: Request, body: ParcelIn, caller: Caller) -> dict[str, str]:
    """Commit one parcel and its event."""
    context: Post = request.app.state.context
    parcel = new_id()

    async def work(transaction: Transaction) -> None:
        transaction.publish(ParcelSent(parcel_id=parcel, note=body.note), seq=1)

    await context.foundation.uow.run(work)
    return {"id": parcel}


@router.get("/v1/slow")
async def slow(request: Request) -> dict[str, str]:
    """Answer after a while."""
    context: Post = request.app.state.context
    context.slow.set()
    await asyncio.sleep(0.5)
    return {"answer": "slow"}


class Post:
    """The service with what its handler has seen."""

    def __init__(self, settings: Settings, keys: KeySource) -> None:
        self.foundation = Foundation.lay(settings, keys)
        self.delivered: list[str] = []
        self.traces: list[str] = []
        self.slow = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()
        self.begun: list[str] = []

    async def on_parcel_sent(self, event: ParcelSent, received: Received, transaction: Transaction) -> None:
        self.begun.append(event.parcel_id)
        await self.hold.wait()
        self.traces.append(f"{trace.get_current_span().get_span_context().trace_id:032x}")
        self.delivered.append(event.parcel_id)

    def assembled(self, **options: Any) -> Service:
        return assemble(
            self.foundation,
            title="Post",
            context=self,
            routers=[router],
            subscriptions=[Subscription(ParcelSent, "post.parcel", self.on_parcel_sent)],
            indexes={},
            **options,
        )
