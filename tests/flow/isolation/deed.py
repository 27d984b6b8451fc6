"""An act on a thing, the places of a world where it can be done, and the words that are said with it.

A place says which thing of a world the act is on; what stands in a body is made of the world's own words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from deploy.demo.client import Json
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.flow.isolation.parameters import BUPATI, Place
from tests.flow.isolation.world import World
from tests.flow.offices import demo_unit
from tests.house import letter

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


def draft(part: str) -> Callable[[World], Place]:
    """A registration that was put aside."""
    return lambda world: {"draft_id": world.drafts[part]}


def batch(part: str) -> Callable[[World], Place]:
    """A pile that was scanned at once."""
    return lambda world: {"batch_id": world.batches[part]}


def about(part: str) -> Callable[[World], Json]:
    """A draft of a letter, of one of the scans."""
    return lambda world: {
        "letter": letter(subject=f"Permohonan {world.village.subject}", summary=f"Ringkasan {world.village.said}"),
        "scans": [world.scans[part]["id"]],
    }


def number_next(world: World) -> Json:
    """What number the village would give next."""
    return {"unit_id": world.village.unit_id, "kind": "external"}


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
