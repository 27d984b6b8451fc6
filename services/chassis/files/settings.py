"""What a service that keeps files is told. Invariant: its key need reach no more than the folder of its own files."""

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from services.chassis.files.judges import JudgeBounds
from services.chassis.files.limits import MAX_PAGE_PIXELS, MAX_PAGES, MAX_PIXELS, FileLimits
from services.chassis.files.malware import MalwareScanner, ScannerAddress
from services.chassis.files.received import SpoolLimits
from services.chassis.settings import Settings
from services.chassis.storage import StorageSettings

MEBIBYTE = 1024 * 1024


def _address(said: str) -> str:
    if said:
        ScannerAddress.parse(said)
    return said


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

    max_pages: int = Field(default=MAX_PAGES, ge=1, le=10_000)
    max_page_pixels: int = Field(default=MAX_PAGE_PIXELS, ge=1_000_000)
    max_pixels: int = Field(default=MAX_PIXELS, ge=1_000_000, description="Of all pages of a file together.")

    judges: int = Field(default=2, ge=1, le=64, description="Processes that look at files, at most.")
    judge_seconds: float = Field(default=10, ge=1, le=600, description="Of the processor, for one file.")
    judge_memory_bytes: int = Field(default=512 * MEBIBYTE, ge=256 * MEBIBYTE)

    clamd: Annotated[str, AfterValidator(_address)] = ""
    clamd_seconds: float = Field(default=60, gt=0, le=600)
    clamd_max_bytes: int = Field(default=256 * MEBIBYTE, ge=1, description="What clamd is set to look at whole.")

    @property
    def longest_file(self) -> int:
        """No file may be longer, however it comes."""
        return self.max_file_bytes

    @model_validator(mode="after")
    def _scans_what_it_takes(self) -> Self:  # noqa: N804 - after validation it is an instance
        if self.clamd and self.clamd_max_bytes < self.longest_file:
            raise ValueError(f"CLAMD_MAX_BYTES is under the {self.longest_file} bytes that a file may have")
        return self

    @property
    def file_limits(self) -> FileLimits:
        """How much there may be in a file."""
        return FileLimits(self.max_pages, self.max_page_pixels, self.max_pixels)

    @property
    def judge_bounds(self) -> JudgeBounds:
        """How files are judged."""
        return JudgeBounds(self.judges, self.judge_seconds, self.judge_memory_bytes)

    @property
    def malware_scanner(self) -> MalwareScanner | None:
        """Who looks for malware; nobody where no scanner is named."""
        if not self.clamd:
            return None
        address = ScannerAddress.parse(self.clamd)
        return MalwareScanner(address, seconds=self.clamd_seconds, longest=self.clamd_max_bytes)

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
