"""A scan that came before its letter. Invariant: it is whole and judged, and becomes at most one letter's, unchanged.

Its id becomes the file's id in the letter, and it stays where it lies in the store: registering it moves no byte.
"""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.intake import StoredFile


class LooseScan(BaseModel):
    """An original in the store, waiting for a letter. ``written``: as a PDF it may carry text."""

    model_config = ConfigDict(frozen=True)

    file: StoredFile
    origin: Literal["upload", "batch"]
    person_id: str
    """Who uploaded it, or confirmed the batch it was cut from."""
    unit_id: str
    position_id: str
    written: bool = True
    created_at: AwareDatetime
    taken_by: str | None = None
    """The letter it belongs to now."""
    batch_id: str | None = None
    """The batch it is being split in; as long as it is, it becomes no letter's."""

    @property
    def scan_id(self) -> str:
        """Its id, and the file's."""
        return self.file.file_id
