"""What routing knows of the dispositions given on a letter. Invariant: every fact stands under the version of the event
that told it, and the highest one holds; so the news may come in any order and any number of times and leads to the same
place. What is true of a part now (whose it is, whether it is done) is computed from the facts, never set.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, field_validator

from services.contracts.disposition import ClosesOn
from services.routing.domain.charge import FIRST, Charge, Fact

State = Literal["open", "done", "gone"]
"""``gone``: all of it was given back or taken back, so nobody is at work and nothing was done."""
Marks = dict[str, int]
"""By recipient, the version of the last event that told a thing of it."""


class Move(Fact):
    """To which position something was handed over."""

    version: int
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str


class Reopened(Fact):
    """A part became work again; ``closes_on`` is what it ends with from then on."""

    version: int
    closes_on: ClosesOn


class Named(Fact):
    """Who is responsible; nobody of this disposition where there is no ``recipient_id``."""

    version: int
    recipient_id: str | None = None


class Disposition(BaseModel):
    """A disposition as far as it has been heard of; news of it may come before its issue does.

    ``charges`` are the parts as they were given, in that order. ``acted``: taken on, or reported to be under way.
    ``all_done`` is the last version that said nobody is left to act, ``some_left`` the last that said somebody is.
    ``has_below``: it was given on by one of its recipients. ``owner`` waits for the answers in the issuer's place.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    branch_id: str | None = None
    parent_id: str | None = None
    parent_recipient_id: str | None = None
    issuer_unit_id: str | None = None
    charges: tuple[Charge, ...] = ()
    read: Marks = {}
    acted: Marks = {}
    answered: Marks = {}
    completed: Marks = {}
    declined: Marks = {}
    recalled: Marks = {}
    reopened: dict[str, Reopened] = {}
    moved: dict[str, Move] = {}
    owner: Move | None = None
    responsible: Named | None = None
    all_done: int = 0
    some_left: int = 0
    has_below: bool = False

    @field_validator("read", "answered", "completed", mode="before")
    @classmethod
    def _marked(cls, kept: Any) -> Any:
        """Letters that were kept before versions were say only who."""
        return kept if isinstance(kept, Mapping) else dict.fromkeys(kept, FIRST)

    @cached_property
    def parts(self) -> tuple[Charge, ...]:
        """Every part as it is now: with whom it lies, who is responsible, what it ends with."""
        return tuple(self._as_now(charge) for charge in self.charges)

    @property
    def live(self) -> tuple[Charge, ...]:
        """The parts that were neither given back nor taken back."""
        return tuple(part for part in self.parts if not self._is_gone(part))

    @property
    def open_charges(self) -> tuple[Charge, ...]:
        """Those still to act."""
        return tuple(part for part in self.live if not self.is_closed(part))

    @cached_property
    def state(self) -> State:
        """What has become of it as a whole; open until it is known to whom it was given."""
        if self.issuer_unit_id is None or self.open_charges or self._awaits_news:
            return "open"
        return "done" if self.live else "gone"

    @property
    def is_open(self) -> bool:
        """Whether somebody is left to act."""
        return self.state == "open"

    @property
    def is_gone(self) -> bool:
        """Whether all of it came to nothing."""
        return self.state == "gone"

    @property
    def is_acted_on(self) -> bool:
        """Whether some recipient has done more than read it."""
        return not self.is_gone and bool(self.acted or self.answered or self.completed or self.state == "done")

    @property
    def positions(self) -> tuple[str, ...]:
        """The positions that have, or had, to do with it: not those it was taken back from unread, nor those it was
        handed over by.
        """
        own = (part.position_id for part in self.parts if not self._is_taken_back_unread(part.recipient_id))
        return (*own, *([self.owner.position_id] if self.owner else []))

    @property
    def opened(self) -> int:
        """The last version that made work of a part."""
        return max((self._opened(part) for part in self.charges), default=0)

    def is_closed(self, part: Charge) -> bool:
        """Whether nothing is left for this recipient to do."""
        opened, who = self._opened(part), part.recipient_id
        if max(self.all_done, self.completed.get(who, 0)) >= opened:
            return True
        if part.closes_on == "completion":
            return False
        return self.answered.get(who, 0) >= opened or (part.closes_on == "read" and who in self.read)

    def knowing(self, **facts: Any) -> Self:
        """The same with further facts. Made anew, not copied: what was computed of the one holds not for the other."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**fields, **facts})

    @property
    def _awaits_news(self) -> bool:
        """Whether nobody has said yet that none is left to act, since a part was made work or somebody was left: news
        of it is on its way, or of a part that was given. Where it was given on, it may be settled below without a word.
        """
        return self.all_done < max(self.opened, self.some_left) and not self.has_below

    def _is_taken_back_unread(self, recipient_id: str) -> bool:
        """With the registration of the letter also what was read is taken back: who read it goes on seeing it."""
        touched = (self.read, self.acted, self.answered, self.completed)
        return recipient_id in self.recalled and not any(recipient_id in one for one in touched)

    def _is_gone(self, part: Charge) -> bool:
        who = part.recipient_id
        return who in self.recalled or self.declined.get(who, 0) >= self._opened(part)

    def _opened(self, part: Charge) -> int:
        again = self.reopened.get(part.recipient_id)
        return max(part.since, again.version) if again else part.since

    def _as_now(self, part: Charge) -> Charge:
        now: dict[str, Any] = {"responsible": self._is_responsible(part)}
        if again := self.reopened.get(part.recipient_id):
            now["closes_on"] = again.closes_on
        if move := self.moved.get(part.recipient_id):
            now |= move.model_dump(exclude={"version"})
        return part.model_copy(update=now)

    def _is_responsible(self, part: Charge) -> bool:
        """By the last word on it: of the giving of a part, or of a change."""
        given = max((one.since for one in self.charges if one.responsible), default=0)
        if self.responsible and self.responsible.version > given:
            return self.responsible.recipient_id == part.recipient_id
        return part.responsible and part.since == given
