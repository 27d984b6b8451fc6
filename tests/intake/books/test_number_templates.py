"""GET and PUT /v1/number-templates, and what the next number would be."""

from typing import Any

import pytest

from tests.intake.books.test_numbers import YEAR, outgoing
from tests.intake.world import Answer, World

PATH = "/v1/number-templates"
WRITE = "organisation:write"
USUAL = {"external": "KS/N/K/Y", "internal": "N/K/U/Y", "assignment": "K/N/Y"}


async def put(world: World, path: str, body: Any, seen: int | None = None, scope: str = WRITE) -> Answer:
    """Set templates."""
    return await world.act("PUT", path, body, seen=seen, scope=scope)


def templates(answer: Answer) -> dict[str, str]:
    """What is in force."""
    assert answer.status == 200, answer.body
    return {kind: form["template"] for kind, form in answer.body["in_force"].items()}


class TestShow:
    """What is in force."""

    async def test_the_usual_forms_hold_where_nobody_has_set_any(self, world: World) -> None:
        regency = await world.get(PATH)
        assert templates(regency) == USUAL
        assert regency.headers["ETag"] == '"1"'
        unit = await world.get(f"{PATH}/{world.village.unit_id}")
        assert templates(unit) == USUAL
        assert {one["set_by"] for one in unit.body["in_force"].values()} == {"default"}

    async def test_an_unknown_unit_is_not_there(self, world: World) -> None:
        assert (await world.get(f"{PATH}/{world.operator.person_id}")).status == 404


class TestSet:
    """Setting them."""

    async def test_a_unit_goes_by_its_own_then_by_the_regencys(self, world: World) -> None:
        unit = f"{PATH}/{world.village.unit_id}"
        assert (await put(world, PATH, {"external": {"template": "KS/N3/K/Y"}}, 1)).status == 200
        made = await put(world, unit, {"code": "SKT", "internal": {"template": "ND/N/U/Y", "series": "nota"}}, 1)
        assert templates(made) == {"external": "KS/N3/K/Y", "internal": "ND/N/U/Y", "assignment": "K/N/Y"}
        assert (made.body["version"], made.headers["ETag"]) == (2, '"2"')
        assert made.body["changed_by"] == world.operator.name
        letter = outgoing(world, number_template="internal")
        assert (await world.registered(letter=letter))["letter_number"] == f"ND/1/SKT/{YEAR}"
        gone = await put(world, unit, {}, 2)
        assert templates(gone)["internal"] == USUAL["internal"]

    async def test_every_version_is_kept(self, world: World) -> None:
        for number in (1, 2, 3):
            await put(world, PATH, {"external": {"template": f"N{number}/Y"}}, number)
        kept = {row["_id"]: row["forms"]["external"]["template"] for row in await world.rows("number_forms")}
        assert kept == {"regency": "N3/Y", "regency/2": "N1/Y", "regency/3": "N2/Y", "regency/4": "N3/Y"}

    async def test_the_same_again_changes_nothing(self, world: World) -> None:
        made = [await put(world, PATH, {"external": {"template": "N/Y"}}) for _ in range(2)]
        assert [one.body["version"] for one in made] == [2, 2]

    async def test_of_two_who_saw_the_same_one_is_refused(self, world: World) -> None:
        assert (await put(world, PATH, {"external": {"template": "N/Y"}}, 1)).status == 200
        late = await put(world, PATH, {"external": {"template": "Y/N"}}, 1)
        assert (late.status, late.code) == (412, "changed_meanwhile")

    async def test_only_who_keeps_the_organisation_sets_them(self, world: World) -> None:
        for path in (PATH, f"{PATH}/{world.village.unit_id}"):
            assert (await put(world, path, {}, scope="letters:register letters:read")).status == 403
        assert await world.rows("number_forms") == []

    @pytest.mark.parametrize(
        "body",
        [
            {"external": {"template": "K/Y"}},
            {"external": {"template": "N/K"}},
            {"external": {"template": "N/Y", "series": "latihan-x"}},
            {"external": {"template": "N/Y", "series": "A B"}},
            {"code": "D\nPU"},
            {"kode": "DPU"},
        ],
    )
    async def test_what_cannot_be_a_number_is_refused(self, world: World, body: Any) -> None:
        refused = await put(world, f"{PATH}/{world.village.unit_id}", body)
        assert (refused.status, refused.code) == (422, "validation_failed")

    async def test_the_regency_has_no_code(self, world: World) -> None:
        refused = await put(world, PATH, {"code": "KAB"})
        assert (refused.status, refused.code) == (422, "code_of_no_unit")

    async def test_an_unknown_unit_has_none(self, world: World) -> None:
        assert (await put(world, f"{PATH}/{world.operator.person_id}", {})).status == 404


class TestPreview:
    """POST /v1/number-templates/preview."""

    async def test_it_shows_the_next_number_and_takes_none(self, world: World) -> None:
        await world.registered(letter=outgoing(world))
        body = {"unit_id": world.village.unit_id, "kind": "external", "classification": "000.1.2"}
        first, shown = [await world.act("POST", f"{PATH}/preview", body) for _ in range(2)]
        assert first.body["number"] == shown.body["number"] == f"B/2/000.1.2/{YEAR}"
        assert shown.body | {"number": ""} == {
            "number": "",
            "running": 2,
            "series": "external",
            "year": YEAR,
            "template": "KS/N/K/Y",
            "missing": [],
        }

    async def test_it_tries_a_template_that_nobody_has_set(self, world: World) -> None:
        body = {
            "unit_id": world.village.unit_id,
            "kind": "internal",
            "template": "N/K/U/R/Y",
            "letter_date": "2026-03-01",
        }
        shown = await world.act("POST", f"{PATH}/preview", body)
        assert (shown.body["number"], shown.body["missing"]) == ("1/…/…/III/2026", ["classification", "unit_code"])

    async def test_another_units_counter_is_not_shown(self, world: World) -> None:
        body = {"unit_id": world.agency.unit_id, "kind": "external"}
        stranger = await world.act("POST", f"{PATH}/preview", body, scope="letters:register letters:read")
        assert stranger.status == 403
        assert (await world.act("POST", f"{PATH}/preview", body, scope=WRITE)).status == 200


class TestSeries:
    """Going on after numbers that were given on paper."""

    async def test_the_next_number_follows_the_last_one_on_paper(self, world: World) -> None:
        series = f"{PATH}/{world.village.unit_id}/series"
        done = await put(world, f"{series}/{YEAR}/external", {"last": 245, "reason": "Nomor 1-245 pada buku lama"})
        assert (done.status, done.body["last"]) == (200, 245)
        assert (await world.registered(letter=outgoing(world)))["letter_number"] == f"B/246/620/{YEAR}"
        [shown] = (await world.get(series)).body["items"]
        assert (shown["name"], shown["year"], shown["last"]) == ("external", YEAR, 246)
        assert [(one["last"], one["reason"]) for one in shown["continued"]] == [(245, "Nomor 1-245 pada buku lama")]

    async def test_it_never_goes_back(self, world: World) -> None:
        series = f"{PATH}/{world.village.unit_id}/series"
        await world.registered(letter=outgoing(world))
        for last in (1, 1):
            refused = await put(world, f"{series}/{YEAR}/external", {"last": last, "reason": "Salah hitung"})
            assert (refused.status, refused.code) == (409, "series_further")
        assert (await put(world, f"{series}/{YEAR}/external", {"last": 9, "reason": "Buku lama"})).status == 200
        assert (await world.registered(letter=outgoing(world)))["letter_number"] == f"B/10/620/{YEAR}"

    @pytest.mark.parametrize(
        ("place", "body", "status"),
        [
            (f"{YEAR}/lain", {"last": 5, "reason": "Buku lama"}, 404),
            (f"{YEAR - 2}/external", {"last": 5, "reason": "Buku lama"}, 422),
            (f"{YEAR}/external", {"last": 0, "reason": "Buku lama"}, 422),
            (f"{YEAR}/external", {"last": 5}, 422),
            (f"{YEAR}/latihan-external", {"last": 5, "reason": "Buku lama"}, 404),
        ],
    )
    async def test_what_makes_no_sense_is_refused(self, world: World, place: str, body: Any, status: int) -> None:
        assert (await put(world, f"{PATH}/{world.village.unit_id}/series/{place}", body)).status == status
        assert await world.rows("number_counters") == []

    async def test_only_who_keeps_the_organisation_does_it_and_others_units_are_not_shown(self, world: World) -> None:
        series = f"{PATH}/{world.agency.unit_id}/series"
        body = {"last": 5, "reason": "Buku lama"}
        registrar = "letters:register letters:read"
        assert (await put(world, f"{series}/{YEAR}/external", body, scope=registrar)).status == 403
        assert (await world.act("GET", series, scope=registrar)).status == 403
        assert (await world.act("GET", series, scope=WRITE)).body == {"items": []}
