"""Give what an earlier release made what later ones keep: names to be found by, a first row of history, and with an
assignment the number and rank its holder signs with.

Invariant: only that last is told, of every assignment once: services that had no use for assignments before hear of
them all. For the rest no event is published and no version counted.
"""

from collections.abc import Sequence
from typing import Any

from services.chassis.uow import Transaction
from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import Entity
from services.routing.domain.picture import Changes
from services.routing.registry import Registry
from services.routing.store.entities import BATCH, Entities
from services.routing.store.organisation_history import Author, Deed

COMPLETE_SECONDS = 24 * 3600.0
"""How often it is looked for: once, when a new release starts, is what matters."""
SYSTEM = Author(person_id="", name="Sistem")


async def complete_organisation(registry: Registry) -> int:
    """Complete a batch of what is incomplete; how many that were."""
    stores: tuple[tuple[Entities[Any], str], ...] = (
        (registry.units, "search_key"),
        (registry.positions, "search_key"),
        (registry.people, "search_key"),
        (registry.assignments, "cancelled"),
    )

    async def work(tx: Transaction) -> int:
        done = await _tell_numbers(registry, tx)
        for store, missing in stores:
            found: list[Entity] = await store.lacking(missing, BATCH, tx.session)
            await store.change_all(found, tx.session)
            new = [one for one in found if await registry.history.version(one.id, one.version, tx.session) is None]
            await registry.history.add(new, Deed("known", SYSTEM, tx.now), tx.session)
            done += len(found)
        return done

    # Looked for outside any transaction first: nearly always there is nothing, and nobody need wait for that.
    looked_for = (*stores, (registry.assignments, "nip"))
    if not any([await store.lacking(missing, 1, None) for store, missing in looked_for]):
        return 0
    return await registry.change(work)


async def _tell_numbers(registry: Registry, tx: Transaction) -> int:
    found: Sequence[Assignment] = await registry.assignments.lacking("nip", BATCH, tx.session)
    told = []
    for one in found:
        person = await registry.people.find(one.person_id, tx.session)
        fresh = {"nip": person.nip, "rank": person.rank} if person else {}
        told.append(one.model_copy(update={**fresh, "version": one.version + 1}))
    await registry.keep(tx, Changes(changed=tuple(told)), "known", SYSTEM)
    return len(told)
