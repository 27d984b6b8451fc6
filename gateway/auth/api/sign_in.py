"""The doors of signing in."""

from fastapi import APIRouter, Request, Response

from gateway.auth import sign_in
from gateway.auth.models import SignIn, Tokens
from gateway.context import Ctx
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])


@router.post(
    "/v1/auth/token",
    operation_id="sign_in",
    summary="Sign in with name and password",
    response_model=Tokens,
    responses=problems(401, 422, 429),
)
async def token(body: SignIn, request: Request, response: Response, context: Ctx) -> Tokens:
    """Get tokens. After several failures from one address the account must wait there, and only there."""
    response.headers["Cache-Control"] = "no-store"
    address = request.client.host if request.client else "unknown"
    return await sign_in.sign_in(context, body.username, body.password.get_secret_value(), address)
