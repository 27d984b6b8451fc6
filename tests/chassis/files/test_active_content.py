"""PDFs that do something by themselves: refused wherever that stands; what looks like it and is harmless passes."""

import io

import pytest

from services.chassis.files.inspection import ScanFinding, inspect_scan
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable
from tests.intake.hostile import active, mixed, seeds


def inspected(content: bytes) -> ScanFinding:
    """What the file is found to be."""
    return inspect_scan(Received("surat.pdf", io.BytesIO(content), len(content), ""))


class TestActiveContent:
    @pytest.mark.parametrize("name", active.ACTIVE)
    def test_what_does_something_is_refused(self, name: str) -> None:
        with pytest.raises(Unacceptable) as refusal:
            inspected(active.ACTIVE[name]())
        assert refusal.value.fault == "active_content"
        assert "tanpa lampiran atau skrip" in refusal.value.sentence

    @pytest.mark.parametrize("name", active.HARMLESS)
    def test_what_only_looks_like_it_passes(self, name: str) -> None:
        assert inspected(active.HARMLESS[name]()) == ScanFinding("application/pdf", 1)

    def test_letter_that_was_signed_electronically_passes(self) -> None:
        assert inspected(seeds.signed_form()).pages == 1


class TestTwoKinds:
    @pytest.mark.parametrize("name", mixed.MIXED)
    def test_two_kinds_at_once_are_refused(self, name: str) -> None:
        with pytest.raises(Unacceptable) as refusal:
            inspected(mixed.MIXED[name]())
        assert refusal.value.fault == "mixed_content"

    @pytest.mark.parametrize("name", mixed.HARMLESS)
    def test_what_phones_and_programs_add_may_stay(self, name: str) -> None:
        assert inspected(mixed.HARMLESS[name]()).pages >= 1
