"""A scan of many letters on its way to becoming them. Invariant: its original is kept, whole, until it was closed.

    splitting -> ready -> cutting -> confirmed -> closed
                   ^--------'  a letter could not be cut; or pages that were left out are put back later

Nothing is registered by any of it: what comes of a confirmed batch are loose scans, each of which becomes a letter when
somebody registers it.
"""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.errors import ServiceError, conflict
from services.contracts.intake import StoredFile
from services.contracts.vocabulary import Actor
from services.intake.domain.batches.arrangement import Arrangement
from services.intake.domain.batches.splitting import PageFinding

BatchState: TypeAlias = Literal["splitting", "failed", "ready", "cutting", "confirmed", "closed"]
SENTENCES: dict[BatchState, str] = {
    "splitting": "Tumpukan ini masih dipilah. Silakan tunggu sebentar.",
    "failed": "Tumpukan ini tidak dapat dipilah.",
    "ready": "Tumpukan ini belum dikonfirmasi.",
    "cutting": "Surat-surat dari tumpukan ini sedang dipotong.",
    "confirmed": "Tumpukan ini sudah dikonfirmasi.",
    "closed": "Tumpukan ini sudah ditutup.",
}


class Batch(BaseModel):
    """A batch. ``version`` grows with every change; ``findings`` with every page that was looked at."""

    model_config = ConfigDict(frozen=True)

    id: str
    scan: StoredFile
    """The original, and the loose scan of the same id that is held for this batch."""
    scanned_by: Actor
    created_at: AwareDatetime
    version: int = 1
    state: BatchState = "splitting"
    findings: tuple[PageFinding, ...] = ()
    arrangement: Arrangement | None = None
    failure: str | None = None
    """Why it could not be split or cut the last time, for people."""
    attempts: int = 0
    """How often was begun what is being done, without getting any further."""
    cuts: dict[str, StoredFile] = {}
    """While it is being cut: by the letter, what is in the store already and nobody can see yet."""
    ready_at: AwareDatetime | None = None
    """When somebody was first told that it waits for them."""
    confirmed_by: Actor | None = None
    confirmed_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    emptied_at: AwareDatetime | None = None
    """When the original and the previews were removed."""

    @property
    def unit_id(self) -> str:
        """The unit it was scanned in."""
        return self.scanned_by.unit_id

    @property
    def cut_scans(self) -> list[str]:
        """The scans that were cut from it."""
        letters = self.arrangement.letters if self.arrangement else ()
        return [letter.file.file_id for letter in letters if letter.file]

    @property
    def has_cut(self) -> bool:
        """Whether letters were cut from it."""
        return bool(self.cut_scans)

    @property
    def open(self) -> Arrangement:
        """The arrangement, where it may be changed now; 409 with the state otherwise."""
        if self.state not in ("ready", "confirmed") or self.arrangement is None:
            raise wrong_state(self)
        return self.arrangement


def wrong_state(batch: Batch) -> ServiceError:
    """The refusal of what cannot be done to a batch in its state."""
    return conflict("batch_state", SENTENCES[batch.state], state=batch.state)
