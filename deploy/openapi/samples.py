"""What fields hold in the examples, by their names and types. Invariant: one small story, told with the demo's people.

A field that is not here has a plain value of its type; a test shows that what is composed fits its schema.
"""

from typing import Any

from deploy.openapi.bodies.things import (
    AGENCY,
    BRANCH,
    BUREAU_HEAD,
    DISPOSITION,
    HEAD,
    KIND,
    LETTER,
    NIP,
    NUMBER,
    OPERATOR,
    OTHER_LETTER,
    RECIPIENT,
    REGENT,
    SCAN,
    SUBJECT,
)

AT = "2026-03-04T08:00:05.200000Z"
FORMATS = {
    "date-time": AT,
    "date": "2026-03-04",
    "uuid": LETTER,
    "password": "perahu-menuju-nusa-penida",
    "uri": "https://lontar.klungkung.example/",
    "binary": "%PDF-1.7",
}
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PATTERNS = {
    r"^[a-z][a-z0-9_-]{0,49}$": "surat-masuk",
    r"^[a-z][a-z0-9_-]{0,39}$": "umum",
    r"^[a-z][a-z0-9_]{1,39}$": "pelajari",
    r"^[0-9]{3}(\.[0-9]{1,3}){0,5}$": "600.1",
    r"^\d{3}(\.\d{1,4}){0,6}$": "600.1",
    r"^[12]\d{3}-(0[1-9]|1[0-2])$": "2026-03",
    r"^[0-9a-f]{64}$": SHA256,
    r"^[0-9a-fA-F]{64}$": SHA256,
    r"^\d{18}$": NIP,
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": "desa.sekartaji",
    r"^[A-Za-z0-9][A-Za-z0-9._/-]*$": "desa-ped",
    r"^[A-Za-z0-9][A-Za-z0-9 ./-]{0,29}$": "600",
}
_TEXTS = {
    "access_token": "eyJhbGciOiJFZERTQSIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTljIn0.c2lnbmF0dXJl",
    "agenda_number": "214",
    "attachment_id": SCAN,
    "as_position": HEAD.position_id,
    "batch_id": SCAN,
    "book": "umum",
    "branch_id": BRANCH,
    "by": HEAD.person,
    "by_id": HEAD.position_id,
    "by_name": HEAD.person,
    "capacity": "definitive",
    "check_word": "sekartaji",
    "client_id": OTHER_LETTER,
    "code": "pelajari",
    "confidentiality": "ordinary",
    "detail": "Diterima oleh Dinas Pekerjaan Umum.",
    "direction": "incoming",
    "disposition_id": DISPOSITION,
    "event_id": OTHER_LETTER,
    "file_id": SCAN,
    "from_position": BUREAU_HEAD.position_id,
    "from_position_title": BUREAU_HEAD.title,
    "id": LETTER,
    "kind_label": KIND,
    "label": "Sedang ditangani",
    "leader_position_id": REGENT.position_id,
    "leader_title": REGENT.title,
    "leader_unit_id": AGENCY,
    "letter_date": "2026-03-02",
    "letter_id": LETTER,
    "letter_number": NUMBER,
    "letter_subject": SUBJECT,
    "media_type": "application/pdf",
    "message": "bukan tanggal yang sah (TTTT-BB-HH)",
    "month": "2026-03",
    "name": "Dinas Pekerjaan Umum",
    "next": LETTER,
    "nip": NIP,
    "note": "Mohon segera ditangani.",
    "number": NUMBER,
    "other_id": OTHER_LETTER,
    "owner_unit_id": AGENCY,
    "parent_id": AGENCY,
    "person_id": HEAD.person_id,
    "person_name": HEAD.person,
    "place": "Semarapura",
    "position_id": HEAD.position_id,
    "position_title": HEAD.title,
    "rank": "Pembina (IV/a)",
    "reason": "Lampiran belum lengkap.",
    "recipient_id": RECIPIENT,
    "refresh_token": "9Qb1m7S0eJt3Rk5Xw2Zc8Vn4Lp6Ty0Ha1Uf3Gd5Ki7M",
    "report": "Satu ekskavator telah dikirim.",
    "request_id": OTHER_LETTER,
    "role": "head",
    "scan": SCAN,
    "sender": "Desa Sekartaji",
    "sha256": SHA256,
    "stated_by_id": HEAD.person_id,
    "stated_by_name": HEAD.person,
    "subject": SUBJECT,
    "summary": "Desa memohon pinjaman alat berat.",
    "superior_id": REGENT.position_id,
    "text": "Siap, segera kami laksanakan.",
    "timezone": "Asia/Makassar",
    "title": "Kepala Dinas Pekerjaan Umum",
    "to_position": BUREAU_HEAD.position_id,
    "to_position_title": BUREAU_HEAD.title,
    "token_type": "Bearer",
    "tracking_code": "KLK-7QX2-M9RD",
    "unit_id": AGENCY,
    "unit_name": "Dinas Pekerjaan Umum",
    "urgency": "urgent",
    "username": OPERATOR.username,
    "word": "alat",
}
_NUMBERS: dict[str, int | float] = {
    "agenda_number": 214,
    "confidence": 0.93,
    "expires_in": 600,
    "order": 10,
    "page": 1,
    "pages": 3,
    "percent": 50,
    "size": 184320,
    "total": 12,
    "version": 3,
    "year": 2026,
}
_LISTS: dict[str, Any] = {
    "roles": "unit_admin",
    "scopes": "letters:read",
    "words": "alat berat",
    "letterhead": "PEMERINTAH KABUPATEN KLUNGKUNG",
}
_TRUE = ("active", "working", "coordinating", "genuine_file")

SAMPLES: dict[str, dict[Any, Any]] = {}
"""By field and type; for dates and times by field and format."""
for _field, _text in _TEXTS.items():
    SAMPLES.setdefault(_field, {})[str] = _text
for _field, _value in _NUMBERS.items():
    SAMPLES.setdefault(_field, {}).update({int: int(_value), float: float(_value)})
for _field in _TRUE:
    SAMPLES.setdefault(_field, {})[bool] = True
SAMPLES.setdefault("due_at", {})["date-time"] = "2026-03-09T08:00:00Z"
SAMPLES.setdefault("due_on", {})["date"] = "2026-03-09"
