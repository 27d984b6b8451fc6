"""The organisation changes one act at a time, also where several processes change it."""

import asyncio
from collections import Counter

from services.chassis.errors import ServiceError
from services.chassis.service import Service
from services.routing.commands.change_position import PositionChange, change_position
from services.routing.commands.change_unit import UnitChange, change_unit
from services.routing.commands.create_position import NewPosition, create_position
from services.routing.commands.create_unit import NewUnit, create_unit
from services.routing.commands.declare import Declaration
from services.routing.context import Context
from services.routing.domain.picture import Picture, climb, derived
from services.routing.registry import Registry
from tests.routing.regency import ADMIN, Regency

BY = Declaration(ADMIN)


def processes(routing: Service, count: int) -> list[Registry]:
    """As many processes would see the organisation: each with its own queue."""
    foundation = routing.foundation
    return [Registry.on(foundation.database, foundation.uow, foundation.acts, "Asia/Makassar") for _ in range(count)]


async def outcome(change: object) -> str:
    """How a change went."""
    try:
        await change  # type: ignore[misc]
    except ServiceError as refused:
        return refused.code
    return "done"


async def test_moves_by_several_processes_close_no_circle(routing: Service, context: Context, regency: Regency) -> None:
    keys = ["secretary", "roads", "camat"]
    ids = [regency.positions[key].id for key in keys]
    for _ in range(4):
        movers = processes(routing, 3)
        moves = [
            outcome(change_position(org, ADMIN, own, PositionChange(superior_id=ids[(number + 1) % 3])))
            for number, (org, own) in enumerate(zip(movers, ids, strict=True))
        ]
        assert Counter(await asyncio.gather(*moves)) == {"done": 2, "superior_cycle": 1}
        there = Picture.of(await context.organisation.everything(None))
        assert derived(there, context.organisation.today()) == there
        for one in there.positions.values():
            assert not climb(one.id, lambda identifier: there.positions[identifier].superior_id)[1]  # noqa: B023
        for own in ids:
            await change_position(context.organisation, ADMIN, own, PositionChange(superior_id=None))


async def test_nothing_is_made_in_a_unit_that_another_process_closes(
    routing: Service, context: Context, regency: Regency
) -> None:
    one, other = processes(routing, 2)
    for number in range(6):
        unit, _ = await create_unit(context.organisation, BY, NewUnit(name=f"Dinas {number}", kind="agency"))
        wanted = NewPosition(title="Kepala", unit_id=unit.id, role="head")
        found = await asyncio.gather(
            outcome(change_unit(one, ADMIN, unit.id, UnitChange(active=False))),
            outcome(create_position(other, BY, wanted)),
        )
        assert tuple(found) in {("done", "inactive_unit"), ("unit_in_use", "done")}


async def test_a_new_name_reaches_what_another_process_makes_meanwhile(
    routing: Service, context: Context, regency: Regency
) -> None:
    one, other = processes(routing, 2)
    unit = regency.units["pu"].id
    for number in range(6):
        await asyncio.gather(
            change_unit(one, ADMIN, unit, UnitChange(name=f"Dinas {number}")),
            create_position(other, BY, NewPosition(title=f"Staf {number}", unit_id=unit, role="officer")),
        )
        there = await context.organisation.positions.where({"unit_id": unit}, None)
        assert {position.unit_name for position in there} == {f"Dinas {number}"}
