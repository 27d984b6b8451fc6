"""The gate as a command: what it says of a folder of schemas, what it writes, what it never overwrites."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.contracts import golden
from services.contracts.catalogue import SAMPLES, all_events
from services.contracts.check import all_faults, main, schema_faults, subscription_faults
from services.contracts.event import Event
from services.contracts.intake import LetterRegistered
from services.contracts.schema import reader_schema, text
from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.contracts.evolving import ADDITIVE, BREAKING, TYPE, event

REGISTERED = LetterRegistered.event_type


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A folder in which the first version's schema is committed."""
    (tmp_path / f"{TYPE}.json").write_text(text(reader_schema(event())), encoding="utf-8")
    return tmp_path


def faults(changed: type[Event], folder: Path, *, write: bool = False) -> list[str]:
    return list(schema_faults({changed.event_type: changed}, folder, write=write))


class TestThisTree:
    def test_the_gate_is_satisfied(self) -> None:
        assert all_faults() == []

    def test_as_a_program_it_says_so_and_exits_0(self) -> None:
        command = [sys.executable, "-m", "services.contracts.check"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"{len(all_events())} events" in done.stdout

    def test_an_unknown_argument_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--force"]) == 2
        assert "usage:" in capsys.readouterr().err

    def test_every_module_of_events_is_in_the_catalogue(self) -> None:
        assert {found.service() for found in all_events().values()} == {"intake", "routing", "disposition", "schedule"}


class TestSchemas:
    def test_a_new_event_must_be_written_first(self, tmp_path: Path) -> None:
        (said,) = faults(event(), tmp_path)
        assert "has no committed schema" in said
        assert "--write" in said

    def test_write_commits_a_new_event(self, tmp_path: Path) -> None:
        assert faults(event(), tmp_path, write=True) == []
        assert json.loads((tmp_path / f"{TYPE}.json").read_text(encoding="utf-8")) == reader_schema(event())
        assert faults(event(), tmp_path) == []

    def test_an_additive_change_must_be_written(self, committed: Path) -> None:
        changed = ADDITIVE["new optional field"]
        (said,) = faults(changed, committed)
        assert "only adds" in said
        assert faults(changed, committed, write=True) == []
        assert faults(changed, committed) == []

    @pytest.mark.parametrize(("changed", "reason"), BREAKING.values(), ids=BREAKING.keys())
    def test_write_never_commits_a_breaking_change(self, committed: Path, changed: type[Event], reason: str) -> None:
        before = (committed / f"{TYPE}.json").read_bytes()
        for write in (False, True):
            assert any(reason in said for said in faults(changed, committed, write=write))
        assert (committed / f"{TYPE}.json").read_bytes() == before

    def test_a_renamed_event_is_refused(self, committed: Path) -> None:
        renamed = event(event_type="id.lontar.intake.letter.entered.v1")
        assert any(TYPE in said and "removed or renamed" in said for said in faults(renamed, committed, write=True))

    def test_a_new_major_beside_the_old_is_accepted(self, committed: Path) -> None:
        first, second = event(), event("subject", event_type=TYPE.replace(".v1", ".v2"))
        both = {one.event_type: one for one in (first, second)}
        assert list(schema_faults(both, committed, write=True)) == []
        assert list(schema_faults(both, committed)) == []


class TestSubscriptions:
    def test_an_event_that_is_not_published_is_named(self) -> None:
        stranger = event()
        (said,) = subscription_faults(all_events(), {"notify": (stranger,)})
        assert said == "subscriptions of notify: LetterRegistered is not a published event"

    def test_an_event_named_twice_is_named(self) -> None:
        twice = {"notify": (LetterRegistered, LetterRegistered)}
        assert [REGISTERED in said for said in subscription_faults(all_events(), twice)] == [True]

    def test_the_table_itself_is_in_order(self) -> None:
        assert list(subscription_faults(all_events(), SUBSCRIPTIONS)) == []


class TestSamples:
    """The samples of one event, spoilt in one way each."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for path in SAMPLES.glob(f"{REGISTERED}*.json"):
            shutil.copy(path, tmp_path)
        return tmp_path

    def said(self, folder: Path) -> list[str]:
        return list(golden.faults({REGISTERED: LetterRegistered}, folder))

    def spoil(self, folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
        path = folder / f"{REGISTERED}.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")

    def test_whole_samples_have_no_fault(self, folder: Path) -> None:
        assert self.said(folder) == []

    def test_a_missing_sample(self, folder: Path) -> None:
        (folder / f"{REGISTERED}.json").unlink()
        assert [f"samples/{REGISTERED}.json is missing" in said for said in self.said(folder)] == [True]

    def test_a_sample_of_no_event(self, folder: Path) -> None:
        (folder / "id.lontar.intake.letter.lost.v1.json").write_text("{}", encoding="utf-8")
        assert any("there is no event of this type" in said for said in self.said(folder))

    def test_a_field_that_no_sample_shows(self, folder: Path) -> None:
        (folder / f"{REGISTERED}--invitation.json").unlink()
        assert f"{REGISTERED}: no sample shows data.occasion.place" in self.said(folder)

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            (lambda d: d.pop("time"), "it lacks time"),
            (lambda d: d.update(source="/lontar/routing"), "source is '/lontar/routing'"),
            (lambda d: d.update(type="id.lontar.intake.letter.lost.v1"), "type is"),
            (lambda d: d.update(subject="letter/another"), "subject is 'letter/another'"),
            (lambda d: d.update(specversion="0.3"), "specversion is '0.3'"),
            (lambda d: d.update(streamversion=0), "streamversion is not"),
            (lambda d: d.update(id="1b4e28ba-2fa1-41d2-883f-0016d3cca427"), "id is not a UUIDv7"),
            (lambda d: d.update(id="one"), "id is not a UUID"),
            (lambda d: d.update(time="2026-03-02T08:00:00"), "time has no offset"),
            (lambda d: d.update(time="yesterday"), "time is not"),
            (lambda d: d["data"].pop("book"), "data.book: Field required"),
            (lambda d: d["data"].update(unknown=1), "data.unknown: Extra inputs"),
            (lambda d: d["data"].update(year="2026"), "data does not come back as it was written"),
            (lambda d: d["data"]["sender"].update(kind="ghost"), "data.sender.kind: Input should be"),
        ],
    )
    def test_a_spoilt_sample(self, folder: Path, change: Callable[[dict[str, Any]], object], fault: str) -> None:
        self.spoil(folder, change)
        assert any(fault in said for said in self.said(folder)), self.said(folder)
