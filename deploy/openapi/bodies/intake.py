"""Registering letters and what belongs to it."""

from typing import Any

from deploy.openapi.bodies.things import (
    AGENCY,
    KIND,
    NUMBER,
    OPERATOR,
    OTHER_PIECE,
    OTHER_SCAN,
    PIECE,
    SCAN,
    SUBJECT,
)

_FORM = "multipart/form-data"
_LETTER = {
    "direction": "incoming",
    "kind": KIND,
    "category": "request",
    "urgency": "urgent",
    "confidentiality": "ordinary",
    "subject": SUBJECT,
    "letter_number": NUMBER,
    "letter_date": "2026-03-02",
    "addressees": [{"kind": "unit", "id": AGENCY}],
    "as_position": OPERATOR.position_id,
}
_NUMBERING = {
    "code": "600",
    "external": {"template": "KS/N/K/R/Y"},
    "internal": {"template": "ND/N/K/Y", "series": "nota"},
}

JSON_BODIES: dict[str, Any] = {
    "register_letter": {"letter": _LETTER, "scans": [SCAN]},
    "keep_draft": {"letter": {"direction": "incoming", "kind": KIND, "subject": SUBJECT}, "scans": []},
    "change_draft": {"letter": _LETTER, "scans": []},
    "correct_letter": {"reason": "Nomor surat salah ketik.", "letter_number": "005/21/SKT/III/2026"},
    "void_letter": {"reason": "Tercatat dua kali."},
    "begin_batch": {"scan": OTHER_SCAN},
    "edit_batch": {
        "edits": [
            {"do": "rotate", "pages": [3], "degrees": 180},
            {"do": "split", "letter": PIECE, "at": 5},
            {"do": "merge", "letters": [PIECE, OTHER_PIECE]},
        ]
    },
    "add_letter_kind": {"code": "surat_keterangan_usaha", "name": "Surat Keterangan Usaha", "order": 60},
    "change_letter_kind": {"name": "Surat Keterangan Usaha", "order": 60, "retired": False},
    "set_regency_numbering": _NUMBERING,
    "set_unit_numbering": _NUMBERING,
    "preview_number": {"unit_id": AGENCY, "kind": "external", "classification": "600.1", "letter_date": "2026-03-04"},
    "continue_number_series": {"last": 214, "reason": "Melanjutkan buku agenda kertas tahun ini."},
    "set_training": {"on": True},
}
_PDF = "%PDF-1.7 …"
_WORKBOOK = "PK …"
FORMS: dict[tuple[str, str], Any] = {
    ("register_letter", _FORM): {"letter": _LETTER, "files": [_PDF]},
    ("import_classifications", _FORM): {"file": _WORKBOOK},
    ("import_organisation", _FORM): {"file": _WORKBOOK},
    ("bring_disposition_attachment", _FORM): {"file": _PDF},
}
"""Forms with files; their bytes are only hinted at."""
