"""Who goes to what a letter invites to, as a disposition says. Invariant: it follows from the effects of instructions,
never from their codes: a regency writes its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.contracts.disposition import Effect, Recipient
from services.contracts.routing import LetterDelivered, PositionChanged
from services.schedule.domain.office import is_leader

SCHEDULES: Effect = "schedule_request"
REPORTS: Effect = "agenda_and_report"
ACCOMPANIES: Effect = "agenda"
CONCERNING: frozenset[Effect] = frozenset({SCHEDULES, REPORTS, ACCOMPANIES})


@dataclass(frozen=True)
class Going:
    """A position that is to go: by itself or in a leader's place (``reports``), or beside a leader."""

    position_id: str
    title: str
    label: str
    reports: bool


def effects_of(recipients: Iterable[Recipient]) -> frozenset[Effect]:
    """Everything that is asked of them."""
    return frozenset(instruction.effect for one in recipients for instruction in one.instructions)


def going(recipients: Iterable[Recipient]) -> tuple[Going, ...]:
    """Those of them that are to go, in the order they were named."""
    return tuple(
        Going(one.position_id, one.position_title, instruction.label, instruction.effect == REPORTS)
        for one in recipients
        for instruction in one.instructions
        if instruction.effect in (REPORTS, ACCOMPANIES)
    )


def note_of(those: Sequence[Going]) -> str | None:
    """``Wakili dan laporkan: Kepala Dinas PU``, for the leader's office."""
    return "; ".join(f"{one.label}: {one.title}" for one in those) or None


def leader_meant(
    those: Sequence[Going],
    positions: Mapping[str, PositionChanged],
    above: PositionChanged | None,
    letter: LetterDelivered,
    issuer_id: str,
) -> PositionChanged | None:
    """Whose calendar it concerns that ``those`` go; None where it is nobody's. ``above`` is the leader nearest to who
    gave the disposition.

    A leader who is to go; else the leader whose invitation it is, where it names a time or they go along; else a leader
    who goes along. What an office sends its own people to is no business of a leader above it.
    """
    known = [(one, positions[one.position_id]) for one in those if one.position_id in positions]
    leaders = [(one, position) for one, position in known if is_leader(position)]
    sent = next((position for one, position in leaders if one.reports), None)
    if sent is not None:
        return sent
    theirs = above is not None and (above.position_id == issuer_id or _is_for(letter, above))
    if theirs and (letter.occasion or not all(one.reports for one in those)):
        return above
    return next((position for _, position in leaders), None)


def _is_for(letter: LetterDelivered, leader: PositionChanged) -> bool:
    """Whether the letter is addressed to the leader or to their office."""
    return any(
        one.role == "addressee"
        and (leader.position_id == one.position_id if one.position_id else leader.unit_id == one.unit_id)
        for one in letter.branches
    )
