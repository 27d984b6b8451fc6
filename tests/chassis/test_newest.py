"""Reading newest first by spans: nothing missed, nothing twice, and no more read than a page needs."""

import asyncio
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.clock import now
from services.chassis.ids import first_id_of
from services.chassis.newest import Bounds, Newest


class Shelf:
    """Ids in memory, read as a store reads them; counts what was read."""

    def __init__(self, ages: list[float]) -> None:
        present = now()
        self.ids = sorted({first_id_of(present - timedelta(seconds=age)) for age in ages}, reverse=True)
        self.handed_out = 0

    async def look(self, bounds: Bounds) -> list[str]:
        inside = [
            one
            for one in self.ids
            if (bounds.since is None or one >= bounds.since) and (bounds.before is None or one < bounds.before)
        ]
        self.handed_out += len(inside)
        return inside


AGES = st.lists(st.floats(min_value=1, max_value=3e8), max_size=120)


class TestRead:
    @given(ages=AGES, limit=st.integers(1, 30))
    async def test_paging_to_the_end_shows_everything_once(self, ages: list[float], limit: int) -> None:
        shelf, newest, seen = Shelf(ages), Newest(str), []
        cursor = None
        while True:
            found = await newest.read("all", shelf.look, limit=limit + 1, before=cursor)
            seen += found[:limit]
            if len(found) <= limit:
                break
            cursor = found[:limit][-1]
        assert seen == shelf.ids

    async def test_a_full_list_is_read_no_further_than_a_few_pages(self) -> None:
        shelf, newest = Shelf([float(n) * 60 for n in range(20_000)]), Newest(str)
        await newest.read("full", shelf.look, limit=50)
        shelf.handed_out = 0
        assert len(await newest.read("full", shelf.look, limit=50)) >= 50
        assert shelf.handed_out <= 150

    async def test_a_list_that_has_grown_is_read_in_shorter_spans(self) -> None:
        newest = Newest(str)
        await newest.read("growing", Shelf([1e7]).look, limit=50)
        busy = Shelf([float(n) for n in range(5_000)])
        await newest.read("growing", busy.look, limit=50)
        busy.handed_out = 0
        await newest.read("growing", busy.look, limit=50)
        assert busy.handed_out <= 150

    async def test_a_list_that_has_been_quiet_lately_is_read_no_further_than_a_few_pages(self) -> None:
        month = 30 * 86400
        shelf, newest = Shelf([month + float(n) * 60 for n in range(20_000)]), Newest(str)
        cursor = None
        await newest.read("quiet", shelf.look, limit=50)
        for _ in range(5):
            shelf.handed_out = 0
            found = await newest.read("quiet", shelf.look, limit=50, before=cursor)
            assert len(found) >= 50
            assert shelf.handed_out <= 150
            cursor = found[49]

    async def test_a_slow_server_is_not_asked_more_often(self) -> None:
        looks = 0

        async def slow(bounds: Bounds) -> list[str]:
            nonlocal looks
            looks += 1
            await asyncio.sleep(0.03)
            return await shelf.look(bounds)

        shelf = Shelf([1e7, 2e7])
        assert await Newest(str).read("s", slow, limit=10) == shelf.ids
        assert looks < 10
        looks = 0
        await Newest(str).browse("s", slow, limit=10, patience_seconds=5)
        assert looks < 10


class TestBrowse:
    async def test_nothing_older_than_since_is_read(self) -> None:
        shelf = Shelf([10, 100, 1000, 10_000])
        reading = await Newest(str).browse("s", shelf.look, limit=10, since=shelf.ids[1])
        assert (reading.rows, reading.upto) == (shelf.ids[:2], None)

    async def test_out_of_patience_it_says_how_far_it_looked(self) -> None:
        shelf = Shelf([10, 1e6])
        reading = await Newest(str).browse("s", shelf.look, limit=10, patience_seconds=0)
        assert reading.rows == shelf.ids[:1]
        assert reading.upto is not None
        rest = await Newest(str).browse("s", shelf.look, limit=10, before=reading.upto)
        assert rest.rows == shelf.ids[1:]
