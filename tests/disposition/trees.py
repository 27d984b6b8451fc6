"""Trees of dispositions for property tests: offices of any shape, and moves of anybody in any order."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

from hypothesis import strategies as st

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.contracts.event import Event
from services.contracts.routing import Branch
from services.contracts.vocabulary import Access
from services.disposition.commands import answer, say
from services.disposition.commands.act_on_part import Asked
from services.disposition.commands.add_recipients import add_recipients
from services.disposition.commands.amend import amend_part
from services.disposition.commands.answer import Answer
from services.disposition.commands.hand_over import Wish, hand_over
from services.disposition.commands.hand_over_part import hand_over_part
from services.disposition.commands.issue_disposition import issue_disposition
from services.disposition.commands.recall import recall
from services.disposition.commands.reopen import reopen_part
from services.disposition.commands.sweep_vacancies import sweep_vacancies
from services.disposition.commands.watch_dispositions import watch_dispositions
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.order import NewDisposition, NewRecipient
from services.disposition.domain.recipient import DispositionRecipient
from tests.disposition.terms import term
from tests.disposition.world import Json, World
from tests.events import deliver, envelope_of
from tests.people import held, position_changed, principal

CODES = ("tindaklanjuti", "pelajari", "diketahui", "sesuai_disposisi", "pantau", "ingatkan")
ROLES = (None, None, "responsible", "coordinating", "informed")
REFUSALS = frozenset({403, 404, 409, 412, 422})


def _is_open(part: DispositionRecipient) -> bool:
    return part.is_open


FITTING: dict[str, Callable[[DispositionRecipient], bool]] = {
    "reopen": lambda part: part.is_closed or part.state == "declined",
    "recall": lambda part: part.state == "sent",
    "decline": lambda part: part.is_open and not part.below,
}
"""To which parts an act may be done, so that most of what is tried can be done."""
OF_PARTS = ("read", "receive", "reply", "progress", "complete", "decline", "ask")
OF_OWNERS = ("recall", "amend", "add", "reopen", "hand_over_part")
OF_THE_HOUSE = ("watch", "tell", "vacate")
MOVING = ("hand_over", "vacate")
"""By what a part goes to another position: who was not entitled to act in it may be a moment later."""
KINDS = (
    ("issue",) * 6
    + OF_PARTS
    + ("complete", "decline", "recall", "reopen")
    + OF_OWNERS
    + OF_THE_HOUSE
    + ("comment", "hand_over")
)

Act = Callable[[Principal, str | None], Awaitable[Json]]


@dataclass(frozen=True)
class Move:
    """What somebody tries; numbers pick among what there is by then. ``honest``: by whom it is for. ``again``: the same
    request comes twice.
    """

    kind: str
    who: int
    which: int
    salt: int
    honest: bool
    again: bool


MOVES = st.builds(
    Move,
    kind=st.sampled_from(KINDS),
    who=st.integers(0, 9),
    which=st.integers(0, 7),
    salt=st.integers(0, 63),
    honest=st.sampled_from((True, True, True, True, False)),
    again=st.sampled_from((False, False, False, True)),
)
SHAPES = st.lists(st.integers(0, 5), min_size=3, max_size=9).map(
    lambda drawn: [number % (place + 1) for place, number in enumerate(drawn)]
)
"""For each position after the first, which of those before it is its superior."""


@dataclass
class Office:
    """A unit with a tree of positions, a letter that lies with the first of them, and what was made of it."""

    world: World
    shape: list[int]
    unit_id: str = field(default_factory=new_id)
    keys: int = 0
    terms: int = 0
    assigned: dict[str, bool] = field(default_factory=dict)
    shown: set[tuple[str, int, frozenset[str]]] = field(default_factory=set)
    """Of which states of which dispositions everybody has been asked whether they see it."""

    async def open(self) -> "Office":
        """Tell the service of all this."""
        self.seats = [self._seat(number) for number in range(len(self.shape) + 1)]
        self.people = {one.position_id: principal(one, name=one.title) for one in [*self.seats, self.world.stranger]}
        self.news: list[Event] = [
            position_changed(seat, *(self.seats[one].position_id for one in self.chain(number)))
            for number, seat in enumerate(self.seats)
        ]
        branch = Branch(
            branch_id=new_id(),
            role="addressee",
            unit_id=self.unit_id,
            unit_name="Dinas Pekerjaan Umum",
            holders=(self.seats[0].position_id,),
        )
        access = Access(confidentiality="ordinary", units=(self.unit_id,))
        self.letter = self.world.a_letter(branches=(branch,), access=access)
        self.news.append(self.letter)
        for event in self.news:
            await self.world.tell(event)
        for seat in self.seats:
            await self._assign(seat, held=True)
        return self

    @property
    def context(self) -> Context:
        context: Context = self.world.service.app.state.context
        return context

    def _seat(self, number: int) -> HeldPosition:
        role = "officer" if number else "head"
        return held(role, unit_id=self.unit_id, title=f"Jabatan {number}")

    def chain(self, number: int) -> list[int]:
        """The numbers of the positions above, the nearest first."""
        found = []
        while number:
            number = self.shape[number - 1]
            found.append(number)
        return found

    def below(self, position_id: str) -> list[str]:
        """The positions below this one."""
        ids = [one.position_id for one in self.seats]
        return [ids[number] for number in range(len(ids)) if position_id in [ids[one] for one in self.chain(number)]]

    async def given(self) -> list[Disposition]:
        """Everything given so far, the first of it first."""
        return (await self.context.dispositions.about(self.letter.letter_id))[::-1]

    async def play(self, move: Move, beside: Sequence[Move] = ()) -> None:
        """Do as the move says; whoever is not entitled must be refused, and a repetition must change nothing.

        ``beside`` are the moves of the same moment, this one among them.
        """
        if move.kind in OF_THE_HOUSE:
            await self._by_itself(move)
            return
        planned = await PLANS.get(move.kind, Office._act)(self, move)
        if planned is None:
            return
        caller, entitled, act = planned
        self.keys += 1
        key = f"{self.letter.letter_id}/{self.keys}" if move.again else None
        first = await attempt(act, caller, key)
        settled = not any(one.kind in MOVING for one in beside if one is not move)
        if not entitled and (settled or isinstance(first, ServiceError)):
            assert isinstance(first, ServiceError), (move, first)
            assert first.status in ((403, 404, 412, 422) if settled else REFUSALS), first
        if move.again and not isinstance(first, ServiceError):
            assert await attempt(act, caller, key) == first

    async def _by_itself(self, move: Move) -> None:
        """What happens without anybody asking: time passes, news comes again, a position loses or gets its holder."""
        at = now() + timedelta(days=move.salt if move.kind == "watch" else 10)
        if move.kind == "watch":
            await watch_dispositions(self.context, lambda: at)
        if move.kind == "tell":
            await deliver(self.world.service, envelope_of(self.news[move.salt % len(self.news)]))
        if move.kind == "vacate":
            seat = self.seats[move.who % len(self.seats)]
            await self._assign(seat, held=not self.assigned[seat.position_id])
            while await sweep_vacancies(self.context, lambda: at):
                pass

    async def _assign(self, seat: HeldPosition, *, held: bool) -> None:
        self.terms += 1
        self.assigned[seat.position_id] = held
        person = self.people[seat.position_id].person_id
        facts = {"assignment_id": seat.position_id, "person_id": person, "cancelled": not held}
        await self.world.tell(term(seat).model_copy(update=facts), seq=self.terms)

    async def _hand_over(self, move: Move) -> tuple[Principal, bool, Act]:
        seat, to = (self.seats[one % len(self.seats)].position_id for one in (move.who, move.which))
        caller = self.people[seat] if move.honest else self.people[self.world.stranger.position_id]

        async def act(caller: Principal, key: str | None) -> Json:
            done = await hand_over(self.context, caller, Wish(seat, to, "Mutasi jabatan"), key)
            return done.model_dump(mode="json")

        return caller, move.honest, act

    async def _issue(self, move: Move) -> tuple[Principal, bool, Act]:
        having = {part.position_id for one in await self.given() for part in one.live} | {self.seats[0].position_id}
        seats = [one.position_id for one in self.seats if self.below(one.position_id)]
        seats = [one for one in seats if one in having or not move.honest]
        seat = seats[move.who % len(seats)]
        below = self.below(seat)
        reach = below if move.honest and below else [one.position_id for one in self.seats]
        order = NewDisposition(as_position=seat, recipients=tuple(self._recipients(reach, move)))
        letter_id = self.letter.letter_id

        async def act(caller: Principal, key: str | None) -> Json:
            return await issue_disposition(self.context, caller, letter_id, order, key)

        return self.people[seat], set(order.position_ids) <= set(below), act

    def _recipients(self, reach: list[str], move: Move) -> list[NewRecipient]:
        count = min(len(reach), 1 + move.salt % 3)
        chosen = islice(cycle(reach), move.which, move.which + count)
        return [
            NewRecipient(
                position_id=position_id,
                instructions=(CODES[(move.salt + number) % len(CODES)],),
                role=ROLES[(move.salt + move.which + number) % len(ROLES)],  # type: ignore[arg-type]
                working_days=1 + move.salt if move.salt % 2 else None,
            )
            for number, position_id in enumerate(chosen)
        ]

    async def _act(self, move: Move) -> tuple[Principal, bool, Act] | None:
        given = await self.given()
        if not given:
            return None
        one = given[-1 - move.which % len(given)]
        fitting = [each for each in one.recipients if FITTING.get(move.kind, _is_open)(each)]
        parts = fitting if fitting and move.honest else one.recipients
        part = parts[move.salt % len(parts)]
        rightful = {part.position_id} if move.kind in OF_PARTS else {one.owner.position_id}
        if move.kind == "comment":
            rightful = {one.owner.position_id, *(each.position_id for each in one.live)}
        anybody = [*self.seats, self.world.stranger][move.who % (len(self.seats) + 1)].position_id
        position_id = min(rightful) if move.honest else anybody
        return self.people[position_id], position_id in rightful, self._deed(move, one, part)

    def _deed(self, move: Move, one: Disposition, part: DispositionRecipient) -> Act:
        words = Answer(f"Kata {move.salt}")
        deeds: dict[str, Callable[[Asked], Awaitable[Any]]] = {
            "read": lambda asked: answer.read_part(self.context, asked, part.recipient_id),
            "receive": lambda asked: answer.receive_part(self.context, asked, part.recipient_id),
            "reply": lambda asked: answer.reply_to_part(self.context, asked, part.recipient_id, words),
            "progress": lambda asked: answer.report_progress(self.context, asked, part.recipient_id, move.salt, words),
            "complete": lambda asked: answer.complete_part(self.context, asked, part.recipient_id, words),
            "decline": lambda asked: answer.decline_part(self.context, asked, part.recipient_id, "Bukan tugas kami"),
            "ask": lambda asked: say.ask(self.context, asked, part.recipient_id, words),
            "comment": lambda asked: say.comment(self.context, asked, words, None, None),
            "recall": lambda asked: recall(self.context, asked, [part.recipient_id] if move.salt % 2 else [], "Keliru"),
            "amend": lambda asked: amend_part(
                self.context, asked, part.recipient_id, {"working_days": 1 + move.salt}, None
            ),
            "reopen": lambda asked: reopen_part(self.context, asked, part.recipient_id, "Belum lengkap", {}),
            "add": lambda asked: add_recipients(self.context, asked, self._recipients(self._further(one), move)),
            "hand_over_part": lambda asked: hand_over_part(
                self.context, asked, part.recipient_id, self._another(one, move), "Pindah tugas"
            ),
        }

        async def act(caller: Principal, key: str | None) -> Json:
            seen = one.version - 1 if move.kind == "amend" and move.salt == 1 else None
            found: Json = await deeds[move.kind](Asked(caller, one.id, key, seen))
            return found

        return act

    def _further(self, one: Disposition) -> list[str]:
        """Positions below its owner that it is not between yet; all below, or all there are, where there is none."""
        below = self.below(one.owner.position_id) or [each.position_id for each in self.seats]
        return [each for each in below if each not in one.parties] or below

    def _another(self, one: Disposition, move: Move) -> str:
        further = self._further(one)
        return further[move.which % len(further)]

    async def finish(self) -> None:
        """Everybody completes what they can, from below upwards, until nothing is left."""
        for _ in range(200):
            waiting = [
                (one, part)
                for one in await self.given()
                for part in one.recipients
                if part.is_open and not part.below and not part.is_closed
            ]
            if not waiting:
                return
            one, part = waiting[0]
            await answer.complete_part(
                self.context, Asked(self.people[part.position_id], one.id), part.recipient_id, Answer("Selesai")
            )


PLANS: dict[str, Callable[[Office, Move], Awaitable[tuple[Principal, bool, Act] | None]]] = {
    "issue": Office._issue,
    "hand_over": Office._hand_over,
}


async def attempt(act: Act, caller: Principal, key: str | None) -> Json | ServiceError:
    """What came of it: the answer, or a refusal such as people are given."""
    try:
        return await act(caller, key)
    except ServiceError as refusal:
        found = refusal
    assert found.status in REFUSALS, found
    return found
