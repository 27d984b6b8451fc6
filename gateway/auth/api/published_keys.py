"""The door of the public keys."""

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from gateway.context import Ctx

router = APIRouter(tags=["gateway"])


@router.get("/.well-known/jwks.json", include_in_schema=False)
async def jwks(context: Ctx) -> Response:
    """The public keys, for services and for clients that verify tokens themselves."""
    return JSONResponse(context.keys.jwks(), headers={"Cache-Control": "public, max-age=60"})
