"""What people do with their own sessions. Invariant: one's own alone; another's is not found."""

from gateway.audit.entries import AuditActor
from gateway.audit.origin import Origin
from gateway.auth.session_rows import LiveSession, refused
from gateway.auth.subjects import account_of
from gateway.context import Context
from services.chassis.auth import HeldPosition, Principal
from services.chassis.errors import ServiceError, not_found, unprocessable
from services.chassis.mongo import Session
from services.chassis.uow import Transaction
from services.projections.titles import display_title


async def own_session(context: Context, caller: Principal, session: Session | None = None) -> LiveSession:
    """The session the caller's token belongs to; 403 for a token without one, 401 where it has ended."""
    if caller.session_id is None:
        raise ServiceError(403, "session_needed", "Tindakan ini hanya untuk orang yang masuk dengan akunnya sendiri.")
    found = await context.sessions.get(caller.session_id, session)
    if found is None:
        raise refused()
    return found


async def end_own(context: Context, caller: Principal, session_id: str, origin: Origin) -> None:
    """End one of the caller's sessions, the present one not excepted; one that has ended already stays so."""

    async def work(tx: Transaction) -> None:
        mine = await own_session(context, caller, tx.session)
        if await context.sessions.account_of(session_id, tx.session) != mine.account_id:
            raise not_found("Sesi")
        if await context.sessions.end(session_id, "revoked", tx.session):
            await context.audit.act("session.ended", caller, origin, f"session:{session_id}", session=tx.session)

    await context.uow.run(work)
    context.sessions.ended([session_id])


async def end_others(context: Context, caller: Principal, origin: Origin) -> int:
    """End all of the caller's sessions but the present one; how many those were."""

    async def work(tx: Transaction) -> list[str]:
        mine = await own_session(context, caller, tx.session)
        ids = await context.sessions.end_all(mine.account_id, "revoked", but=mine.id, session=tx.session)
        if ids:
            details = {"count": str(len(ids))}
            subject = f"account:{mine.account_id}"
            await context.audit.act(
                "session.others_ended", caller, origin, subject, details=details, session=tx.session
            )
        return ids

    ids = await context.uow.run(work)
    context.sessions.ended(ids)
    return len(ids)


async def switch(context: Context, caller: Principal, position_id: str | None, origin: Origin) -> LiveSession:
    """Let the caller's session act as one held position, or as all of them; 422 for one that is not held today."""
    held = await context.assignments.held_by(caller.person_id)
    wanted = next((one for one in held if one.position_id == position_id), None)
    if position_id is not None and wanted is None:
        raise unprocessable("position_not_held", "Jabatan itu tidak (lagi) Anda pegang.")

    async def work(tx: Transaction) -> LiveSession:
        before = await own_session(context, caller, tx.session)
        if before.acting_position_id == position_id:
            return before
        after = await context.sessions.act_as(before, position_id, tx.session)
        details = {"from": before.acting_position_id or "all", "to": position_id or "all", **_as_shown(wanted)}
        await context.audit.act(
            "session.position_switched", caller, origin, f"session:{before.id}", details=details, session=tx.session
        )
        return after

    return await context.uow.run(work)


async def sign_out(context: Context, session: LiveSession, origin: Origin) -> None:
    """End a session because its owner leaves."""
    account = await account_of(context, session)
    actor = AuditActor(kind="person", id=account.person_id, name=account.name, session_id=session.id)

    async def work(tx: Transaction) -> None:
        if await context.sessions.end(session.id, "logout", tx.session):
            await context.audit.record(
                "session.signed_out",
                outcome="done",
                actor=actor,
                subject=f"session:{session.id}",
                address=origin.address,
                request_id=origin.request_id,
                session=tx.session,
            )

    await context.uow.run(work)
    context.sessions.ended([session.id])


def _as_shown(held: HeldPosition | None) -> dict[str, str]:
    return {"title": display_title(held.title, held.capacity), "unit": held.unit_name} if held else {}
