"""The ways a letter goes. Invariant: pure, so that a service's domain can use it."""

from dataclasses import dataclass
from typing import Literal

from services.contracts.routing import Branch

Exit = Literal["recalled", "redirected", "returned"]
EXITS: tuple[Exit, ...] = ("recalled", "redirected", "returned")
"""How a letter leaves a branch, the last word first: what came back to its sender may still be sent elsewhere."""


@dataclass(frozen=True)
class Way:
    """A branch as it was opened, how the letter has left it, and for whom, where it was redirected; ``closed`` where it
    needs nothing more.
    """

    branch: Branch
    left: Exit | None = None
    to: str | None = None
    closed: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether it leads to somebody outside the regency, for whom the sending unit's registrar acts."""
        return self.branch.external_name is not None


def destination(branch: Branch) -> str:
    """For whom a branch is, for people to read."""
    return branch.external_name or branch.position_title or branch.unit_name
