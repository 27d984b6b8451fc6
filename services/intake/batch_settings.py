"""What batch scanning can be told. Invariant: every default works; what a page may take is bounded."""

from pydantic import Field

from services.chassis.settings import Settings

MEBIBYTE = 1024 * 1024


class BatchSettings(Settings):
    """The limits of splitting and cutting a scan of many letters, and how long its original is kept."""

    batch_pages: int = Field(default=8, ge=1, le=100, description="Pages that are looked at before it is noted.")
    batch_page_seconds: float = Field(default=8, gt=0, le=120, description="Of the processor, for each page.")
    batch_memory_bytes: int = Field(default=1024 * MEBIBYTE, ge=256 * MEBIBYTE)
    batch_attempts: int = Field(default=3, ge=1, le=20, description="When the worker itself went down over it.")
    batch_retry_seconds: float = Field(default=60, ge=0)
    batch_pause_seconds: float = Field(default=1, gt=0, description="How often is looked for new batches.")
    batch_keep_days: float = Field(default=90, ge=0, description="An original, after its batch was closed.")
