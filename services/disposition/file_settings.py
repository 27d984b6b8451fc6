"""What files of answers can be told. Invariant: a limit is enforced while bytes arrive."""

from typing import ClassVar

from pydantic import Field

from services.chassis.files.settings import MEBIBYTE, FileSettings


class AttachmentSettings(FileSettings):
    """``loose_hours``: how long a file that was brought waits to be added to an answer before it is swept."""

    FOLDER: ClassVar[str] = "disposition"

    max_body_bytes: int = Field(default=26 * MEBIBYTE, ge=1)
    loose_hours: float = Field(default=24, gt=0)
    sweep_seconds: float = Field(default=3600, gt=0)
