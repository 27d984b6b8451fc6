"""The track of a letter: its steps, and who must act now. Invariant: a step is an event, so it is there once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.vocabulary import Actor
from services.routing.domain.branch import Branch
from services.routing.domain.disposition import Charge, Disposition
from services.routing.domain.letter import Letter, dispositions_on

What = Literal[
    "registered",
    "delivered",
    "forwarded",
    "branch_read",
    "branch_received",
    "branch_returned",
    "branch_redirected",
    "branch_recalled",
    "branch_closed",
    "branch_reopened",
    "branch_filed",
    "deadline_neared",
    "deadline_passed",
    "linked",
    "disposed",
    "disposition_read",
    "replied",
    "disposition_completed",
    "schedule_requested",
    "schedule_approved",
    "schedule_declined",
    "completed",
]
LABELS: dict[What, str] = {
    "registered": "Surat didaftarkan",
    "delivered": "Surat sampai di unit tujuan",
    "forwarded": "Surat diteruskan ke tujuan tambahan",
    "branch_read": "Surat dibaca",
    "branch_received": "Surat diterima",
    "branch_returned": "Surat dikembalikan kepada pengirim",
    "branch_redirected": "Surat dialihkan ke tujuan lain",
    "branch_recalled": "Surat ditarik kembali oleh pengirim",
    "branch_closed": "Surat dinyatakan selesai di unit",
    "branch_reopened": "Surat dibuka kembali",
    "branch_filed": "Surat diarsipkan",
    "deadline_neared": "Batas waktu hampir tiba",
    "deadline_passed": "Batas waktu terlewati",
    "linked": "Surat dikaitkan dengan surat lain",
    "disposed": "Surat didisposisikan",
    "disposition_read": "Disposisi dibaca",
    "replied": "Disposisi dijawab",
    "disposition_completed": "Disposisi dilaksanakan",
    "schedule_requested": "Jadwal pimpinan dimohonkan",
    "schedule_approved": "Jadwal pimpinan disetujui",
    "schedule_declined": "Jadwal pimpinan ditolak",
    "completed": "Surat selesai ditindaklanjuti",
}


class Step(BaseModel):
    """One thing that happened to a letter. ``id`` is the event's; ``inside`` marks a detail only for those inside.

    A step is inside when it tells what an office says to itself: instructions, answers, reports.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    letter_id: str
    at: AwareDatetime
    what: What
    actor: Actor | None = None
    unit_name: str | None = None
    detail: str | None = None
    inside: bool = False


@dataclass(frozen=True)
class TimedStep:
    """A step with how long the one before took to lead to it; none for the first."""

    step: Step
    seconds_since_previous: float | None


@dataclass(frozen=True)
class Post:
    """A position somebody waits for."""

    position_id: str
    title: str | None
    unit_name: str


def timeline(steps: Iterable[Step]) -> list[TimedStep]:
    """The steps in the order they happened, whatever order they were heard of in."""
    ordered = sorted(steps, key=lambda step: (step.at, step.id))
    timed: list[TimedStep] = []
    for before, step in zip([None, *ordered], ordered, strict=False):
        seconds = (step.at - before.at).total_seconds() if before else None
        timed.append(TimedStep(step, seconds))
    return timed


def who_must_act(branch: Branch, letter: Letter, branches: Sequence[Branch]) -> list[Post]:
    """The positions a branch waits for: the responsible ones furthest down, else its holders, else nobody.

    A letter that came back waits for who sent it, and so does one that has to go out of the house.
    """
    if branch.is_settled:
        return []
    if branch.state == "returned" or branch.external_name:
        by = letter.registered_by
        return [Post(by.position_id, by.position_title, by.unit_name)]
    waiting = [charge for one, charge in _open(branch, letter, branches) if not _passed_on(charge, letter)]
    responsible = [charge for charge in waiting if charge.responsible]
    if branch.work == "open":
        return _posts(responsible or waiting)
    return [Post(position_id, None, branch.unit_name) for position_id in branch.holders]


def coordinating(branch: Branch, letter: Letter, branches: Sequence[Branch]) -> list[Post]:
    """The positions that take part beside the responsible one, while the work is open."""
    return _posts([charge for _, charge in _open(branch, letter, branches) if not charge.responsible])


def _open(branch: Branch, letter: Letter, branches: Sequence[Branch]) -> list[tuple[Disposition, Charge]]:
    on_branch = dispositions_on(letter, branches)[branch.id]
    return [(one, charge) for one in on_branch for charge in one.open_charges]


def _passed_on(charge: Charge, letter: Letter) -> bool:
    """Whether the recipient disposed further and that is still open: then those below must act first."""
    children = letter.dispositions.values()
    return any(one.parent_recipient_id == charge.recipient_id and not one.is_done for one in children)


def _posts(charges: Iterable[Charge]) -> list[Post]:
    posts = {
        charge.position_id: Post(charge.position_id, charge.position_title, charge.unit_name) for charge in charges
    }
    return list(posts.values())
