"""The story of the demo, as a test: every hop arrives."""

import pytest

from deploy.demo import story
from tests.house import House

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300), pytest.mark.usefixtures("copies")]


class TestStory:
    async def test_K8_K4_P10_P11_a_letter_from_scan_to_answer_and_an_invitation_into_the_calendar(
        self, house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("deploy.demo.hops.HOP_SECONDS", 60.0)
        stack = house.stack
        assert await story.run(stack.base_url, stack.admin_password, stack.layout.root) == 0
        printed = capsys.readouterr().out
        assert "Plt. Kepala Dinas Pekerjaan Umum" in printed, "the track must say in which capacity"
        assert "Nomor: 005/117/SKT/XI/2026" in printed, "what the scan says must be suggested"
        assert "Tujuan: Dinas Pekerjaan Umum" in printed
        assert "All 18 hops arrived." in printed

    async def test_a_hop_that_does_not_arrive_is_named_and_fails_the_story(
        self, house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("deploy.demo.hops.HOP_SECONDS", 3.0)
        stack = house.stack
        await stack.stop_part("routing")
        try:
            assert await story.run(stack.base_url, stack.admin_password, stack.layout.root) == 1
        finally:
            await stack.start_part("routing")
            await stack.wait_ready()
        assert "Failed hop:" in capsys.readouterr().err
