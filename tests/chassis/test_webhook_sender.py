"""Bringing webhooks: where they may go, and what is told of how it went."""

import asyncio
import socket

import pytest
from aiohttp import web

from services.chassis.errors import ServiceError
from services.chassis.webhook_sender import WebhookSender, checked_url, is_public
from tests.tls import Certificate, answering, certificate


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """What the receiver shows."""
    return certificate(tmp_path_factory.mktemp("tls"))


class Receiver:
    """Answers as it is told and keeps what came."""

    def __init__(self, status: int = 204, **headers: str) -> None:
        self.status, self.headers = status, headers
        self.seen: list[tuple[str, dict[str, str], bytes]] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.seen.append((request.path_qs, dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers=self.headers)


class TestWhichAddressesArePublic:
    @pytest.mark.parametrize("address", ["8.8.8.8", "103.10.20.30", "2404:6800:4003::1"])
    def test_those_of_the_public_network(self, address: str) -> None:
        assert is_public(address)

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:0a00:0001::",
            "not an address",
        ],
    )
    def test_no_others_however_they_are_wrapped(self, address: str) -> None:
        assert not is_public(address)


class TestNamingOne:
    @pytest.mark.parametrize(
        "url", ["https://layanan.go.id/lontar?x=1", "https://8.8.8.8:8443/", "https://127.1.go.id/", "https://0x1.id/"]
    )
    def test_https_to_the_public_network_may_be_named(self, url: str) -> None:
        assert checked_url(url, private=False) == url

    @pytest.mark.parametrize(
        "url",
        [
            "http://layanan.go.id/",
            "ftp://layanan.go.id/",
            "https:///lontar",
            "layanan.go.id",
            "https://user:pw@layanan.go.id/",
            "https://layanan.go.id/#x",
            "https://layanan.go.id:99999/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://169.254.169.254/latest/meta-data",
            "https://[::ffff:10.0.0.1]/",
            "https://127.1/",
            "https://127.0.0.1./",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.0x1/",
            "https://8.8.2056/",
            "https://\uff11\uff12\uff17.1/",
        ],
    )
    def test_nothing_else(self, url: str) -> None:
        with pytest.raises(ServiceError) as refused:
            checked_url(url, private=False)
        assert (refused.value.status, refused.value.code) == (422, "bad_webhook_url")

    def test_where_private_ones_are_allowed_they_may_be_named(self) -> None:
        assert checked_url("https://10.1.2.3/lontar", private=True) == "https://10.1.2.3/lontar"


class TestBringing:
    async def test_a_receiver_gets_what_was_signed(self, shown: Certificate) -> None:
        receiver = Receiver()
        async with answering(receiver, shown) as port:
            sender = WebhookSender(seconds=5, private=True, ca=shown.pem)
            delivery = await sender.post(f"https://localhost:{port}/a?b=1", {"webhook-id": "msg_1"}, b"isi")
            await sender.close()
        assert (delivery.status, delivery.failure) == (204, None)
        [(path, headers, body)] = receiver.seen
        assert (path, headers["webhook-id"], body) == ("/a?b=1", "msg_1", b"isi")
        assert headers["User-Agent"] == "Lontar-Webhook/1"

    async def test_it_is_led_nowhere_else(self, shown: Certificate) -> None:
        elsewhere = Receiver()
        async with answering(elsewhere, shown) as there:
            receiver = Receiver(307, Location=f"https://localhost:{there}/")
            async with answering(receiver, shown) as port:
                sender = WebhookSender(seconds=5, private=True, ca=shown.pem)
                delivery = await sender.post(f"https://localhost:{port}/", {}, b"")
                await sender.close()
        assert (delivery.status, delivery.failure) == (307, "refused")
        assert elsewhere.seen == []

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1"])
    async def test_no_name_leads_into_the_house(self, host: str, shown: Certificate) -> None:
        receiver = Receiver()
        async with answering(receiver, shown) as port:
            sender = WebhookSender(seconds=5, ca=shown.pem)
            delivery = await sender.post(f"https://{host}:{port}/", {}, b"")
            await sender.close()
        assert delivery.status is None
        assert delivery.failure in ("private_address", "unreachable")
        assert receiver.seen == []

    async def test_an_unknown_certificate_is_not_trusted(self, shown: Certificate) -> None:
        receiver = Receiver()
        async with answering(receiver, shown) as port:
            sender = WebhookSender(seconds=5, private=True)
            delivery = await sender.post(f"https://localhost:{port}/", {}, b"")
            await sender.close()
        assert delivery.failure == "not_trusted"
        assert receiver.seen == []

    async def test_a_slow_one_is_not_waited_for(self, shown: Certificate) -> None:
        hold = asyncio.Event()

        async def slow(_: web.Request) -> web.Response:
            await hold.wait()
            return web.Response()

        async with answering(slow, shown) as port:
            sender = WebhookSender(seconds=0.3, private=True, ca=shown.pem)
            delivery = await sender.post(f"https://localhost:{port}/", {}, b"")
            hold.set()
            await sender.close()
        assert (delivery.status, delivery.failure) == (None, "too_slow")

    async def test_where_nobody_listens_it_says_so(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
            sender = WebhookSender(seconds=5, private=True)
            delivery = await sender.post(f"https://127.0.0.1:{taken.getsockname()[1]}/", {}, b"")
            await sender.close()
        assert delivery.failure == "unreachable"

    async def test_a_name_that_leads_nowhere_is_unknown(self) -> None:
        sender = WebhookSender(seconds=5)
        delivery = await sender.post("https://tidak-ada.invalid/", {}, b"")
        await sender.close()
        assert delivery.failure == "unknown_host"
