"""What of a process is up."""

import pytest

from services.chassis.health import Health


class TestLook:
    async def test_a_part_is_down_until_it_reports(self) -> None:
        health = Health()
        health.expect("consumer")
        assert await health.look() == {"consumer": False}
        health.report("consumer", True)
        health.expect("consumer")
        assert await health.look() == {"consumer": True}

    @pytest.mark.parametrize("answer", [True, False])
    async def test_asks_each_probe_anew(self, answer: bool) -> None:
        health, answers = Health(), iter([answer, not answer])

        async def probe() -> bool:
            return next(answers)

        health.probe("database", probe)
        assert [await health.look(), await health.look()] == [{"database": answer}, {"database": not answer}]

    async def test_forgets_what_reports_and_keeps_what_is_asked(self) -> None:
        health = Health()
        health.expect("relay")

        async def probe() -> bool:
            return True

        health.probe("database", probe)
        health.forget_reports()
        assert await health.look() == {"database": True}


class TestEnough:
    async def test_what_is_only_shown_does_not_decide(self) -> None:
        health = Health()

        async def away() -> bool:
            return False

        health.report("database", True)
        health.probe("scanner", away, decides=False)
        assert await health.look() == {"database": True, "scanner": False}
        assert health.enough(await health.look())
        health.report("database", False)
        assert not health.enough(await health.look())
