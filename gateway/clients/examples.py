"""Examples for the API description, told in several places. Invariant: they agree with one another."""

from pydantic.config import JsonDict

CLIENT_ID = "01984f6e-7c1a-7d3e-9b52-3f6f0f6c2a11"
UNIT_ID = "01984f6e-0000-7000-8000-000000000010"
POSITION_ID = "01984f6e-0000-7000-8000-000000000011"
KEY_ID = "01984f6e-7c1a-7d3e-9b52-3f6f0f6c2a12"
MADE_AT = "2026-08-03T01:12:45.120Z"
UNTIL = "2027-08-03T01:12:45.120Z"
KEY = "lontar_live_01984f6e7c1a7d3e9b523f6f0f6c2a12_3vT…x7Qd"
CLIENT_SECRET = KEY.replace("lontar_", "lontarsecret_")

NEW_CLIENT: JsonDict = {
    "name": "SIPJALAN",
    "unit_id": UNIT_ID,
    "contact": {"name": "Ni Luh Ayu", "email": "ayu@pu.klungkungkab.go.id", "phone": "+62 366 21382"},
    "position_ids": [POSITION_ID],
    "grants": ["letters:read", "letters:write"],
    "per_second": 20.0,
    "burst": 200,
}
CLIENT: JsonDict = {
    **NEW_CLIENT,
    "id": CLIENT_ID,
    "shown_as": "Aplikasi SIPJALAN",
    "unit_name": "Dinas Pekerjaan Umum",
    "active": True,
    "version": 1,
    "created_at": MADE_AT,
    "changed_at": MADE_AT,
}
CREDENTIAL: JsonDict = {
    "id": KEY_ID,
    "client_id": CLIENT_ID,
    "label": "server produksi",
    "hint": "x7Qd",
    "state": "working",
    "grants": ["letters:read"],
    "created_at": MADE_AT,
    "expires_at": UNTIL,
    "revoked_at": None,
    "last_used_at": None,
}
USAGE: JsonDict = {
    "client_id": CLIENT_ID,
    "since": "2026-08-01",
    "until": "2026-08-03",
    "days": [
        {
            "day": "2026-08-03",
            "requests": 412,
            "succeeded": 409,
            "refused": 2,
            "limited": 1,
            "failed": 0,
            "families": {"letters": 412},
        }
    ],
}
URL = "https://layanan.pu.klungkungkab.go.id/lontar"
WEBHOOK: JsonDict = {
    "id": KEY_ID,
    "client_id": CLIENT_ID,
    "url": URL,
    "label": "penerima utama",
    "secrets": [{"hint": "LaSw", "created_at": MADE_AT, "expires_at": None}],
    "created_at": MADE_AT,
}
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the example of the standard
