"""The status as a page. Invariant: whole without JavaScript, and a few kilobytes for any phone."""

from html import escape
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.context import Ctx
from gateway.status.api import seen_by
from gateway.status.judging import State
from gateway.status.views import ServiceNumbers, ServiceStatus, Status
from services.projections.local_dates import moment

router = APIRouter(include_in_schema=False)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
MARKS: dict[State, str] = {"up": "✓", "degraded": "!", "down": "✗"}
AGAIN_SECONDS = 30
PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{again}">
<title>Keadaan layanan</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/status/style.css">
</head>
<body>
<main>
<h1>Keadaan layanan</h1>
<p class="{state}" role="status">{sentence}</p>
<ul>
{services}
</ul>
<p><small>Dilihat {at}. Halaman ini diperbarui setiap {again} detik.</small></p>
</main>
</body>
</html>
"""
STYLE = """body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 0; color: #1a1a1a; background: #fff; }
main { max-width: 34rem; margin: 0 auto; padding: 1rem; }
p[role] { padding: .7rem 1rem; font-weight: 600; border-left: .4rem solid; }
ul { list-style: none; padding: 0; }
li { padding: .6rem 0; border-bottom: 1px solid #ccc; }
.up { color: #0a5c2b; }
.degraded { color: #7a4300; }
.down { color: #9b1c1c; }
small { color: #444; display: block; }
"""


@router.get("/status")
async def page(request: Request, context: Ctx) -> Response:
    """The page."""
    status = await seen_by(request)
    zone = ZoneInfo(context.settings.timezone)
    return Response(render(status, zone), media_type="text/html", headers={"Content-Security-Policy": POLICY})


@router.get("/status/style.css")
async def style() -> Response:
    """How it looks."""
    return Response(STYLE, media_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"})


def render(status: Status, zone: ZoneInfo) -> str:
    """The page for this status, with times as the house counts them."""
    return PAGE.format(
        again=AGAIN_SECONDS,
        state=status.state,
        sentence=escape(status.label),
        services="\n".join(_item(service, zone) for service in status.services),
        at=moment(status.at, zone),
    )


def _item(service: ServiceStatus, zone: ZoneInfo) -> str:
    line = (
        f'<b>{escape(service.name)}</b><br><span class="{service.state}">{MARKS[service.state]} {service.label}</span>'
    )
    line += f"<small>sejak {moment(service.since, zone)}</small>"
    if service.numbers:
        line += f"<small>{escape(_counted(service.numbers))}</small>"
    return f"<li>{line}</li>"


def _counted(numbers: ServiceNumbers) -> str:
    oldest = numbers.oldest_pending_seconds
    told = [
        f"peristiwa belum terkirim: {_number(numbers.events_pending)}",
        f"tertua: {f'{oldest:.0f} detik' if oldest is not None else '-'}",
        f"pesan menunggu: {_number(numbers.messages_waiting)}",
        f"disisihkan: {_number(numbers.messages_parked)}",
    ]
    return "; ".join([*told, *([f"sebab: {', '.join(numbers.reasons)}"] if numbers.reasons else [])])


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)
