"""Who may read a letter, from where it has been. Invariant: a pure function of the letter and its branches.

The unit that entered it; the places it goes to; every position a disposition instructs, coordinators included, and
whoever waits for the answers in the issuer's place. A letter or a disposition that was taken back unread is closed to
those it was on its way to, and work that was handed over to those it lay with. Who passed an ordinary letter on, or
gave it back, keeps seeing where it went; a confidential one closes behind them.
"""

from collections.abc import Sequence

from services.contracts.vocabulary import Access
from services.projections.first_access import first_access
from services.routing.domain.branch import Branch
from services.routing.domain.letter import Letter


def access_of(letter: Letter, branches: Sequence[Branch]) -> Access:
    """Units and positions that may read the letter now, beside those who read across the regency by their role."""
    by, confidentiality = letter.registered_by, letter.summary.confidentiality
    open_ones = [branch for branch in branches if not _closed_to(branch)]
    first = first_access(confidentiality, by.unit_id, by.position_id, open_ones)
    charged = [position_id for one in letter.dispositions.values() for position_id in one.positions]
    positions = tuple(dict.fromkeys((*first.positions, *sorted(charged))))
    return first.model_copy(update={"positions": positions})


def _closed_to(branch: Branch) -> bool:
    if branch.work != "none":
        return False  # they are at work on it, or were: it did not leave them untouched
    if branch.recalled:
        return True
    gone = branch.returned or branch.redirected
    return bool(gone) and branch.letter.confidentiality != "ordinary"
