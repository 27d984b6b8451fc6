"""What the pages say of the tree is so: links lead somewhere, every setting is listed, every decision is indexed."""

import re
from pathlib import Path

import pytest

from gateway.settings import GatewaySettings
from services.chassis.settings import Settings
from services.contracts.subscriptions import SUBSCRIPTIONS
from services.disposition.settings import DispositionSettings
from services.intake.settings import IntakeSettings
from services.notify.settings import NotifySettings
from services.routing.settings import RoutingSettings
from services.schedule.settings import ScheduleSettings

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
DECISIONS = ROOT / "docs" / "decisions"


def anchor(heading: str) -> str:
    """A heading's anchor, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Every anchor of a page."""
    return {anchor(found) for found in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        path, _, section = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not section or section in anchors(there), target


@pytest.mark.parametrize("page", sorted(DECISIONS.glob("0*.md")), ids=lambda page: page.stem)
def test_a_decision_is_indexed_and_whole(page: Path) -> None:
    assert f"({page.name})" in (DECISIONS / "README.md").read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    for part in ("**Context.**", "**Decision.**", "**Consequences.**", "**Look again when**"):
        assert part in text, part


def test_every_setting_is_listed() -> None:
    page = (ROOT / "docs/operations/running.md").read_text(encoding="utf-8")
    kinds: tuple[type[Settings], ...] = (
        IntakeSettings,
        RoutingSettings,
        DispositionSettings,
        ScheduleSettings,
        NotifySettings,
        GatewaySettings,
    )
    names = {name.upper() for kind in kinds for name in kind.model_fields} - {"SERVICE"}
    listed = set(re.findall(r"`([A-Z0-9_]+)`", page))
    assert names - listed == set()


def test_every_listener_is_in_the_table_of_owners() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| ([a-z]+) \|", page, flags=re.MULTILINE))
    assert set(SUBSCRIPTIONS) <= rows
