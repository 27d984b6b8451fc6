"""The authorisation code flow (RFC 6749, section 4.1) with PKCE (RFC 7636), as a client. oauthlib writes and reads
what is said; nothing here keeps anything.
"""

import base64
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from gateway.auth.oidc.fetching import ProviderAway, ProviderWrong, ask
from gateway.auth.oidc.metadata import Metadata
from gateway.auth.oidc.providers import Provider


@dataclass(frozen=True)
class Issued:
    """What a code was swapped for."""

    access_token: str
    id_token: str

    def __repr__(self) -> str:
        return "Issued(...)"


def authorization_url(
    provider: Provider, metadata: Metadata, *, redirect_uri: str, state: str, nonce: str, verifier: str
) -> str:
    """Where the browser is sent to sign in."""
    client = WebApplicationClient(provider.client_id)
    further = {"acr_values": provider.acr_values} if provider.acr_values else {}
    url = urlsplit(metadata.authorization_endpoint)
    # The library takes https alone; which addresses may be http (this machine's own) was looked at before.
    written: str = client.prepare_request_uri(
        urlunsplit(url._replace(scheme="https")),
        redirect_uri=redirect_uri,
        scope=list(provider.scopes),
        state=state,
        nonce=nonce,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        **further,
    )
    return urlunsplit(urlsplit(written)._replace(scheme=url.scheme))


async def exchange(provider: Provider, metadata: Metadata, *, code: str, redirect_uri: str, verifier: str) -> Issued:
    """Swap a code for tokens; ProviderWrong where it does not work, ProviderAway where it may work later."""
    client = WebApplicationClient(provider.client_id)
    try:
        secret = provider.secret()
    except OSError as error:
        raise ProviderAway(f"its secret cannot be read: {type(error).__name__}") from None
    in_body = provider.authentication != "client_secret_basic"
    further = {"client_secret": secret.get_secret_value()} if secret and in_body else {}
    form = client.prepare_request_body(
        code=code, redirect_uri=redirect_uri, code_verifier=verifier, include_client_id=in_body, **further
    )
    headers = {"Authorization": _basic(provider.client_id, secret.get_secret_value())} if secret and not in_body else {}
    answer = await ask(metadata.token_endpoint, provider.tls, form=form, headers=headers)
    answer.json()
    try:
        token = client.parse_request_body_response(answer.body.decode())
    except OAuth2Error as error:
        raise ProviderWrong(f"it refused the code: {str(error.error)[:60]}") from None
    except (ValueError, TypeError, AttributeError):
        raise ProviderWrong("its tokens cannot be read") from None
    return _issued(answer.status, token)


def _issued(status: int, token: dict[str, object]) -> Issued:
    access_token, id_token, kind = token.get("access_token"), token.get("id_token"), token.get("token_type")
    if status != 200 or not isinstance(kind, str) or kind.lower() != "bearer":
        raise ProviderWrong("its answer is no token of a known type")
    if not isinstance(access_token, str) or not isinstance(id_token, str):
        raise ProviderWrong("it gave no ID token")
    return Issued(access_token, id_token)


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749, section 2.3.1: both are form-encoded before they are joined."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
