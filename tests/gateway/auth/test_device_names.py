"""What a person recognises a device by."""

import pytest

from gateway.auth.device_names import device_of

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} Chrome/126.0 Mobile Safari/537.36", "Chrome di Android"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0", "Edge di Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox di Linux"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) {WEBKIT} Version/17.5 Mobile Safari/604.1", "Safari di iPhone"),
        ("sipjalan/2.1 (aiohttp)", "sipjalan/2.1"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Perangkat tidak dikenal"),
        ("\x00\x1b[31m", "[31m"),
        ("x" * 500, "x" * 60),
    ],
)
def test_device_of(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
