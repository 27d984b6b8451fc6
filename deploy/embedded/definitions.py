"""Who may do what on the broker. Invariant: one user per program, none of them an administrator, and no guest.

A service configures and reads its own queues (``<service>.``). It may publish to ``lontar.events`` only under its own
name, and bind only to the events it is known to want (topic permissions on the routing key); the exchange itself is
the operator's to make and remove. It may also write to the default exchange: that is how the retry ladder's copies and
the dead letters reach its waiting queues. The default exchange cannot be narrowed further in RabbitMQ, so a service
that misbehaves could write into a queue that is not its own; it cannot read one, and what it writes there carries its
login, by which the reader parks it (``services.chassis.bus.provenance``).
"""

import json
import re

from deploy.embedded.secrets import rabbitmq_hash
from services.contracts.event import routing_key
from services.contracts.subscriptions import SUBSCRIPTIONS

VHOST = "lontar"
EVENTS = "lontar.events"
OPERATOR = "operator"
PROGRAMS = ("intake", "routing", "disposition", "schedule", "notify", "gateway")
_EVENTS = r"lontar\.events"


def permission(user: str) -> dict[str, str]:
    """What ``user`` may configure, write and read in the vhost."""
    if user == OPERATOR:
        allowed = dict.fromkeys(("configure", "write", "read"), ".*")
    else:
        own = rf"{re.escape(user)}\..*"
        allowed = {
            "configure": f"^{own}$",
            "write": rf"^({_EVENTS}|amq\.default|{own})$",
            "read": f"^({_EVENTS}|{own})$",
        }
    return {"user": user, "vhost": VHOST, **allowed}


def topic_permission(user: str) -> dict[str, str]:
    """A program publishes its own events only, and binds to those it subscribes to."""
    wanted = "|".join(re.escape(routing_key(event.event_type)) for event in SUBSCRIPTIONS.get(user, ()))
    own = rf"^{re.escape(user)}\."
    return {"user": user, "vhost": VHOST, "exchange": EVENTS, "write": own, "read": f"^({wanted})$"}


def definitions(passwords: dict[str, str]) -> str:
    """The definitions file for ``load_definitions``: the users with hashed passwords, the vhost, the permissions."""
    users = [
        {
            "name": name,
            "password_hash": rabbitmq_hash(password),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": [],
        }
        for name, password in sorted(passwords.items())
    ]
    content = {
        "vhosts": [{"name": VHOST}],
        "users": users,
        "permissions": [permission(name) for name in sorted(passwords)],
        "topic_permissions": [topic_permission(name) for name in sorted(passwords) if name != OPERATOR],
    }
    return json.dumps(content, indent=1) + "\n"
