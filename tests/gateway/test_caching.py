"""Answers kept for everybody: RFC 9111 for a shared cache, and one question where many ask at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Receive, Scope, Send

from gateway.caching import Cache, lifetime
from services.chassis.run import serving
from tests.gateway.conftest import NAMES, Door, OpenDoor

OPEN = "/v1/public/track/7K3M"


class Kept:
    """A service whose answer may be kept."""

    def __init__(self) -> None:
        self.headers = {"cache-control": "public, max-age=60", "etag": '"1"', "content-type": "text/plain"}
        self.body = b"embung"
        self.asked: list[dict[str, str]] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request; 304 where the client shows the present mark."""
        asked = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append(asked | {"method": scope["method"]})
        while (await receive()).get("more_body"):
            pass
        await self.go_on.wait()
        same = asked.get("if-none-match") == self.headers.get("etag", "-")
        fields = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        body = b"" if same else self.body
        if not same:
            fields.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 304 if same else 200, "headers": fields})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def front(open_door: OpenDoor, kept: Kept) -> AsyncIterator[Door]:
    async with (
        serving(kept, "127.0.0.1", 0) as url,
        open_door(**dict.fromkeys(NAMES, url)) as door,
    ):
        await door.account()
        yield door


async def ask(door: Door, path: str = OPEN, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with door.http.request(method, path, headers=named) as answer:
        return answer.status, await answer.read(), {name.lower(): value for name, value in answer.headers.items()}


class TestLifetime:
    """What a service says of how long."""

    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ("public, max-age=60", 60.0),
            ("public, s-maxage=5, max-age=60", 5.0),
            ("PUBLIC,MAX-AGE=60", 60.0),
            ("max-age=60", None),
            ("private, max-age=60", None),
            ("public, private, max-age=60", None),
            ("public, no-store", None),
            ("public", None),
            ("", None),
        ],
    )
    def test_only_what_is_public_has_one(self, said: str, seconds: float | None) -> None:
        assert lifetime([(b"cache-control", said.encode())]) == seconds

    def test_with_a_mark_it_may_be_kept_to_be_asked_for_again(self) -> None:
        assert lifetime([(b"cache-control", b"public, no-cache"), (b"etag", b'"1"')]) == 0.0

    def test_what_varies_by_everything_has_none(self) -> None:
        assert lifetime([(b"cache-control", b"public, max-age=9"), (b"vary", b"*")]) is None


class TestFresh:
    """Within its time."""

    async def test_the_second_who_asks_costs_the_service_nothing(self, front: Door, kept: Kept) -> None:
        first, second = await ask(front), await ask(front)
        assert (first[:2], second[:2]) == ((200, b"embung"), (200, b"embung"))
        assert len(kept.asked) == 1
        assert second[2]["age"] == "0"
        assert second[2]["etag"] == '"1"'
        assert first[2]["x-request-id"] != second[2]["x-request-id"]
        assert "ratelimit" in second[2]

    async def test_who_has_it_already_is_told_so(self, front: Door, kept: Kept) -> None:
        await ask(front)
        status, body, headers = await ask(front, If_None_Match='W/"1"')
        assert (status, body, headers["etag"]) == (304, b"", '"1"')
        assert len(kept.asked) == 1

    async def test_a_head_is_answered_from_it(self, front: Door, kept: Kept) -> None:
        await ask(front)
        status, body, headers = await ask(front, method="HEAD")
        assert (status, body, headers["content-length"]) == (200, b"", "6")
        assert len(kept.asked) == 1

    async def test_another_question_is_another_answer(self, front: Door, kept: Kept) -> None:
        await ask(front, f"{OPEN}?word=embung")
        await ask(front, f"{OPEN}?word=jalan")
        assert len(kept.asked) == 2

    async def test_what_varies_is_kept_for_each(self, front: Door, kept: Kept) -> None:
        kept.headers["vary"] = "Accept-Language"
        for language in ("id", "ban", "id", "ban"):
            await ask(front, Accept_Language=language)
        assert [one["accept-language"] for one in kept.asked] == ["id", "ban"]

    @pytest.mark.parametrize("field", ["Cache_Control", "Range"])
    async def test_who_wants_it_from_the_service_gets_it_there(self, front: Door, kept: Kept, field: str) -> None:
        await ask(front)
        await ask(front, **{field: "no-cache" if field == "Cache_Control" else "bytes=0-1"})
        assert len(kept.asked) == 2

    async def test_a_write_to_the_address_ends_it(self, front: Door, kept: Kept) -> None:
        await ask(front)
        await ask(front, method="POST")
        await ask(front)
        assert [one["method"] for one in kept.asked] == ["GET", "POST", "GET"]


class TestStale:
    """After its time."""

    async def test_it_is_asked_for_again_and_the_body_is_not_sent_again(self, front: Door, kept: Kept) -> None:
        kept.headers["cache-control"] = "public, max-age=0"
        await ask(front)
        kept.headers["cache-control"] = "public, max-age=60"
        status, body, _ = await ask(front)
        assert (status, body) == (200, b"embung")
        assert kept.asked[1]["if-none-match"] == '"1"'
        await ask(front)
        assert len(kept.asked) == 2

    async def test_what_has_changed_takes_its_place(self, front: Door, kept: Kept) -> None:
        kept.headers["cache-control"] = "public, max-age=0"
        await ask(front)
        kept.headers |= {"etag": '"2"', "cache-control": "public, max-age=60"}
        kept.body = b"jalan"
        assert (await ask(front))[1] == b"jalan"
        assert (await ask(front))[1] == b"jalan"
        assert len(kept.asked) == 2


class TestPrivate:
    """What is not for everybody."""

    @pytest.mark.parametrize("said", ["private, max-age=60", "no-store", "max-age=60", ""])
    async def test_is_not_kept(self, front: Door, kept: Kept, said: str) -> None:
        kept.headers["cache-control"] = said
        await ask(front)
        await ask(front)
        assert len(kept.asked) == 2

    async def test_nobody_gets_what_is_kept_without_coming_in(self, front: Door, kept: Kept) -> None:
        bearer = await front.bearer()
        for _ in range(2):
            assert (await ask(front, "/v1/inbox", **bearer))[0] == 200
        assert len(kept.asked) == 1
        assert (await ask(front, "/v1/inbox"))[0] == 401


class TestTogether:
    """Many at once."""

    async def test_one_asks_and_all_are_answered(self, front: Door, kept: Kept) -> None:
        kept.go_on.clear()
        asking = [asyncio.ensure_future(ask(front)) for _ in range(10)]
        while not kept.asked:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        kept.go_on.set()
        assert {answer[1] for answer in await asyncio.gather(*asking)} == {b"embung"}
        assert len(kept.asked) == 1

    async def test_what_may_not_be_kept_is_asked_for_by_each(self, front: Door, kept: Kept) -> None:
        kept.headers["cache-control"] = "no-store"
        answers = await asyncio.gather(*(ask(front) for _ in range(10)))
        assert {answer[1] for answer in answers} == {b"embung"}
        assert len(kept.asked) == 10


class TestRoom:
    """How much is kept."""

    def test_the_least_lately_asked_for_makes_room(self) -> None:
        cache = Cache(most_bytes=4000)
        answer = [(b"cache-control", b"public, max-age=60")]
        for number in range(10):
            cache.keep(("routing", b"%d" % number), [], answer, b"x" * 500)
            cache.find(("routing", b"0"), [])
        assert cache.taken <= 4000
        assert cache.find(("routing", b"0"), []) is not None
        assert cache.find(("routing", b"1"), []) is None
        assert cache.find(("routing", b"9"), []) is not None

    def test_long_addresses_and_fields_it_was_chosen_by_take_room_too(self) -> None:
        cache = Cache(most_bytes=40_000)
        answer = [(b"cache-control", b"public, max-age=60"), (b"vary", b"accept-language")]
        for number in range(10):
            cache.keep(("routing", b"/%d?" % number + b"q" * 9_000), [], answer, b"x")
            cache.keep(("routing", b"/%d" % number), [(b"accept-language", b"i" * 9_000)], answer, b"x")
        kept = [number for number in range(10) if cache.knows(("routing", b"/%d" % number))]
        assert kept == [8, 9]
        assert 36_000 < cache.taken <= 40_000
        for number in range(10):
            cache.forget(("routing", b"/%d?" % number + b"q" * 9_000))
            cache.forget(("routing", b"/%d" % number))
        assert cache.taken == 0

    async def test_a_long_answer_passes_and_is_not_kept(self, front: Door, kept: Kept) -> None:
        kept.body = b"x" * 2_000_000
        for _ in range(2):
            assert len((await ask(front))[1]) == 2_000_000
        assert len(kept.asked) == 2

    def test_time_passes(self) -> None:
        moment = 100.0
        cache = Cache(most_bytes=4000, clock=lambda: moment)
        cache.keep(("routing", b"/"), [], [(b"cache-control", b"public, max-age=60"), (b"age", b"20")], b"")
        stored = cache.find(("routing", b"/"), [])
        assert stored is not None
        moment = 139.0
        assert cache.fresh(stored)
        assert dict(cache.fields(stored))[b"age"] == b"59"
        moment = 140.0
        assert not cache.fresh(stored)
