"""The track of a letter: its steps, and who must act now. Invariant: a step is an event, so it is there once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.vocabulary import Actor, Confidentiality
from services.routing.domain.branch import Branch
from services.routing.domain.charge import Charge
from services.routing.domain.disposition import Disposition
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
    "disposition_received",
    "replied",
    "disposition_progressed",
    "disposition_completed",
    "disposition_declined",
    "disposition_commented",
    "disposition_recalled",
    "recipient_added",
    "recipient_amended",
    "recipient_reopened",
    "work_handed_over",
    "responsible_changed",
    "disposition_overdue",
    "schedule_requested",
    "schedule_approved",
    "schedule_declined",
    "completed",
    "corrected",
    "voided",
    "scan_parked",
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
    "disposition_received": "Disposisi diterima",
    "replied": "Disposisi dijawab",
    "disposition_progressed": "Kemajuan disposisi dilaporkan",
    "disposition_completed": "Disposisi dilaksanakan",
    "disposition_declined": "Disposisi dikembalikan kepada pemberi",
    "disposition_commented": "Disposisi dibahas",
    "disposition_recalled": "Disposisi ditarik kembali",
    "recipient_added": "Penerima disposisi ditambahkan",
    "recipient_amended": "Disposisi diubah",
    "recipient_reopened": "Disposisi dibuka kembali",
    "work_handed_over": "Disposisi dialihkan ke jabatan lain",
    "responsible_changed": "Penanggung jawab disposisi berganti",
    "disposition_overdue": "Batas waktu disposisi terlewati",
    "schedule_requested": "Jadwal pimpinan dimohonkan",
    "schedule_approved": "Jadwal pimpinan disetujui",
    "schedule_declined": "Jadwal pimpinan ditolak",
    "completed": "Surat selesai ditindaklanjuti",
    "corrected": "Data surat diperbaiki",
    "voided": "Pendaftaran surat dibatalkan",
    "scan_parked": "Salinan pindaian tidak dapat dibuat; aslinya tetap dapat dibaca",
}


class Step(BaseModel):
    """One thing that happened to a letter. ``id`` is the event's; ``inside`` marks a detail only for those inside, and
    ``private`` a step that is for them as a whole.

    ``other_id`` is a letter it speaks of beside its own; ``note`` is for those inside, whatever the rest is.

    ``confidentiality``: its detail is only for those who might read the letter if it were so confidential.

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
    private: bool = False
    other_id: str | None = None
    note: str | None = None
    confidentiality: Confidentiality | None = None


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


@dataclass(frozen=True)
class Waiting:
    """Whom a branch waits for, and who takes part beside them."""

    branch: Branch
    who_must_act: list[Post]
    coordinating: list[Post]


def waiting_on(letter: Letter, branches: Sequence[Branch]) -> list[Waiting]:
    """Whom each branch waits for."""
    given = dispositions_on(letter, branches)
    return [
        Waiting(one, _who_must_act(one, letter, given[one.id]), _coordinating(one, given[one.id])) for one in branches
    ]


def who_must_act(branch: Branch, letter: Letter, branches: Sequence[Branch]) -> list[Post]:
    """Whom one branch waits for."""
    return _who_must_act(branch, letter, dispositions_on(letter, branches)[branch.id])


def coordinating(branch: Branch, letter: Letter, branches: Sequence[Branch]) -> list[Post]:
    """Who takes part in one branch beside the responsible position."""
    return _coordinating(branch, dispositions_on(letter, branches)[branch.id])


def _who_must_act(branch: Branch, letter: Letter, given: Sequence[Disposition]) -> list[Post]:
    """The positions a branch waits for: the responsible ones furthest down, else its holders, else nobody.

    A letter that came back waits for who sent it, and so does one that has to go out of the house.
    """
    if branch.is_settled:
        return []
    if branch.state == "returned" or branch.external_name:
        by = letter.registered_by
        return [Post(by.position_id, by.position_title, by.unit_name)]
    waiting = [charge for one in given for charge in one.open_charges if not _passed_on(charge, letter)]
    responsible = [charge for charge in waiting if charge.responsible]
    if branch.work == "open" and waiting:
        return _posts(responsible or waiting)
    return [Post(position_id, None, branch.unit_name) for position_id in branch.holders]


def _coordinating(branch: Branch, given: Sequence[Disposition]) -> list[Post]:
    """The positions that take part beside the responsible one, while the work is open."""
    if branch.is_settled:
        return []
    beside = [charge for one in given for charge in one.open_charges if charge.takes_part and not charge.responsible]
    return _posts(beside)


def _passed_on(charge: Charge, letter: Letter) -> bool:
    """Whether the recipient disposed further and that is still open: then those below must act first."""
    children = letter.dispositions.values()
    return any(one.parent_recipient_id == charge.recipient_id and one.is_open for one in children)


def _posts(charges: Iterable[Charge]) -> list[Post]:
    posts = {
        charge.position_id: Post(charge.position_id, charge.position_title, charge.unit_name) for charge in charges
    }
    return list(posts.values())
