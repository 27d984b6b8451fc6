"""What of a message is told, by what is known of its letter. Invariant: whatever is told of a letter that was entered
to practise begins with the word, and nobody is sent to work at a letter that is void.
"""

from collections.abc import Sequence

from services.notify.domain.known_letter import KnownLetter
from services.notify.domain.notification import Message, Reason
from services.notify.domain.phrases import TITLE_LENGTH, shortened

PRACTICE = "LATIHAN — "
TO_WORK: frozenset[Reason] = frozenset(
    {
        "letter_addressed",
        "letter_copied",
        "letter_forwarded",
        "letter_to_send",
        "letter_redirected",
        "deadline_neared",
        "deadline_passed",
        "disposition_received",
        "disposition_unread",
        "disposition_neared",
        "disposition_overdue",
        "disposition_report_awaited",
    }
)
"""What sends somebody to work: heard of late, after its letter was declared void, it is not told any more."""


def fit_to_tell(messages: Sequence[Message], letter: KnownLetter | None) -> Sequence[Message]:
    """The messages as they are told."""
    if letter is None or not (letter.training or letter.voided):
        return messages
    told = [one for one in messages if not (letter.voided and one.reason in TO_WORK)]
    return [_marked(one) for one in told] if letter.training else told


def _marked(message: Message) -> Message:
    return message.model_copy(update={"title": shortened(f"{PRACTICE}{message.title}", TITLE_LENGTH)})
