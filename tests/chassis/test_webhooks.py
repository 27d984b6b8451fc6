"""Signing webhooks and telling genuine ones, after Standard Webhooks."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.clock import now
from services.chassis.webhooks import NotGenuine, new_secret, signed_headers, verify

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


class TestSigning:
    def test_the_example_of_the_standard(self) -> None:
        assert signed_headers(MESSAGE_ID, AT, BODY, [KEY]) == {
            "webhook-id": MESSAGE_ID,
            "webhook-timestamp": "1614265330",
            "webhook-signature": SIGNATURE,
        }

    def test_each_secret_signs(self) -> None:
        keys = [new_secret(), KEY]
        signatures = signed_headers(MESSAGE_ID, AT, BODY, keys)["webhook-signature"].split()
        assert len(signatures) == 2
        assert signatures[1] == SIGNATURE

    def test_a_new_secret_is_one_of_its_own(self) -> None:
        assert len({new_secret() for _ in range(10)}) == 10

    @pytest.mark.parametrize("key", ["whsec_", "whsec_AAAA", "whsec_!", "whsec_" + "A" * 100])
    def test_a_secret_of_the_wrong_kind_is_refused(self, key: str) -> None:
        with pytest.raises(ValueError, match="webhook secret"):
            signed_headers(MESSAGE_ID, AT, BODY, [key])


class TestVerifying:
    def test_a_genuine_one_tells_its_id(self) -> None:
        headers = {name.title(): value for name, value in signed_headers(MESSAGE_ID, AT, BODY, [KEY]).items()}
        assert verify(headers, BODY, [KEY], AT + timedelta(minutes=4)) == MESSAGE_ID

    def test_either_secret_will_do_while_one_is_replaced(self) -> None:
        former, present = new_secret(), new_secret()
        headers = signed_headers(MESSAGE_ID, now(), BODY, [present, former])
        for key in (former, present):
            assert verify(headers, BODY, [key], now()) == MESSAGE_ID

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_one_from_another_time_is_refused(self, minutes: int) -> None:
        headers = signed_headers(MESSAGE_ID, AT, BODY, [KEY])
        with pytest.raises(NotGenuine, match="too old"):
            verify(headers, BODY, [KEY], AT + timedelta(minutes=minutes))

    @pytest.mark.parametrize(
        "change",
        [
            {"webhook-id": "msg_other"},
            {"webhook-timestamp": "1614265331"},
            {"webhook-signature": SIGNATURE.replace("v1,", "v1a,")},
            {"webhook-signature": "v1,é"},
            {"webhook-signature": ""},
        ],
    )
    def test_whatever_is_changed_shows(self, change: dict[str, str]) -> None:
        headers = signed_headers(MESSAGE_ID, AT, BODY, [KEY]) | change
        with pytest.raises(NotGenuine, match="no signature fits"):
            verify(headers, BODY, [KEY], AT)

    def test_a_changed_body_shows(self) -> None:
        with pytest.raises(NotGenuine, match="no signature fits"):
            verify(signed_headers(MESSAGE_ID, AT, BODY, [KEY]), BODY + b" ", [KEY], AT)

    @pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
    def test_a_missing_header_shows(self, missing: str) -> None:
        headers = signed_headers(MESSAGE_ID, AT, BODY, [KEY])
        del headers[missing]
        with pytest.raises(NotGenuine, match="header"):
            verify(headers, BODY, [KEY], AT)

    def test_a_time_that_is_none_shows(self) -> None:
        headers = signed_headers(MESSAGE_ID, AT, BODY, [KEY]) | {"webhook-timestamp": "nu"}
        with pytest.raises(NotGenuine, match="header"):
            verify(headers, BODY, [KEY], AT)
