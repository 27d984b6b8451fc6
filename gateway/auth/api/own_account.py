"""The doors of one's own account."""

from fastapi import APIRouter, Response

from gateway.audit.origin import From
from gateway.auth import own_account
from gateway.auth.models import ChangePassword
from gateway.auth.second_factor_models import (
    ConfirmCode,
    ProveBoth,
    ProvePassword,
    RecoveryCodes,
    SecondFactorView,
    SetUpView,
)
from gateway.context import Ctx
from gateway.credentials import Caller
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])
PROVING = problems(401, 403, 409, 422, 429, 503)


@router.put(
    "/v1/me/password",
    operation_id="change_own_password",
    summary="Change one's password",
    status_code=204,
    responses=problems(401, 403, 404, 409, 422, 429, 503),
)
async def change_password(body: ChangePassword, caller: Caller, context: Ctx, origin: From) -> Response:
    """The old one is needed; every other session of the account ends. Fifteen characters, of any kind; eight beside a
    second factor. Links to providers stay ways in: see `/v1/me/oidc-links`.
    """
    old, new = body.old_password.get_secret_value(), body.new_password.get_secret_value()
    await own_account.change_password(context, caller, origin, old, new)
    return Response(status_code=204)


@router.get(
    "/v1/me/second-factor",
    operation_id="own_second_factor",
    summary="Whether one has a second factor",
    response_model=SecondFactorView,
    responses=problems(401, 403, 429, 503),
)
async def standing(caller: Caller, context: Ctx) -> SecondFactorView:
    """Since when, and how many recovery codes are left."""
    found, demanded = await own_account.standing(context, caller)
    left = found.recovery_codes_left if found else 0
    return SecondFactorView(
        active=found is not None, since=found.since if found else None, recovery_codes_left=left, demanded=demanded
    )


@router.post(
    "/v1/me/second-factor",
    operation_id="set_up_own_second_factor",
    summary="Begin to set up a second factor",
    response_model=SetUpView,
    responses=PROVING,
)
async def begin(body: ProvePassword, caller: Caller, context: Ctx, origin: From, response: Response) -> SetUpView:
    """A secret for an authenticator app (RFC 6238), and ten recovery codes. They hold once a code is confirmed."""
    response.headers["Cache-Control"] = "no-store"
    password = body.password.get_secret_value()
    return SetUpView.of(await own_account.begin_second_factor(context, caller, origin, password, body.code))


@router.post(
    "/v1/me/second-factor/confirm",
    operation_id="confirm_own_second_factor",
    summary="Show that the app has it, or that new recovery codes have arrived",
    status_code=204,
    responses=problems(401, 403, 422, 429, 503),
)
async def confirm(body: ConfirmCode, caller: Caller, context: Ctx, origin: From) -> Response:
    """With a code of the app: from now on every sign-in with the password asks for one. With one of the new recovery
    codes: from now on they hold in place of those before, this one too.
    """
    await own_account.confirm_second_factor(context, caller, origin, body.code)
    return Response(status_code=204)


@router.post(
    "/v1/me/second-factor/remove",
    operation_id="remove_own_second_factor",
    summary="Do without a second factor",
    status_code=204,
    responses=PROVING,
)
async def remove(body: ProveBoth, caller: Caller, context: Ctx, origin: From) -> Response:
    """With password and code. Refused where the account must have one, or the password is too short to stand alone."""
    await own_account.remove_second_factor(context, caller, origin, body.password.get_secret_value(), body.code)
    return Response(status_code=204)


@router.post(
    "/v1/me/second-factor/recovery-codes",
    operation_id="renew_own_recovery_codes",
    summary="Get new recovery codes",
    response_model=RecoveryCodes,
    responses=PROVING,
)
async def renew(body: ProveBoth, caller: Caller, context: Ctx, origin: From, response: Response) -> RecoveryCodes:
    """Ten new ones, shown now and never again. Those before hold until one of the new is shown to
    `/v1/me/second-factor/confirm`, within an hour: an answer that is lost costs nobody their codes.
    """
    response.headers["Cache-Control"] = "no-store"
    password = body.password.get_secret_value()
    codes = await own_account.renew_recovery_codes(context, caller, origin, password, body.code)
    return RecoveryCodes(recovery_codes=codes)
