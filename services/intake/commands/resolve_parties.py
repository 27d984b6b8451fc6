"""Find the units and positions a draft names. Invariant: a party in a letter exists and carries its present name."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from services.chassis.auth import HeldPosition
from services.chassis.errors import ServiceError, unprocessable
from services.contracts.vocabulary import Party
from services.intake.context import Context
from services.intake.domain.draft import Draft, PartyRef


@dataclass(frozen=True)
class Parties:
    """Whom a letter is from and for."""

    sender: Party
    addressees: tuple[Party, ...]
    copies: tuple[Party, ...]


async def resolve_parties(context: Context, draft: Draft, acting: HeldPosition) -> Parties:
    """The parties with their names; 422 for the first that is unknown, saying where it stands."""
    own = PartyRef(kind="unit", id=acting.unit_id)
    sender = draft.sender or own
    known = await _names(context, [sender, *draft.addressees, *draft.copies])
    if sender == own:
        # The token vouches for the caller's own unit, also where its event has not arrived yet.
        known.setdefault((own.kind, acting.unit_id), acting.unit_name)
    _own_hand(draft, sender, acting)
    return Parties(
        sender=_party(sender, known, "sender"),
        addressees=tuple(_party(one, known, "addressees", i) for i, one in enumerate(draft.addressees)),
        copies=tuple(_party(one, known, "copies", i) for i, one in enumerate(draft.copies)),
    )


def _own_hand(draft: Draft, sender: PartyRef, acting: HeldPosition) -> None:
    """Only a letter that was received may come from somebody else; nobody writes in another unit's name."""
    own = sender.id in (acting.unit_id, acting.position_id)
    if draft.direction != "incoming" and not own:
        raise unprocessable(
            "sender_not_own",
            "Surat keluar dan surat internal hanya dapat dikirim atas nama unit atau jabatan Anda sendiri.",
            field="sender",
        )


async def _names(context: Context, wanted: Iterable[PartyRef]) -> dict[tuple[str, str], str]:
    units = {one.id for one in wanted if one.kind == "unit" and one.id}
    positions = {one.id for one in wanted if one.kind == "position" and one.id}
    found = await asyncio.gather(*(context.organisation.unit(one) for one in units))
    names = {("unit", unit.unit_id): unit.name for unit in found if unit}
    if positions:
        held = await context.organisation.positions(sorted(positions))
        names |= {("position", one.position_id): one.title for one in held}
    return names


def _party(one: PartyRef, known: dict[tuple[str, str], str], field: str, index: int | None = None) -> Party:
    if one.kind == "external":
        return Party(kind="external", name=one.name or "")
    name = known.get((one.kind, one.id or ""))
    if name is None:
        raise _unknown(one, field, index)
    return Party(kind=one.kind, id=one.id, name=name)


def _unknown(one: PartyRef, field: str, index: int | None) -> ServiceError:
    what = "Unit" if one.kind == "unit" else "Jabatan"
    labels = {"sender": "pengirim", "addressees": "tujuan", "copies": "tembusan"}
    where = labels[field] if index is None else f"{labels[field]} ke-{index + 1}"
    extra = {"field": field} if index is None else {"field": field, "index": index}
    return unprocessable(f"unknown_{one.kind}", f"{what} pada {where} tidak dikenal.", id=one.id, **extra)
