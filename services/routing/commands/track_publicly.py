"""Tell the public of a letter. Invariant: without the check word nobody learns whether a code exists, not by the
answer, not by the limits, not by the work that is done for it.
"""

from services.chassis.errors import ServiceError
from services.routing.domain.check_word import same_word
from services.routing.domain.public_status import PublicStatus, public_status
from services.routing.domain.tracking_code import as_issued
from services.routing.front_desk import FrontDesk


async def track_publicly(desk: FrontDesk, code: str, word: str, address: str) -> PublicStatus:
    """The coarse status; one and the same 404 for an unknown code and a wrong word, 429 after too many tries."""
    issued = as_issued(code)
    await desk.attempts.from_client(address)
    await desk.attempts.at_code(issued, address)
    letter_id = await desk.codes.letter_with(issued)
    knows = same_word(word, await desk.check_words.of(letter_id or issued))
    if letter_id is None or not knows:
        raise _no_match()
    await desk.attempts.forgive(issued, address)
    letter = await desk.letters.find(letter_id, None)
    if letter is None:
        raise _no_match()
    return public_status(letter, await desk.branches.of(letter_id, None), desk.zone)


def _no_match() -> ServiceError:
    return ServiceError(404, "not_found", "Kode lacak atau kata kunci tidak cocok.")
