"""What routing makes of the news of dispositions is what disposition holds itself: at every moment where the news comes
in order, and at the end where it comes in any.
"""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from services.chassis.auth import HeldPosition
from services.chassis.bus.envelope import Envelope
from services.contracts.catalogue import all_events
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition
from services.routing.domain.dossier import Dossier, applied, begun
from services.routing.domain.letter import dispositions_on
from tests.disposition.world import Json, World, to
from tests.events import published
from tests.routing.domain.samples import registered

ACTS, ROOTS = 70, 3
KINDS = all_events()
CODES = ("tindaklanjuti", "pelajari", "diketahui")
SAID: dict[str, Json] = {
    "read": {},
    "receive": {},
    "reply": {"text": "Siap!"},
    "progress": {"percent": 40},
    "complete": {"report": "Selesai"},
    "decline": {"reason": "Bukan tugas kami"},
}
OTHERS = (
    "pass_on",
    "pass_on",
    "pass_on",
    "recall",
    "recall",
    "add",
    "reopen",
    "reopen",
    "hand_over",
    "hand_over",
    "say",
)


class Hands:
    """Everybody of Dinas PU, doing whatever comes to mind. What is not allowed is refused and changes nothing."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.staff = [world.secretary, world.registrar, world.division_head, *world.officers]
        self.holders = {one.position_id: one for one in (world.head, *self.staff)}

    async def act(self) -> None:
        """One act of somebody."""
        given = await self.given()
        if len(given) < ROOTS:
            await self.world.dispose(self.world.head, *self.recipients(self.staff[:3]))
            return
        one = self.chance.choice(given)
        part = self.chance.choice(one.recipients)
        holder, owner = self.holders[part.position_id], self.holders[one.owner.position_id]
        path = f"/v1/dispositions/{one.id}"
        match self.chance.choice([*SAID, *OTHERS]):
            case "pass_on":
                parent = {"disposition_id": one.id, "recipient_id": part.recipient_id}
                await self.world.dispose(holder, *self.recipients(self.world.officers), parent=parent)
            case "recall":
                named = [part.recipient_id] if self.chance.random() < 0.7 else []
                await self.world.post(owner, f"{path}/recall", {"recipient_ids": named})
            case "add":
                await self.world.post(owner, f"{path}/recipients", {"recipients": self.recipients(self.staff)[:1]})
            case "reopen":
                await self.world.post(owner, f"{path}/recipients/{part.recipient_id}/reopen", {"reason": "Lengkapi"})
            case "hand_over":
                wish = {"to_position": self.chance.choice(self.staff).position_id, "reason": "Mutasi jabatan"}
                await self.world.post(owner, f"{path}/recipients/{part.recipient_id}/hand-over", wish)
            case "say":
                await self.world.post(holder, f"{path}/comments", {"text": "Mohon arahan"})
            case what:
                await self.world.post(holder, f"{path}/recipients/{part.recipient_id}/{what}", SAID[what])

    async def finish(self) -> None:
        """Whatever is left is done."""
        for one in await self.given():
            for part in one.live:
                path = f"/v1/dispositions/{one.id}/recipients/{part.recipient_id}/complete"
                await self.world.post(self.holders[part.position_id], path, SAID["complete"])

    def recipients(self, those: Sequence[HeldPosition]) -> list[Json]:
        """One or more of them, with an instruction each; the first is responsible where the house decides."""
        some = self.chance.sample(list(those), self.chance.randint(1, len(those)))
        return [to(one, self.chance.choice(CODES)) for one in some]

    async def given(self) -> list[Disposition]:
        """Everything that was instructed about the letter."""
        context: Context = self.world.service.app.state.context
        return await context.dispositions.about(self.world.letter.letter_id)


def delivered(world: World) -> Dossier:
    """The letter, as routing delivered it."""
    letter = registered().model_copy(update={"letter_id": world.letter.letter_id})
    return applied(begun(letter), world.letter, 1)


def hear(dossier: Dossier, envelope: Envelope) -> Dossier:
    assert envelope.streamversion is not None
    return applied(dossier, KINDS[envelope.type].read(envelope.data), envelope.streamversion)


def agree(dossier: Dossier, given: Sequence[Disposition]) -> None:
    """The branch, and of every disposition who is to act, who is responsible, and whose it is."""
    letter, [branch] = dossier.letter, dossier.branches
    states = {one.state for one in given}
    work = "open" if "open" in states else "done" if "done" in states else "none"
    assert branch.work == work
    known = {one.id: one for one in dispositions_on(letter, dossier.branches)[branch.id]}
    assert known.keys() == {one.id for one in given}
    for one in given:
        seen = known[one.id]
        assert {part.recipient_id for part in seen.live} == {part.recipient_id for part in one.live}
        assert _of(seen.open_charges) == {(p.recipient_id, p.position_id) for p in one.live if not p.is_closed}
        lead = [part.recipient_id for part in seen.live if part.responsible]
        assert lead == ([one.responsible.recipient_id] if one.responsible else [])
        assert {*seen.positions, one.issuer.position_id} == {*one.parties, one.issuer.position_id}


def _of(charges: Sequence[Any]) -> set[tuple[str, str]]:
    return {(one.recipient_id, one.position_id) for one in charges}


class TestAgreement:
    @pytest.mark.parametrize("seed", range(3))
    async def test_H4_B3_routing_sees_what_disposition_holds_in_whatever_order_the_news_comes(
        self, world: World, seed: int
    ) -> None:
        hands, dossier = Hands(world, seed), delivered(world)
        news: list[Envelope] = []
        for number in range(ACTS + 1):
            await (hands.act() if number < ACTS else hands.finish())
            heard, news = len(news), await published(world.service)
            for envelope in news[heard:]:
                dossier = hear(dossier, envelope)
            agree(dossier, await hands.given())
        assert dossier.branches[0].state == "done"
        for _ in range(20):
            tangled = delivered(world)
            for envelope in hands.chance.sample(news, len(news)):
                tangled = hear(tangled, envelope)
            agree(tangled, await hands.given())
            assert tangled.letter.dispositions == dossier.letter.dispositions
