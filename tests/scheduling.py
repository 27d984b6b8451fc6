"""How whole runs are shared between processes: by file, what costs much to set up once, and the long last files first.

Invariant: files that share a world run in one process, one after the other in the order of their names. What needs the
services comes after all that needs none, so that nothing else runs beside services that wait for it; among those the
long files are begun first, so that no process waits long for the other at the end.
"""

from collections import Counter
from collections.abc import Mapping

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

SHARING: Mapping[str, str] = {
    "tests/flow/test_authorisation.py": "two villages",
    "tests/flow/test_isolation.py": "two villages",
    "tests/flow/test_isolation_acts.py": "two villages",
    "tests/flow/test_isolation_uploads.py": "two villages",
    "tests/flow/test_rights.py": "two villages",
}
"""Files that look at the same world, which takes minutes to build, and what it is."""
MINUTES: Mapping[str, float] = {
    "two villages": 5,
    "tests/faults/test_crashes.py": 3,
    "tests/faults/test_servers.py": 1.5,
    "tests/faults/test_messages.py": 1,
    "tests/docs/test_clients.py": 1.2,
    "tests/flow/test_register_changes.py": 1,
    "tests/flow/test_routing_acts.py": 1,
    "tests/flow/test_routing_control.py": 1,
    "tests/flow/test_routing_figures.py": 0.8,
    "tests/flow/test_disposition_answers.py": 0.8,
    "tests/flow/test_intake_scans.py": 0.8,
    "tests/faults/test_offline_queue.py": 0.7,
    "tests/flow/test_routing_deadlines.py": 0.6,
}
"""How long the longest take that need the services, roughly; the others take less."""
SERVED_SECONDS = 480
"""How long a test may take that needs the services: the first of a process has them started and seeded."""


class Sharing(LoadFileScheduling):  # type: ignore[misc] # it ships no types
    """By file, but those together that share a world."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing | None:
    """Ours, where files are shared out; in the order the tests are collected in."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return Sharing(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give those time that need the services; in a process that shares the tests with others, put them into the order
    they are given out in."""
    for item in items:
        if needs_services(item) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SERVED_SECONDS))
    if not hasattr(config, "workerinput"):
        return
    several = Counter(unit_of(item.nodeid) for item in items)
    served = {unit_of(item.nodeid) for item in items if needs_services(item)}
    served |= {one for one in several if one in MINUTES}

    def turn(item: pytest.Item) -> tuple[bool, float, int, str]:
        unit = unit_of(item.nodeid)
        return unit in served, -MINUTES.get(unit, 0), -several[unit], unit

    items.sort(key=turn)


def needs_services(item: pytest.Item) -> bool:
    """Whether a test needs the whole running system."""
    return "house" in getattr(item, "fixturenames", ())


def unit_of(nodeid: str) -> str:
    """What a test is given out with."""
    file = nodeid.split("::", 1)[0]
    return SHARING.get(file, file)
