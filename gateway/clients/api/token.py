"""The door where an app swaps its secret for a token (RFC 6749, section 4.4)."""

from typing import Any

from fastapi import APIRouter, Request, Response

from gateway.audit.origin import From
from gateway.clients.commands.client_token import FORM, MOST_FIELDS, NO_STORE, asked_in, client_token
from gateway.clients.examples import CLIENT_ID, CLIENT_SECRET
from gateway.clients.grants import SCOPE
from gateway.clients.token_models import ClientToken
from gateway.context import Ctx
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "additionalProperties": {"type": "string"},
                    "maxProperties": MOST_FIELDS,
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_id": {"type": "string", "description": "Unless given by HTTP Basic."},
                        "client_secret": {"type": "string", "description": "Unless given by HTTP Basic."},
                        "scope": {
                            "type": "string",
                            "pattern": SCOPE,
                            "description": "Grants with spaces between; all where absent.",
                        },
                    },
                },
                "example": {
                    "grant_type": "client_credentials",
                    "client_id": CLIENT_ID,
                    "client_secret": CLIENT_SECRET,
                    "scope": "letters:read",
                },
            }
        },
    }
}


@router.post(
    "/v1/auth/client-token",
    operation_id="get_client_token",
    summary="Get a token for an app's secret",
    response_model=ClientToken,
    responses=problems(400, 401, 413, 429),
    openapi_extra=_FORM,
)
async def post_token(request: Request, response: Response, context: Ctx, origin: From) -> ClientToken:
    """Client credentials, by HTTP Basic or in the form. Refusals carry `error` as OAuth clients expect it."""
    headers = request.headers
    asked = asked_in(await request.body(), headers.get("content-type", ""), headers.get("authorization"))
    response.headers.update(NO_STORE)
    return await client_token(context, asked, origin)
