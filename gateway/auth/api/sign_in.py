"""The doors of signing in."""

from fastapi import APIRouter, Request, Response

from gateway.auth import sign_in
from gateway.auth.answer import admit, check_staying
from gateway.auth.models import SignIn, Tokens
from gateway.auth.session_models import PortalSession
from gateway.context import Ctx
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])


@router.post(
    "/v1/auth/token",
    operation_id="sign_in",
    summary="Sign in with name and password",
    response_model=Tokens | PortalSession,
    responses=problems(400, 401, 403, 422, 429, 503),
)
async def token(body: SignIn, request: Request, response: Response, context: Ctx) -> Tokens | PortalSession:
    """Get tokens, or a browser's cookies. After several failures from one address the account must wait there, and
    only there.
    """
    response.headers["Cache-Control"] = "no-store"
    await check_staying(context, request, body)
    address = request.client.host if request.client else "unknown"
    account = await sign_in.sign_in(context, body.username, body.password.get_secret_value(), address)
    return await admit(context, account, request, response, via="password", second_factor=False, staying=body)
