"""Every event there is. Invariant: an event class in any module of this package is found, so none escapes the gate."""

import importlib
import pkgutil
from pathlib import Path

from services import contracts
from services.contracts.event import Event

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
SAMPLES = HERE / "samples"


def all_events() -> dict[str, type[Event]]:
    """The published event classes by type name; two classes with one type name are a mistake that is raised."""
    found: dict[str, type[Event]] = {}
    for module_info in pkgutil.iter_modules(contracts.__path__):
        module = importlib.import_module(f"{contracts.__name__}.{module_info.name}")
        for member in vars(module).values():
            if isinstance(member, type) and issubclass(member, Event) and member.__module__ == module.__name__:
                if member is Event:
                    continue
                if found.setdefault(member.event_type, member) is not member:
                    raise ValueError(f"two classes are named {member.event_type}")
    return dict(sorted(found.items()))
