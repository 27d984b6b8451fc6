"""No village learns anything of another's letters, by any operation of the public API (K6).

Two villages send letters of every sort, which then go every way there is. The walk asks each operation of the merged
description for the things of the other village, and reads the whole answer. It is honest: the same requests show those
whose things they are what the stranger must not see.
"""

import asyncio
from functools import partial

import pytest

from services.chassis.ids import new_id
from tests.flow.cast import Cast
from tests.flow.isolation.asking import Request, ask, ask_all
from tests.flow.isolation.both import Both
from tests.flow.isolation.deeds import DEEDS
from tests.flow.isolation.expected import (
    COUNTS,
    ELSEWHERE,
    EVERYBODYS,
    GUARDED,
    HIDDEN,
    LISTS,
    OF_UNITS,
    ONES_OWN,
    OPEN,
    OWNER,
    SAMPLED,
    SILENT_HIDDEN,
    WITHOUT,
)
from tests.flow.isolation.judging import DIRECTIONS, NEEDED, QUESTIONS, TABLES, asked, plain, unseen, witness
from tests.flow.isolation.operations import Operation, places
from tests.flow.isolation.village import Village
from tests.house import House
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]


class TestTheTables:
    async def test_K6_every_operation_of_the_public_api_stands_in_exactly_one(self, both: Both) -> None:
        tables = [*map(set, TABLES), {deed.operation for deed in DEEDS}]
        standing = [name for table in tables for name in table]
        assert len(standing) == len(set(standing)), "an operation stands in two tables"
        assert set(both.operations) - set(standing) == set(), "operations nobody has thought about"
        for operation in both.operations.values():
            asked_for = any(operation.id in table for table in (*QUESTIONS, OPEN))
            assert (operation.method == "GET") == asked_for, operation


@DIRECTIONS
class TestWhileLettersMove:
    async def test_K6_the_stream_of_another_village_stays_silent(
        self, both: Both, stranger: Village, owner: Village
    ) -> None:
        assert both.heard[stranger, owner] == []
        heard = " ".join(both.heard[owner, owner])
        assert any(letter_id in heard for letter_id in both.worlds[owner].letter_ids), "the stream told nobody anything"

    async def test_K6_no_count_and_no_list_of_another_village_changes(
        self, both: Both, stranger: Village, owner: Village
    ) -> None:
        before, after = both.counted[stranger, owner]
        assert before == after
        before, after = both.counted[owner, owner]
        for path, counted in before.items():
            assert counted != after[path], f"{path} changes for nobody: it shows nothing"


@DIRECTIONS
class TestQuestions:
    async def test_K6_what_is_anothers_is_as_if_it_were_not_there(
        self, house: House, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)

        async def walk(operation: Operation, requests: list[Request]) -> None:
            refused = await ask_all(client, requests)
            unseen(refused, world.traces, {404})
            nothing = {name: new_id() for name in operation.named if name.endswith("_id")}
            nothing = {**places(operation, world)[0], **nothing}
            unknown = await ask(client, Request(operation.id, "GET", operation.at(nothing)))
            head = await ask(client, Request(operation.id, "HEAD", requests[0].path))
            assert head.status in (404, 405), operation.id
            assert {plain(answer) for _, answer in refused} == {plain(unknown)}, operation.id
            for name in HIDDEN[operation.id]:
                sample = requests[: SAMPLED.get(operation.id)]
                shown = await ask_all(await witness(cast, house, name, world), sample)
                blind = [str(one) for one, answer in shown if not answer.betrays(world.traces, one)]
                statuses = {answer.status for _, answer in shown}
                assert statuses - ELSEWHERE.get(operation.id, set()) == {200}, f"{name} must see {operation.id}"
                wanting = [one for one in blind if "cursor" not in one or operation.id in NEEDED]
                if operation.id not in SILENT_HIDDEN:
                    assert len(wanting) <= WITHOUT.get(operation.id, 0), f"{name} is shown nothing by {wanting}"

        await asyncio.gather(*(walk(operation, requests) for operation, requests in asked(both, HIDDEN, world)))

    async def test_K6_lists_and_searches_hold_nothing_of_anothers(
        self, house: House, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)
        for operation, requests in asked(both, LISTS, world):
            unseen(await ask_all(client, requests), world.traces, {200, 403, 404, 422})
            shown = await ask_all(await witness(cast, house, LISTS[operation.id], world), requests)
            assert any(answer.status == 200 and answer.betrays(world.traces, one) for one, answer in shown), (
                operation.id
            )

    async def test_K6_a_search_for_anothers_words_is_answered_as_one_for_words_nobody_wrote(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        stranger_client, own = await cast(stranger.username, owner.username)
        nobody = await ask(stranger_client, Request("search_letters", "GET", "/v1/search", {"q": "xylofonqwertz"}))
        assert nobody.body["items"] == []
        for word in owner.words:
            request = Request("search_letters", "GET", "/v1/search", {"q": word})
            assert (await ask(stranger_client, request)).body == nobody.body, word
            if word != owner.file:  # how a scan is called is not searched
                # Found by nobody it would show nothing; what stands on scans is read in the background.
                await until_equal(partial(ask, own, request), lambda answer: bool(answer.body["items"]))

    async def test_K6_figures_of_another_unit_are_refused(
        self, house: House, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        client, own = await cast(stranger.username, owner.username)
        for operation, requests in asked(both, COUNTS, world):
            unseen(await ask_all(client, requests), world.traces, {200, 403})
            assert {answer.status for _, answer in await ask_all(own, requests)} == {200}, operation.id
        for request, answer in await ask_all(client, [one for _, many in asked(both, COUNTS, world) for one in many]):
            if request.operation in OF_UNITS:
                assert {row["unit_id"] for row in answer.body[OF_UNITS[request.operation]]} <= {stranger.unit_id}
            elif {"unit_id", "unit"} & set(request.query) and request.operation != "count_boxes":
                assert answer.status == 403, request
            elif "unit_id" in request.query:
                assert {box["count"] for box in answer.body["items"]} == {0}

    async def test_K6_offices_of_trust_are_closed_to_villages(
        self, house: House, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)
        for operation, requests in asked(both, GUARDED, world):
            unseen(await ask_all(client, requests), world.traces, {403})
            trusted = await witness(cast, house, GUARDED[operation.id], world)
            assert {answer.status for _, answer in await ask_all(trusted, requests)} <= {200, 404}, operation.id
            if GUARDED[operation.id] != OWNER:
                await trusted.close()

    async def test_K6_the_regencys_own_is_the_same_for_all_and_holds_nothing_of_letters(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        client, own = await cast(stranger.username, owner.username)
        for operation, requests in asked(both, EVERYBODYS, world):
            seen = await ask_all(client, requests)
            unseen(seen, world.traces, {200, 404, 422})
            assert (
                any(answer.status == 200 for _, answer in seen)
                or "rule_id" in operation.named
                or "baseline" in operation.id
            )
            alike = [answer.status for _, answer in await ask_all(own, requests)]
            assert [answer.status for _, answer in seen] == alike, operation.id

    async def test_K6_ones_own_way_to_sign_in_is_shown_to_nobody_else(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        client, own = await cast(stranger.username, owner.username)
        for operation, requests in asked(both, ONES_OWN, world):
            [(_, theirs)] = seen = await ask_all(client, requests)
            unseen(seen, world.traces, {200})
            [(_, mine)] = await ask_all(own, requests)
            assert mine.status == 200
            if operation.id == "list_my_sessions":
                ids = [{one["id"] for one in answer.body["items"]} for answer in (theirs, mine)]
                assert all(ids)
                assert not ids[0] & ids[1]

    async def test_K6_what_is_open_to_all_tells_of_no_letter(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)
        for operation, requests in asked(both, OPEN, world):
            answer = await ask(client, requests[0], signed_in=False)
            unseen([(requests[0], answer)], world.traces, {200, 400, 401, 404, 422})
            assert operation.id not in ("get_status", "list_oidc_providers") or answer.status == 200

    async def test_K6_nobody_is_answered_without_a_token(
        self, cast: Cast, both: Both, stranger: Village, owner: Village
    ) -> None:
        world = both.worlds[owner]
        [client] = await cast(stranger.username)
        for table in QUESTIONS:
            for operation, requests in asked(both, table, world):
                answer = await ask(client, requests[0], signed_in=False)
                assert (answer.status, answer.body["code"]) == (401, "token_missing"), operation.id
                unseen([(requests[0], answer)], world.traces, {401})
