"""What rules bring somewhere by themselves."""

import logging
from typing import Any

import pytest

from services.chassis.service import Service
from services.contracts.vocabulary import Confidentiality
from services.routing.commands.apply_routing_rules import automatic_destinations
from services.routing.context import Context
from services.routing.domain.letter_facts import LetterFacts, facts_of
from tests.routing import letters
from tests.routing.conftest import Call
from tests.routing.guidance import a_rule, close, position, unit
from tests.routing.regency import ADMIN, Regency

RULES = "/v1/routing-rules"


@pytest.fixture
def facts(regency: Regency) -> LetterFacts:
    """A village asks for heavy equipment."""
    return facts_of(letters.registered(regency))


async def rule(call: Call, regency: Regency, *destinations: dict[str, str], **fields: Any) -> dict[str, Any]:
    wanted = a_rule(regency, *destinations, **{"mode": "automatic", **fields})
    status, made, _ = await call(ADMIN, "POST", RULES, json=wanted)
    assert status == 201
    return dict(made)


async def where(context: Context, facts: LetterFacts) -> list[tuple[str, str, str]]:
    found = await automatic_destinations(context.guidance, facts, None)
    assert all(destination.rule == name for destination, name in found)
    return [(destination.role, destination.id, name) for destination, name in found]


class TestAutomaticDestinations:
    async def test_B6_a_rule_brings_the_letter_to_several_offices_and_is_named(
        self, regency: Regency, call: Call, context: Context, facts: LetterFacts
    ) -> None:
        await rule(call, regency, unit(regency, "pu"), position(regency, "camat", "copy"))
        await rule(call, regency, unit(regency, "batukandik"), name="Usulan", mode="propose")
        assert await where(context, facts) == [
            ("addressee", regency.units["pu"].id, "Alat berat ke Dinas PU"),
            ("copy", regency.positions["camat"].id, "Alat berat ke Dinas PU"),
        ]

    async def test_each_place_once_as_addressee_where_two_rules_differ(
        self, regency: Regency, call: Call, context: Context, facts: LetterFacts
    ) -> None:
        await rule(call, regency, unit(regency, "pu", "copy"), name="Satu", priority=1)
        await rule(call, regency, unit(regency, "pu"), name="Dua", priority=2)
        await rule(call, regency, unit(regency, "pu", "copy"), name="Tiga", priority=3)
        assert await where(context, facts) == [("addressee", regency.units["pu"].id, "Dua")]

    async def test_never_back_to_the_unit_it_comes_from(
        self, regency: Regency, call: Call, context: Context, facts: LetterFacts
    ) -> None:
        await rule(call, regency, unit(regency, "sekartaji"), position(regency, "operator"))
        assert await where(context, facts) == []

    @pytest.mark.parametrize("confidentiality", ["secret", "top_secret"])
    async def test_never_a_secret_letter(
        self, regency: Regency, call: Call, context: Context, confidentiality: Confidentiality
    ) -> None:
        await rule(call, regency)
        event = letters.registered(regency, confidentiality=confidentiality)
        assert await where(context, facts_of(event)) == []

    async def test_a_place_in_use_no_more_is_skipped_and_logged_once(
        self,
        regency: Regency,
        call: Call,
        context: Context,
        facts: LetterFacts,
        routing: Service,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        await rule(call, regency, unit(regency, "pu"), unit(regency, "nusa_penida", "copy"))
        await close(routing, context, "units", regency.units["nusa_penida"].id)
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                context.guidance.rule_book.forget()
                assert [one[1] for one in await where(context, facts)] == [regency.units["pu"].id]
        assert caplog.text.count("is skipped") == 1

    async def test_the_text_of_the_scans_brings_it_further_and_nothing_a_second_time(
        self, regency: Regency, call: Call, context: Context, facts: LetterFacts
    ) -> None:
        await rule(call, regency)
        await rule(call, regency, unit(regency, "nusa_penida"), name="Longsor", conditions={"words": ["tanah longsor"]})
        event = letters.registered(regency)
        assert [one[2] for one in await where(context, facts_of(event))] == ["Alat berat ke Dinas PU"]
        read = facts_of(event, "Akibat tanah\nlongsor kami memohon alat berat.")
        assert [one[2] for one in await where(context, read)] == ["Longsor"]

    async def test_rules_switched_off_or_retired_do_nothing_at_once(
        self, regency: Regency, call: Call, context: Context, facts: LetterFacts
    ) -> None:
        first = await rule(call, regency)
        second = await rule(call, regency, name="Lain")
        assert len(await where(context, facts)) == 1
        await call(ADMIN, "PATCH", f"{RULES}/{first['id']}", json={"active": False})
        await call(ADMIN, "DELETE", f"{RULES}/{second['id']}")
        assert await where(context, facts) == []

    async def test_fresh_rules_are_gone_by_without_a_trip_to_the_database(
        self, regency: Regency, call: Call, context: Context, facts: LetterFacts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await rule(call, regency)
        assert len(await where(context, facts)) == 1
        monkeypatch.setattr(context.guidance.rule_book, "_rules", None)
        monkeypatch.setattr(context.guidance.rule_book, "_places", None)
        assert len(await where(context, facts)) == 1
