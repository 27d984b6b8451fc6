"""The doors of client secrets, which apps swap for tokens."""

from fastapi import APIRouter, Response

from gateway.clients.api.door import Acting, Administrator, Ending
from gateway.clients.api.keys import NO_STORE
from gateway.clients.commands.make_credential import list_credentials, make_secret, revoke_credential
from gateway.clients.credential_models import Credentials, MadeSecret, NewSecret
from gateway.context import Ctx
from services.chassis.ids import EntityId
from services.chassis.openapi import problems

router = APIRouter(prefix="/v1/clients/{client_id}/secrets", tags=["gateway"])


@router.post(
    "",
    operation_id="create_client_secret",
    summary="Make a client secret, shown once; those before it end after an overlap",
    status_code=201,
    response_model=MadeSecret,
    responses=problems(401, 403, 404, 409, 422, 429),
)
async def post_secret(client_id: EntityId, body: NewSecret, by: Acting, context: Ctx, response: Response) -> MadeSecret:
    """The app gets tokens for it at `POST /v1/auth/client-token`. Only its hash is kept."""
    response.headers["Cache-Control"] = NO_STORE
    return await make_secret(context, by, client_id, body)


@router.get(
    "",
    operation_id="list_client_secrets",
    summary="An app's client secrets, newest first",
    response_model=Credentials,
    responses=problems(401, 403, 404, 422, 429),
)
async def get_secrets(client_id: EntityId, _: Administrator, context: Ctx) -> Credentials:
    """With their last letters, and when each was last used."""
    return Credentials(items=await list_credentials(context, client_id, "secret"))


@router.delete(
    "/{secret_id}",
    operation_id="revoke_client_secret",
    summary="Revoke a client secret and the tokens got for it",
    status_code=204,
    responses=problems(401, 403, 404, 422, 429),
)
async def delete_secret(client_id: EntityId, secret_id: EntityId, by: Ending, context: Ctx) -> Response:
    """Both are refused with the next request; the secret stays in the list, marked as revoked."""
    await revoke_credential(context, by, client_id, secret_id, "secret")
    return Response(status_code=204)
