"""Tell a letter's readers of the copies of its scans. Invariant: once for each, in the transaction that notes it.

The text a scan's characters were recognised as is told with it, so that the letter is found by what it says.
"""

from collections.abc import Iterable
from pathlib import Path

from services.chassis.storage import ObjectMissing
from services.chassis.uow import Transaction
from services.contracts.intake import ScanDerived, ScanParked, ScanProcessed
from services.intake.context import Context
from services.intake.domain.copies.copies import CopiesOf
from services.intake.domain.usage import Usage


async def tell_copies(context: Context, copies: CopiesOf, text: str, transaction: Transaction) -> None:
    """Publish what came of ``copies``, as they stand in this transaction; nothing where no letter has the scan."""
    if copies.letter_id is None or not await context.copies.told(copies.file_id, transaction.session):
        return
    seq = await context.copies.version(copies.file_id, transaction.session)
    if copies.state == "parked":
        transaction.publish(_parked(copies, copies.letter_id, transaction), seq=seq)
        return
    transaction.publish(_derived(copies, copies.letter_id, transaction), seq=seq)
    month = transaction.now.astimezone(context.settings.zone).date()
    await context.usage.add(copies.unit_id, month, Usage(copied_bytes=copies.size), transaction.session)
    if copies.recognised and text:
        await _tell_text(context, copies, copies.letter_id, text, transaction)


async def _tell_text(context: Context, copies: CopiesOf, letter_id: str, text: str, transaction: Transaction) -> None:
    most = context.settings.text_characters
    version = await context.copied_letters.recognised(letter_id, copies.file_id, transaction.session)
    event = ScanProcessed(
        letter_id=letter_id,
        file_id=copies.file_id,
        sha256=copies.file.sha256,
        text=text[:most],
        truncated=len(text) > most,
        source="recognised",
        at=transaction.now,
    )
    transaction.publish(event, seq=version)


def _derived(copies: CopiesOf, letter_id: str, transaction: Transaction) -> ScanDerived:
    return ScanDerived(
        letter_id=letter_id,
        file_id=copies.file_id,
        sha256=copies.file.sha256,
        pages=len(copies.pages),
        normalised_sha256=copies.normalised.sha256 if copies.normalised else None,
        recognised=copies.recognised,
        warnings=copies.warnings,
        failed_pages=copies.failed_pages,
        at=transaction.now,
    )


def _parked(copies: CopiesOf, letter_id: str, transaction: Transaction) -> ScanParked:
    return ScanParked(
        letter_id=letter_id,
        file_id=copies.file_id,
        name=copies.file.name,
        sha256=copies.file.sha256,
        reason=copies.reason or "",
        attempts=copies.attempts,
        at=transaction.now,
    )


def text_in(path: Path, characters: int) -> str:
    """The text the program left, with one character more than wanted where there is more."""
    with path.open(encoding="utf-8") as file:
        return joined(file.read(characters * 2).split("\f"))[: characters + 1]


async def text_kept(context: Context, copies: CopiesOf) -> str:
    """The same of copies that are in the store."""
    if copies.text is None or not copies.recognised:
        return ""
    most = context.settings.text_characters
    content = bytearray()
    try:
        async for piece in context.storage.read(copies.text.key):
            content += piece
            if len(content) > most * 8:
                break
    except ObjectMissing:
        return ""
    return joined(content.decode("utf-8", "ignore").split("\f"))[: most + 1]


def joined(pages: Iterable[str]) -> str:
    """The pages' texts as one."""
    return "\n".join(page for page in pages if page)
