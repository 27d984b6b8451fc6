"""The organisation, the way of letters, rules and deadlines."""

from typing import Any

from deploy.openapi.bodies.things import (
    BRANCH,
    BUREAU,
    BUREAU_HEAD,
    DISTRICT,
    HEAD,
    KIND,
    NEW_UNIT,
    NIP,
    OTHER_LETTER,
    REGISTRAR,
    SUBJECT,
    VILLAGE,
)

_CONDITIONS = {"kinds": [KIND], "words": ["alat berat", "ekskavator"], "words_needed": "any", "words_in": ["subject"]}
_DESTINATIONS = [{"kind": "unit", "id": BUREAU, "role": "addressee"}]
_HEAD = HEAD.position_id

_ORGANISATION: dict[str, Any] = {
    "create_unit": {"id": NEW_UNIT, "name": "Desa Ped", "kind": "village", "parent_id": DISTRICT, "code": "51.05.02"},
    "change_unit": {"name": "Dinas Pekerjaan Umum dan Penataan Ruang"},
    "create_position": {"title": "Kepala Seksi Alat Berat", "unit_id": BUREAU, "role": "head"},
    "change_position": {"title": "Kepala Seksi Peralatan"},
    "create_person": {"name": "I Made Suardana", "nip": NIP, "rank": "Penata Tk. I (III/d)"},
    "change_person": {"rank": "Pembina (IV/a)"},
    "create_assignment": {
        "person_id": REGISTRAR.person_id,
        "position_id": BUREAU_HEAD.position_id,
        "capacity": "plh",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-14",
        "legal_basis": "Surat Perintah Kepala Dinas 800/12/PU/2026",
    },
    "end_assignment": {"ends_on": "2026-12-31"},
    "declare_absence": {
        "person_id": BUREAU_HEAD.person_id,
        "kind": "leave",
        "starts_on": "2026-12-21",
        "ends_on": "2026-12-24",
        "note": "Cuti tahunan",
    },
    "feed_absences": {"date": "2026-12-01", "rows": [{"nip": NIP, "status": "on_duty", "note": "Dinas luar"}]},
    "apply_template": {"name": "Desa Ped", "parent_id": DISTRICT, "key": "desa-ped", "parameters": {}},
    "create_distribution_list": {
        "name": "Semua desa di Nusa Penida",
        "members": [{"kind": "unit", "id": VILLAGE, "role": "addressee"}],
    },
    "change_distribution_list": {"name": "Desa-desa di Nusa Penida"},
    "decide_calendar_day": {"kind": "holiday", "name": "Cuti bersama Galungan"},
    "set_deadline_rules": {
        "by_urgency": {"very_urgent": 1, "urgent": 3, "normal": 7},
        "by_kind": [{"kind": "Surat Undangan", "working_days": 2}],
    },
    "state_figure_baseline": {
        "hours": {"to_inbox": 30, "to_disposition": 72},
        "source": "Buku agenda kertas, 40 surat",
        "measured_from": "2025-09-01",
        "measured_to": "2025-11-30",
        "letters": 40,
    },
}
_LETTERS: dict[str, Any] = {
    "forward_letter": {
        "copies": [{"kind": "unit", "id": DISTRICT}],
        "note": "Untuk diketahui.",
        "as_position": _HEAD,
    },
    "link_letters": {"other_id": OTHER_LETTER, "relation": "reply_to"},
    "read_branch": {"as_position": _HEAD},
    "receive_branch": {"as_position": _HEAD},
    "close_branch": {"outcome": "reply", "note": "Dijawab dengan surat.", "as_position": _HEAD},
    "file_branch": {"place": "Lemari 3, map 12", "as_position": _HEAD},
    "recall_branch": {"reason": "Salah alamat.", "as_position": _HEAD},
    "return_branch": {"reason": "Lampiran belum lengkap.", "as_position": _HEAD},
    "reopen_branch": {"reason": "Ada tanggapan baru dari desa.", "as_position": _HEAD},
    "redirect_branch": {
        "reason": "Kewenangan Bidang Bina Marga.",
        "to": {"kind": "unit", "id": BUREAU},
        "as_position": _HEAD,
    },
    "act_on_branches": {"act": "receive", "branch_ids": [BRANCH], "as_position": _HEAD},
    "propose_addressees": {"kind": KIND, "category": "request", "urgency": "urgent", "subject": SUBJECT},
    "create_routing_rule": {
        "name": "Alat berat ke Bina Marga",
        "conditions": _CONDITIONS,
        "destinations": _DESTINATIONS,
        "mode": "propose",
        "priority": 100,
    },
    "change_routing_rule": {"mode": "automatic"},
    "try_conditions": {"conditions": _CONDITIONS, "letters": 200},
    "track_publicly": {"check_word": "sekartaji"},
}
JSON_BODIES: dict[str, Any] = {**_ORGANISATION, **_LETTERS}
