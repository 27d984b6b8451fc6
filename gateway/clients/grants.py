"""What an app may be given. Invariant: a grant opens a family of addresses to read or to write, never an act by itself.

What is done is bounded twice: by the grant at the gateway, and in the service by the positions the app stands in, as
it is for people. ``organisation:write`` alone gives more than positions do: with it an app keeps the organisation (an
E-Absen or personnel connector), as the regency's administrator does.
"""

from collections.abc import Iterable
from typing import Literal, get_args

Grant = Literal[
    "letters:read",
    "letters:write",
    "dispositions:read",
    "dispositions:write",
    "schedule:read",
    "schedule:write",
    "notifications:read",
    "notifications:write",
    "organisation:read",
    "organisation:write",
    "reports:read",
    "reports:write",
]
GRANTS: tuple[Grant, ...] = get_args(Grant)
SCOPE = f"^({'|'.join(GRANTS)})( ({'|'.join(GRANTS)}))*$"
"""Grants as OAuth writes them, with spaces between."""

LOOKS_AT_CALENDARS = frozenset({"schedule:request"})
"""A calendar is shown to those who may ask for a leader; that an app may only read, the gateway sees to."""
SCOPES: dict[str, frozenset[str]] = {
    "letters:read": frozenset({"letters:read"}),
    "letters:write": frozenset({"letters:register"}),
    "dispositions:write": frozenset({"dispositions:write"}),
    "schedule:read": LOOKS_AT_CALENDARS,
    "schedule:write": LOOKS_AT_CALENDARS | {"schedule:decide"},
}
FURTHER: dict[str, frozenset[str]] = {"organisation:write": frozenset({"organisation:write"})}


def scopes_within(grants: Iterable[str]) -> frozenset[str]:
    """The scopes that the app's positions may lend it."""
    return _together(SCOPES, grants)


def scopes_beyond(grants: Iterable[str]) -> frozenset[str]:
    """The scopes it has whatever its positions are."""
    return _together(FURTHER, grants)


def in_order(grants: Iterable[str]) -> tuple[Grant, ...]:
    """Each once, in the order of the table."""
    given = frozenset(grants)
    return tuple(grant for grant in GRANTS if grant in given)


def _together(table: dict[str, frozenset[str]], grants: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(table.get(grant, frozenset()) for grant in grants))
