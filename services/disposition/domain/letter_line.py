"""What a disposition says of its letter. Invariant: pure, so giving it and following the register say the same."""

from services.contracts.intake import LetterVoided
from services.contracts.routing import LetterDelivered
from services.disposition.domain.disposition import Disposition, LetterLine


def line_of(letter: LetterDelivered) -> LetterLine:
    """What a list shows of this letter."""
    return LetterLine(
        agenda_number=letter.agenda_number,
        year=letter.year,
        tracking_code=letter.tracking_code,
        sender=letter.sender.name,
        kind=letter.kind,
        category=letter.category,
        urgency=letter.urgency,
        confidentiality=letter.access.confidentiality,
        training=letter.training,
    )


def about(one: Disposition, letter: LetterDelivered) -> Disposition:
    """The disposition with what is known of its letter now; nothing happened to it."""
    return one.model_copy(update={"letter_subject": letter.subject, "letter": line_of(letter)})


def reason_of(void: LetterVoided) -> str:
    """Why everything that is open is taken back."""
    return f"Pendaftaran surat dibatalkan: {void.reason}"
