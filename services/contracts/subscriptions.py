"""Which service wants which events. Invariant: equal to the services' own subscription tables (a test holds them).

Kept here so that every queue can be declared before anything is published: a service that starts for the first time
after the others then finds all it missed, and nobody but an operator needs the right to declare another's queue.
"""

from services.contracts import disposition as d
from services.contracts import intake as i
from services.contracts import routing as r
from services.contracts import schedule as s
from services.contracts.event import Event

ORGANISATION: tuple[type[Event], ...] = (r.UnitChanged, r.PositionChanged)
ACCESS: tuple[type[Event], ...] = (r.LetterDelivered, r.AccessChanged)
REGISTER: tuple[type[Event], ...] = (i.LetterCorrected, i.LetterVoided)
"""What is told of a letter's entry in the register after it was made."""
BRANCHES: tuple[type[Event], ...] = (
    r.LetterForwarded,
    r.BranchRedirected,
    r.BranchReturned,
    r.BranchRecalled,
    r.BranchClosed,
    r.BranchReopened,
)
OFFICIALS: tuple[type[Event], ...] = (r.AssignmentChanged, r.AbsenceChanged)
ANSWERS: tuple[type[Event], ...] = (
    d.DispositionIssued,
    d.DispositionReplied,
    d.DispositionCompleted,
    d.DispositionProgressed,
    d.DispositionDeclined,
    d.DispositionCommented,
    d.DispositionRecalled,
    d.RecipientAdded,
    d.RecipientAmended,
    d.RecipientReopened,
    d.WorkHandedOver,
    d.ResponsibleChanged,
)
"""What is told of a disposition beside its being read and received."""
WATCHED: tuple[type[Event], ...] = (
    d.DispositionLeftUnread,
    d.DispositionDeadlineNeared,
    d.DispositionDeadlinePassed,
    d.ReportAwaited,
)

SUBSCRIPTIONS: dict[str, tuple[type[Event], ...]] = {
    "intake": (
        *ORGANISATION,
        r.AccessChanged,
        r.LetterDelivered,
        r.LetterForwarded,
        r.BranchRead,
        r.BranchReceived,
        r.BranchReturned,
        r.BranchRedirected,
        r.BranchRecalled,
        r.BranchClosed,
    ),
    "routing": (
        i.LetterRegistered,
        *REGISTER,
        i.ScanProcessed,
        i.ScanParked,
        i.ConfidentialOpened,
        i.ReadingRefused,
        *ANSWERS,
        d.DispositionRead,
        d.DispositionReceived,
        d.DispositionDeadlinePassed,
        s.RequestSubmitted,
        s.RequestApproved,
        s.RequestDeclined,
    ),
    "disposition": (
        i.LetterRegistered,
        *REGISTER,
        *ORGANISATION,
        *ACCESS,
        *BRANCHES,
        *OFFICIALS,
        r.DayDecided,
    ),
    "schedule": (*REGISTER, *ORGANISATION, *ACCESS, d.DispositionIssued, d.RecipientAdded),
    "notify": (
        *REGISTER,
        i.ScanParked,
        i.ScanDerived,
        i.BatchReady,
        r.LetterDelivered,
        r.LetterForwarded,
        r.LetterCompleted,
        r.BranchReturned,
        r.BranchRedirected,
        r.BranchRecalled,
        r.DeadlineNeared,
        r.DeadlinePassed,
        *ANSWERS,
        *WATCHED,
        s.RequestSubmitted,
        s.RequestApproved,
        s.RequestDeclined,
    ),
    "gateway": (*ORGANISATION, r.AssignmentChanged),
}
