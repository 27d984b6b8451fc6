"""Documents of office programs: whole open ones pass, and nothing but a refusal is ever raised."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.files import office
from services.chassis.files.inspection import inspect_document
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable
from tests.chassis.files import documents
from tests.intake import scans

WHOLE = {kind: documents.document(kind) for kind in documents.MEDIA_TYPES}
whole = pytest.mark.parametrize("kind", list(WHOLE))


def _inspected(content: bytes) -> str:
    return inspect_document(Received("berkas", io.BytesIO(content), len(content), ""))


def _fault(content: bytes) -> str | None:
    try:
        _inspected(content)
    except Unacceptable as refusal:
        return refusal.fault
    return None


class TestDocument:
    @whole
    def test_type_is_told_by_what_the_package_declares(self, kind: str) -> None:
        assert _inspected(WHOLE[kind]) == documents.MEDIA_TYPES[kind]

    @pytest.mark.parametrize(
        ("content", "media_type"),
        [(scans.pdf(1, pixels=(80, 100)), "application/pdf"), (scans.png(), "image/png"), (scans.tiff(), "image/tiff")],
    )
    def test_a_scan_is_one_too(self, content: bytes, media_type: str) -> None:
        assert _inspected(content) == media_type

    def test_content_is_left_at_its_start(self) -> None:
        content = io.BytesIO(WHOLE["docx"])
        inspect_document(Received("berkas", content, len(WHOLE["docx"]), ""))
        assert content.tell() == 0

    @whole
    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_cut_document_never_passes(self, kind: str, data: st.DataObject) -> None:
        kept = data.draw(st.integers(1, len(WHOLE[kind]) - 1))
        assert _fault(WHOLE[kind][:kept]) in ("broken", "unsupported_type")

    @whole
    @settings(max_examples=100, deadline=None)
    @given(data=st.data())
    def test_corrupted_document_is_refused_or_passes_and_nothing_else(self, kind: str, data: st.DataObject) -> None:
        content = bytearray(WHOLE[kind])
        for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)))):
            content[at] = byte
        assert _fault(bytes(content)) in (None, "broken", "encrypted", "macros", "unsupported_type")

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=400))
    def test_anything_after_the_signature_is_refused(self, rest: bytes) -> None:
        assert _fault(office.SIGNATURE + rest) is not None


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (documents.package({"surat.txt": b"halo"}), "unsupported_type"),
            (documents.ooxml(declared="application/java-archive"), "unsupported_type"),
            (documents.ooxml(declared="application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
            (documents.ooxml(word__vbaProject_bin=b"\xcc\x61"), "macros"),
            (documents.open_document(Basic__Standard__Module1_xml=b"<x/>"), "macros"),
            (documents.open_document(manifest=b"<manifest:encryption-data/>"), "encrypted"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported_type"),
            (b"MZ" + bytes(600), "unsupported_type"),
            (b"<!doctype html><script>1</script>", "unsupported_type"),
            (b"", "empty"),
        ],
    )
    def test_examples(self, content: bytes, fault: str) -> None:
        assert _fault(content) == fault

    def test_locked_entry(self) -> None:
        content = bytearray(WHOLE["docx"])
        central = content.index(b"PK\x01\x02")
        content[central + 8] |= 1
        assert _fault(bytes(content)) == "encrypted"

    def test_changed_content_that_still_inflates(self) -> None:
        content = WHOLE["odt"]
        assert _fault(content.replace(b"<x/>", b"<y/>")) in (None, "broken")
        stored = documents.package(
            {"mimetype": documents.OPEN_DOCUMENT["odt"].encode(), "content.xml": b"Setuju"},
            stored=frozenset({"mimetype", "content.xml"}),
        )
        assert _fault(stored) is None
        assert _fault(stored.replace(b"Setuju", b"Tolak.")) == "broken"

    def test_what_inflates_to_more_than_it_may(self) -> None:
        assert _fault(documents.ooxml(word__media__besar_bin=bytes(office.INFLATED_BYTES))) == "broken"

    def test_what_inflates_to_more_than_it_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        read: list[int] = []
        take = zipfile.ZipExtFile.read

        def counted(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
            piece = take(self, n)
            read.append(len(piece))
            return piece

        monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
        bomb = documents.ooxml(word__besar_bin=bytes(50_000_000))
        size, said = (50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
        assert _fault(bomb.replace(size, said)) == "broken"
        assert sum(read) < 2_000_000

    def test_far_too_many_entries_are_not_even_listed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(office, "MOST_ENTRIES", 10)
        monkeypatch.delattr(zipfile, "ZipFile")
        assert _fault(office.SIGNATURE + (b"PK\x01\x02" + bytes(43)) * 21) == "broken"

    def test_too_many_entries(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(office, "MOST_ENTRIES", 3)
        more: dict[str, Any] = {f"word__a{number}_xml": b"<x/>" for number in range(2)}
        assert _fault(documents.ooxml(**more)) == "broken"
