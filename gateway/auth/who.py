"""Who one is in a session, in the words of the API. Invariant: whoever stands in for somebody is shown so."""

from gateway.auth.session_models import AvailablePosition, Me, MySession
from gateway.auth.session_rows import LiveSession
from gateway.context import Context
from services.chassis.auth import Principal
from services.projections.titles import display_title


async def described(context: Context, caller: Principal, session: LiveSession | None) -> Me:
    """The caller as their token says, with the positions held at this moment."""
    held = await context.assignments.held_by(caller.person_id)
    acting = session.acting_position_id if session else None
    available = [
        AvailablePosition(
            **one.model_dump(),
            display=display_title(one.title, one.capacity),
            acting=acting is None or one.position_id == acting,
        )
        for one in held
    ]
    return Me(
        person_id=caller.person_id,
        name=caller.name,
        roles=sorted(caller.roles),
        scopes=sorted(caller.scopes),
        positions=list(caller.positions),
        available_positions=available,
        acting_position_id=acting,
        acting_lapsed=acting is not None and not any(one.acting for one in available),
        session=MySession.model_validate(session.model_dump()) if session else None,
    )
