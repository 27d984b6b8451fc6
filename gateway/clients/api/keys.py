"""The doors of API keys."""

from fastapi import APIRouter, Response

from gateway.clients.api.door import Acting, Administrator, Ending
from gateway.clients.commands.make_credential import list_credentials, make_api_key, revoke_credential
from gateway.clients.credential_models import Credentials, MadeKey, NewKey
from gateway.context import Ctx
from services.chassis.ids import EntityId
from services.chassis.openapi import problems

router = APIRouter(prefix="/v1/clients/{client_id}/keys", tags=["gateway"])
NO_STORE = "no-store"


@router.post(
    "",
    operation_id="create_client_key",
    summary="Make an API key, shown once",
    status_code=201,
    response_model=MadeKey,
    responses=problems(401, 403, 404, 409, 422, 429),
)
async def post_key(client_id: EntityId, body: NewKey, by: Acting, context: Ctx, response: Response) -> MadeKey:
    """It goes with every request as `Authorization: Bearer lontar_…`. Only its hash is kept."""
    response.headers["Cache-Control"] = NO_STORE
    return await make_api_key(context, by, client_id, body)


@router.get(
    "",
    operation_id="list_client_keys",
    summary="An app's API keys, newest first",
    response_model=Credentials,
    responses=problems(401, 403, 404, 422, 429),
)
async def get_keys(client_id: EntityId, _: Administrator, context: Ctx) -> Credentials:
    """With their last letters, and when each was last used."""
    return Credentials(items=await list_credentials(context, client_id, "key"))


@router.delete(
    "/{key_id}",
    operation_id="revoke_client_key",
    summary="Revoke an API key",
    status_code=204,
    responses=problems(401, 403, 404, 422, 429),
)
async def delete_key(client_id: EntityId, key_id: EntityId, by: Ending, context: Ctx) -> Response:
    """It is refused with the next request; it stays in the list, marked as revoked."""
    await revoke_credential(context, by, client_id, key_id, "key")
    return Response(status_code=204)
