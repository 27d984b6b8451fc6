"""What intake can be told. Invariant: a limit is enforced while bytes arrive, so memory and disk stay bounded by it."""

from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from services.chassis.files.settings import MEBIBYTE, FileSettings
from services.intake.batch_settings import BatchSettings


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"no such time zone: {name}") from None
    return name


class IntakeSettings(BatchSettings, FileSettings):
    """Settings of intake: the object store, the limits of a registration, and those of reading a scan."""

    FOLDER: ClassVar[str] = "letters"

    timezone: Annotated[str, AfterValidator(_known)] = "Asia/Makassar"

    max_body_bytes: int = Field(default=50 * MEBIBYTE, ge=1)
    max_files: int = Field(default=20, ge=1, le=20)

    orphan_age_hours: float = Field(default=24, gt=0)
    sweep_seconds: float = Field(default=3600, gt=0)

    max_resumable_bytes: int = Field(default=256 * MEBIBYTE, ge=1, description="Of one upload that may be continued.")
    max_open_uploads: int = Field(default=100, ge=1, description="Begun by one person and not whole yet.")
    max_open_upload_bytes: int = Field(default=2048 * MEBIBYTE, ge=1, description="All of those together.")
    upload_days: float = Field(default=7, gt=0, description="Since its last byte an upload may be continued.")
    upload_save_seconds: float = Field(default=15, gt=0, description="What has come is saved no later than this.")
    upload_idle_seconds: float = Field(default=60, gt=0, description="Without a byte, until a request is given up.")
    scan_keep_days: float = Field(default=30, gt=0, description="A scan that no letter takes is kept this long.")

    text_characters: int = Field(default=20_000, ge=1, le=100_000, description="Of a scan's text no more is told.")
    text_seconds: float = Field(default=20, gt=0, le=600, description="Of the processor, for reading one scan.")
    text_memory_bytes: int = Field(default=256 * MEBIBYTE, ge=64 * MEBIBYTE)
    text_attempts: int = Field(default=4, ge=1, le=20)
    text_retry_seconds: float = Field(default=60, ge=0, description="Until the second attempt; then twice as long.")
    text_pause_seconds: float = Field(default=2, gt=0, description="How often is looked for new scans.")

    copies_languages: str = Field(default="ind+eng", pattern=r"^[a-zA-Z_]+(\+[a-zA-Z_]+)*$", description="Tesseract's.")
    copies_page_seconds: float = Field(default=90, gt=0, description="Of the processor, for making a page's copies.")
    copies_seconds: float = Field(default=3600, gt=0, description="For all pages; those left then go without.")
    copies_memory_bytes: int = Field(default=1536 * MEBIBYTE, ge=512 * MEBIBYTE)
    copies_attempts: int = Field(default=3, ge=1, le=20)
    copies_retry_seconds: float = Field(default=120, ge=0, description="Until the second attempt; then twice as long.")
    copies_niceness: int = Field(default=10, ge=0, le=19, description="How far it stands back behind everything else.")
    copies_patience_seconds: float = Field(default=600, ge=0, description="So long they wait for a machine with time.")
    copies_pause_seconds: float = Field(default=2, gt=0, description="How often is looked for scans without copies.")

    regency_name: str = Field(default="", max_length=200, description="Stands above the unit on what is printed.")
    book_rows: int = Field(default=20_000, ge=1, le=20_000, description="Of a book no more are put into one workbook.")
    book_print_rows: int = Field(default=3_000, ge=1, le=20_000, description="Nor more printed at once.")
    book_seconds: float = Field(default=20, gt=0, le=600, description="Of the processor, for printing a book.")
    book_memory_bytes: int = Field(default=1024 * MEBIBYTE, ge=256 * MEBIBYTE, description="For the same.")

    count_seconds: float = Field(default=60, gt=0, description="How often is counted what was registered since.")
    storage_capacity_bytes: int | None = Field(default=None, ge=1, description="What the object store can hold.")
    storage_alarm_months: int = Field(default=3, ge=1, description="So long before it is full the alarm is given.")

    @property
    def longest_file(self) -> int:
        """No scan may be longer, however it comes."""
        return max(self.max_file_bytes, self.max_resumable_bytes)

    @property
    def zone(self) -> ZoneInfo:
        """The installation's time zone; known to exist."""
        return ZoneInfo(self.timezone)
