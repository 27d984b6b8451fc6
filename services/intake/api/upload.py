"""Reading a registration off the wire. Invariant: each byte is parsed, hashed and spooled once, within limits.

Either a form with the letter and its scans, or JSON with the letter and the ids of scans that were uploaded before.

The ``letter`` part is judged the moment it ends, and a file over its limit the moment it crosses it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from services.chassis.errors import ServiceError, unprocessable
from services.chassis.files.form import Part, read_form, unexpected
from services.chassis.files.received import Spool, SpoolLimits, clean_name
from services.chassis.ids import EntityId
from services.intake.domain.draft import Draft, Said
from services.intake.domain.scans.scan import NAMELESS, FontSigns, Scan
from services.intake.settings import IntakeSettings

LETTER, FILES = "letter", "files"
LETTER_BYTES = 256 * 1024
JSON = "application/json"


class ByReference(Said):
    """A registration of scans that were uploaded before, in the order in which the letter is to show them."""

    letter: Draft
    scans: tuple[EntityId, ...] = Field(min_length=1, max_length=20)


@dataclass(frozen=True)
class Submission:
    """A registration as it was sent: well-formed, and within every limit."""

    draft: Draft
    scans: list[Scan]
    scan_ids: tuple[str, ...] = ()


class _ScanSpool(Spool):
    """One scan on its way in."""

    def __init__(self, name: str, limits: SpoolLimits) -> None:
        super().__init__(name, limits)
        self._signs = FontSigns()

    def write(self, data: memoryview) -> None:
        super().write(data)
        self._signs.look(data)

    def received(self) -> Scan:
        return Scan(self.name, self.content, self.size, self.sha256, written=self._signs.found)


class _LetterPart:
    """The letter's own part, judged when it ends."""

    on_disk = False

    def __init__(self) -> None:
        self._text = bytearray()
        self.draft: Draft | None = None

    def write(self, data: memoryview) -> None:
        self._text += data
        if len(self._text) > LETTER_BYTES:
            raise _too_large()

    def end(self) -> None:
        self.draft = _draft(bytes(self._text))


class _Registration:
    """The parts of one registration."""

    def __init__(self, settings: IntakeSettings) -> None:
        self._settings = settings
        self._letter: _LetterPart | None = None
        self.spools: list[_ScanSpool] = []

    def part(self, name: str, filename: str) -> Part:
        if name == FILES:
            return self._scan(filename)
        if name != LETTER or self._letter is not None:
            raise unexpected(name)
        self._letter = _LetterPart()
        return self._letter

    def _scan(self, filename: str) -> Part:
        most = self._settings.max_files
        if len(self.spools) == most:
            raise unprocessable("too_many_files", f"Paling banyak {most} berkas untuk satu surat.")
        self.spools.append(_ScanSpool(clean_name(filename, NAMELESS), self._settings.spool_limits))
        return self.spools[-1]

    def submission(self) -> Submission:
        draft = self._letter.draft if self._letter else None
        missing = [LETTER] * (draft is None) + [FILES] * (not self.spools)
        if draft is None or missing:
            raise RequestValidationError(
                [{"type": "missing", "loc": ("body", name), "msg": "Field required"} for name in missing]
            )
        return Submission(draft, [spool.received() for spool in self.spools])


@asynccontextmanager
async def submission(request: Request, settings: IntakeSettings) -> AsyncIterator[Submission]:
    """The registration in the body of ``request``; what was spooled is gone when the block ends."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON:
        said = await _by_reference(request)
        yield Submission(said.letter, [], said.scans)
        return
    registration = _Registration(settings)
    explanation = "Surat dikirim sebagai multipart/form-data: satu bagian `letter` dan sedikitnya satu `files`."
    try:
        await read_form(request, registration.part, explanation)
        yield registration.submission()
    finally:
        for spool in registration.spools:
            spool.close()


async def _by_reference(request: Request) -> ByReference:
    text = bytearray()
    async for piece in request.stream():
        text += piece
        if len(text) > LETTER_BYTES:
            raise _too_large()
    try:
        return ByReference.model_validate_json(bytes(text))
    except ValidationError as error:
        raise _located(error, "body") from None


def _draft(text: bytes) -> Draft:
    try:
        return Draft.model_validate_json(text)
    except ValidationError as error:
        raise _located(error, "body", LETTER) from None


def _located(error: ValidationError, *where: str) -> RequestValidationError:
    return RequestValidationError([{**one, "loc": (*where, *one["loc"])} for one in error.errors(include_url=False)])


def _too_large() -> ServiceError:
    return ServiceError(413, "letter_too_large", "Isian surat terlalu panjang.")
