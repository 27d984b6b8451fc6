"""Registering a letter that the house numbers: POST /v1/letters with ``number_template``."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.intake.domain.numbers.forms import KeptForms, NumberForms
from services.intake.domain.numbers.number import NumberSeries
from services.intake.main import build
from services.intake.settings import IntakeSettings
from tests.conftest import Serve
from tests.events import published
from tests.intake.world import World
from tests.signing import TokenSigner

TODAY = now().astimezone(ZoneInfo("Asia/Makassar")).date()
YEAR = TODAY.year


def outgoing(world: World, **changes: Any) -> dict[str, Any]:
    """A letter from the village to the agency, to be numbered by the usual form."""
    said = {"direction": "outgoing", "number_template": "external", "classification": "620"}
    return world.letter(**(said | changes))


async def set_forms(world: World, owner: str, **forms: Any) -> None:
    """What numbers look like, as somebody has set it."""
    kept = KeptForms(forms=NumberForms.model_validate(forms), version=2)
    await world.context.books.forms.write(owner, kept, None)


class TestNumbered:
    """A letter the house gives its number."""

    async def test_it_has_the_usual_form_and_the_day_it_was_given(self, world: World) -> None:
        first = await world.registered(letter=outgoing(world))
        assert first["letter_number"] == f"B/1/620/{YEAR}"
        again = await world.registered(letter=outgoing(world, confidentiality="restricted"))
        assert again["letter_number"] == f"T/2/620/{YEAR}"
        shown = (await world.get(f"/v1/letters/{first['id']}")).body
        assert shown["letter_number"] == f"B/1/620/{YEAR}"
        assert shown["letter_date"] == TODAY.isoformat()
        [event, _] = [one.data for one in await published(world.service)]
        assert event["letter_number"] == f"B/1/620/{YEAR}"
        assert event["letter_date"] == shown["letter_date"]

    async def test_each_kind_and_unit_counts_for_itself(self, world: World) -> None:
        await world.registered(letter=outgoing(world))
        assignment = await world.registered(letter=outgoing(world, number_template="assignment"))
        assert assignment["letter_number"] == f"620/1/{YEAR}"
        theirs = outgoing(world, addressees=[{"kind": "unit", "id": world.village.unit_id}])
        assert (await world.registered(letter=theirs, person=world.head))["letter_number"] == f"B/1/620/{YEAR}"

    async def test_kinds_that_name_the_same_series_share_it(self, world: World) -> None:
        shared = {"series": "semua"}
        await set_forms(
            world,
            world.village.unit_id,
            external={"template": "KS/N/K/Y", **shared},
            assignment={"template": "ST/N/Y", **shared},
        )
        assert (await world.registered(letter=outgoing(world)))["letter_number"] == f"B/1/620/{YEAR}"
        second = await world.registered(letter=outgoing(world, number_template="assignment"))
        assert second["letter_number"] == f"ST/2/{YEAR}"

    async def test_the_units_own_form_goes_before_the_regencys(self, world: World) -> None:
        await set_forms(world, "regency", external={"template": "K/N/Y"}, internal={"template": "ND/N/Y"})
        await set_forms(world, world.village.unit_id, code="SKT", external={"template": "N3/U/R/Y"})
        day = f"{YEAR - 1}-12-30"
        mine = await world.registered(letter=outgoing(world, letter_date=day))
        assert mine["letter_number"] == f"001/SKT/XII/{YEAR - 1}"
        assert (await world.registered(letter=outgoing(world, number_template="internal")))["letter_number"] == (
            f"ND/1/{YEAR}"
        )

    async def test_K10_practice_has_a_series_of_its_own_and_says_so(self, world: World) -> None:
        practice = await world.registered(letter=outgoing(world, training=True))
        assert practice["letter_number"] == f"LATIHAN/B/1/620/{YEAR}"
        assert (await world.registered(letter=outgoing(world)))["letter_number"] == f"B/1/620/{YEAR}"

    async def test_a_repeat_under_the_same_key_is_given_the_same_number(self, world: World) -> None:
        key = new_id()
        first = await world.registered(letter=outgoing(world), key=key)
        assert (await world.registered(letter=outgoing(world), key=key))["letter_number"] == first["letter_number"]
        assert (await world.registered(letter=outgoing(world)))["letter_number"] == f"B/2/620/{YEAR}"

    async def test_without_a_template_the_number_is_the_senders(self, world: World) -> None:
        assert (await world.registered(letter=world.letter(letter_number="005/1")))["letter_number"] == "005/1"
        assert (await world.registered())["letter_number"] is None


class TestRunning:
    """The running numbers of a series."""

    async def test_forty_at_once_get_consecutive_numbers(self, world: World) -> None:
        books = ("keluar", "undangan")
        letters = [outgoing(world, book=books[i % 2]) for i in range(40)]
        answers = await asyncio.gather(*(world.register(letter=one) for one in letters))
        assert {answer.status for answer in answers} == {201}
        running = sorted(int(answer.body["letter_number"].split("/")[1]) for answer in answers)
        assert running == list(range(1, 41))

    async def test_a_registration_that_fails_takes_no_number(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await world.registered(letter=outgoing(world))
        add = type(world.context.letters).add

        async def failing(*_: Any) -> None:
            raise RuntimeError("the letter cannot be written")

        monkeypatch.setattr(type(world.context.letters), "add", failing)
        assert (await world.register(letter=outgoing(world))).status == 500
        monkeypatch.setattr(type(world.context.letters), "add", add)
        assert (await world.registered(letter=outgoing(world)))["letter_number"] == f"B/2/620/{YEAR}"


class TestRefused:
    """What is refused takes no number."""

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"classification": None}, "classification_missing"),
            ({"number_template": "internal"}, "unit_code_missing"),
            ({"letter_date": (TODAY + timedelta(days=3)).isoformat()}, "date_in_future"),
            ({"letter_date": f"{YEAR - 2}-12-31"}, "number_year_closed"),
            ({"letter_number": "005/1"}, "validation_failed"),
            ({"direction": "incoming"}, "validation_failed"),
            ({"number_template": "surat"}, "validation_failed"),
        ],
    )
    async def test_with_its_reason(self, world: World, changes: dict[str, Any], code: str) -> None:
        refused = await world.register(letter=outgoing(world, **changes))
        assert (refused.status, refused.code) == (422, code)
        assert await world.rows("number_counters") == []
        await world.assert_nothing_left()


class _Failed(Exception):
    """A registration that fails after it took its number."""


class TestSeries:
    """Property of the counter in the database."""

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(acts=st.lists(st.tuples(st.sampled_from("ab"), st.integers(2025, 2026), st.booleans()), max_size=10))
    async def test_every_series_counts_from_one_without_gap_whatever_fails(
        self, world: World, acts: list[tuple[str, int, bool]]
    ) -> None:
        run = new_id()
        taken: dict[str, list[int]] = defaultdict(list)
        for name, year, fails in acts:
            series = NumberSeries(run, name, year)

            async def take(tx: Transaction, series: NumberSeries = series, fails: bool = fails) -> int:
                number = await world.context.books.series.next(series, tx.session)
                if fails:
                    raise _Failed
                return number

            try:
                taken[series.key].append(await world.context.uow.run(take))
            except _Failed:
                continue
        for numbers in taken.values():
            assert numbers == list(range(1, len(numbers) + 1))

    async def test_two_processes_share_one_series_from_its_first_number_on(
        self, world: World, intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner
    ) -> None:
        second = build(intake_settings, signer.keys)
        async with serve(second) as http:
            other = World(second, http, signer)
            other.operator = world.operator
            letters = [outgoing(world, book=name) for name in ("keluar", "undangan") for _ in range(5)]
            answers = await asyncio.gather(*(one.register(letter=said) for one in (world, other) for said in letters))
        assert [answer.status for answer in answers] == [201] * 20
        running = sorted(int(answer.body["letter_number"].split("/")[1]) for answer in answers)
        assert running == list(range(1, 21))
        second.foundation.database.client.close()
