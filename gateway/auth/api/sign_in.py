"""The doors of signing in, a step each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.auth import sign_in
from gateway.auth.answer import admit, check_staying
from gateway.auth.models import NextPassword, SignIn, Tokens
from gateway.auth.second_factor_models import SetUpView, ShowCode, ShowTicket
from gateway.auth.session_models import PortalSession, Staying
from gateway.auth.signed import Signed
from gateway.auth.visitor import Arriving, Visitor
from gateway.context import Context, Ctx
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])
STEP = problems(400, 401, 403, 422, 429, 503)


class Step:
    """One step of a sign-in, and how it is answered once nothing is missing."""

    def __init__(self, request: Request, response: Response, visitor: Arriving, context: Ctx) -> None:
        response.headers["Cache-Control"] = "no-store"
        self._request, self._response = request, response
        self.visitor: Visitor = visitor
        self.context: Context = context

    async def check(self, staying: Staying) -> None:
        """Refuse what could not be answered, before anything is looked at."""
        await check_staying(self.context, self._request, staying)

    async def admit(self, signed: Signed, staying: Staying) -> Tokens | PortalSession:
        """A session for them; their device is known from now on."""
        answer = await admit(self.context, signed, self._request, self._response, staying=staying)
        self.context.devices.remember(self._response, self.visitor, signed.account.username)
        return answer


ThisStep = Annotated[Step, Depends(Step)]


@router.post(
    "/v1/auth/token",
    operation_id="sign_in",
    summary="Sign in with name and password",
    response_model=Tokens | PortalSession,
    responses=STEP,
)
async def token(body: SignIn, step: ThisStep) -> Tokens | PortalSession:
    """Get tokens, or a browser's cookies. Where something is missing still, a 401 says what and holds a `ticket` for
    that step: `second_factor_required`, `second_factor_set_up_required`, `password_change_required`.

    After several failures the account must wait where they came from, and only there. The cookie `lontar_device` makes
    this device a known one, whose turn comes before strangers'.
    """
    await step.check(body)
    signed = await sign_in.sign_in(step.context, step.visitor, body.username, body.password.get_secret_value())
    return await step.admit(signed, body)


@router.post(
    "/v1/auth/second-factor",
    operation_id="show_second_factor",
    summary="The second step: a code",
    response_model=Tokens | PortalSession,
    responses=STEP,
)
async def second_factor(body: ShowCode, step: ThisStep) -> Tokens | PortalSession:
    """With the ticket of the step before. A code opens once; five wrong ones void the ticket."""
    await step.check(body)
    return await step.admit(await sign_in.show_code(step.context, step.visitor, body.ticket, body.code), body)


@router.post(
    "/v1/auth/second-factor/set-up",
    operation_id="set_up_second_factor_first",
    summary="Set up the second factor an account must have, before signing in",
    response_model=SetUpView,
    responses=problems(401, 422, 429, 503),
)
async def set_up(body: ShowTicket, step: ThisStep) -> SetUpView:
    """The first code of the app is then shown as the second step, with the same ticket."""
    return SetUpView.of(await sign_in.begin_set_up(step.context, body.ticket))


@router.post(
    "/v1/auth/new-password",
    operation_id="choose_password",
    summary="Choose a password in place of a one-time one",
    response_model=Tokens | PortalSession,
    responses=problems(400, 401, 403, 409, 422, 429, 503),
)
async def new_password(body: NextPassword, step: ThisStep) -> Tokens | PortalSession:
    """With the ticket of the step before; where the new password is refused, try another with the same ticket."""
    await step.check(body)
    password = body.new_password.get_secret_value()
    return await step.admit(await sign_in.choose_password(step.context, step.visitor, body.ticket, password), body)
