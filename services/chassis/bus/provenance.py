"""Who may have sent a message. Invariant: where publishers are verified, nobody speaks in another service's name.

Any user of the broker may write to the default exchange, and so into any queue; the retry ladder needs that. What a
user cannot do is name another as the sender: the broker compares the message's user-id with the login of the
connection. So a service's events are believed from its own login, from the reader's (a copy off the ladder) and from
the operator's (a replay). It asks that users are named after their services, as the embedded broker's are.
"""

from dataclasses import dataclass

from services.chassis.bus.envelope import Envelope
from services.contracts.event import TYPE_PATTERN

OPERATOR = "operator"


@dataclass(frozen=True)
class Provenance:
    """The rule for one reader. ``verify`` is off where all services share one login, which tells nobody apart."""

    reader: str
    verify: bool = False

    def objection(self, user: str | None, envelope: Envelope) -> str | None:
        """Why a message from ``user`` is not believed, or None."""
        if not self.verify:
            return None
        publisher = TYPE_PATTERN.match(envelope.type)
        trusted = {self.reader, OPERATOR, publisher["service"] if publisher else ""}
        return None if user in trusted else f"sent by {user or 'nobody named'}, who may not publish {envelope.type}"
