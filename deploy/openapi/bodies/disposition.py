"""Instructions down, answers up, and the words they are chosen from."""

from typing import Any

from deploy.openapi.bodies.things import (
    AGENCY,
    BRANCH,
    BUREAU_HEAD,
    HEAD,
    RECIPIENT,
    SECRETARY,
)

_TO_BUREAU = {
    "position_id": BUREAU_HEAD.position_id,
    "responsible": True,
    "instructions": ["pelajari", "tindaklanjuti"],
    "note": "Tinjau lokasi longsor dan laporkan kebutuhan alat.",
    "working_days": 3,
}
_LABELS = {"id": "Pelajari dan beri saran", "en": "Study and advise", "ban": "Plajahin tur icen pamineh"}

JSON_BODIES: dict[str, Any] = {
    "issue_disposition": {
        "as_position": HEAD.position_id,
        "branch_id": BRANCH,
        "note": "Mohon segera ditangani sebelum musim hujan.",
        "recipients": [_TO_BUREAU],
    },
    "add_disposition_recipients": {
        "recipients": [
            {"position_id": SECRETARY.position_id, "role": "coordinating", "instructions": ["koordinasikan"]}
        ]
    },
    "amend_disposition_recipient": {"working_days": 5, "reason": "Jalan ke lokasi masih tertutup."},
    "recall_disposition": {"reason": "Salah memilih penerima."},
    "complete_disposition_part": {"report": "Satu ekskavator telah dikirim ke Desa Sekartaji."},
    "decline_disposition": {"reason": "Alat berat sedang dipakai di Desa Batununggul."},
    "report_disposition_progress": {"percent": 50, "note": "Alat sudah tiba, pekerjaan dimulai besok."},
    "reply_to_disposition": {"quick_reply": "siap"},
    "ask_about_disposition": {"text": "Apakah operator alat disediakan oleh dinas?"},
    "answer_disposition_question": {"text": "Ya, operator dari Bidang Bina Marga."},
    "comment_on_disposition": {"text": "Koordinasikan juga dengan camat.", "recipient_id": RECIPIENT},
    "reopen_disposition_part": {"reason": "Laporan belum lengkap.", "working_days": 2},
    "hand_over_disposition_part": {
        "to_position": SECRETARY.position_id,
        "reason": "Kepala bidang sedang cuti.",
    },
    "hand_over_work": {
        "from_position": BUREAU_HEAD.position_id,
        "to_position": SECRETARY.position_id,
        "reason": "Kepala bidang pindah tugas.",
    },
    "add_instruction": {"code": "pelajari_saran", "labels": _LABELS, "order": 120, "effect": "reply"},
    "change_instruction": {"labels": _LABELS, "order": 120, "effect": "reply"},
    "add_quick_reply": {
        "code": "siap_hadir",
        "labels": {"id": "Siap hadir", "en": "I shall attend", "ban": "Sayaga rauh"},
        "order": 40,
    },
    "change_quick_reply": {"labels": {"id": "Siap hadir", "en": "I shall attend"}, "order": 40},
    "set_disposition_peers": {"positions": [SECRETARY.position_id]},
    "set_disposition_form": {
        "letterhead": ["PEMERINTAH KABUPATEN KLUNGKUNG"],
        "place": "Semarapura",
        "units": [{"unit_id": AGENCY, "letterhead": ["PEMERINTAH KABUPATEN KLUNGKUNG", "DINAS PEKERJAAN UMUM"]}],
    },
    "verify_disposition_sheet": {"code": "K7QX-2MPD-9RTA-5HWC"},
}
