"""What a role may ask for. Invariant: a scope only opens the door of a service; the fine check is the service's own."""

from collections.abc import Iterable

EVERYONE = frozenset({"letters:read"})
EVERY_POSITION = frozenset({"dispositions:write", "schedule:request"})
"""Whoever holds a position may get a disposition, and pass it on or answer it."""

REGISTERS = frozenset({"letters:register"})
DECIDES = frozenset({"schedule:decide"})

BY_POSITION_ROLE: dict[str, frozenset[str]] = {
    "registrar": REGISTERS,
    "village_operator": REGISTERS,
    "archivist": REGISTERS,
    "head": REGISTERS,
    "secretary": REGISTERS,
    "unit_admin": REGISTERS,
    "leader": REGISTERS | DECIDES,
    "personal_secretary": REGISTERS | DECIDES,
    "agenda_staff": DECIDES,
}

BY_ACCOUNT_ROLE: dict[str, frozenset[str]] = {
    "regency_admin": frozenset({"organisation:write"}),
}


def scopes_of(account_roles: Iterable[str], position_roles: Iterable[str]) -> frozenset[str]:
    """Everything an account with these roles, holding positions with those roles, may ask for."""
    held = list(position_roles)
    scopes = EVERYONE | (EVERY_POSITION if held else frozenset())
    for role in held:
        scopes |= BY_POSITION_ROLE.get(role, frozenset())
    for role in account_roles:
        scopes |= BY_ACCOUNT_ROLE.get(role, frozenset())
    return scopes
