"""The whole house while one service fails: the others answer, it is said to be away, and it is found again."""

import asyncio
import os
import signal
import time

import aiohttp
import pytest

from tests.house import House

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(480)]
OTHERS = ("/v1/inbox", "/v1/letters?limit=1", "/v1/notifications")
FAILING = "/v1/schedule/events"


async def _status(http: aiohttp.ClientSession, path: str, bearer: dict[str, str]) -> tuple[int, float]:
    began = time.perf_counter()
    async with http.get(path, headers=bearer) as answer:
        await answer.read()
        return answer.status, time.perf_counter() - began


class TestOneServiceFails:
    """Schedule fails; routing, intake and notify do not."""

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
    async def test_K12_others_answer_and_it_is_found_again(self, house: House, how: signal.Signals) -> None:
        stack = house.stack
        (pid,) = (part.pids[0] for part in stack.status() if part.name == "schedule")
        async with house.person("desa.sekartaji") as person, aiohttp.ClientSession(stack.base_url) as http:
            bearer = person._authorization()
            assert (await _status(http, FAILING, bearer))[0] < 500
            if how is signal.SIGKILL:
                await stack.kill_part("schedule", how, restart=False)
            else:
                os.kill(pid, how)
            try:
                await self._others_answer_while_it_is_refused(http, bearer)
            finally:
                if how is signal.SIGSTOP:
                    os.kill(pid, signal.SIGCONT)
                else:
                    await stack.start_part("schedule")
            async with asyncio.timeout(60):
                while (await _status(http, FAILING, bearer))[0] >= 500:
                    await asyncio.sleep(0.2)

    async def _others_answer_while_it_is_refused(self, http: aiohttp.ClientSession, bearer: dict[str, str]) -> None:
        failing = [asyncio.ensure_future(_status(http, FAILING, bearer)) for _ in range(6)]
        for _ in range(5):
            for path in OTHERS:
                assert (await _status(http, path, bearer))[0] < 500
        assert {status for status, _ in await asyncio.gather(*failing)} <= {503, 504}
        status, seconds = await _status(http, FAILING, bearer)
        assert status == 503
        assert seconds < 15, "it is refused at once, not after having waited half a minute"
