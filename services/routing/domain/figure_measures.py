"""What is measured, and what it is called. Invariant: a name, once rows were kept under it, keeps its meaning.

``to_...`` are spans: from the arrival at a unit's inbox until what the name says, but ``to_inbox``, ``to_dispatch`` and
``to_completion``, which begin with the registration. ``step_...`` are the steps of the whole way: each from the step
before it that was taken, so that the steps of a branch add up to all the time from its arrival to its last step.
"""

from typing import Literal, get_args

Span = Literal["to_inbox", "to_read", "to_received", "to_disposition", "to_done", "to_dispatch", "to_completion"]
Step = Literal["step_read", "step_received", "step_disposed", "step_disposition_read", "step_answered", "step_done"]
Measure = Literal[Span, Step]
Leader = Literal["present", "away", "vacant"]
"""Whether who leads the unit was there: ``vacant`` where nobody held the position, or the unit has none."""
WayRole = Literal["addressee", "copy", "dispatch"]
"""``dispatch``: a way out of the regency, which lies with the unit that sends the letter."""

SPANS: tuple[Span, ...] = get_args(Span)
STEPS: tuple[Step, ...] = get_args(Step)
MEASURES: tuple[Measure, ...] = (*SPANS, *STEPS)
LEADERS: tuple[Leader, ...] = get_args(Leader)
PATH: tuple[Measure, ...] = ("to_inbox", *STEPS)
"""The whole way of a letter through a unit, step by step."""

LABELS: dict[Measure, str] = {
    "to_inbox": "Registrasi sampai kotak masuk",
    "to_read": "Kotak masuk sampai dibaca",
    "to_received": "Kotak masuk sampai diterima",
    "to_disposition": "Kotak masuk sampai disposisi pertama",
    "to_done": "Kotak masuk sampai selesai",
    "to_dispatch": "Registrasi sampai dikirim ke luar",
    "to_completion": "Registrasi sampai surat selesai",
    "step_read": "Langkah: dibaca",
    "step_received": "Langkah: diterima",
    "step_disposed": "Langkah: didisposisikan",
    "step_disposition_read": "Langkah: disposisi dibaca",
    "step_answered": "Langkah: disposisi dijawab",
    "step_done": "Langkah: selesai",
}
LEADER_LABELS: dict[Leader, str] = {
    "present": "pimpinan di tempat",
    "away": "pimpinan tidak di tempat",
    "vacant": "jabatan pimpinan kosong",
}


def by_leader(leader: Leader) -> str:
    """Under what name the time to the first disposition is kept for letters that found the leader so."""
    return f"to_disposition/{leader}"
