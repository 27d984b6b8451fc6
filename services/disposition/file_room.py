"""What keeping files is given. Invariant: made once, at the composition root.

The store is no part of readiness: while it is away no file can be brought or opened, and all else goes on.
"""

from dataclasses import dataclass
from datetime import timedelta

from services.chassis.files.checks import FileChecks
from services.chassis.files.received import SpoolLimits
from services.chassis.storage import ObjectStorage, S3Storage
from services.disposition.file_settings import AttachmentSettings


@dataclass(frozen=True)
class FileRoom:
    """The object store, what a file goes through, its limits, and how long one waits to be added to an answer."""

    storage: ObjectStorage
    checks: FileChecks
    folder: str
    limits: SpoolLimits
    patience: timedelta

    @classmethod
    def lay(cls, settings: AttachmentSettings) -> "FileRoom":
        """Build it; touches no network."""
        return cls(
            storage=S3Storage(settings.storage),
            checks=FileChecks.lay(settings),
            folder=settings.FOLDER,
            limits=settings.spool_limits,
            patience=timedelta(hours=settings.loose_hours),
        )
