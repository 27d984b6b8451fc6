"""Every act on a thing, with who may do it where. Invariant: in this order all of them can be done, one after another.

A stranger does the same, with the same words, on every thing of that sort, and must fail.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from deploy.demo.client import Json
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.flow.isolation.expected import OWNER
from tests.flow.isolation.operations import BUPATI, Place
from tests.flow.isolation.world import KABID, TU, World
from tests.flow.offices import demo_unit
from tests.house import letter
from tests.intake.scans import text_pdf

PU_HEAD, HEALTH_HEAD = "kadis.pu", "kadis.kes"


@dataclass(frozen=True)
class Deed:
    """An act: by whom, on what, with which words. ``refused`` is what a stranger must be answered."""

    operation: str
    by: str
    place: Callable[[World], Place]
    body: Callable[[World], Json] = field(default=lambda _: {})
    refused: int = 404
    upload: bytes | None = None


def way(part: str, username: str = PU_HEAD) -> Callable[[World], Place]:
    """The way of a letter to somebody."""
    return lambda world: {"branch_id": world.ways[f"{part}@{username}"]}


def letter_in(part: str) -> Callable[[World], Place]:
    """A letter."""
    return lambda world: {"letter_id": world.letters[part]["id"]}


def disposition(part: str) -> Callable[[World], Place]:
    """What was instructed about a letter."""
    return lambda world: {"disposition_id": world.dispositions[part]["id"]}


def part_of(part: str) -> Callable[[World], Place]:
    """The first recipient's part of it."""
    return lambda world: {
        "disposition_id": world.dispositions[part]["id"],
        "recipient_id": world.dispositions[part]["recipients"][0]["recipient_id"],
    }


def question(world: World) -> Place:
    """What was asked upward."""
    return {"disposition_id": world.dispositions["answered"]["id"], "question_id": world.question_id}


def request(part: str) -> Callable[[World], Place]:
    """A schedule request."""
    return lambda world: {"request_id": world.requests[part]}


def nowhere(_: World) -> Place:
    """An act whose thing is named in its body."""
    return {}


def notification(world: World) -> Place:
    """Something the village was told."""
    return {"notification_id": world.notifications[world.village.username][-1]}


def own_list(world: World) -> Place:
    """The village's distribution list."""
    return {"list_id": world.list_id}


def said(name: str) -> Callable[[World], Json]:
    """A body of one sentence."""
    return lambda world: {name: f"Alasan {world.village.said}"}


def elsewhere(world: World) -> Json:
    """Another office, and why."""
    return {"to": demo_unit("dinkes"), **said("reason")(world)}


def presence(world: World) -> Json:
    """The bupati's presence, for one of the letters."""
    starts = now() + timedelta(days=600)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(minutes=15)).isoformat()}
    about = {"title": f"Audiensi {world.village.subject}", "type": "audience"}
    return {**about, **times, "leader_position_id": BUPATI, "letter_id": world.letters["plain"]["id"]}


def new_list(world: World) -> Json:
    """A list for the village."""
    members = [{**demo_unit("dinas-pu"), "role": "addressee"}]
    return {"name": f"Daftar {new_id()}", "owner_unit_id": world.village.unit_id, "members": members}


def override(_: World) -> Json:
    """Book it whatever lies in the way."""
    return {"override": {"reason": "Waktu pengundang"}}


DEEDS: tuple[Deed, ...] = (
    Deed("read_branch", PU_HEAD, way("plain")),
    Deed("receive_branch", PU_HEAD, way("plain")),
    Deed(
        "link_letters",
        OWNER,
        letter_in("plain"),
        lambda world: {"other_id": world.letters["secret"]["id"], "relation": "related"},
    ),
    Deed("forward_letter", PU_HEAD, letter_in("plain"), lambda _: {"addressees": [demo_unit("dinkes")]}),
    Deed(
        "issue_disposition",
        PU_HEAD,
        letter_in("plain"),
        lambda _: {"recipients": [{"position_id": KABID, "instructions": ["tindaklanjuti"]}]},
    ),
    Deed("return_branch", HEALTH_HEAD, way("redirected", HEALTH_HEAD), said("reason")),
    Deed("redirect_branch", PU_HEAD, way("astray"), elsewhere),
    Deed("recall_branch", OWNER, way("unread"), said("reason")),
    Deed("close_branch", HEALTH_HEAD, way("forwarded", HEALTH_HEAD), said("note")),
    Deed("reopen_branch", PU_HEAD, way("done"), said("reason")),
    Deed("file_branch", PU_HEAD, way("answered"), said("place")),
    Deed("recall_disposition", PU_HEAD, disposition("taken"), said("reason")),
    Deed("amend_disposition_recipient", PU_HEAD, part_of("disposed"), said("note")),
    Deed(
        "add_disposition_recipients",
        PU_HEAD,
        disposition("disposed"),
        lambda _: {"recipients": [{"position_id": TU, "instructions": ["pelajari"]}]},
    ),
    Deed("read_disposition", "kabid.bm", part_of("disposed")),
    Deed("receive_disposition", "kabid.bm", part_of("disposed")),
    Deed("report_disposition_progress", "kabid.bm", part_of("disposed"), lambda _: {"percent": 40}),
    Deed("ask_about_disposition", "kabid.bm", part_of("disposed"), said("text")),
    Deed("comment_on_disposition", "kabid.bm", disposition("disposed"), said("text")),
    Deed("answer_disposition_question", PU_HEAD, question, said("text")),
    Deed("bring_disposition_attachment", "kabid.bm", disposition("disposed"), upload=text_pdf("Bukti lain")),
    Deed("reply_to_disposition", "kabid.bm", part_of("disposed"), said("text")),
    Deed("complete_disposition_part", "kabid.bm", part_of("disposed"), said("report")),
    Deed("reopen_disposition_part", PU_HEAD, part_of("disposed"), said("reason")),
    Deed("decline_disposition", "kabid.bm", part_of("declined"), said("reason")),
    Deed(
        "hand_over_disposition_part",
        PU_HEAD,
        part_of("handed"),
        lambda world: {"to_position": TU, **said("reason")(world)},
    ),
    Deed("approve_schedule_request", "sespri", request("invited"), override, refused=403),
    Deed("decline_schedule_request", "sespri", request("asked"), said("reason"), refused=403),
    Deed("submit_schedule_request", OWNER, nowhere, presence),
    Deed("read_notification", OWNER, notification),
    Deed("change_distribution_list", OWNER, own_list, said("description")),
    Deed("retire_distribution_list", OWNER, own_list),
    Deed("create_distribution_list", OWNER, nowhere, new_list, refused=403),
    Deed("cancel_absence", OWNER, lambda world: {"absence_id": world.absence_id}),
    Deed(
        "declare_absence",
        OWNER,
        nowhere,
        lambda world: {
            "person_id": world.village.seat.person_id,
            "kind": "leave",
            "starts_on": "2032-01-06",
            "ends_on": "2032-01-07",
        },
        refused=403,
    ),
)

BY_ITSELF: Mapping[str, str] = {
    "act_on_branches": "each branch is refused by itself",
    "registerLetter": "a letter is sent, not a thing of another's acted on",
    "propose_addressees": "nothing is kept of what is asked",
    "hand_over_work": "it names a position, and a village may hand over its own",
    "verify_disposition_sheet": "anybody may ask who holds the printed sheet",
    "track_publicly": "anybody may ask who knows the check word",
}
"""Acts with a test of their own, and why."""


def bulk(world: World, act: str) -> Json:
    """The same act on every way of the village's letters at once."""
    return {"act": act, "branch_ids": sorted(set(world.ways.values())), "reason": f"Alasan {world.village.said}"}


def registration(world: World) -> tuple[Json, str, bytes]:
    """A letter sent as the operator of that village."""
    fields = letter(as_position=world.village.seat.position_id, subject="Permohonan biasa")
    return fields, "surat.pdf", text_pdf("Dengan hormat")
