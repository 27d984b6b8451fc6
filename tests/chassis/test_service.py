"""A service put together."""

import pytest

from services.chassis import sessions
from services.chassis.service import OURS, Foundation, assemble
from services.chassis.settings import Settings


class TestAssemble:
    @pytest.mark.parametrize("name", sorted(OURS))
    def test_a_collection_of_the_chassis_is_no_services(self, settings: Settings, name: str) -> None:
        foundation = Foundation.lay(settings)
        with pytest.raises(RuntimeError, match=f"post: the chassis has collections called .*{name}"):
            assemble(
                foundation, title="Post", context=None, routers=[], subscriptions=[], indexes={name: [], "parcels": []}
            )

    def test_what_the_chassis_needs_is_made_beside_the_services_own(self, settings: Settings) -> None:
        foundation = Foundation.lay(settings)
        service = assemble(
            foundation, title="Post", context=None, routers=[], subscriptions=[], indexes={"sessions": []}
        )
        assert service.indexes["sessions"] == []
        assert service.indexes[sessions.COLLECTION] == sessions.INDEXES[sessions.COLLECTION]
