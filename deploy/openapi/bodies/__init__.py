"""What is sent in the examples, by operation and kind of content. Invariant: each could be sent as it stands.

The people, units and positions in them are the demo's, whose ids are fixed; letters and what comes of them have ids
that stand for such as the system gives.
"""

from typing import Any

from deploy.openapi.bodies import disposition, gateway, intake, routing, schedule

JSON = "application/json"
BODIES: dict[tuple[str, str], Any] = {
    **{
        (operation, JSON): body
        for service in (gateway, intake, routing, disposition, schedule)
        for operation, body in service.JSON_BODIES.items()
    },
    **intake.FORMS,
}
