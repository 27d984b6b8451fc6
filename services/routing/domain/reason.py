"""Why somebody was given a letter, as a sentence in Bahasa Indonesia. Invariant: every item in an inbox says why."""

from services.contracts.vocabulary import Capacity
from services.projections.titles import display_title
from services.routing.domain.branch import Branch


def why(branch: Branch, position_id: str, title: str, capacity: Capacity) -> str:
    """Why the branch lies with whoever holds this position."""
    shown = display_title(title, capacity)
    if branch.external_name:
        return f"Surat ini untuk {branch.external_name} dan masih harus dikirim oleh unit Anda."
    if branch.state == "returned" and branch.returned:
        return f"Surat dari unit Anda ini dikembalikan oleh {branch.to}: {branch.returned.reason}"
    if branch.position_id == position_id:
        named = "ditujukan kepada" if branch.role == "addressee" else "ditembuskan kepada"
        return f"Surat ini {named} jabatan Anda, {shown}."
    to = branch.unit_name if branch.position_title is None else f"{branch.position_title}, {branch.unit_name}"
    named = "ditujukan kepada" if branch.role == "addressee" else "ditembuskan kepada"
    return f"Surat ini {named} {to}, dan Anda menangani surat unit tersebut sebagai {shown}."
