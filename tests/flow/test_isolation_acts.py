"""No village does anything to another's letters, by any operation of the public API; those whose they are, do (K6)."""

import pytest

from tests.flow.cast import Cast
from tests.flow.desk import tracked
from tests.flow.isolation.asking import Request, ask, ask_all
from tests.flow.isolation.both import Both
from tests.flow.isolation.deed import Deed
from tests.flow.isolation.deeds import DEEDS, bulk, registration
from tests.flow.isolation.expected import ADMINISTRATION
from tests.flow.isolation.judging import DIRECTIONS, unseen, witness
from tests.flow.isolation.operations import places
from tests.flow.isolation.traces import sight
from tests.flow.isolation.village import BATUNUNGGUL, SEKARTAJI, Village
from tests.flow.isolation.world import World
from tests.house import House
from tests.printed import codes_on

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]


@DIRECTIONS
class TestActs:
    async def test_K6_no_act_on_anothers_things_succeeds_or_changes_anything(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)
        before = await sight(cast, world)
        for deed in DEEDS:
            requests = [knock(both, deed, place, world) for place in places(both.operations[deed.operation], world)]
            requests = [one for one in requests if (one.body or {}).get("other_id", "-") not in one.path]
            unseen(await ask_all(client, requests), world.traces, {deed.refused})
        for act in ("read", "receive", "return", "recall", "close", "reopen", "file"):
            request = Request("act_on_branches", "POST", "/v1/branches/acts", body=bulk(world, act))
            answer = await ask(client, request)
            unseen([(request, answer)], world.traces, {200})
            assert {item["status"] for item in answer.body["items"]} == {404}, act
            assert all(item["branch"] is None for item in answer.body["items"])
        assert await sight(cast, world) == before

    async def test_K6_the_regencys_own_is_not_a_villages_to_change(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)
        for operation in both.operations.values():
            if operation.id in ADMINISTRATION:
                paths = [operation.at(place) for place in places(operation, world)]
                requests = [Request(operation.id, operation.method, path, body={}) for path in paths]
                unseen(await ask_all(client, requests), world.traces, {403})

    async def test_K6_with_ones_own_letter_in_hand_one_gets_no_further(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        mine, theirs = both.worlds[stranger], both.worlds[owner]
        [client] = await cast(stranger.username)
        own, other = mine.letters["plain"], theirs.letters["plain"]
        base = f"/v1/letters/{own['id']}"
        link = {"other_id": other["id"], "relation": "related"}
        part = theirs.dispositions["answered"]
        passed_on = {
            "recipients": [{"position_id": mine.village.seat.position_id, "instructions": ["tindaklanjuti"]}],
            "parent": {"disposition_id": part["id"], "recipient_id": part["recipients"][0]["recipient_id"]},
        }
        requests = [
            Request("get_letter_file", "GET", f"{base}/files/{other['files'][0]['file_id']}"),
            Request("link_letters", "POST", f"{base}/links", body=link),
            Request("issue_disposition", "POST", f"{base}/dispositions", body=passed_on),
            Request(
                "get_letter_file",
                "GET",
                f"/v1/letters/{other['id']}/files/{other['files'][0]['file_id']}",
                headers={"If-None-Match": "*", "Range": "bytes=0-10"},
            ),
        ]
        file_id = other["files"][0]["file_id"]
        requests += [
            Request("get_letter_file", "GET", f"{base}/files/{file_id}/{what}")
            for what in ("copies", "pages/1", "normalised", "text", "suggestions")
        ]
        requests += [
            Request("get_scan", "GET", f"/v1/scans/{file_id}{what}")
            for what in ("", "/file", "/copies", "/pages/1", "/suggestions")
        ]
        unseen(await ask_all(client, requests), theirs.traces, {403, 404})

    async def test_K6_a_letter_sent_under_anothers_key_or_name_is_ones_own_or_refused(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        mine, theirs = both.worlds[stranger], both.worlds[owner]
        [client] = await cast(stranger.username)
        as_another = Request("register_letter", "POST", "/v1/letters", form=registration(theirs))
        unseen([(as_another, await ask(client, as_another))], theirs.traces, {403, 404})
        own = registration(mine)
        for key in theirs.keys[:3]:
            request = Request("register_letter", "POST", "/v1/letters", form=own, headers={"Idempotency-Key": key})
            answer = await ask(client, request)
            unseen([(request, answer)], theirs.traces, {201})
            assert answer.body["id"] not in theirs.letter_ids

    async def test_K6_a_tracking_code_is_worth_nothing_without_its_own_check_word(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        mine, theirs = both.worlds[stranger], both.worlds[owner]
        [client] = await cast(stranger.username)
        path = f"/v1/public/track/{theirs.letters['plain']['tracking_code']}"
        tried = Request("track_publicly", "POST", path, body={"check_word": mine.check_word})
        unseen([(tried, await ask(client, tried, signed_in=False))], theirs.traces, {404})
        known = Request("track_publicly", "POST", path, body={"check_word": theirs.check_word})
        unseen([(known, await ask(client, known, signed_in=False))], theirs.traces, {200})

    async def test_K6_a_printed_disposition_tells_the_public_nothing_of_its_letter(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        theirs = both.worlds[owner]
        client, leader = await cast(stranger.username, "bupati")
        sheet = await leader.download(f"/v1/dispositions/{theirs.dispositions['answered']['id']}/sheet.pdf")
        [link] = codes_on(sheet)
        code = link.partition("#")[2]
        asked = Request("verify_disposition_sheet", "POST", "/v1/public/dispositions/verify", body={"code": code})
        unseen([(asked, await ask(client, asked, signed_in=False))], theirs.traces, {200})

    async def test_K6_nobody_hands_over_anothers_work(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        theirs = both.worlds[owner]
        [client] = await cast(stranger.username)
        own = stranger.seat.position_id
        body = {"from_position": owner.seat.position_id, "to_position": own, "reason": "Saya ambil alih"}
        request = Request("hand_over_work", "POST", "/v1/dispositions/hand-over", body=body)
        unseen([(request, await ask(client, request))], theirs.traces, {403, 404})

    async def test_K6_proposals_quote_nobodys_letters(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        theirs = both.worlds[owner]
        [client] = await cast(stranger.username)
        body = {"kind": "Surat Permohonan", "subject": f"Permohonan {owner.subject} {owner.secret}"}
        request = Request("propose_addressees", "POST", "/v1/proposals", body=body)
        unseen([(request, await ask(client, request))], theirs.traces, {200})


def knock(both: Both, deed: Deed, place: dict[str, str], world: World) -> Request:
    """The deed's request at a place."""
    operation = both.operations[deed.operation]
    body = deed.body(world) if deed.upload is None else None
    return Request(deed.operation, operation.method, operation.at(place), body=body, upload=deed.upload)


@DIRECTIONS
class TestTheyWereWholeRequests:
    async def test_K6_those_whose_things_they_are_do_each_of_these_acts(
        self, house: House, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        for deed in DEEDS:
            request = knock(both, deed, deed.place(world), world)
            answer = await ask(await witness(cast, house, deed.by, world), request)
            assert 200 <= answer.status < 300, f"{deed.by}: {request}: {answer.text[-400:]}"
        [head, own] = await cast("kadis.pu", owner.username)
        done = await head.post("/v1/branches/acts", {"act": "receive", "branch_ids": [world.ways["bulk@kadis.pu"]]})
        assert [item["status"] for item in done["items"]] == [200]
        fields, name, scan = registration(world)
        assert (await own.send_letter(fields, [(name, scan, "application/pdf")]))["id"]


class TestLinkedAcrossVillages:
    async def test_K6_an_office_that_links_two_villages_letters_shows_neither_to_the_other(
        self, cast: Cast, both: Both
    ) -> None:
        one, other = both.worlds[SEKARTAJI], both.worlds[BATUNUNGGUL]
        [head] = await cast("kadis.pu")
        link = {"other_id": other.letters["astray"]["id"], "relation": "related"}
        linked = await head.post(f"/v1/letters/{one.letters['done']['id']}/links", link)
        assert link["other_id"] in str(linked)
        for mine, theirs, part in ((one, other, "done"), (other, one, "astray")):
            [client] = await cast(mine.village.username)
            track = await tracked(client, mine.letters[part]["id"], lambda found: bool(found["timeline"]))
            assert track["linked"] == []
            request = Request("track_letter", "GET", f"/v1/letters/{mine.letters[part]['id']}/track")
            unseen([(request, await ask(client, request))], theirs.traces, {200})
