"""The copies of a scan. Invariant: made of the original whose hash is in ``file``, and whole once they are ``done``."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.intake import PageWarning, StoredFile

State: TypeAlias = Literal["due", "done", "parked", "dropped"]
"""To be made or being made; there; given up, with the reason; to be taken away with the scan it belongs to."""


class Copy(BaseModel):
    """A derived file in the store."""

    model_config = ConfigDict(frozen=True)

    key: str
    sha256: str
    size: int


class PageCopy(BaseModel):
    """A page of a scan, counted from 1: how large it is shown, in points, and its two previews where it could be read.

    ``recognised`` where its text was read by character recognition and is none the file carried.
    """

    model_config = ConfigDict(frozen=True)

    page: int
    width: float
    height: float
    recognised: bool = False
    small: Copy | None = None
    large: Copy | None = None


class CopiesOf(BaseModel):
    """How far the copies of a file are, and where they lie."""

    model_config = ConfigDict(frozen=True)

    file: StoredFile
    unit_id: str
    letter_id: str | None = None
    state: State = "due"
    attempts: int = 0
    starved: int = 0
    """How often the machine had no time for it, which is no attempt."""
    reason: str | None = None
    """Why they were given up, or why the last attempt failed."""
    wanted_at: AwareDatetime
    made_at: AwareDatetime | None = None
    told: bool = False
    """Whether the letter's readers were told of what came of it."""
    pages: tuple[PageCopy, ...] = ()
    warnings: tuple[PageWarning, ...] = ()
    failed_pages: tuple[int, ...] = ()
    normalised: Copy | None = None
    """A PDF/A of all pages, each with its text."""
    archival: bool = False
    """Whether that PDF keeps what PDF/A-2b asks for, or is but a PDF."""
    text: Copy | None = None
    words: Copy | None = None

    @property
    def file_id(self) -> str:
        """The original's id."""
        return self.file.file_id

    @property
    def size(self) -> int:
        """How many bytes they take in the store."""
        previews = [copy for page in self.pages for copy in (page.small, page.large)]
        return sum(copy.size for copy in (*previews, self.normalised, self.text, self.words) if copy)

    @property
    def recognised(self) -> bool:
        """Whether the text of any page was read by character recognition."""
        return any(page.recognised for page in self.pages)
