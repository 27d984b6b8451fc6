"""No village reaches another's scans before they are letters: by the protocol of uploads, or by naming them (K6)."""

import pytest

from services.chassis.ids import new_id
from tests.flow.cast import Cast
from tests.flow.isolation.asking import Request, ask, ask_all
from tests.flow.isolation.both import Both
from tests.flow.isolation.judging import DIRECTIONS, plain, unseen
from tests.flow.isolation.operations import places
from tests.flow.isolation.unregistered import OFFSET_TYPE, creating, uploaded
from tests.flow.isolation.village import Village
from tests.flow.isolation.world import World
from tests.house import letter
from tests.intake.scans import text_pdf

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]
TUS = {"Tus-Resumable": "1.0.0"}
GOING_ON = {**TUS, "Content-Type": OFFSET_TYPE, "Upload-Offset": "9"}


def knocks(upload_id: str) -> list[Request]:
    """Every way to reach an upload: as the protocol has it, and by the other name it knows for each."""
    path, rest = f"/v1/uploads/{upload_id}", b"x" * 100
    instead = {method: {**GOING_ON, "X-HTTP-Method-Override": method} for method in ("HEAD", "PATCH", "DELETE")}
    return [
        Request("get_upload_offset", "HEAD", path, headers=TUS),
        Request("continue_upload", "PATCH", path, headers=GOING_ON, stretch=rest),
        Request("continue_upload", "PATCH", path, headers={**GOING_ON, "Upload-Offset": "0"}, stretch=rest),
        Request("end_upload", "DELETE", path, headers=TUS),
        *(Request("continue_upload", "POST", path, headers=headers, stretch=rest) for headers in instead.values()),
    ]


def by_name(world: World, scan: str) -> list[Request]:
    """Every way to take a scan for one's own by its id."""
    said = letter(subject="Permohonan biasa")
    return [
        Request("register_letter", "POST", "/v1/letters", body={"letter": said, "scans": [scan]}),
        Request("keep_draft", "POST", "/v1/drafts", body={"letter": {}, "scans": [scan]}),
        Request("begin_batch", "POST", "/v1/batches", body={"scan": scan}),
        Request(
            "change_draft",
            "PUT",
            f"/v1/drafts/{world.drafts['kept']}",
            body={"letter": {}, "scans": [scan]},
        ),
    ]


async def state_of(both: Both, cast: Cast, owner: Village) -> list[tuple[int, str]]:
    """The owner's scans, as they are now: one was discarded where the deeds were done before."""
    [own] = await cast(owner.username)
    requests = [Request("get_scan", "GET", f"/v1/scans/{one['id']}") for one in both.worlds[owner].scans.values()]
    return [(answer.status, plain(answer)) for _, answer in await ask_all(own, requests)]


@DIRECTIONS
class TestUploads:
    async def test_K6_anothers_upload_is_as_if_it_were_not_there(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        client, own = await cast(stranger.username, owner.username)
        before = await state_of(both, cast, owner)
        unknown = [plain(answer) for _, answer in await ask_all(client, knocks(new_id()))]
        for place in places(both.operations["get_upload_offset"], world):
            answers = await ask_all(client, knocks(place["upload_id"]))
            unseen(answers, world.traces, {404})
            assert [plain(answer) for _, answer in answers] == unknown
        for part in ("arriving", "loose", "taken up"):
            assert (await ask(own, knocks(world.scans[part]["id"])[0])).status == 200
        assert await state_of(both, cast, owner) == before

    async def test_K6_what_is_spoken_is_said_of_every_upload_alike(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)
        paths = ["/v1/uploads", f"/v1/uploads/{new_id()}", f"/v1/uploads/{world.scans['arriving']['id']}"]
        asked = await ask_all(client, [Request("get_upload_abilities", "OPTIONS", path) for path in paths])
        unseen(asked, world.traces, {204})
        assert len({answer.headers["Tus-Extension"] for _, answer in asked}) == 1

    async def test_K6_an_upload_under_anothers_key_or_name_is_ones_own_or_refused(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world, content = both.worlds[owner], b"%PDF-1.7\n"
        client, own = await cast(stranger.username, owner.username)
        as_another = creating("a.pdf", 4096, content, as_position=owner.seat.position_id)
        unseen([(as_another, await ask(client, as_another))], world.traces, {403, 404})
        key, ids = {"Idempotency-Key": new_id()}, []
        for person in (own, client):
            asked = creating("a.pdf", 4096, content)
            asked.headers.update(key)
            begun = await ask(person, asked)
            assert begun.status == 201
            ids.append(begun.headers["Location"].rpartition("/")[2])
        assert ids[0] != ids[1]
        for person, upload_id in zip((own, client), ids, strict=True):
            ended = await ask(person, Request("end_upload", "DELETE", f"/v1/uploads/{upload_id}", headers=TUS))
            assert ended.status == 204

    async def test_K6_nobody_is_answered_without_a_token(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)
        for request in (creating("a.pdf", 9, b"%PDF-1.7\n"), *knocks(world.scans["arriving"]["id"])):
            answer = await ask(client, request, signed_in=False)
            unseen([(request, answer)], world.traces, {401})


@DIRECTIONS
class TestScans:
    async def test_K6_nothing_is_made_of_anothers_scan(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        mine, theirs = both.worlds[stranger], both.worlds[owner]
        [client] = await cast(stranger.username)
        before = await state_of(both, cast, owner)
        unknown = [plain(answer) for _, answer in await ask_all(client, by_name(mine, new_id()))]
        for scan in theirs.scans.values():
            answers = await ask_all(client, by_name(mine, scan["id"]))
            unseen(answers, theirs.traces, {404})
            assert [plain(answer) for _, answer in answers] == unknown
        assert await state_of(both, cast, owner) == before

    async def test_K6_the_same_scan_of_another_village_is_no_double(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        theirs = both.worlds[owner]
        client, own = await cast(stranger.username, owner.username)
        sent = theirs.letters["plain"]
        known = {
            "sender_kind": "unit",
            "sender_id": owner.unit_id,
            "letter_number": sent["letter_number"],
            "letter_date": "2026-11-16",
            "sha256": sent["files"][0]["sha256"],
        }
        asked = Request("find_duplicate_letters", "GET", "/v1/letters/duplicates", known)
        found = await ask(own, asked)
        assert {one["code"] for one in found.body["items"]} == {"duplicate", "duplicate_file"}
        refused = await ask(client, asked)
        unseen([(asked, refused)], theirs.traces, {200})
        assert refused.body["items"] == []
        scan = text_pdf(f"Surat edaran yang sama {new_id()}")
        warned = []
        for person in (own, client, client):
            brought = await uploaded(person, "edaran.pdf", scan)
            body = {"letter": letter(subject="Surat edaran"), "scans": [brought["id"]]}
            warned.append([one["code"] for one in (await person.post("/v1/letters", body))["warnings"]])
        assert warned == [[], [], ["duplicate_file"]]

    async def test_K6_anothers_letter_to_be_is_no_place_for_pages_of_ones_own_pile(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        mine, theirs = both.worlds[stranger], both.worlds[owner]
        client, own = await cast(stranger.username, owner.username)
        [their_letter] = (await own.get(f"/v1/batches/{theirs.batches['kept']}"))["letters"]
        path = f"/v1/batches/{mine.batches['kept']}/edits"
        for edit in (
            {"do": "move", "pages": [1], "to": their_letter["id"]},
            {"do": "split", "letter": their_letter["id"], "at": 1},
        ):
            told = []
            for named in (their_letter["id"], new_id()):
                body = {
                    "edits": [{key: named if value == their_letter["id"] else value for key, value in edit.items()}]
                }
                request = Request("edit_batch", "POST", path, body=body)
                answer = await ask(client, request)
                unseen([(request, answer)], theirs.traces, {404, 409, 422})
                told.append(plain(answer))
            assert told[0] == told[1]
