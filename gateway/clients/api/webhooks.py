"""The doors of webhooks."""

from fastapi import APIRouter, Response

from gateway.clients.api.door import Acting, Administrator, Ending
from gateway.clients.api.keys import NO_STORE
from gateway.clients.commands import keep_webhooks
from gateway.clients.webhook_models import DeliveryView, MadeWebhook, NewWebhook, Renewal, WebhookList
from gateway.context import Ctx
from services.chassis.ids import EntityId
from services.chassis.openapi import problems

router = APIRouter(prefix="/v1/clients/{client_id}/webhooks", tags=["gateway"])


@router.post(
    "",
    operation_id="create_client_webhook",
    summary="Name a webhook; its secret is shown once",
    status_code=201,
    response_model=MadeWebhook,
    responses=problems(401, 403, 404, 409, 422, 429),
)
async def post_webhook(
    client_id: EntityId, body: NewWebhook, by: Acting, context: Ctx, response: Response
) -> MadeWebhook:
    """No deliveries yet: so far nothing but the trial is sent.

    Messages are signed as Standard Webhooks asks. Only `https://`, to public addresses unless set otherwise.
    """
    response.headers["Cache-Control"] = NO_STORE
    return await keep_webhooks.name_webhook(context, by, client_id, body)


@router.get(
    "",
    operation_id="list_client_webhooks",
    summary="An app's webhooks, newest first",
    response_model=WebhookList,
    responses=problems(401, 403, 404, 422, 429),
)
async def get_webhooks(client_id: EntityId, _: Administrator, context: Ctx) -> WebhookList:
    """With the last letters of their secrets. No deliveries yet: so far nothing but the trial is sent to them."""
    return WebhookList(items=await keep_webhooks.list_webhooks(context, client_id))


@router.delete(
    "/{webhook_id}",
    operation_id="remove_client_webhook",
    summary="Remove a webhook",
    status_code=204,
    responses=problems(401, 403, 404, 422, 429),
)
async def delete_webhook(client_id: EntityId, webhook_id: EntityId, by: Ending, context: Ctx) -> Response:
    """Its secrets are gone with it."""
    await keep_webhooks.remove_webhook(context, by, client_id, webhook_id)
    return Response(status_code=204)


@router.post(
    "/{webhook_id}/secret",
    operation_id="renew_webhook_secret",
    summary="Renew a webhook's secret; the one before signs beside it for an overlap",
    status_code=201,
    response_model=MadeWebhook,
    responses=problems(401, 403, 404, 422, 429),
)
async def post_secret(
    client_id: EntityId, webhook_id: EntityId, body: Renewal, by: Acting, context: Ctx, response: Response
) -> MadeWebhook:
    """Shown in this answer alone. No deliveries yet: so far nothing but the trial is signed with it."""
    response.headers["Cache-Control"] = NO_STORE
    return await keep_webhooks.renew_secret(context, by, client_id, webhook_id, body)


@router.post(
    "/{webhook_id}/trial",
    operation_id="try_client_webhook",
    summary="Bring a signed trial message to a webhook",
    response_model=DeliveryView,
    responses=problems(401, 403, 404, 409, 422, 429),
)
async def post_trial(client_id: EntityId, webhook_id: EntityId, by: Ending, context: Ctx) -> DeliveryView:
    """Tells whether it was taken; what the receiver wrote is not shown. So far the only message a webhook gets."""
    return await keep_webhooks.try_webhook(context, by, client_id, webhook_id)
