"""What instructions ask for beside an answer. Invariant: it follows from their effects, never from their codes."""

from collections.abc import Iterable

from services.contracts.disposition import Effect, Instruction


def effects_of(instructions: Iterable[Instruction]) -> frozenset[Effect]:
    """The effects of these instructions."""
    return frozenset(one.effect for one in instructions)


def needs_file(instructions: Iterable[Instruction]) -> bool:
    """Whether the part is only done with a file."""
    return "completion_with_file" in effects_of(instructions)


def needs_letter(instructions: Iterable[Instruction]) -> bool:
    """Whether the part is only done with a letter that goes out."""
    return "outgoing_letter" in effects_of(instructions)


def needs_coordination(instructions: Iterable[Instruction]) -> bool:
    """Whether those to coordinate with must be named."""
    return "coordination" in effects_of(instructions)


def reports_regularly(instructions: Iterable[Instruction]) -> bool:
    """Whether a report is expected every so often until the part is done."""
    return "periodic_report" in effects_of(instructions)
