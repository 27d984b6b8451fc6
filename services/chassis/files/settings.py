"""What a service that keeps files is told. Invariant: its key need reach no more than the folder of its own files."""

from typing import ClassVar

from pydantic import Field, SecretStr

from services.chassis.files.received import SpoolLimits
from services.chassis.settings import Settings
from services.chassis.storage import StorageSettings

MEBIBYTE = 1024 * 1024


class FileSettings(Settings):
    """The object store and the limits of a file. ``FOLDER`` is the bucket's folder that is the service's own."""

    FOLDER: ClassVar[str]

    s3_endpoint: str
    s3_access_key: SecretStr
    s3_secret_key: SecretStr
    s3_bucket: str = "lontar"
    s3_region: str = "us-east-1"

    max_file_bytes: int = Field(default=25 * MEBIBYTE, ge=1)
    spool_bytes: int = Field(default=MEBIBYTE, ge=0, description="A file larger than this is spooled to disk.")

    @property
    def storage(self) -> StorageSettings:
        """Where the object store is."""
        return StorageSettings(
            endpoint=self.s3_endpoint,
            access_key=self.s3_access_key,
            secret_key=self.s3_secret_key,
            bucket=self.s3_bucket,
            region=self.s3_region,
            folder=self.FOLDER,
        )

    @property
    def spool_limits(self) -> SpoolLimits:
        """How a file is taken in."""
        return SpoolLimits(self.max_file_bytes, self.spool_bytes)
