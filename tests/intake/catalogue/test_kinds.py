"""/v1/letter-kinds, and what a registration is told by them."""

import asyncio
from typing import Any

import pytest

from services.intake.domain.catalogue.kinds import FIRST_KINDS
from services.intake.store import kinds
from tests.intake import scans
from tests.intake.world import World
from tests.signing import ALL_SCOPES

PATH = "/v1/letter-kinds"
CLERK_SCOPES = " ".join(sorted(ALL_SCOPES - {"organisation:write"}))
NEW = {"code": "surat_panggilan_tugas", "name": "Surat Panggilan Tugas"}


async def names(world: World, query: str = "") -> list[str]:
    """Those that are listed."""
    return [one["name"] for one in (await world.get(f"{PATH}{query}")).body["items"]]


async def warned(world: World, kind: str) -> list[str]:
    """What a letter of this kind is warned of."""
    made = await world.registered(letter=world.letter(kind=kind), files=[("a.pdf", scans.pdf(1, pixels=(120, 160)))])
    return [one["code"] for one in made["warnings"]]


class TestList:
    """What there is."""

    async def test_begins_with_the_kinds_in_use_in_order(self, world: World) -> None:
        found = await names(world)
        assert len(found) == len(FIRST_KINDS) == 30
        assert (found[0], found[-1]) == ("Surat Dinas", "Memorandum")

    async def test_retired_ones_only_where_asked_for(self, world: World) -> None:
        answer = await world.act("PUT", f"{PATH}/radiogram", {"name": "Radiogram", "retired": True})
        assert (answer.status, answer.body["retired"], answer.body["version"]) == (200, True, 2)
        assert "Radiogram" not in await names(world)
        assert "Radiogram" in await names(world, "?retired=true")

    async def test_for_everybody_who_is_signed_in(self, world: World) -> None:
        assert (await world.act("GET", PATH, scope="letters:read")).status == 200
        async with world.http.get(PATH) as response:
            assert response.status == 401


class TestKeep:
    """Adding and changing."""

    async def test_new_one_comes_last_and_is_there_at_once(self, world: World) -> None:
        answer = await world.act("POST", PATH, NEW, key="k")
        assert (answer.status, answer.headers["ETag"]) == (201, '"1"')
        assert (await names(world))[-1] == NEW["name"]
        again = await world.act("POST", PATH, NEW, key="k")
        assert (again.status, again.body) == (201, answer.body)

    async def test_change_says_who_and_keeps_every_version(self, world: World) -> None:
        path = f"{PATH}/notula"
        changed = await world.act("PUT", path, {"name": "Notula Rapat", "order": 5}, seen=1)
        assert (changed.body["name"], changed.body["version"], changed.body["by_name"]) == (
            "Notula Rapat",
            2,
            "Ni Luh Sari",
        )
        assert (await names(world))[0] == "Notula Rapat"
        assert (await world.act("PUT", path, {"name": "Notula Rapat"})).body["version"] == 2, "the same changes nothing"
        await world.act("PUT", path, {"name": "Notula"}, seen=2)
        rows = await world.rows(kinds.CHANGES)
        assert [row["made"]["name"] for row in rows] == ["Notula Rapat", "Notula"]

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (NEW | {"code": "notula"}, 409, "code_taken"),
            (NEW | {"name": " surat  dinas "}, 409, "name_taken"),
            (NEW | {"code": "Besar"}, 422, "validation_failed"),
            (NEW | {"name": ""}, 422, "validation_failed"),
            (NEW | {"lain": 1}, 422, "validation_failed"),
        ],
    )
    async def test_refused(self, world: World, body: dict[str, Any], status: int, code: str) -> None:
        answer = await world.act("POST", PATH, body)
        assert (answer.status, answer.code) == (status, code)
        assert len(await names(world, "?retired=true")) == 30

    async def test_of_two_who_have_seen_the_same_one_is_refused(self, world: World) -> None:
        bodies = [{"name": f"Notula {turn}"} for turn in range(4)]
        answers = await asyncio.gather(*(world.act("PUT", f"{PATH}/notula", body, seen=1) for body in bodies))
        assert sorted(answer.status for answer in answers) in ([200, 412, 412, 412], [200, 409, 412, 412])

    async def test_unknown_code(self, world: World) -> None:
        answer = await world.act("PUT", f"{PATH}/tidak_ada", {"name": "Apa"})
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_only_who_keeps_the_organisation(self, world: World) -> None:
        for method, path in (("POST", PATH), ("PUT", f"{PATH}/notula")):
            answer = await world.act(method, path, NEW, scope=CLERK_SCOPES)
            assert (answer.status, answer.code) == (403, "forbidden")


class TestRegistration:
    """What a letter's kind is held against."""

    async def test_a_kind_there_is_is_taken_however_it_is_written(self, world: World) -> None:
        assert await warned(world, "surat  DINAS") == []

    async def test_another_offices_word_is_taken_with_a_warning(self, world: World) -> None:
        assert await warned(world, "Surat Sakti") == ["unknown_kind"]

    async def test_a_retired_kind_is_taken_with_a_warning(self, world: World) -> None:
        await world.act("PUT", f"{PATH}/radiogram", {"name": "Radiogram", "retired": True})
        assert await warned(world, "Radiogram") == ["retired_kind"]

    async def test_a_corrected_kind_is_held_against_it_too(self, world: World) -> None:
        made = await world.registered()
        body = {"reason": "Salah pilih", "kind": "Surat Sakti"}
        answer = await world.act("PATCH", f"/v1/letters/{made['id']}", body)
        assert [one["code"] for one in answer.body["warnings"]] == ["unknown_kind"]
