"""Whom a session's tokens speak for. Invariant: a session that acts as one position never acts as another by itself.

Where the position it acts as is no longer held it speaks for none, until the person chooses again: an act must not
quietly be done in another capacity.
"""

from gateway.auth.accounts import Account
from gateway.auth.session_rows import LiveSession, refused
from gateway.auth.tokens import Subject
from gateway.context import Context
from services.chassis.auth import HeldPosition


async def subject_of(context: Context, account: Account, session: LiveSession) -> Subject:
    """The person with what they hold today, as their session has it."""
    held = await context.assignments.held_by(account.person_id)
    return Subject(account.person_id, account.name, spoken_for(held, session), account.roles, session_id=session.id)


def spoken_for(held: list[HeldPosition], session: LiveSession) -> list[HeldPosition]:
    """Those of the held positions that the session speaks for."""
    acting = session.acting_position_id
    return held if acting is None else [one for one in held if one.position_id == acting]


async def account_of(context: Context, session: LiveSession) -> Account:
    """The session's account; 401 where it is no longer used."""
    account = await context.accounts.get(session.account_id)
    if account is None or not account.active:
        raise refused()
    return account
