"""What intake can be told. Invariant: a limit is enforced while bytes arrive, so memory and disk stay bounded by it."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr

from services.chassis.settings import Settings
from services.chassis.storage import StorageSettings

MEBIBYTE = 1024 * 1024


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"no such time zone: {name}") from None
    return name


class IntakeSettings(Settings):
    """Settings of intake: the object store, the limits of a registration, and those of reading a scan."""

    timezone: Annotated[str, AfterValidator(_known)] = "Asia/Makassar"

    s3_endpoint: str
    s3_access_key: SecretStr
    s3_secret_key: SecretStr
    s3_bucket: str = "lontar"
    s3_region: str = "us-east-1"

    max_body_bytes: int = Field(default=50 * MEBIBYTE, ge=1)
    max_file_bytes: int = Field(default=25 * MEBIBYTE, ge=1)
    max_files: int = Field(default=20, ge=1, le=20)
    spool_bytes: int = Field(default=MEBIBYTE, ge=0, description="A scan larger than this is spooled to disk.")

    orphan_age_hours: float = Field(default=24, gt=0)
    sweep_seconds: float = Field(default=3600, gt=0)

    text_characters: int = Field(default=20_000, ge=1, le=100_000, description="Of a scan's text no more is told.")
    text_seconds: float = Field(default=20, gt=0, le=600, description="Of the processor, for reading one scan.")
    text_memory_bytes: int = Field(default=256 * MEBIBYTE, ge=64 * MEBIBYTE)
    text_attempts: int = Field(default=4, ge=1, le=20)
    text_retry_seconds: float = Field(default=60, ge=0, description="Until the second attempt; then twice as long.")
    text_pause_seconds: float = Field(default=2, gt=0, description="How often is looked for new scans.")

    @property
    def storage(self) -> StorageSettings:
        """Where the object store is."""
        return StorageSettings(
            endpoint=self.s3_endpoint,
            access_key=self.s3_access_key,
            secret_key=self.s3_secret_key,
            bucket=self.s3_bucket,
            region=self.s3_region,
        )

    @property
    def zone(self) -> ZoneInfo:
        """The installation's time zone; known to exist."""
        return ZoneInfo(self.timezone)
