"""What notify remembers of a letter. Invariant: a letter it knows nothing of counts as secret; of a secret one it does
not even remember the sender.
"""

from pydantic import BaseModel, ConfigDict

from services.contracts.intake import LetterCorrected
from services.contracts.routing import LetterDelivered
from services.contracts.vocabulary import Confidentiality, Party

OPEN: frozenset[Confidentiality] = frozenset({"ordinary", "restricted"})
"""Letters whose subject may be written into a notification."""


class KnownLetter(BaseModel):
    """A letter as far as its delivery has been heard of. ``recalled`` are the branches, and the parts of dispositions,
    that were taken back; ``corrected`` is the version at which it was corrected last, ``opened`` that of the correction
    since which it is not secret any more, ``registrar`` who entered it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    confidentiality: Confidentiality = "secret"
    source: str | None = None
    agenda: str | None = None
    recalled: frozenset[str] = frozenset()
    training: bool = False
    voided: bool = False
    corrected: int = 0
    opened: int = 0
    registrar: str | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether its delivery has been heard of."""
        return self.agenda is not None

    @property
    def shown(self) -> bool:
        """Whether it may be told what the letter is about."""
        return self.confidentiality in OPEN

    @property
    def named(self) -> str:
        """``Surat dari Desa Sekartaji, nomor agenda 12/2025``, or as much of it as is known and may be told."""
        origin = f"Surat dari {self.source}" if self.source else "Sebuah surat"
        number = f", nomor agenda {self.agenda}" if self.agenda else ""
        return f"{origin if self.shown else 'Sebuah surat rahasia'}{number}"

    @property
    def numbered(self) -> str:
        """``Surat nomor agenda 12/2025``, where the number is known."""
        return f"Surat nomor agenda {self.agenda}" if self.agenda else "Surat ini"

    def as_corrected(self, event: LetterCorrected, version: int) -> "KnownLetter":
        """What is known after a correction of this version of the letter's stream."""
        source = _named(event.sender) if event.confidentiality in OPEN else None
        changes = {"confidentiality": event.confidentiality, "source": source, "corrected": version}
        after = self.model_copy(update=changes)
        return after if self.shown or not after.shown else after.model_copy(update={"opened": version})

    def may_say(self, confidentiality: Confidentiality, version: int) -> bool:
        """Whether it may be told what a correction of this version changed, which left the letter so confidential."""
        return self.shown and confidentiality in OPEN and version > self.opened


def learned(event: LetterDelivered) -> KnownLetter:
    """What the delivery says of the letter."""
    confidentiality = event.access.confidentiality
    return KnownLetter(
        confidentiality=confidentiality,
        source=_named(event.sender) if confidentiality in OPEN else None,
        agenda=f"{event.agenda_number}/{event.year}",
        training=event.training,
        registrar=event.registrar_position_id,
    )


def _named(sender: Party) -> str:
    """An outside sender's name is what somebody typed: it must not pass for an office of this regency."""
    return f"pihak luar ({sender.name})" if sender.kind == "external" else sender.name
