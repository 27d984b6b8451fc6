"""Groups of people, as rules speak of them. Invariant: said by role and place, never by what a service answered."""

from tests.flow.rights.company import ADMIN, EVERYBODY, Member

Audience = frozenset[str]


def those(*names: str) -> Audience:
    """These; each must be somebody."""
    unknown = set(names) - set(EVERYBODY)
    assert not unknown, unknown
    return frozenset(names)


def in_roles(*roles: str) -> Audience:
    """Everybody who holds a position of one of these roles, wherever it is."""
    return frozenset(name for name, one in EVERYBODY.items() if one.role in roles)


ALL: Audience = frozenset(EVERYBODY)
SEATED: Audience = frozenset(name for name, one in EVERYBODY.items() if one.role)
"""Everybody with a position."""
ADMINISTRATOR = those(ADMIN)

SENDER = those("sending.village_operator")
TRUSTED_HERE = those("here.head", "here.registrar")
"""Those at the office it came to who are trusted with everything that comes."""
HANDLERS_HERE = TRUSTED_HERE | those("here.secretary", "here.archivist")
OVERSEERS = those("regency.leader", "elsewhere.leader")
"""Those who lead the regency read everything but what is top secret."""
AUDITOR = those("regency.auditor")
"""Reads what is ordinary or restricted."""

READERS = SENDER | HANDLERS_HERE | OVERSEERS | AUDITOR
"""Of an ordinary letter of the village to the office."""
SECRET_READERS = SENDER | TRUSTED_HERE | OVERSEERS
INSIDE = HANDLERS_HERE | OVERSEERS | AUDITOR | those("below.head")
"""Those who see what the head of the office instructed the division below: not the sender."""
PARTIES = those("here.head", "below.head")

LETTER_OFFICES = in_roles(
    "head", "leader", "secretary", "personal_secretary", "registrar", "village_operator", "archivist"
)
"""Roles that handle the letters of their unit."""
TRUSTED_OFFICES = in_roles("head", "leader", "registrar", "village_operator")
LEADERS_OFFICE = those("office.personal_secretary", "office.aide", "office.protocol", "office.agenda_staff")
LEADERS_TIME = those("regency.leader", "office.personal_secretary", "office.agenda_staff")
"""Those who decide over the leader's time."""

SCOPES: dict[str, Audience] = {
    "letters:read": ALL,
    "letters:register": LETTER_OFFICES | in_roles("unit_admin"),
    "dispositions:write": SEATED,
    "schedule:request": SEATED,
    "schedule:decide": in_roles("leader", "personal_secretary", "agenda_staff"),
    "organisation:write": ADMINISTRATOR,
}
"""Who may knock at a door at all."""


def nobody_else(member: Member) -> Audience:
    """One alone."""
    return those(member.name)
