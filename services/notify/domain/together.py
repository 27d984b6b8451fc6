"""What is told as one. Invariant: only what happened to one letter in one moment, and was not read yet.

An answer that is all that was asked for completes the part, the disposition and perhaps the letter: three events, of
which the issuer hears in one notification. The answer and the completion of a part are told by one act, so they have
the same time; that the letter is done follows from it elsewhere, a moment later. Likewise whoever gave a disposition
hears once that a part was given back and who is responsible instead, and once of several recipients that are late.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.notify.domain.notification import Reason

AN_ACT = timedelta(0)
A_MOMENT = timedelta(minutes=1)
SPANS: Mapping[frozenset[Reason], timedelta] = {
    frozenset[Reason]({"disposition_replied", "disposition_completed"}): AN_ACT,
    frozenset[Reason]({"disposition_replied", "letter_completed"}): A_MOMENT,
    frozenset[Reason]({"disposition_completed", "letter_completed"}): A_MOMENT,
    frozenset[Reason]({"letter_recalled", "letter_completed"}): A_MOMENT,
    frozenset[Reason]({"deadline_neared"}): A_MOMENT,
    frozenset[Reason]({"deadline_passed"}): A_MOMENT,
    frozenset[Reason]({"disposition_progressed", "disposition_completed"}): AN_ACT,
    frozenset[Reason]({"disposition_progressed", "letter_completed"}): A_MOMENT,
    frozenset[Reason]({"disposition_declined", "letter_completed"}): A_MOMENT,
    frozenset[Reason]({"disposition_received", "disposition_responsible"}): AN_ACT,
    frozenset[Reason]({"disposition_declined", "disposition_responsible"}): AN_ACT,
    frozenset[Reason]({"disposition_reopened", "disposition_responsible"}): AN_ACT,
    frozenset[Reason]({"disposition_handed_over"}): A_MOMENT,
    frozenset[Reason]({"disposition_escalated"}): A_MOMENT,
    frozenset[Reason]({"disposition_neared"}): A_MOMENT,
    frozenset[Reason]({"disposition_overdue"}): A_MOMENT,
    frozenset[Reason]({"letter_corrected"}): A_MOMENT,
}
"""How far apart two things may have happened to be told as one; any other two are told apart."""


def belong_together(one: Reason, at: datetime, other: Reason, then: datetime) -> bool:
    """Whether two things that happened to one letter are told as one."""
    span = SPANS.get(frozenset({one, other}))
    return span is not None and abs(at - then) <= span
