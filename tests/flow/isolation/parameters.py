"""What the parameters of the public API stand for in a world: the ids a path names, and the words a query can name.

Invariant: a parameter is named here once, as somebody's thing or as nobody's.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from deploy.demo.organisation import seat
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.flow.isolation.world import World

BOXES = ("inbox", "not_followed_up", "followed_up", "overdue", "copies", "returned", "dispatch", "done", "outbox")
BUPATI = seat("bupati").position_id
NOBODY = new_id()
"""What belongs to no village: accounts and apps are the regency's, and tell of no letters."""
Place = dict[str, str]


def _one(name: str, values: list[str]) -> list[Place]:
    return [{name: value} for value in values]


PLACES: Mapping[tuple[str, ...], Callable[[World], list[Place]]] = {
    (): lambda _: [{}],
    ("letter_id",): lambda world: _one("letter_id", world.letter_ids),
    ("letter_id", "file_id"): lambda world: [
        {"letter_id": sent["id"], "file_id": file["file_id"]}
        for sent in world.letters.values()
        for file in sent["files"]
    ],
    ("branch_id",): lambda world: _one("branch_id", sorted(set(world.ways.values()))),
    ("disposition_id",): lambda world: _one("disposition_id", [one["id"] for one in world.dispositions.values()]),
    ("disposition_id", "recipient_id"): lambda world: [
        {"disposition_id": one["id"], "recipient_id": part["recipient_id"]}
        for one in world.dispositions.values()
        for part in one["recipients"]
    ],
    ("disposition_id", "attachment_id"): lambda world: [
        {"disposition_id": world.dispositions["answered"]["id"], "attachment_id": world.evidence_id}
    ],
    ("disposition_id", "question_id"): lambda world: [
        {"disposition_id": world.dispositions["answered"]["id"], "question_id": world.question_id}
    ],
    ("hand_over_id",): lambda world: [{"hand_over_id": world.hand_over_id}],
    ("request_id",): lambda world: _one("request_id", list(world.requests.values())),
    ("event_id",): lambda world: _one("event_id", list(world.events.values())),
    ("notification_id",): lambda world: _one(
        "notification_id", [one for told in world.notifications.values() for one in told[:5]]
    ),
    ("list_id",): lambda world: [{"list_id": world.list_id}],
    ("absence_id",): lambda world: [{"absence_id": world.absence_id}],
    ("box",): lambda _: _one("box", [box for box in BOXES if box != "outbox"]),
    ("unit_id",): lambda world: [{"unit_id": world.village.unit_id}],
    ("position_id",): lambda world: [{"position_id": world.village.seat.position_id}],
    ("person_id",): lambda world: [{"person_id": world.village.seat.person_id}],
    ("assignment_id",): lambda world: [{"assignment_id": world.village.seat.assignment_id}],
    ("rule_id",): lambda world: [{"rule_id": world.village.seat.position_id}],
    ("letter_id", "file_id", "number"): lambda world: [
        {"letter_id": sent["id"], "file_id": sent["files"][0]["file_id"], "number": "1"}
        for sent in world.letters.values()
    ],
    ("scan_id",): lambda world: _one("scan_id", [one["id"] for one in world.scans.values()]),
    ("scan_id", "number"): lambda world: [
        {"scan_id": world.scans[part]["id"], "number": "1"} for part in ("loose", "pile", "taken up")
    ],
    ("upload_id",): lambda world: _one("upload_id", [one["id"] for one in world.scans.values()]),
    ("draft_id",): lambda world: _one("draft_id", list(world.drafts.values())),
    ("batch_id",): lambda world: _one("batch_id", list(world.batches.values())),
    ("batch_id", "page"): lambda world: [{"batch_id": one, "page": "1"} for one in world.batches.values()],
    ("unit_id", "year", "book"): lambda world: [
        {"unit_id": world.village.unit_id, "year": str(world.letters["plain"]["year"]), "book": book}
        for book in (world.letters["plain"]["book"],)
    ],
    ("unit_id", "year", "series"): lambda world: [
        {"unit_id": world.village.unit_id, "year": str(world.letters["plain"]["year"]), "series": "external"}
    ],
    ("account_id",): lambda _: [{"account_id": NOBODY}],
    ("client_id",): lambda _: [{"client_id": NOBODY}],
    ("client_id", "key_id"): lambda _: [{"client_id": NOBODY, "key_id": NOBODY}],
    ("client_id", "secret_id"): lambda _: [{"client_id": NOBODY, "secret_id": NOBODY}],
    ("client_id", "webhook_id"): lambda _: [{"client_id": NOBODY, "webhook_id": NOBODY}],
    ("session_id",): lambda _: [{"session_id": NOBODY}],
    ("link_id",): lambda _: [{"link_id": NOBODY}],
    ("provider",): lambda _: [{"provider": "daerah"}],
    ("day",): lambda _: [{"day": "2031-01-06"}],
    ("code",): lambda world: [{"code": world.letters["plain"]["tracking_code"]}],
}
"""For the parameters a path names, the things of a world that they can stand for."""

OWN_NAMES: Mapping[str, list[Place]] = {
    "get_template": [{"code": "desa"}],
    "apply_template": [{"code": "desa"}],
    "change_letter_kind": [{"code": "nota_dinas"}],
    **{f"{act}_instruction": [{"code": "pelajari"}] for act in ("change", "retire", "restore")},
    **{f"{act}_quick_reply": [{"code": "siap"}] for act in ("change", "retire", "restore")},
}
"""Operations whose parameters are called as others' are, and stand for something else."""

FOREIGN: Mapping[str, Callable[[World], list[str]]] = {
    "q": lambda world: [
        *world.village.words,
        world.letters["secret"]["tracking_code"],
        f"{world.village.subject[:6]}*",
    ],
    "unit_id": lambda world: [world.village.unit_id],
    "sender_id": lambda world: [world.village.unit_id],
    "sender_unit": lambda world: [world.village.unit_id],
    "parent_id": lambda world: [world.village.unit_id],
    "position_id": lambda world: [world.village.seat.position_id],
    "person_id": lambda world: [world.village.seat.person_id],
    "actor_id": lambda world: [world.village.seat.person_id],
    "subject": lambda world: [f"person:{world.village.seat.person_id}"],
    "person": lambda world: [world.village.seat.person_id, world.village.said],
    "as_position": lambda world: [world.village.seat.position_id],
    "parent_disposition_id": lambda world: [world.dispositions["answered"]["id"]],
    "parent_recipient_id": lambda world: [world.dispositions["answered"]["recipients"][0]["recipient_id"]],
    "letter_id": lambda world: [world.letters["plain"]["id"], world.letters["secret"]["id"]],
    "cursor": lambda world: [world.letters["held"]["id"]],
    "unit": lambda world: [world.village.unit_id],
    "addressee": lambda world: [world.village.unit_id],
    "sender_name": lambda world: [world.village.sender],
    "letter_number": lambda world: [world.letters["plain"]["letter_number"]],
    "sha256": lambda world: [world.letters["plain"]["files"][0]["sha256"], world.scans["loose"]["file"]["sha256"]],
    "leader": lambda _: [BUPATI],
    "start": lambda _: [(now() + timedelta(days=499)).isoformat()],
    "end": lambda _: [(now() + timedelta(days=505)).isoformat()],
}
"""Query parameters that can name a thing or a word of somebody's."""

OWN_FOREIGN: Mapping[tuple[str, str], Callable[[World], list[str]]] = {
    ("read_book", "cursor"): lambda world: [str(world.letters["plain"]["agenda_number"] - 1)],
}
"""Query parameters that mean something else for an operation."""

NEUTRAL = frozenset(
    {
        "active",
        "box",
        "category",
        "code",
        "code_challenge",
        "confidentiality",
        "count",
        "date",
        "direction",
        "dry_run",
        "due_to",
        "duplex",
        "error",
        "followed_up",
        "from",
        "instruction",
        "iss",
        "kind",
        "lang",
        "letter_date",
        "letters",
        "limit",
        "main",
        "month",
        "on",
        "outcome",
        "overdue",
        "parent",
        "provider",
        "redirect_uri",
        "registered_from",
        "registered_to",
        "retired",
        "return_to",
        "role",
        "sender_kind",
        "separator",
        "signed_in",
        "since",
        "size",
        "sort",
        "state",
        "status",
        "to",
        "training",
        "unread",
        "until",
        "urgency",
        "what",
        "within",
        "year",
    }
)
"""Query parameters that name nobody's things: they narrow what is shown anyway."""
