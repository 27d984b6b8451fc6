"""Asking for a leader's presence."""

from typing import Any

from deploy.openapi.bodies.things import OPERATOR, REGENT

JSON_BODIES: dict[str, Any] = {
    "submit_schedule_request": {
        "leader_position_id": REGENT.position_id,
        "type": "invitation",
        "title": "Musyawarah perencanaan pembangunan desa",
        "place": "Balai Desa Sekartaji",
        "starts_at": "2027-03-10T09:00:00+08:00",
        "ends_at": "2027-03-10T11:00:00+08:00",
        "as_position": OPERATOR.position_id,
    },
    "approve_schedule_request": {"as_position": REGENT.position_id},
    "decline_schedule_request": {
        "reason": "Bupati berada di luar daerah pada hari itu.",
        "as_position": REGENT.position_id,
    },
}
