"""Who is believed, as the sender of what."""

import pytest

from services.chassis.bus.envelope import Envelope, unseal
from services.chassis.bus.provenance import Provenance
from tests.chassis.bus.samples import sealed


@pytest.fixture
def envelope() -> Envelope:
    return unseal(sealed("a").body)


class TestObjection:
    @pytest.mark.parametrize("user", ["post", "depot", "operator"])
    def test_the_publisher_the_reader_and_the_operator_are_believed(self, envelope: Envelope, user: str) -> None:
        assert Provenance("depot", verify=True).objection(user, envelope) is None

    @pytest.mark.parametrize("user", ["notify", "", None])
    def test_nobody_else_is(self, envelope: Envelope, user: str | None) -> None:
        objection = Provenance("depot", verify=True).objection(user, envelope)
        assert objection is not None
        assert "who may not publish id.lontar.post.parcel.sent.v1" in objection

    def test_everybody_is_where_one_login_serves_all(self, envelope: Envelope) -> None:
        assert Provenance("depot").objection("notify", envelope) is None
