"""The open doors of it: to a provider, back, and what an app does next."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from gateway.audit.origin import From
from gateway.auth.answer import APPS, PORTALS, admit
from gateway.auth.cookies import require_safe_way
from gateway.auth.models import Tokens
from gateway.auth.oidc import browser, proving
from gateway.auth.oidc.addresses import own_path
from gateway.auth.oidc.attempts import Attempt, Errand
from gateway.auth.oidc.models import Handover, ProviderList, ProviderView
from gateway.auth.oidc.providers import Provider
from gateway.auth.oidc.signing_in import signed
from gateway.context import Context, Ctx
from services.chassis.errors import ServiceError, unprocessable
from services.chassis.openapi import problems

router = APIRouter(prefix="/v1/auth/oidc", tags=["gateway"])
Word = Annotated[str | None, Query(max_length=4096)]
WELCOME = "Anda sudah masuk. Halaman berikutnya terbuka dengan sendirinya."
ONE_MORE_STEP = "Satu langkah lagi. Halaman berikutnya terbuka dengan sendirinya."
SEE_OTHER = {"description": "To the address in `Location`", "content": {}}
LEADS_ON = {"description": "Signed in: a page that leads on", "content": {"text/html": {"schema": {"type": "string"}}}}


@router.get(
    "/providers",
    operation_id="list_oidc_providers",
    summary="By which providers one may sign in",
    response_model=ProviderList,
    responses=problems(429),
)
async def providers(context: Ctx) -> ProviderList:
    """For the buttons of a sign-in page; empty where none is set."""
    views = [
        ProviderView(name=one.name, title=one.title, start=f"/v1/auth/oidc/start?provider={one.name}")
        for one in context.openid.providers.all()
    ]
    return ProviderList(items=views)


@router.get(
    "/start",
    operation_id="start_oidc_sign_in",
    summary="Go to a provider to sign in",
    status_code=303,
    response_class=Response,
    responses={303: SEE_OTHER, **problems(400, 404, 422, 429, 503)},
)
async def start(
    request: Request,
    context: Ctx,
    provider: Annotated[str | None, Query(max_length=30, description="May be left out where there is but one.")] = None,
    return_to: Annotated[str, Query(max_length=500, description="For a browser: the page to come back to.")] = "/",
    redirect_uri: Annotated[
        str | None, Query(max_length=500, description="For an app: where it gets its code, as the operator has set it.")
    ] = None,
    code_challenge: Annotated[
        str | None, Query(pattern=r"^[A-Za-z0-9_-]{43}$", description="For an app: S256 of its verifier (RFC 7636).")
    ] = None,
    state: Annotated[str | None, Query(max_length=200, description="For an app: given back to it.")] = None,
) -> Response:
    """A browser comes back signed in, with cookies. An app comes back with a code for `/v1/auth/oidc/token`."""
    errand = None
    try:
        chosen = context.openid.providers.named(provider) if provider else context.openid.providers.only()
        if (redirect_uri is None) != (code_challenge is None):
            raise unprocessable("challenge_needed", "redirect_uri dan code_challenge harus diberikan bersama.")
        if redirect_uri is None:
            require_safe_way(request.scope, allowed=context.settings.cookies_without_https)
            errand = Errand(provider=chosen.name, back_to=own_path(return_to))
        else:
            back_to = context.openid.providers.redirects.check(redirect_uri)
            errand = Errand(provider=chosen.name, back_to=back_to, challenge=code_challenge, state=state)
        attempt, url = await proving.begin(context, chosen, errand)
    except ServiceError as refusal:
        return _refused(context, request, errand, refusal)
    return browser.leave(request.scope, attempt, url)


@router.get(
    "/callback/{provider}",
    operation_id="finish_oidc_sign_in",
    summary="Where a provider sends the browser back to",
    response_class=Response,
    responses={200: LEADS_ON, 303: SEE_OTHER, **problems(400, 401, 403, 404, 422, 429)},
)
async def callback(
    request: Request,
    provider: str,
    context: Ctx,
    came: From,
    state: Word = None,
    code: Word = None,
    iss: Word = None,
    error: Word = None,
) -> Response:
    """Only of use to the browser that began the sign-in, once, within ten minutes."""
    given = {"state": state, "code": code, "iss": iss, "error": error}
    said = {name: value for name, value in given.items() if value is not None}
    attempt = None
    try:
        chosen = context.openid.providers.named(provider)
        attempt = await _attempt(context, request, chosen, said)
        proven = await proving.prove(context, chosen, attempt, said, came)
        if attempt.errand.challenge:
            handover = await context.openid.handovers.give(proven, attempt.errand.challenge)
            answer = browser.to_app(attempt.errand, context.openid.providers.public_url, {"code": handover})
        else:
            who = await signed(context, proven, came)
            answer = browser.onward(context.openid.providers.public_url, attempt.errand.back_to, WELCOME)
            await admit(context, who, request, answer, staying=PORTALS)
    except ServiceError as refusal:
        answer = _refused(context, request, attempt.errand if attempt else None, refusal)
    return browser.forget(request.scope, answer, attempt.state) if attempt else answer


@router.post(
    "/token",
    operation_id="redeem_oidc_code",
    summary="Swap the code an app got for tokens",
    response_model=Tokens,
    responses=problems(401, 403, 422, 429),
)
async def token(body: Handover, request: Request, response: Response, context: Ctx, came: From) -> Tokens:
    """As after a password, 401 `second_factor_required` carries a ticket where the house asks for its own factor."""
    response.headers["Cache-Control"] = "no-store"
    proven = await context.openid.handovers.take(body.code.get_secret_value(), body.code_verifier.get_secret_value())
    answer = await admit(context, await signed(context, proven, came), request, response, staying=APPS)
    assert isinstance(answer, Tokens)  # noqa: S101 - apps get tokens
    return answer


async def _attempt(context: Context, request: Request, provider: Provider, said: dict[str, str]) -> Attempt:
    """The attempt this browser began; 400 where it began none, or where something was said twice."""
    state = said.get("state", "")
    names = [name for name, _ in request.query_params.multi_items()]
    attempt = None
    if state and len(names) == len(set(names)):
        secret = browser.secret_of(request, state)
        attempt = await context.openid.attempts.take(state, provider.name, secret)
    if attempt is None:
        detail = "Proses masuk ini tidak dimulai di peramban ini, atau sudah selesai. Silakan mulai lagi."
        raise ServiceError(400, "attempt_unknown", detail)
    return attempt


def _refused(context: Context, request: Request, errand: Errand | None, error: ServiceError) -> Response:
    """The refusal for whoever began: an app, a person's browser, or something else that asks."""
    public_url = context.openid.providers.public_url
    if errand and errand.challenge:
        return browser.refused_to_app(errand, public_url, error)
    if errand and "ticket" in error.extra:
        further = {"sign_in": error.code, "ticket": str(error.extra["ticket"])}
        return browser.onward(public_url, errand.back_to, ONE_MORE_STEP, further)
    if browser.wants_page(request):
        return browser.refusal(error, errand)
    raise error
