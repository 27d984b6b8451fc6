"""Events of dispositions beyond giving and answering, as that service publishes them; each about one disposition."""

from datetime import date, datetime
from typing import Any

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts import disposition as d
from services.contracts.event import Event
from tests.notify.stories import SUBJECT
from tests.people import actor

SECRET = "Kode 4711"
"""What somebody wrote, in every field where somebody writes."""
GIVEN = datetime.fromisoformat("2025-03-03T01:00:00+00:00")
DUE = datetime.fromisoformat("2025-03-05T08:00:00+00:00")
TITLE = "Kepala Seksi Alat Berat"


class Disposition:
    """One disposition about a letter, given by ``giver`` and done by ``doer``; either may be left out."""

    def __init__(self, letter_id: str, giver: Principal, doer: Principal) -> None:
        self.letter_id, self.giver, self.doer = letter_id, giver, doer
        self.recipient_id = new_id()
        self.at = now()
        self._about: dict[str, Any] = {"disposition_id": new_id(), "letter_id": letter_id, "letter_subject": SUBJECT}

    @property
    def giver_id(self) -> str:
        """The position that gave it."""
        return self.giver.positions[0].position_id

    @property
    def doer_id(self) -> str:
        """The position that was instructed."""
        return self.doer.positions[0].position_id

    def progressed(self, percent: int = 40) -> d.DispositionProgressed:
        """The recipient says how far it is."""
        up = self._up()
        return d.DispositionProgressed(**up, actor=actor(self.doer), percent=percent, note=SECRET)

    def settled_below(self, by: Principal) -> d.DispositionCompleted:
        """The recipient was done, and now those below it are too: the last of them was ``by``."""
        said: dict[str, Any] = {"position_title": TITLE, "actor": actor(by), "all_done": True}
        return d.DispositionCompleted(**self._up(), **said)

    def declined(self, *, by_the_house: bool = False, all_done: bool = False) -> d.DispositionDeclined:
        """The recipient gives it back."""
        by = None if by_the_house else actor(self.doer)
        said: dict[str, Any] = {"position_title": TITLE, "reason": SECRET, "actor": by, "all_done": all_done}
        return d.DispositionDeclined(**self._up(), **said)

    def commented(self, who: Principal, *told: str, kind: d.CommentKind = "comment") -> d.DispositionCommented:
        """Somebody says something."""
        said: dict[str, Any] = {"comment_id": new_id(), "kind": kind, "text": SECRET, "told": told}
        return d.DispositionCommented(**self._about, **said, actor=actor(who), at=self.at)

    def recalled(self, *told: str, reason: str | None = SECRET) -> d.DispositionRecalled:
        """Whoever gave it takes it back."""
        said: dict[str, Any] = {"recipient_ids": (self.recipient_id,), "reason": reason, "all_done": True}
        return d.DispositionRecalled(**self._about, **said, actor=actor(self.giver), told=told, at=self.at)

    def added(self, *recipients: d.Recipient) -> d.RecipientAdded:
        """Whoever gave it instructs further positions."""
        return d.RecipientAdded(**self._about, recipients=recipients, note=SECRET, actor=actor(self.giver), at=self.at)

    def amended(self, **changes: Any) -> d.RecipientAmended:
        """Whoever gave it changes it."""
        part: dict[str, Any] = {
            "recipient_id": self.recipient_id,
            "told": (self.doer_id, self.giver_id),
            "reason": SECRET,
        }
        return d.RecipientAmended(**self._about, **part | changes, actor=actor(self.giver), at=self.at)

    def reopened(self) -> d.RecipientReopened:
        """Whoever gave it makes work of it again."""
        part: dict[str, Any] = {"recipient_id": self.recipient_id, "closes_on": "completion", "reason": SECRET}
        when: dict[str, Any] = {"due_on": date(2025, 3, 12), "at": self.at}
        told = (self.doer_id, self.giver_id)
        return d.RecipientReopened(**self._about, **part, **when, actor=actor(self.giver), told=told)

    def handed_over(self, to: str, *, side: str = "part", by_the_house: bool = False) -> d.WorkHandedOver:
        """The part, or the giving side, lies with another position now."""
        former = self.doer_id if side == "part" else self.giver_id
        said: dict[str, Any] = {
            "recipient_id": self.recipient_id if side == "part" else None,
            "former_position_id": former,
            "former_position_title": TITLE,
            "position_id": to,
            "position_title": "Kepala Bidang Bina Marga",
            "unit_id": new_id(),
            "unit_name": "Dinas Pekerjaan Umum",
            "reason": SECRET,
            "actor": None if by_the_house else actor(self.giver),
            "told": (to, former, self.giver_id),
        }
        return d.WorkHandedOver(**self._about, **said, at=self.at)

    def responsible(self, *told: str, elsewhere: bool = False) -> d.ResponsibleChanged:
        """Another is responsible now."""
        part = None if elsewhere else self.recipient_id
        return d.ResponsibleChanged(**self._about, recipient_id=part, told=told, at=self.at)

    def left_unread(self, *told: str, escalated: bool = False) -> d.DispositionLeftUnread:
        """It was not read for long."""
        return d.DispositionLeftUnread(**self._late(told), issued_at=GIVEN, escalated=escalated)

    def neared(self, *told: str) -> d.DispositionDeadlineNeared:
        """It is due soon."""
        return d.DispositionDeadlineNeared(**self._late(told), due_at=DUE)

    def passed(self, *told: str, title: str = TITLE) -> d.DispositionDeadlinePassed:
        """It is overdue."""
        return d.DispositionDeadlinePassed(**self._late(told) | {"position_title": title}, due_at=DUE)

    def report_awaited(self, *told: str) -> d.ReportAwaited:
        """It was not reported on."""
        return d.ReportAwaited(**self._late(told))

    def everything(self) -> list[Event]:
        """One of each, told to both sides where it says whom."""
        both = self.doer_id, self.giver_id
        return [
            self.progressed(),
            self.declined(),
            *(self.commented(self.doer, *both, kind=kind) for kind in ("comment", "question", "answer")),
            self.recalled(*both),
            self.amended(note=SECRET, former_note=None, due_on=date(2025, 3, 12)),
            self.reopened(),
            self.handed_over(new_id()),
            self.responsible(*both),
            self.left_unread(*both),
            self.left_unread(*both, escalated=True),
            self.neared(*both),
            self.passed(*both),
            self.report_awaited(*both),
        ]

    def _up(self) -> dict[str, Any]:
        part: dict[str, Any] = {"recipient_id": self.recipient_id, "issuer_position_id": self.giver_id, "at": self.at}
        return self._about | part

    def _late(self, told: tuple[str, ...]) -> dict[str, Any]:
        return self._about | {"recipient_id": self.recipient_id, "position_title": TITLE, "told": told, "at": self.at}
