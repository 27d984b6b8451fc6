"""Acts on several letters at once, links between letters, and making all that is kept of letters anew."""

import asyncio
from dataclasses import dataclass

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import SEATS
from services.chassis.ids import new_id
from services.chassis.mongo import connect
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, in_box, refusal, track_of, tracked
from tests.flow.offices import demo_unit
from tests.flow.rebuilding import rebuild
from tests.house import House, everything

pytestmark = [pytest.mark.flow]


class TestBulkActs:
    async def test_B3_one_refusal_holds_none_of_the_others_up(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        letters = [await house.send(village) for _ in range(3)]
        branches = [await arrived(head, one["id"]) for one in letters]
        await act(village, branches[1], "recall", reason="Salah kirim")
        asked = [branches[0]["id"], branches[1]["id"], new_id(), branches[2]["id"]]
        done = await head.post("/v1/branches/acts", {"act": "close", "outcome": "decision", "branch_ids": asked})
        assert [(one["branch_id"], one["status"]) for one in done["items"]] == list(
            zip(asked, (200, 404, 404, 200), strict=True)
        )
        assert [one["branch"]["state"] for one in done["items"] if one["branch"]] == ["done", "done"]
        states = [(await track_of(village, one["id"]))["branches"][0]["state"] for one in letters]
        assert states == ["done", "recalled", "done"]

    async def test_B3_what_must_be_explained_is_not_done_in_silence(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        branch = await arrived(head, (await house.send(village))["id"])
        asked = {"act": "return", "branch_ids": [branch["id"]]}
        assert await refusal(head, "/v1/branches/acts", asked) == 422
        done = await head.post("/v1/branches/acts", {**asked, "reason": "Lampiran kurang"})
        assert [one["branch"]["state"] for one in done["items"]] == ["returned"]


class TestLinks:
    async def test_H2_letters_of_one_matter_show_each_other_to_those_who_may_read_both(
        self, house: House, cast: Cast
    ) -> None:
        village, head, health = await cast("desa.sekartaji", "kadis.pu", "kadis.kes")
        first = await house.send(village)
        second = await house.send(village, addressees=[demo_unit("dinas-pu"), demo_unit("dinkes")])
        for letter in (first, second):
            await arrived(head, letter["id"])
        await arrived(health, second["id"])
        await head.post(f"/v1/letters/{second['id']}/links", {"other_id": first["id"], "relation": "follows"})
        for reader, letter, inverse in ((village, second, False), (head, first, True)):
            [link] = (await track_of(reader, letter["id"]))["linked"]
            other = first if letter is second else second
            assert (link["relation"], link["inverse"], link["letter"]["id"]) == ("follows", inverse, other["id"])
        track = await track_of(health, second["id"])
        assert first["id"] not in str(track), "the health office cannot see the first letter, nor that there is one"

    async def test_H2_nobody_links_what_they_cannot_read(self, house: House, cast: Cast) -> None:
        village, head, health = await cast("desa.sekartaji", "kadis.pu", "kadis.kes")
        first = await house.send(village)
        await arrived(head, first["id"])
        own = await house.send(health, direction="outgoing", addressees=[demo_unit("setda")])
        await tracked(health, own["id"], lambda track: bool(track["branches"]))
        for one, other in ((own, first), (first, own)):
            linked = {"other_id": other["id"], "relation": "related"}
            assert await refusal(health, f"/v1/letters/{one['id']}/links", linked) == 404


class TestRebuild:
    async def test_K1_B3_all_that_is_kept_of_letters_is_made_anew_from_nothing_and_is_what_it_was(
        self, house: House, cast: Cast
    ) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        letter = await house.send(village)
        await act(head, await arrived(head, letter["id"]), "receive")
        await house.settled()
        before = await everything_seen(cast)
        assert letter["id"] in str(before)
        database = connect(house.servers.mongo_url, "lontar_routing")
        for name in ("letters", "branches", "control_list"):
            assert (await database[name].delete_many({})).deleted_count
        database.client.close()
        assert await everything_seen(cast) != before
        code, said = await rebuild(house)
        count = len(before["bupati"].letters)
        assert count > 1, "too little to show anything"
        assert (code, said.splitlines()[-1]) == (0, f"{count} letters, {count} not as their histories say"), said
        assert await everything_seen(cast) == before


@dataclass(frozen=True)
class Sight:
    """What one person sees: the control list, the boxes with their counts, and the newest letters' tracks."""

    letters: list[Json]
    counts: Json
    boxes: list[list[Json]]
    tracks: list[Json]


async def everything_seen(cast: Cast) -> dict[str, Sight]:
    """What everybody sees."""
    usernames = [one.username for one in SEATS]
    seen = await asyncio.gather(*(_sight_of(client) for client in await cast(*usernames)))
    return dict(zip(usernames, seen, strict=True))


async def _sight_of(client: Client) -> Sight:
    rows = [row async for row in everything(client, "/v1/letters")]
    boxes = [await in_box(client, box) for box in ("inbox", "done", "returned", "copies", "outbox")]
    tracks = [await track_of(client, row["letter"]["id"]) for row in rows[:5]]
    return Sight(rows, await client.get("/v1/boxes"), boxes, tracks)
