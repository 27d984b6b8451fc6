"""An app's webhooks: named, their secrets renewed, tried. Invariant: what leaves the house is signed.

A trial tells only whether it was taken: what the receiver answers is nobody's window into another network.
"""

from datetime import timedelta

import orjson

from gateway.auth.sealing import SealBroken
from gateway.clients.commands.acting import By, record, the_client
from gateway.clients.webhook_models import DeliveryView, MadeWebhook, NewWebhook, Renewal, WebhookView
from gateway.clients.webhooks import Webhook, WebhookSecret, purpose_of
from gateway.context import Context
from services.chassis.clock import now
from services.chassis.errors import conflict, not_found
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document, Session, clash
from services.chassis.uow import Transaction
from services.chassis.webhook_sender import checked_url
from services.chassis.webhooks import new_secret, signed_headers

MOST_WEBHOOKS = 10
TRIAL = "id.lontar.gateway.webhook.tried.v1"


async def name_webhook(context: Context, by: By, client_id: str, wanted: NewWebhook) -> MadeWebhook:
    """A webhook with its first secret, shown once."""
    context.sealer.require()
    await the_client(context, client_id)
    url = checked_url(wanted.url, private=context.settings.webhook_private)
    webhook_id, secret = new_id(), new_secret()
    webhook = Webhook(
        id=webhook_id,
        client_id=client_id,
        url=url,
        label=wanted.label,
        secrets=(_sealed(context, webhook_id, secret),),
        created_at=now(),
    )

    async def act(tx: Transaction) -> Document:
        if len(await context.apps.webhooks.of_client(client_id, tx.session)) >= MOST_WEBHOOKS:
            raise conflict("too_many_webhooks", f"Aplikasi ini sudah memiliki {MOST_WEBHOOKS} webhook.")
        await context.apps.webhooks.add(webhook, tx.session)
        await _note(context, by, "client.webhook_named", webhook, tx.session)
        return WebhookView.model_validate(webhook).model_dump(mode="json")

    request = fingerprint("webhook", client_id, wanted.model_dump(mode="json", exclude_unset=True))
    answer, repeated = await context.acts.run(by.caller.person_id, by.key, request, act)
    return MadeWebhook(**answer, secret=None if repeated else secret)


async def renew_secret(context: Context, by: By, client_id: str, webhook_id: str, wanted: Renewal) -> MadeWebhook:
    """A new secret, shown once; the one before signs beside it until the overlap is over."""
    context.sealer.require()
    secret = new_secret()
    fresh = _sealed(context, webhook_id, secret)

    async def act(tx: Transaction) -> Document:
        webhook = await the_webhook(context, client_id, webhook_id, tx.session)
        renewed = webhook.renewed(fresh, tx.now + timedelta(hours=wanted.overlap_hours))
        if not await context.apps.webhooks.replace(renewed, tx.session):
            raise clash("the webhook was changed meanwhile")
        await _note(context, by, "client.webhook_secret_renewed", webhook, tx.session)
        return WebhookView.model_validate(renewed).model_dump(mode="json")

    request = fingerprint("webhook secret", webhook_id, wanted.model_dump(mode="json", exclude_unset=True))
    answer, repeated = await context.acts.run(by.caller.person_id, by.key, request, act)
    return MadeWebhook(**answer, secret=None if repeated else secret)


async def remove_webhook(context: Context, by: By, client_id: str, webhook_id: str) -> None:
    """Nothing is brought there any more; 404 where nothing was."""

    async def work(tx: Transaction) -> None:
        webhook = await the_webhook(context, client_id, webhook_id, tx.session)
        await context.apps.webhooks.remove(webhook_id, tx.session)
        await _note(context, by, "client.webhook_removed", webhook, tx.session)

    await context.uow.run(work)


async def try_webhook(context: Context, by: By, client_id: str, webhook_id: str) -> DeliveryView:
    """Bring a signed message that says nothing but that it is a trial; 409 where its sealing key is gone."""
    webhook = await the_webhook(context, client_id, webhook_id)
    at, message_id = now(), f"msg_{new_id()}"
    body = orjson.dumps({"type": TRIAL, "timestamp": at, "data": {"client_id": client_id, "webhook_id": webhook_id}})
    try:
        headers = signed_headers(message_id, at, body, webhook.keys(context.sealer, at))
    except SealBroken:
        raise conflict(
            "webhook_secret_lost", "Rahasia webhook ini tidak dapat dibaca lagi. Buatlah yang baru."
        ) from None
    await _note(context, by, "client.webhook_tried", webhook, None)
    delivery = await context.apps.sender.post(webhook.url, {**headers, "Content-Type": "application/json"}, body)
    return DeliveryView(
        message_id=message_id,
        delivered=delivery.failure is None,
        status=delivery.status,
        seconds=round(delivery.seconds, 3),
        failure=delivery.failure,
    )


async def list_webhooks(context: Context, client_id: str) -> list[WebhookView]:
    """An app's webhooks, newest first."""
    await the_client(context, client_id)
    return [WebhookView.model_validate(one) for one in await context.apps.webhooks.of_client(client_id)]


async def the_webhook(context: Context, client_id: str, webhook_id: str, session: Session | None = None) -> Webhook:
    """The webhook; 404 where the app has no such."""
    webhook = await context.apps.webhooks.get(client_id, webhook_id, session)
    if webhook is None:
        raise not_found("Webhook")
    return webhook


def _sealed(context: Context, webhook_id: str, secret: str) -> WebhookSecret:
    return WebhookSecret(sealed=context.sealer.seal(secret, purpose_of(webhook_id)), hint=secret[-4:], created_at=now())


async def _note(context: Context, by: By, kind: str, webhook: Webhook, session: Session | None) -> None:
    details = {"webhook": webhook.id, "label": webhook.label}
    await record(context, by, kind, webhook.client_id, details, session)
