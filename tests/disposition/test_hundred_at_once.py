"""A hundred acts on one disposition at once, over HTTP and through two processes that share only the database."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from itertools import cycle

import pytest

from services.chassis.auth import HeldPosition
from services.disposition.main import build
from services.disposition.settings import DispositionSettings
from tests.conftest import Serve, SettingsFor
from tests.disposition.world import Json, World, to
from tests.events import published
from tests.leaving import drop
from tests.people import held, position_changed, principal
from tests.signing import TokenSigner

HUNDRED = 100


class Two:
    """The same world behind two processes: what is asked of it goes to either in turn."""

    def __init__(self, first: World, second: World) -> None:
        self.world = first
        self._turn = cycle((first, second))

    async def act(self, *args: object, **more: object) -> tuple[int, Json]:
        """Act as a recipient, by one of the two."""
        return await next(self._turn).act(*args, **more)  # type: ignore[arg-type]

    async def post(self, *args: object, **more: object) -> tuple[int, Json]:
        """Send something to one of the two."""
        return await next(self._turn).post(*args, **more)  # type: ignore[arg-type]

    async def assert_whole(self, given: Json, version: int | None = None) -> Json:
        """The disposition; its versions are consecutive and count its events."""
        _, seen = await self.world.get(self.world.head, f"/v1/dispositions/{given['id']}")
        stream = [one for one in await published(self.world.service) if one.subject == f"disposition/{given['id']}"]
        assert sorted(one.streamversion for one in stream) == list(range(1, len(stream) + 1))
        assert seen["version"] == len(stream) == (version or len(stream))
        return seen


@pytest.fixture
async def two(settings_for: SettingsFor, serve: Serve, signer: TokenSigner) -> AsyncIterator[Two]:
    """Two services on one database, knowing the organisation and one letter."""
    settings = settings_for(DispositionSettings, "disposition")
    services = [build(settings, signer.keys) for _ in range(2)]
    async with serve(services[0]) as one, serve(services[1]) as other:
        first = World(services[0], one, signer)
        await first.furnish()
        yield Two(first, World(services[1], other, signer))
    await drop(services[0].foundation.database)
    for service in services:
        service.foundation.database.client.close()


@pytest.mark.slow
@pytest.mark.timeout(480)
class TestHundredAtOnce:
    async def test_of_a_hundred_completions_one_counts_and_the_others_are_told_the_state(self, two: Two) -> None:
        given = await two.world.disposed(two.world.head, to(two.world.division_head))
        holder = two.world.division_head
        acts = (two.act(holder, given, "complete", {"report": f"Laporan {number}"}) for number in range(HUNDRED))
        answers = await asyncio.gather(*acts)
        assert Counter(status for status, _ in answers) == {200: 1, 409: HUNDRED - 1}
        assert all(problem["state"]["state"] == "done" for status, problem in answers if status == 409)
        [winner] = [answer["act"] for status, answer in answers if status == 200]
        seen = await two.assert_whole(given, version=3)
        assert [(act["id"], act["text"]) for act in seen["acts"]] == [(winner["id"], winner["text"])]

    async def test_of_a_hundred_answers_each_sent_twice_none_is_lost_and_none_is_double(self, two: Two) -> None:
        given = await two.world.disposed(two.world.head, to(two.world.division_head))
        person = principal(two.world.division_head)
        requests = [(f"k{number}", {"text": f"Jawaban {number}"}) for number in range(HUNDRED // 2)] * 2
        answers = await asyncio.gather(*(two.act(person, given, "reply", body, key=key) for key, body in requests))
        assert {status for status, _ in answers} == {201}
        half = len(answers) // 2
        assert answers[:half] == answers[half:]
        seen = await two.assert_whole(given, version=2 + half)
        assert sorted(act["text"] for act in seen["acts"]) == sorted(body["text"] for _, body in requests[:half])

    async def test_of_reading_and_recalling_at_once_one_wins_for_each_recipient(self, two: Two) -> None:
        world = two.world
        seats = await _staff(world, 25)
        given = await world.disposed(world.head, *(to(seat) for seat in seats))
        recall = f"/v1/dispositions/{given['id']}/recall"
        ids = [one["recipient_id"] for one in given["recipients"]]
        reads = [two.act(seat, given, "read", recipient=number) for number, seat in enumerate(seats)]
        recalls = [two.post(world.head, recall, {"recipient_ids": [one]}) for one in ids]
        again = [two.act(seat, given, "receive", recipient=number) for number, seat in enumerate(seats)]
        twice = [two.post(world.head, recall, {"recipient_ids": [one]}) for one in ids]
        mixed = [act for group in zip(reads, recalls, again, twice, strict=True) for act in group]
        assert len(mixed) == HUNDRED
        answers = await asyncio.gather(*mixed)
        assert {status for status, _ in answers} == {200, 409}
        seen = await two.assert_whole(given)
        for number, part in enumerate(seen["recipients"]):
            statuses = [status for status, _ in answers[4 * number : 4 * number + 4]]
            if part["state"] == "recalled":
                assert statuses == [409, 200, 409, 200]
            else:
                assert part["state"] == "received"
                assert statuses == [200, 409, 200, 409]

    async def test_of_a_hundred_different_acts_each_is_kept_or_refused_with_the_state(self, two: Two) -> None:
        world = two.world
        seats = await _staff(world, 20)
        given = await world.disposed(world.head, *(to(seat) for seat in seats))
        acts: tuple[tuple[str, Json | None], ...] = (
            ("reply", {"text": "Siap!"}),
            ("progress", {"percent": 50}),
            ("complete", {"report": "Sudah"}),
            ("complete", {"report": "Sudah juga"}),
            ("decline", {"reason": "Bukan tugas kami"}),
        )
        wanted = [
            two.act(seat, given, what, body, recipient=number)
            for what, body in acts
            for number, seat in enumerate(seats)
        ]
        assert len(wanted) == HUNDRED
        answers = await asyncio.gather(*wanted)
        assert {status for status, _ in answers} <= {200, 201, 409}
        kept = [answer["act"]["id"] for status, answer in answers if status != 409]
        seen = await two.assert_whole(given)
        assert sorted(act["id"] for act in seen["acts"]) == sorted(kept)
        for number, part in enumerate(seen["recipients"]):
            ended = [answers[len(seats) * each + number][0] for each in (2, 3, 4)]
            assert Counter(ended) == {200: 1, 409: 2}
            assert part["state"] == ("declined" if ended[2] == 200 else "done")
        assert seen["state"] in ("done", "returned")

    async def test_H4_of_a_hundred_given_on_with_one_part_each_is_kept_and_one_position_is_responsible(
        self, two: Two
    ) -> None:
        world = two.world
        given = await world.disposed(world.head, to(world.division_head))
        path = f"/v1/letters/{world.letter.letter_id}/dispositions"
        bodies = [{"recipients": [to(world.officers[number % 2])]} for number in range(HUNDRED)]
        holder = principal(world.division_head)
        answers = await asyncio.gather(*(two.post(holder, path, body) for body in bodies))
        kept = [answer for status, answer in answers if status == 201]
        assert {status for status, _ in answers} <= {201, 409}
        assert kept
        seen = await two.assert_whole(given)
        assert seen["recipients"][0]["below"] == len(kept)
        assert len([act for act in seen["acts"] if act["kind"] == "pass_on"]) == len(kept)
        rows = await world.service.foundation.database["dispositions"].find({"desk": kept[0]["desk"]}).to_list(None)
        roles = Counter(part["role"] for row in rows for part in row["recipients"])
        assert roles == {"responsible": 1, "coordinating": len(kept) - 1}


async def _staff(world: World, count: int) -> list[HeldPosition]:
    """So many positions below the head."""
    seats = [held("officer", unit_id=world.unit_id, title=f"Staf {number}") for number in range(count)]
    for seat in seats:
        await world.tell(position_changed(seat, world.head.position_id))
    return seats
