"""Measure the letters that something happened to. Invariant: a letter is measured from its whole history, so it may be
cut off anywhere, be done twice, or be done long after, and comes to the same.

The rows of some letters, and the marks that their months must be counted, are written in one transaction; only then are
the letters' own marks taken off, where nothing has happened meanwhile.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.ids import new_id
from services.chassis.mongo import PyMongoError
from services.chassis.uow import Transaction
from services.routing.commands.figure_leaders import LeaderBook
from services.routing.domain.dossier import folded
from services.routing.domain.figures import Deeds, Row, WayFigures, deeds_of, rows_of
from services.routing.figure_room import FigureRoom
from services.routing.store.figure_months import EVER, UnitMonth
from services.routing.store.figures import DueLetter

log = logging.getLogger(__name__)
BATCH = 50
SWEEP_SECONDS = 2.0
"""How long one sweep takes at most, and a little more: a lease is shorter than it would be patient."""


@dataclass(frozen=True)
class Measured:
    """What has to be written for a letter."""

    changed: Sequence[Row]
    gone: Sequence[Row]
    deeds: dict[UnitMonth, Deeds]


async def count_letters(room: FigureRoom) -> int:
    """Measure what is due, for a while; how many letters were measured."""
    started = time.monotonic()
    due = await room.newest.read("due", room.due.within, limit=BATCH)
    done, leaders = 0, LeaderBook(room)
    for start in range(0, len(due), BATCH):
        done += await _count(room, due[start : start + BATCH], leaders)
        if time.monotonic() - started > SWEEP_SECONDS:
            break
    return done


async def _count(room: FigureRoom, due: Sequence[DueLetter], leaders: LeaderBook) -> int:
    done: list[DueLetter] = []
    measured: list[Measured] = []
    for one in due:
        try:
            measured.append(await _measure(room, one.letter_id, leaders))
            done.append(one)
        except PyMongoError:
            raise
        except Exception:
            if one.letter_id not in room.unreadable:
                log.exception("letter %s cannot be measured and is set aside", one.letter_id)
            room.unreadable.add(one.letter_id)
            await room.due.set_aside(one)
    await _write(room, measured)
    await room.due.settle(done)
    return len(done)


async def _measure(room: FigureRoom, letter_id: str, leaders: LeaderBook) -> Measured:
    kept = await room.rows.of_letter(letter_id)
    entries = await room.history.of(letter_id)
    if not entries:
        return Measured((), list(kept.values()), {})
    events = [entry.event for entry in entries]
    dossier = folded([(entry.event, entry.seq) for entry in entries])
    summary = dossier.letter.summary
    if summary.is_secret or summary.training:
        # Heads of units see figures who may not know of a secret letter; a count of one would tell them. And what was
        # only done to practise says nothing of who works with it.
        return Measured((), list(kept.values()), {})
    if summary.voided:
        # There is no such letter; what people did about it until it was void, they did.
        return Measured((), list(kept.values()), deeds_of(events, room.zone))
    known = {row.id: row.leader for row in kept.values() if isinstance(row, WayFigures)}
    fresh = await leaders.when_opened(one for one in dossier.branches if one.id not in known)
    rows = {row.id: row for row in rows_of(dossier, events, room.zone, known | fresh)}
    changed = [row for row in rows.values() if row != kept.get(row.id)]
    gone = [row for row in kept.values() if row.id not in rows or not _same_month(row, rows[row.id])]
    return Measured(changed, gone, deeds_of(events, room.zone))


async def _write(room: FigureRoom, measured: Sequence[Measured]) -> None:
    deeds: dict[UnitMonth, Deeds] = {}
    for one in measured:
        for (unit_id, month), deed in one.deeds.items():
            for key in ((unit_id, month), (unit_id, EVER)):
                deeds[key] = deeds[key] + deed if key in deeds else deed
    changed = [row for one in measured for row in one.changed]
    gone = [row for one in measured for row in one.gone]
    touched = {(row.unit_id, row.month) for row in (*changed, *gone)}
    staying = {row.id for row in changed}

    async def work(tx: Transaction) -> None:
        await room.activity.add(deeds, touched, new_id(), tx.session)
        await room.rows.put(changed, tx.session)
        await room.rows.drop([row.id for row in gone if row.id not in staying], tx.session)

    if deeds or touched:
        await room.uow.run(work)


def _same_month(one: Row, other: Row) -> bool:
    return (one.unit_id, one.month) == (other.unit_id, other.month)
