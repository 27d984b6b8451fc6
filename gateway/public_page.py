"""Pages the public opens without an account. Invariant: each is of this origin alone, with no script inside it."""

from fastapi import APIRouter
from starlette.responses import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def public_page(path: str, page: str, start: str, style: str) -> APIRouter:
    """The routes of a page: itself, what it does (a file, because the policy allows no inline script), how it looks."""
    router = APIRouter(include_in_schema=False)

    @router.get(path)
    async def show() -> Response:
        return Response(page, media_type="text/html", headers={**SAFE, "Content-Security-Policy": POLICY})

    @router.get(f"{path}/start.js")
    async def do() -> Response:
        return Response(start, media_type="text/javascript; charset=utf-8", headers=SAFE)

    @router.get(f"{path}/style.css")
    async def look() -> Response:
        return Response(style, media_type="text/css; charset=utf-8", headers=SAFE)

    return router
