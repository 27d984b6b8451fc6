"""A letter's row in the control list. Invariant: a pure function of the dossier, so the list never says other than it.

``seen_by`` are the keys of everybody who may read the letter: the handlers of each unit, each named position, and those
who read across the regency by their role.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.vocabulary import Access, LetterOutcome
from services.projections.reading import handles_letters, reads_across
from services.routing.domain.boxes import tab
from services.routing.domain.branch import Branch, State, handlers_key, trusted_key
from services.routing.domain.dossier import Dossier
from services.routing.domain.letter import Letter, Status, due_of, status_of, to_act_on
from services.routing.domain.summary import LetterSummary

LEADERS_KEY = "regency/leaders"
AUDITORS_KEY = "regency/auditors"


SHOWN = 20
"""How many of its ways a row tells of; ``ways`` says how many there are."""


class Whereabouts(BaseModel):
    """Where the letter is on one of its ways."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    unit_id: str
    to: str
    role: Literal["addressee", "copy"]
    state: State
    since: AwareDatetime


class ControlRow(BaseModel):
    """A letter as the control list shows it. ``followed_up``: None where it is void, for nobody has to see to it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    summary: LetterSummary
    status: Status
    followed_up: bool | None
    outcome: LetterOutcome | None
    due_at: AwareDatetime | None
    registered_at: AwareDatetime
    registered_unit_id: str
    registered_unit_name: str
    where: tuple[Whereabouts, ...]
    ways: int = 0
    units: tuple[str, ...]
    seen_by: tuple[str, ...]


def control_row(dossier: Dossier) -> ControlRow:
    """The row of a letter."""
    letter, branches = dossier.letter, dossier.branches
    ways = to_act_on(branches)
    return ControlRow(
        id=letter.id,
        summary=letter.summary,
        status=status_of(letter, branches),
        followed_up=_followed_up(ways) if letter.voided is None else None,
        outcome=letter.outcome,
        due_at=due_of(branches),
        registered_at=letter.registered_at,
        registered_unit_id=letter.registered_by.unit_id,
        registered_unit_name=letter.registered_by.unit_name,
        where=tuple(
            Whereabouts(unit_id=one.unit_id, to=one.to, role=one.role, state=one.state, since=one.since)
            for one in branches[:SHOWN]
        ),
        ways=len(branches),
        units=tuple(dict.fromkeys(one.unit_id for one in branches if one.is_live and not one.external_name)),
        seen_by=(*reader_keys(letter.access), *_outbox(letter)),
    )


def _followed_up(ways: Sequence[Branch]) -> bool:
    return bool(ways) and all(branch.state in ("in_progress", "done") for branch in ways)


def reader_keys(access: Access) -> tuple[str, ...]:
    """The keys of everybody who may read what has this access."""
    keys: list[str] = []
    for unit_id in access.units:
        keys.append(trusted_key(unit_id))
        if handles_letters("secretary", access.confidentiality):
            keys.append(handlers_key(unit_id))
    keys += access.positions
    if reads_across("leader", access.confidentiality):
        keys.append(LEADERS_KEY)
    if reads_across("auditor", access.confidentiality):
        keys.append(AUDITORS_KEY)
    return tuple(keys)


def _outbox(letter: Letter) -> list[str]:
    """Where the unit that entered it finds it among what it sent: it is the sender itself, not only the registrar."""
    if letter.summary.sender.kind == "external":
        return []
    unit_id = letter.registered_by.unit_id
    keys = [trusted_key(unit_id)] if letter.summary.is_secret else [trusted_key(unit_id), handlers_key(unit_id)]
    return [tab(key, "outbox") for key in keys]
