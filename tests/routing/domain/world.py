"""A letter moved by acts and by news, purely: each act is decided by the rules and applied as the event it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.chassis.errors import ServiceError
from services.contracts import intake as i
from services.contracts import routing as r
from services.contracts.event import Event
from services.contracts.vocabulary import Actor, Party
from services.routing.domain import acts
from services.routing.domain.access import access_of
from services.routing.domain.branch import Branch
from services.routing.domain.dossier import Dossier, applied, begun
from services.routing.domain.letter import is_completed, outcome_of
from tests.routing.domain.news import NEWS, VERSIONS
from tests.routing.domain.register_news import REGISTER, REGISTER_VERSIONS
from tests.routing.domain.samples import AT, actor_at, registered, way

HOLDERS = ("head", "registrar")
WAYS = (way("b1"), way("b2", unit_id="unit-dinas"), way("b3", role="copy", unit_id="unit-camat"))


@dataclass
class World:
    """The letter and everything that happened to it, in order."""

    dossier: Dossier
    history: list[tuple[Event, int]]
    refused: list[str] = field(default_factory=list)
    minutes: int = 0

    @classmethod
    def delivered(cls, ways: tuple[r.Branch, ...] = WAYS, **fields: Any) -> "World":
        """A letter that lies in its inboxes."""
        event = registered(**fields)
        world = cls(begun(event), [(event, 1)])
        access = access_of(world.dossier.letter, world.dossier.with_ways(ways, AT).branches)
        world.happen(_delivered(event, ways, access))
        return world

    @property
    def at(self) -> datetime:
        """A minute later each time."""
        self.minutes += 1
        return AT + timedelta(minutes=self.minutes)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """Where it goes."""
        return self.dossier.branches

    def branch(self, name: str) -> Branch:
        """One of them."""
        return self.dossier.branch(name)

    def happen(self, event: Event, version: int = 1) -> None:
        """Apply it, as the commands do, with what follows from it. ``version`` is that of another service's event."""
        self._apply(event, version)
        letter = self.dossier.letter
        access = access_of(letter, self.branches)
        sealed = access.confidentiality != letter.access.confidentiality
        if sealed or {*access.units, *access.positions} != {*letter.access.units, *letter.access.positions}:
            self._apply(r.AccessChanged(letter_id=letter.id, access=access, access_version=letter.access_version + 1))
        if is_completed(self.branches) and letter.completed_at is None:
            outcome = outcome_of(self.dossier.letter, self.branches)
            self._apply(r.LetterCompleted(letter_id="letter", subject="x", outcome=outcome, holders=(), at=self.at))

    def do(self, act: str, name: str, who: str) -> None:
        """An act on a branch; a refused one changes nothing and is noted."""
        branch = self.branch(name)
        try:
            unit_id = branch.sender_unit_id if who == "operator" else branch.unit_id
            for event in ACTS[act](branch, actor_at(who, unit_id), self.at):
                self.happen(event)
        except ServiceError as refusal:
            shown = (refusal.status, refusal.extra["state"]["state"])
            self.refused.append(refusal.code if shown == (409, branch.state) else f"{refusal.code}: {shown}")

    def hear(self, news: str) -> None:
        """Something disposition or intake tells."""
        if news in REGISTER:
            self.happen(REGISTER[news], REGISTER_VERSIONS[news])
        else:
            self.happen(NEWS[news], VERSIONS[news])

    def _apply(self, event: Event, version: int = 1) -> None:
        seq = self.dossier.letter.version + 1 if event.service() == "routing" else version
        self.dossier = applied(self.dossier, event, seq)
        self.history.append((event, seq))


def _delivered(event: i.LetterRegistered, ways: tuple[r.Branch, ...], access: Any) -> r.LetterDelivered:
    shared = event.model_dump(include=set(r.LetterDelivered.model_fields) & set(i.LetterRegistered.model_fields))
    return r.LetterDelivered.model_validate(
        {**shared, "branches": ways, "access": access, "access_version": 1, "delivered_at": AT}
    )


def _ids(branch: Branch, actor: Actor, at: datetime) -> dict[str, Any]:
    return {"letter_id": branch.letter_id, "branch_id": branch.id, "actor": actor, "at": at}


def _read(branch: Branch, actor: Actor, at: datetime) -> list[Event]:
    return [r.BranchRead(**_ids(branch, actor, at))] if acts.may_read(branch) else []


def _receive(branch: Branch, actor: Actor, at: datetime) -> list[Event]:
    if not acts.may_receive(branch, actor):
        return []
    return [*_read(branch, actor, at), r.BranchReceived(**_ids(branch, actor, at))]


def _reasoned(kind: Any, rule: Callable[[Branch, Actor], bool]) -> Callable[[Branch, Actor, datetime], list[Event]]:
    def decide(branch: Branch, actor: Actor, at: datetime) -> list[Event]:
        more = {} if kind is r.BranchReopened else {"subject": "x"}
        more |= {"unit_name": "x"} if kind is r.BranchReturned else {}
        return [kind(**_ids(branch, actor, at), **more, reason="x")] if rule(branch, actor) else []

    return decide


def _redirect(branch: Branch, actor: Actor, at: datetime) -> list[Event]:
    if not acts.may_redirect(branch, actor):
        return []
    new = way(f"{branch.id}x{len(branch.id)}{branch.version}", unit_id="unit-kes")
    return [r.BranchRedirected(**_ids(branch, actor, at), subject="x", branch=new, reason="x")]


def _close(branch: Branch, actor: Actor, at: datetime) -> list[Event]:
    if not acts.may_close(branch, actor):
        return []
    read = _read(branch, actor, at) if branch.state == "sent" else []
    if read and branch.role == "copy":
        return read
    return [*read, r.BranchClosed(**_ids(branch, actor, at), outcome="noted")]


def _file(branch: Branch, actor: Actor, at: datetime) -> list[Event]:
    return [r.BranchFiled(**_ids(branch, actor, at))] if acts.may_file(branch, actor) else []


ACTS: dict[str, Callable[[Branch, Actor, datetime], list[Event]]] = {
    "read": _read,
    "receive": _receive,
    "return": _reasoned(r.BranchReturned, acts.may_return),
    "recall": _reasoned(r.BranchRecalled, acts.may_recall),
    "reopen": _reasoned(r.BranchReopened, acts.may_reopen),
    "redirect": _redirect,
    "close": _close,
    "file": _file,
}


VILLAGE = Party(kind="unit", id="unit-village", name="Desa Sekartaji")
