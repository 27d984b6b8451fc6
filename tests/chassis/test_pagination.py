"""Pages: walking by the cursor meets every item once, whatever the size of the page."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ids import new_id
from services.chassis.mongo import Database
from services.chassis.pagination import after, page_of


class TestPageOf:
    @given(st.integers(0, 30), st.integers(1, 10))
    def test_meets_every_item_once_and_ends(self, count: int, limit: int) -> None:
        stored = [{"_id": f"{number:03}"} for number in reversed(range(count))]
        met: list[str] = []
        cursor: str | None = None
        for _ in range(count + 2):
            below = [row for row in stored if cursor is None or row["_id"] < cursor]
            page, cursor = page_of(list(below[: limit + 1]), limit)
            assert len(page) <= limit
            met += [row["_id"] for row in page]
            if cursor is None:
                break
        assert cursor is None
        assert met == [row["_id"] for row in stored]

    def test_of_exactly_one_page_has_no_next(self) -> None:
        assert page_of([{"_id": "a"}], 1) == ([{"_id": "a"}], None)


class TestAfter:
    async def test_bounds_a_query(self, database: Database) -> None:
        ids = [new_id() for _ in range(5)]
        await database.things.insert_many([{"_id": one} for one in ids])
        rows = await database.things.find(after(ids[3])).sort("_id", -1).to_list(None)
        assert [row["_id"] for row in rows] == [ids[2], ids[1], ids[0]]

    def test_without_a_cursor_bounds_nothing(self) -> None:
        assert after(None) == {}
