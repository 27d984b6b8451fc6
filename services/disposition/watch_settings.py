"""How patient the house is with work that lies. Invariant: every setting has a default that works."""

from datetime import timedelta

from pydantic import Field

from services.chassis.settings import Settings
from services.disposition.domain.reminding import Patience


class WatchSettings(Settings):
    """Who has not read is reminded after ``unread_reminder_hours`` office hours, and again after as many, up to
    ``unread_reminders_at_most`` times; after ``unread_escalation_hours`` the issuer is told. Very urgent letters take
    half of either. A report that is expected every so often is asked for after ``report_every_working_days`` without
    one. ``watch_poll_seconds``: how often it is looked what is to be said.
    """

    unread_reminder_hours: float = Field(default=4.0, ge=0.25, le=200)
    unread_reminders_at_most: int = Field(default=3, ge=0, le=20)
    unread_escalation_hours: float = Field(default=8.0, ge=0.25, le=400)
    report_every_working_days: int = Field(default=5, ge=1, le=120)
    watch_poll_seconds: float = Field(default=5.0, gt=0, le=3600)

    def patience(self) -> Patience:
        """The same, as the rules take it."""
        return Patience(
            unread=timedelta(hours=self.unread_reminder_hours),
            reminders_at_most=self.unread_reminders_at_most,
            escalation=timedelta(hours=self.unread_escalation_hours),
            report_days=self.report_every_working_days,
        )
