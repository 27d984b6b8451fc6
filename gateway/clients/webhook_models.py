"""What is said of webhooks, and told. Invariant: a secret is in the answer that made it and in no other."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.clients.credential_models import OverlapHours
from gateway.clients.examples import URL, WEBHOOK, WEBHOOK_SECRET
from gateway.clients.models import Label
from services.chassis.webhook_sender import LONGEST_URL, Failure


class NewWebhook(BaseModel):
    """Where the app wants to be told: an `https://` address."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={"examples": [{"url": URL, "label": "penerima utama"}]},
    )

    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]
    label: Label


class Renewal(BaseModel):
    """How long the secret before goes on signing beside the new one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"overlap_hours": 24}]})

    overlap_hours: OverlapHours = 24


class WebhookSecretView(BaseModel):
    """A secret's last letters, and until when it signs; null for the present one."""

    model_config = ConfigDict(from_attributes=True)

    hint: str
    created_at: datetime
    expires_at: datetime | None


class WebhookView(BaseModel):
    """A webhook as it can be shown at any time."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [WEBHOOK]})

    id: str
    client_id: str
    url: str
    label: str
    secrets: list[WebhookSecretView]
    created_at: datetime


class MadeWebhook(WebhookView):
    """With its new secret (Standard Webhooks), shown in this answer alone; null where the request is repeated."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**WEBHOOK, "secret": WEBHOOK_SECRET}]})

    secret: str | None


class WebhookList(BaseModel):
    """All webhooks of an app, newest first."""

    items: list[WebhookView]


class DeliveryView(BaseModel):
    """How a trial went. `status` is null where nobody answered, `failure` where it was taken."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"message_id": "msg_01984f6e", "delivered": True, "status": 204, "seconds": 0.21, "failure": None}
            ]
        }
    )

    message_id: str
    delivered: bool
    status: int | None
    seconds: float
    failure: Failure | None
