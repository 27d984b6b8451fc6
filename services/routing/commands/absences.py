"""Declare somebody away, and take that back. Invariant: only the person, the letter handlers of a unit the person works
in, and who keeps the organisation may.
"""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.auth import Principal
from services.chassis.errors import forbidden, not_found, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import EntityId, new_id
from services.chassis.mongo import Document, Session
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.contracts.vocabulary import AbsenceKind
from services.routing.commands.declare import Declaration
from services.routing.commands.fields import Nip
from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Term, check_term
from services.routing.domain.organisation import Person
from services.routing.domain.picture import Changes
from services.routing.registry import Registry

KEEPERS = frozenset({"head", "secretary", "registrar", "unit_admin"})
"""Roles that may declare the people of their own unit away."""
WRITE = "organisation:write"


class NewAbsence(BaseModel):
    """An absence from ``starts_on`` through ``ends_on``; of the caller, where neither person nor number is given.

    The client does not choose its id: whether one is taken would tell of other people's absences.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    person_id: EntityId | None = None
    nip: Nip | None = None
    kind: AbsenceKind
    starts_on: date
    ends_on: date | None = None
    note: str | None = Field(default=None, min_length=1, max_length=500)


async def declare_absence(registry: Registry, by: Declaration, wanted: NewAbsence) -> Absence:
    """The absence; a repeat with the same key gets the first one."""
    check_term(Term(wanted.starts_on, wanted.ends_on))
    identifier = new_id()

    async def act(tx: Transaction) -> Document:
        await registry.lock.take(tx.session)
        person = await _person(registry, by.caller, wanted, tx.session)
        said = wanted.model_dump(exclude={"person_id", "nip"})
        absence = Absence(id=identifier, person_id=person.id, person_name=person.name, **said)
        await registry.keep(tx, Changes(made=(absence,)), "made", by.caller)
        return absence.model_dump(mode="json")

    request = fingerprint("NewAbsence", wanted.model_dump(mode="json", exclude_none=True))
    answer, _ = await registry.in_turn(lambda: registry.acts.run(by.caller.person_id, by.key, request, act))
    return Absence.model_validate(answer)


async def cancel_absence(registry: Registry, by: Principal, absence_id: str, seen: int | None = None) -> Absence:
    """The absence, no more; the same again where it is cancelled already."""

    async def work(tx: Transaction) -> Absence:
        absence = await registry.absences.find(absence_id, tx.session)
        if absence is None or not await may_keep(registry, by, absence.person_id, tx.session):
            raise not_found("Ketidakhadiran")
        if absence.cancelled:
            return absence
        if absence.fed is not None and WRITE not in by.scopes:
            raise forbidden("Catatan dari presensi hanya dapat dibatalkan oleh admin organisasi.")
        check_version(absence.version, seen)
        after = absence.model_copy(update={"cancelled": True, "version": absence.version + 1})
        await registry.keep(tx, Changes(changed=(after,)), "cancelled", by)
        return after

    return await registry.change(work)


async def may_keep(registry: Registry, caller: Principal, person_id: str, session: Session | None) -> bool:
    """Whether the caller may say of this person, and see, when they are away."""
    if WRITE in caller.scopes or caller.person_id == person_id:
        return True
    units = {held.unit_id for held in caller.positions if held.role in KEEPERS}
    if not units:
        return False
    today = registry.today()
    held = await registry.assignments.where({"person_id": person_id}, session)
    return any(one.unit_id in units and one.lasts(today) for one in held)


async def _person(registry: Registry, caller: Principal, wanted: NewAbsence, session: Session | None) -> Person:
    if wanted.person_id is not None and wanted.nip is not None:
        detail = "Sebutkan pegawainya dengan person_id atau dengan NIP, tidak keduanya."
        raise unprocessable("person_named_twice", detail, field="nip")
    if wanted.nip is not None:
        person = await registry.people.with_number(wanted.nip, session)
    else:
        person = await registry.people.find(wanted.person_id or caller.person_id, session)
    # Whoever may not declare this person away does not learn whether there is one with this number either.
    if not await may_keep(registry, caller, person.id if person else "", session):
        raise forbidden("Anda hanya dapat mencatat ketidakhadiran diri sendiri atau pegawai di unit Anda.")
    if person is None:
        raise unprocessable("unknown_person", "Pegawai tidak dikenal.", field="nip" if wanted.nip else "person_id")
    return person
