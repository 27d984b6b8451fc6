"""How the house is, in words. Invariant: who has no right to numbers gets none, and words are for people."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from gateway.status.judging import State
from gateway.status.watching import Condition, Snapshot

ServiceName = Literal["gateway", "intake", "routing", "disposition", "schedule", "notify"]
NAMES: dict[str, str] = {
    "gateway": "Pintu masuk dan akun",
    "intake": "Penerimaan surat",
    "routing": "Penyaluran dan pelacakan surat",
    "disposition": "Disposisi",
    "schedule": "Agenda pimpinan",
    "notify": "Pemberitahuan",
}
LABELS: dict[State, str] = {
    "up": "Berjalan normal",
    "degraded": "Terganggu sebagian",
    "down": "Tidak dapat dihubungi",
}
SENTENCES: dict[State, str] = {
    "up": "Semua layanan berjalan normal.",
    "degraded": "Sebagian layanan terganggu.",
    "down": "Layanan tidak dapat dihubungi.",
}


class ServiceNumbers(BaseModel):
    """What operators go by. `null` is what could not be found out."""

    reasons: list[str] = Field(description="Why it is not up: `unreachable`, `events_late`, `part:relay` and so on.")
    backlog: int | None = Field(description="Events not yet sent and messages not yet handled, together.")
    events_pending: int | None
    oldest_pending_seconds: float | None = Field(description="Of the events not yet sent.")
    messages_waiting: int | None
    messages_parked: int | None = Field(description="Messages that wait for an operator.")
    parts: dict[str, bool]
    started_at: datetime | None


class ServiceStatus(BaseModel):
    """One service. `numbers` are for auditors and administrators of the regency, `null` for all others."""

    service: ServiceName
    name: str = Field(description="What it does, in Bahasa Indonesia.")
    state: State
    label: str = Field(description="The state, in Bahasa Indonesia.")
    since: datetime = Field(description="Since when it is in this state.")
    numbers: ServiceNumbers | None


class Status(BaseModel):
    """The whole house as it was seen a few seconds ago at most."""

    state: State
    label: str
    at: datetime
    services: list[ServiceStatus]


def view(snapshot: Snapshot, *, numbers: bool) -> Status:
    """The snapshot in words."""
    return Status(
        state=snapshot.state,
        label=SENTENCES[snapshot.state],
        at=snapshot.at,
        services=[_service(condition, numbers=numbers) for condition in snapshot.conditions],
    )


def _service(condition: Condition, *, numbers: bool) -> ServiceStatus:
    state = condition.judgement.state
    return ServiceStatus.model_validate(
        {
            "service": condition.service,
            "name": NAMES[condition.service],
            "state": state,
            "label": LABELS[state],
            "since": condition.since,
            "numbers": _numbers(condition) if numbers else None,
        }
    )


def _numbers(condition: Condition) -> ServiceNumbers:
    told = condition.vitals
    queues = told.queues if told else None
    pending = told.pending if told else None
    counted = [number for number in (pending, queues.waiting if queues else None) if number is not None]
    return ServiceNumbers(
        reasons=list(condition.judgement.reasons),
        backlog=sum(counted) if counted else None,
        events_pending=pending,
        oldest_pending_seconds=told.oldest_pending_seconds if told else None,
        messages_waiting=queues.waiting if queues else None,
        messages_parked=queues.parked if queues else None,
        parts=told.parts if told else {},
        started_at=told.started_at if told else None,
    )
