"""Learn where letters go from where they went. Invariant: only from ordinary letters, and only from where people
brought them: a letter that was redirected or returned counts for where it ended up, and one that a rule brought
somewhere teaches nothing about it.
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.routing.commands.past_letters import letters_since, past_letters
from services.routing.commands.propose import origin_of
from services.routing.domain.branch import Branch
from services.routing.domain.control import ControlRow
from services.routing.domain.learned_form import learned_from
from services.routing.domain.learning import Measured, Run, traits_of
from services.routing.domain.letter_facts import facts_in
from services.routing.domain.mention import Mention
from services.routing.guidance import Guidance
from services.routing.store.learned import NOTHING

log = logging.getLogger(__name__)
LEARNER = "services.routing.learner"
LONGEST_SECONDS = 900
GIVEN = ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR")
"""What of the environment the learner is given: no address and no password."""
ASTRAY = frozenset({"returned", "recalled", "redirected"})


async def learn_when_due(guidance: Guidance) -> int:
    """The duty: learn at night if there are new letters, by day once there are many. 1 where it learned."""
    last = await guidance.learned.newest()
    enough = guidance.settings.learning_new_letters
    new = await letters_since(guidance, last.last_letter_id if last else None, enough)
    if new == 0 or not (new >= enough or _night_has_passed(guidance, last)):
        return 0
    await learn(guidance)
    return 1


async def learn(guidance: Guidance) -> Run | None:
    """Learn now; what was kept, or None where there is no letter to learn from."""
    started = time.monotonic()
    examples, newest = await _examples(guidance)
    if newest is None:
        return None
    answer = await fitted({"examples": examples, "threshold": guidance.settings.suggestion_threshold})
    run = await guidance.uow.run(lambda tx: _keep(guidance, tx, answer, newest, len(examples), started))
    guidance.learned.forget()
    log.info("learned from %d letters in %.1f s: %s", run.letters, run.seconds, run.measured or "nothing of use")
    return run


def _night_has_passed(guidance: Guidance, last: Run | None) -> bool:
    """Whether the hour of learning has struck since the last time."""
    if last is None:
        return True
    local = now().astimezone(ZoneInfo(guidance.settings.timezone))
    struck = local.replace(hour=guidance.settings.learning_hour, minute=0, second=0, microsecond=0)
    return last.trained_at < (struck if struck <= local else struck - timedelta(days=1))


async def _examples(guidance: Guidance) -> tuple[list[dict[str, Any]], str | None]:
    """The letters as the learner reads them, the oldest first, and the id of the newest."""
    found: list[dict[str, Any]] = []
    newest: str | None = None
    async for rows in past_letters(guidance, guidance.settings.learning_letters):
        newest = newest or rows[0].id
        for row in rows:
            places = went_to(await guidance.branches.of(row.id, None))
            if places:
                found.append(await _example(guidance, row, places))
    return found[::-1], newest


async def _example(guidance: Guidance, row: ControlRow, places: Sequence[Mention]) -> dict[str, Any]:
    facts = facts_in(row.summary)
    sender = row.summary.sender
    return {
        "traits": traits_of(facts, await origin_of(guidance, facts)),
        "places": [one.model_dump() for one in places],
        "sender": sender.id or sender.name.casefold(),
    }


def went_to(branches: Sequence[Branch]) -> list[Mention]:
    """Where people brought the letter, without the places it was brought to by mistake."""
    return [
        Mention(role=one.role, kind="position", id=one.position_id)
        if one.position_id
        else Mention(role=one.role, kind="unit", id=one.unit_id)
        for one in branches
        if one.state not in ASTRAY and one.rule is None and one.external_name is None
    ]


async def fitted(request: dict[str, Any]) -> dict[str, Any]:
    """What the learner, a process of its own, answers; it is ended where this is cut off or takes too long."""
    learner = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        LEARNER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: os.environ[name] for name in GIVEN if name in os.environ} | {"OMP_NUM_THREADS": "1"},
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            answer, complaint = await learner.communicate(await asyncio.to_thread(orjson.dumps, request))
    finally:
        if learner.returncode is None:
            learner.kill()
            await learner.wait()
    if learner.returncode != 0:
        raise RuntimeError(f"the learner failed: {complaint.decode(errors='replace')[-2000:]}")
    found: dict[str, Any] = orjson.loads(answer)
    return found


async def _keep(
    guidance: Guidance, tx: Transaction, answer: dict[str, Any], newest: str, letters: int, started: float
) -> Run:
    last = await guidance.learned.newest(tx.session)
    measured = Measured(**answer["measured"]) if answer["learned"] else None
    used = measured is not None and measured.is_better
    learned = learned_from(answer["learned"]["traits"], answer["learned"]["places"]) if used else NOTHING
    run = Run(
        id=new_id(),
        version=last.version + 1 if last else 1,
        trained_at=tx.now,
        letters=letters,
        last_letter_id=newest,
        used=used,
        seconds=round(time.monotonic() - started, 1),
        traits=len(learned.rarity),
        places=len(learned.places),
        weights=sum(len(one.weights) for one in learned.places),
        measured=measured,
        learned=learned,
    )
    await guidance.learned.add(run, tx.session)
    return run
