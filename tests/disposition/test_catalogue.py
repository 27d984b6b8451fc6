"""The catalogue: instructions and one-tap replies as a regency keeps them."""

import asyncio
from typing import Any

import pytest

from services.contracts.disposition import DispositionIssued, DispositionReplied
from services.disposition.domain.first_catalogue import FIRST_INSTRUCTIONS, FIRST_QUICK_REPLIES
from services.disposition.store.catalogue import CHANGES
from tests.disposition.world import Json, World, to
from tests.events import published
from tests.people import principal
from tests.signing import ALL_SCOPES

ADMIN = principal(name="Admin Kabupaten")
CLERK = principal().model_copy(update={"scopes": ALL_SCOPES - {"organisation:write"}})
INSTRUCTIONS, REPLIES = "/v1/instructions", "/v1/quick-replies"
SHELVES = pytest.mark.parametrize("path", [INSTRUCTIONS, REPLIES])


def an_entry(path: str, label: str = "Buat kajian", **more: Any) -> Json:
    """An entry as it is sent."""
    effect = {"effect": "reply"} if path == INSTRUCTIONS else {}
    return {"labels": {"id": label, "en": "Make a study"}, **effect, **more}


def a_code(path: str) -> str:
    """One that is there from the start."""
    return "pelajari" if path == INSTRUCTIONS else "siap"


async def codes(world: World, path: str, query: str = "") -> list[str]:
    """Those that are listed."""
    return [one["code"] for one in (await world.get(world.head, f"{path}{query}"))[1]["items"]]


class TestList:
    async def test_begins_with_25_instructions_with_label_and_effect(self, world: World) -> None:
        status, answer = await world.get(world.head, INSTRUCTIONS)
        assert status == 200
        shown = {one["code"]: (one["label"], one["effect"]) for one in answer["items"]}
        assert len(answer["items"]) == len(shown) == 25 == len(FIRST_INSTRUCTIONS)
        assert shown["pelajari"] == ("Pelajari / telaah", "reply")
        assert shown["jadwalkan"] == ("Jadwalkan / agendakan", "schedule_request")
        assert list(shown)[:2] == ["diketahui", "perhatian"]
        assert list(shown)[-1] == "lainnya"

    async def test_P11_begins_with_the_one_tap_replies_in_use(self, world: World) -> None:
        _, answer = await world.get(world.head, REPLIES)
        assert [one["label"] for one in answer["items"]] == ["Siap!", "Dilaksanakan", "Mohon arahan"]
        assert len(FIRST_QUICK_REPLIES) == 3

    @pytest.mark.parametrize(("lang", "label"), [("id", "Dampingi"), ("en", "Accompany me"), ("ban", "Sarengin")])
    async def test_labels_in_the_language_asked_for(self, world: World, lang: str, label: str) -> None:
        _, answer = await world.get(world.head, f"{INSTRUCTIONS}?lang={lang}")
        [found] = [one for one in answer["items"] if one["code"] == "hadir_bersama"]
        assert (found["label"], found["labels"]["id"]) == (label, "Dampingi")

    async def test_in_indonesian_where_nobody_translated(self, world: World) -> None:
        await world.call(ADMIN, "POST", REPLIES, {"code": "baik", "labels": {"id": "Baik, Pak"}})
        _, answer = await world.get(world.head, f"{REPLIES}?lang=ban")
        assert answer["items"][-1]["label"] == "Baik, Pak"

    @SHELVES
    async def test_an_unknown_language_and_nobody(self, world: World, path: str) -> None:
        assert (await world.get(world.head, f"{path}?lang=fr"))[0] == 422
        async with world.http.get(path) as response:
            assert response.status == 401


class TestAdd:
    @SHELVES
    async def test_H16_it_is_listed_last_and_says_who_added_it(self, world: World, path: str) -> None:
        status, made, headers = await world.call(ADMIN, "POST", path, an_entry(path, code="kajian"))
        assert (status, headers["ETag"], made["by_name"]) == (201, '"1"', "Admin Kabupaten")
        assert (await codes(world, path))[-1] == "kajian"

    async def test_H16_it_can_be_given_at_once(self, world: World) -> None:
        await world.call(ADMIN, "POST", INSTRUCTIONS, an_entry(INSTRUCTIONS, code="kajian", effect="closes_on_read"))
        given = await world.disposed(world.head, to(world.secretary, "kajian"))
        assert given["recipients"][0]["closes_on"] == "read"
        assert given["recipients"][0]["instructions"][0]["label"] == "Buat kajian"

    async def test_it_stands_where_it_is_put(self, world: World) -> None:
        await world.call(ADMIN, "POST", INSTRUCTIONS, an_entry(INSTRUCTIONS, code="kajian", order=15))
        assert (await codes(world, INSTRUCTIONS))[:3] == ["diketahui", "kajian", "perhatian"]

    @SHELVES
    async def test_a_code_is_given_once(self, world: World, path: str) -> None:
        await world.call(ADMIN, "POST", f"{path}/{a_code(path)}/retire")
        status, problem, _ = await world.call(ADMIN, "POST", path, an_entry(path, code=a_code(path)))
        assert (status, problem["code"], problem["state"]["retired"]) == (409, "code_taken", True)

    @SHELVES
    async def test_of_two_at_once_one_gets_the_code(self, world: World, path: str) -> None:
        asked = [world.call(ADMIN, "POST", path, an_entry(path, f"Kata {n}", code="kajian")) for n in range(4)]
        assert sorted(status for status, _, _ in await asyncio.gather(*asked)) == [201, 409, 409, 409]

    @SHELVES
    async def test_asked_again_under_its_key_gives_the_first_answer(self, world: World, path: str) -> None:
        key = {"Idempotency-Key": "sekali"}
        answers = [await world.call(ADMIN, "POST", path, an_entry(path, code="kajian"), key) for _ in range(2)]
        assert [status for status, _, _ in answers] == [201, 201]
        assert answers[0][1] == answers[1][1]

    @SHELVES
    @pytest.mark.parametrize("wrong", [{"code": "A b"}, {"labels": {"en": "x"}}, {"order": -1}, {"warna": 1}])
    async def test_what_makes_no_sense_is_refused(self, world: World, path: str, wrong: Json) -> None:
        assert (await world.call(ADMIN, "POST", path, an_entry(path, code="kajian") | wrong))[0] == 422

    async def test_an_effect_nobody_knows_is_refused(self, world: World) -> None:
        body = an_entry(INSTRUCTIONS, code="kajian", effect="magic")
        assert (await world.call(ADMIN, "POST", INSTRUCTIONS, body))[0] == 422


class TestChange:
    @SHELVES
    async def test_H16_the_words_change_and_the_place_stays(self, world: World, path: str) -> None:
        before = await codes(world, path)
        asked = {"If-Match": '"1"'}
        status, changed, headers = await world.call(ADMIN, "PUT", f"{path}/{a_code(path)}", an_entry(path), asked)
        assert (status, changed["label"], headers["ETag"]) == (200, "Buat kajian", '"2"')
        assert await codes(world, path) == before

    async def test_P10_a_disposition_keeps_the_label_it_was_given_with(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary, "pelajari"))
        body = an_entry(INSTRUCTIONS, "Kaji", effect="completion")
        await world.call(ADMIN, "PUT", f"{INSTRUCTIONS}/pelajari", body)
        _, found = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        [kept] = found["recipients"][0]["instructions"]
        assert kept == {"code": "pelajari", "label": "Pelajari / telaah", "effect": "reply"}
        later = await world.disposed(world.head, to(world.division_head, "pelajari"))
        assert later["recipients"][0]["instructions"][0]["label"] == "Kaji"
        told = [DispositionIssued.read(one.data) for one in await published(world.service)]
        assert [one.recipients[0].instructions[0].effect for one in told] == ["reply", "completion"]

    async def test_P11_an_answer_keeps_the_words_it_was_given_with(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary))
        await world.act(world.secretary, given, "reply", {"quick_reply": "siap"})
        await world.call(ADMIN, "PUT", f"{REPLIES}/siap", {"labels": {"id": "Siap, laksanakan!"}})
        await world.act(world.secretary, given, "reply", {"quick_reply": "siap"})
        _, found = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert [one["text"] for one in found["acts"] if one["kind"] == "reply"] == ["Siap!", "Siap, laksanakan!"]
        events = [one for one in await published(world.service) if one.type == DispositionReplied.event_type]
        told = [DispositionReplied.read(one.data) for one in events]
        assert [(one.quick_reply, one.text) for one in told] == [("siap", "Siap!"), ("siap", "Siap, laksanakan!")]

    @SHELVES
    async def test_the_same_again_changes_nothing(self, world: World, path: str) -> None:
        found = [await world.call(ADMIN, "PUT", f"{path}/{a_code(path)}", an_entry(path)) for _ in range(2)]
        assert [headers["ETag"] for _, _, headers in found] == ['"2"', '"2"']

    @SHELVES
    async def test_of_many_at_once_that_have_seen_the_same_one_wins(self, world: World, path: str) -> None:
        url, seen = f"{path}/{a_code(path)}", {"If-Match": '"1"'}
        asked = [world.call(ADMIN, "PUT", url, an_entry(path, f"Kata {n}"), seen) for n in range(6)]
        assert sorted(status for status, _, _ in await asyncio.gather(*asked)) == [200, 412, 412, 412, 412, 412]

    @SHELVES
    async def test_every_version_is_kept(self, world: World, path: str) -> None:
        for label in ("Satu", "Dua"):
            await world.call(ADMIN, "PUT", f"{path}/{a_code(path)}", an_entry(path, label))
        entry = f"{'instructions' if path == INSTRUCTIONS else 'quick_replies'}/{a_code(path)}"
        kept = await world.service.foundation.database[CHANGES].find({"entry": entry}).to_list(None)
        assert [(one["made"]["labels"]["id"], one["made"]["version"]) for one in kept] == [("Satu", 2), ("Dua", 3)]

    @SHELVES
    async def test_what_is_not_there(self, world: World, path: str) -> None:
        assert (await world.call(ADMIN, "PUT", f"{path}/tiada", an_entry(path)))[0] == 404


class TestRetire:
    @SHELVES
    async def test_H16_it_is_not_listed_any_more_and_comes_back(self, world: World, path: str) -> None:
        code, before = a_code(path), await codes(world, path)
        status, gone, _ = await world.call(ADMIN, "POST", f"{path}/{code}/retire")
        assert (status, gone["retired"], gone["version"]) == (200, True, 2)
        assert code not in await codes(world, path)
        assert await codes(world, path, "?retired=true") == before
        await world.call(ADMIN, "POST", f"{path}/{code}/restore")
        assert await codes(world, path) == before

    async def test_it_is_not_given_any_more_and_what_was_given_goes_on(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary, "pelajari"))
        await world.call(ADMIN, "POST", f"{INSTRUCTIONS}/pelajari/retire")
        status, problem = await world.dispose(world.head, to(world.division_head, "pelajari", "laksanakan"))
        assert (status, problem["code"], problem["instructions"]) == (422, "instruction_retired", ["pelajari"])
        assert (await world.act(world.secretary, given, "reply", {"text": "Sudah"}))[0] == 201

    async def test_a_retired_reply_is_not_answered_with(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary))
        await world.call(ADMIN, "POST", f"{REPLIES}/siap/retire")
        status, problem = await world.act(world.secretary, given, "reply", {"quick_reply": "siap"})
        assert (status, problem["code"]) == (422, "quick_reply_retired")

    @SHELVES
    async def test_twice_changes_nothing(self, world: World, path: str) -> None:
        found = [await world.call(ADMIN, "POST", f"{path}/{a_code(path)}/retire") for _ in range(2)]
        assert [gone["version"] for _, gone, _ in found] == [2, 2]

    @SHELVES
    async def test_seen_otherwise(self, world: World, path: str) -> None:
        seen = {"If-Match": '"7"'}
        assert (await world.call(ADMIN, "POST", f"{path}/{a_code(path)}/retire", None, seen))[0] == 412


class TestWho:
    @SHELVES
    async def test_only_who_keeps_the_organisation_changes_it(self, world: World, path: str) -> None:
        code = a_code(path)
        for method, url, body in (
            ("POST", path, an_entry(path, code="kajian")),
            ("PUT", f"{path}/{code}", an_entry(path)),
            ("POST", f"{path}/{code}/retire", None),
            ("POST", f"{path}/{code}/restore", None),
        ):
            assert (await world.call(CLERK, method, url, body))[0] == 403, url
