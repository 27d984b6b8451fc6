"""Which roles read which letters. Invariant: pure, and the only place that says so.

A role reads its own unit's letters, or every unit's; either way by how confidential a letter is.
"""

from services.contracts.vocabulary import Confidentiality

LETTER_HANDLERS = frozenset(
    {"head", "leader", "secretary", "personal_secretary", "registrar", "village_operator", "archivist"}
)
"""Roles that see the letters addressed to their unit."""
CONFIDENTIAL_HANDLERS = frozenset({"head", "leader", "registrar", "village_operator"})
"""The same for letters that are secret or top secret."""
REGENCY_READERS: dict[str, frozenset[Confidentiality]] = {
    "leader": frozenset({"ordinary", "restricted", "secret"}),
    "auditor": frozenset({"ordinary", "restricted"}),
}
"""Roles that see the letters of every unit, and of which confidentiality.

A held position does not say of what kind its unit is, so the role alone must: ``leader`` is for those who lead the
regency (bupati, wakil bupati), never for the chief of an office, who is ``head``. The sekda is ``head`` too, unless the
regency wants its sekda to read everywhere.
"""


def handles_letters(role: str, confidentiality: str) -> bool:
    """Whether a position with this role sees its unit's letters of this confidentiality."""
    roles = CONFIDENTIAL_HANDLERS if confidentiality in ("secret", "top_secret") else LETTER_HANDLERS
    return role in roles


def reads_across(role: str, confidentiality: str) -> bool:
    """Whether a position with this role sees every unit's letters of this confidentiality."""
    return confidentiality in REGENCY_READERS.get(role, ())
