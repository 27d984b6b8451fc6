"""How hard pressed the machine is, as the kernel tells it."""

import asyncio
from pathlib import Path

import pytest

from services.chassis import pressure
from services.chassis.pressure import PROCESSOR, processor_pressure


def told(microseconds: int) -> str:
    return f"some avg10=1.00 avg60=1.00 avg300=1.00 total={microseconds}\nfull avg10=0.00 avg60=0.00 total=7\n"


class TestProcessorPressure:
    @pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0.0, 0.0), (0.5, 0.2, 0.55), (5.0, 1.0, 1.0)])
    async def test_is_the_share_of_a_moment_in_which_something_waited(
        self, tmp_path: Path, share: float, low: float, high: float
    ) -> None:
        source = tmp_path / "cpu"
        source.write_text(told(1_000_000))
        looking = asyncio.create_task(processor_pressure(source))
        await asyncio.sleep(0.01)
        source.write_text(told(1_000_000 + int(share * pressure.LOOKED_AT_SECONDS * 1e6)))
        assert low <= await looking <= high

    @pytest.mark.parametrize("text", [None, "", "some nonsense\n", "full avg10=0.00 total=9\n"])
    async def test_a_kernel_that_does_not_tell_is_not_pressed(self, tmp_path: Path, text: str | None) -> None:
        source = tmp_path / "cpu"
        if text is not None:
            source.write_text(text)
        assert await processor_pressure(source) == 0.0

    async def test_this_kernel_is_understood_where_it_tells(self) -> None:
        if PROCESSOR.exists():
            assert pressure._waited(PROCESSOR) is not None
        assert 0 <= await processor_pressure() <= 1
