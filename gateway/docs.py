"""The API description and the page that shows it. Invariant: everything comes from here, nothing from elsewhere.

Swagger UI is served from an installed package; the policy lets the page load and call this origin only.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, RedirectResponse, Response

from gateway.public_page import SAFE
from services.chassis.errors import ServiceError, not_found

DOCUMENT = Path(__file__).parent / "openapi.json"
EVENTS = Path(__file__).parent / "asyncapi.json"
ASSETS = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "favicon.png": "image/png",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lontar: dokumentasi API</title>
<link rel="icon" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
"""

router = APIRouter(include_in_schema=False)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


@router.get("/v1/openapi.json")
async def openapi() -> Response:
    """The merged OpenAPI document, built by ``python -m deploy.openapi build``."""
    return _described(DOCUMENT)


@router.get("/v1/asyncapi.json")
async def asyncapi() -> Response:
    """The AsyncAPI document of the events, built by ``python -m deploy.asyncapi build``."""
    return _described(EVENTS)


def _described(path: Path) -> Response:
    try:
        return Response(_content(path), media_type="application/json", headers={"Cache-Control": "public, max-age=300"})
    except FileNotFoundError:
        raise ServiceError(404, "not_found", "Dokumentasi API belum dibuat.") from None


@router.get("/")
async def front() -> Response:
    """Whoever opens the bare address in a browser is shown the page, until there is a portal."""
    return RedirectResponse("/docs", status_code=302)


@router.get("/docs")
async def page() -> Response:
    """The page."""
    return Response(PAGE, media_type="text/html", headers={**SAFE, "Content-Security-Policy": POLICY})


@router.get("/docs/start.js")
async def start() -> Response:
    """What starts Swagger UI: a file, because the policy allows no inline script."""
    return Response(START, media_type="text/javascript; charset=utf-8", headers=SAFE)


@router.get("/docs/{name}")
async def asset(name: str) -> Response:
    """One of the page's files."""
    if name not in ASSETS:
        raise not_found("Berkas")
    path = str(files("fastapi_offline") / "static" / name)
    return FileResponse(path, media_type=ASSETS[name], headers={**SAFE, "Cache-Control": "public, max-age=86400"})
