"""A real OpenID provider on loopback, which a test can make lie.

The provider is oidc-provider-mock. Around it stands what it lacks (it takes any PKCE verifier; here a wrong one is
refused, as RFC 7636 asks) and what a test may bend: the body of an answer, or the claims of a token.
"""

import base64
import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import flask
import oidc_provider_mock
import werkzeug.serving
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Request, Response

Claims = dict[str, Any]
METADATA, TOKEN, AUTHORIZE = "/.well-known/openid-configuration", "/oauth2/token", "/oauth2/authorize"


@dataclass
class Bent:
    """How the provider lies. ``claims`` changes what the ID token says; ``sign`` makes the token itself."""

    claims: Callable[[Claims], Claims] | None = None
    sign: Callable[[Claims, RSAKey], str] | None = None
    bodies: dict[str, Callable[[Claims], Any]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)


class Provider:
    """The running provider."""

    def __init__(self) -> None:
        self.app = oidc_provider_mock.app(require_nonce=True)
        with self.app.test_request_context("/"):
            self.app.preprocess_request()
            self._storage: Any = flask.g.oidc_provider_mock_storage
        self.bent = Bent()
        self.url = ""
        self.seen: list[tuple[str, dict[str, str]]] = []
        self._challenges: dict[str, str] = {}

    @property
    def key(self) -> RSAKey:
        """The key it signs with."""
        return RSAKey.import_key(self._storage.jwk.as_dict(is_private=True))

    def new_key(self) -> None:
        """It signs with another key from now on."""
        key = RSAKey.generate_key(2048, auto_kid=True)
        self._storage.jwk = type(self._storage.jwk).import_key(key.as_dict(private=True))

    def user(self, subject: str, **claims: Any) -> None:
        """Somebody it knows."""
        self._storage.store_user(oidc_provider_mock.User(sub=subject, claims=claims))

    def asked(self, path: str) -> list[dict[str, str]]:
        """What it was asked at an address."""
        return [form for place, form in self.seen if place == path]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI, around the provider's own app."""
        request = Request(environ)
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        form = dict(parse_qsl(body.decode()))
        self.seen.append((request.path, {**form, "authorization": request.headers.get("Authorization", "")}))
        if request.path in self.bent.statuses:
            return Response(b"{}", self.bent.statuses[request.path])(environ, start_response)
        if request.path == TOKEN and not self._fits(form):
            return Response(json.dumps({"error": "invalid_grant"}), 400)(environ, start_response)
        response = Response.from_app(self.app.wsgi_app, environ)
        if request.path == AUTHORIZE:
            self._remember(request, response)
        self._bend(request.path, response)
        return response(environ, start_response)

    def _fits(self, form: dict[str, str]) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return self._challenges.get(form.get("code", ""), challenge) == challenge

    def _remember(self, request: Request, response: Response) -> None:
        code = parse_qs(urlsplit(response.headers.get("Location", "")).query).get("code")
        if code:
            assert request.args["code_challenge_method"] == "S256"
            self._challenges[code[0]] = request.args["code_challenge"]

    def _bend(self, path: str, response: Response) -> None:
        if path not in self.bent.bodies and path != TOKEN:
            return
        said = json.loads(response.get_data())
        if path == TOKEN and "id_token" in said and (self.bent.claims or self.bent.sign):
            claims = _claims_of(said["id_token"])
            claims = self.bent.claims(claims) if self.bent.claims else claims
            said["id_token"] = (self.bent.sign or signed)(claims, self.key)
        if path in self.bent.bodies:
            said = self.bent.bodies[path](said)
        response.set_data(json.dumps(said))


def signed(claims: Claims, key: RSAKey, **header: Any) -> str:
    """A token as the provider makes it."""
    return jwt.encode({"alg": "RS256", "kid": key.kid, **header}, claims, key, algorithms=["RS256"])


def _claims_of(token: str) -> Claims:
    part = token.split(".")[1]
    claims: Claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


@contextmanager
def running() -> Iterator[Provider]:
    """A provider in a thread of its own."""
    provider = Provider()
    server = werkzeug.serving.make_server("localhost", 0, provider, threaded=True)
    provider.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
