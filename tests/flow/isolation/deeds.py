"""Every act on a thing, with who may do it where. Invariant: in this order all of them can be done, one after another.

A stranger does the same, with the same words, on every thing of that sort, and must fail.
"""

from collections.abc import Mapping

from deploy.demo.client import Json
from tests.flow.isolation.deed import (
    HEALTH_HEAD,
    PU_HEAD,
    Deed,
    about,
    batch,
    disposition,
    draft,
    elsewhere,
    letter_in,
    new_list,
    notification,
    nowhere,
    number_next,
    override,
    own_list,
    part_of,
    presence,
    question,
    request,
    said,
    way,
)
from tests.flow.isolation.expected import OWNER
from tests.flow.isolation.world import KABID, TU, World
from tests.flow.offices import demo_unit
from tests.house import letter
from tests.intake.scans import text_pdf

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
    Deed("keep_draft", OWNER, nowhere, about("loose")),
    Deed("change_draft", OWNER, draft("drafted"), about("drafted")),
    Deed("register_draft", OWNER, draft("drafted")),
    Deed("throw_draft_away", OWNER, draft("unwanted")),
    Deed("begin_batch", OWNER, nowhere, lambda world: {"scan": world.scans["loose"]["id"]}),
    Deed("edit_batch", OWNER, batch("pile"), lambda _: {"edits": [{"do": "rotate", "pages": [1], "degrees": 90}]}),
    Deed("reset_batch", OWNER, batch("pile")),
    Deed("confirm_batch", OWNER, batch("pile")),
    Deed("close_batch", OWNER, batch("put away")),
    Deed("discard_scan", OWNER, lambda world: {"scan_id": world.scans["unwanted"]["id"]}),
    Deed("preview_number", OWNER, nowhere, number_next, refused=403),
    Deed(
        "correct_letter",
        OWNER,
        letter_in("linked"),
        lambda world: {"summary": f"Ringkasan terakhir {world.village.said}", **said("reason")(world)},
    ),
    Deed("void_letter", OWNER, letter_in("linked"), said("reason")),
)

BY_ITSELF: Mapping[str, str] = {
    "act_on_branches": "each branch is refused by itself",
    "register_letter": "a letter is sent, not a thing of another's acted on",
    "propose_addressees": "nothing is kept of what is asked",
    "hand_over_work": "it names a position, and a village may hand over its own",
    "verify_disposition_sheet": "anybody may ask who holds the printed sheet",
    "get_upload_abilities": "everybody is told the same, of what is not there too",
    "create_upload": "something is brought, not a thing of another's acted on",
    "get_upload_offset": "it is asked with HEAD, and answered in headers",
    "continue_upload": "it takes bytes",
    "end_upload": "it is asked as the protocol of uploads asks",
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
