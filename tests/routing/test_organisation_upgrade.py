"""What an earlier release made is completed, and told of as it was."""

from services.chassis.service import Service
from services.routing.commands.complete_organisation import complete_organisation
from services.routing.context import Context
from tests.events import published
from tests.routing.conftest import Call
from tests.routing.officials import official
from tests.routing.regency import ADMIN, Regency


async def test_what_an_earlier_release_made_is_found_by_name_and_has_a_history(
    routing: Service, context: Context, regency: Regency, call: Call
) -> None:
    seat = await official(call, regency, "head", "Ni Made Ratih")
    await call(ADMIN, "POST", f"/v1/assignments/{seat['id']}/end", json={"ends_on": "2030-01-01"})
    org = context.organisation
    new = {"search_key": "", "search_name": "", "code": "", "cancelled": ""}
    for store in (org.units, org.positions, org.people, org.assignments):
        await store._rows.update_many({}, {"$unset": new})
    await org.history._rows.delete_many({})
    told = await published(routing)

    assert await complete_organisation(org) == 4 + 8 + 1 + 1
    assert await complete_organisation(org) == 0

    assert await published(routing) == told
    _, page, _ = await call(ADMIN, "GET", "/v1/people", params={"q": "ratih"})
    assert (page["items"][0]["name"], page["items"][0]["version"]) == ("Ni Made Ratih", 1)
    _, history, _ = await call(ADMIN, "GET", f"/v1/positions/{seat['position_id']}/history")
    assert [(row["entity"], row["version"], row["act"], row["by"]["name"]) for row in history["items"]] == [
        ("assignment", 2, "known", "Sistem"),
        ("position", 1, "known", "Sistem"),
    ]
    _, holders, _ = await call(ADMIN, "GET", f"/v1/positions/{seat['position_id']}/holders?on=2025-05-05")
    assert holders["in_charge"]["person_name"] == "Ni Made Ratih"


async def test_every_assignment_of_an_earlier_release_is_told_once_with_number_and_rank(
    routing: Service, context: Context, regency: Regency, call: Call
) -> None:
    nip = "197501011995032001"
    seat = await official(call, regency, "head", "Ni Made Ratih", nip=nip)
    org = context.organisation
    await org.assignments._rows.update_many({}, {"$unset": {"nip": "", "rank": ""}})
    told = len(await published(routing))

    assert await complete_organisation(org) == 1
    assert await complete_organisation(org) == 0

    [event] = (await published(routing))[told:]
    assert (event.subject, event.streamversion, event.data["nip"]) == (f"assignment/{seat['id']}", 2, nip)
    _, history, _ = await call(ADMIN, "GET", f"/v1/positions/{seat['position_id']}/history")
    assert [row["version"] for row in history["items"] if row["entity"] == "assignment"] == [2, 1]
