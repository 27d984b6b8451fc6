"""What the broker's definitions allow, read as the broker reads them."""

import json
import re

import pytest

from deploy.embedded.definitions import OPERATOR, PROGRAMS, definitions, permission, topic_permission
from deploy.embedded.programs import SERVICES
from services.chassis.bus import topology


def allows(user: str, kind: str, name: str) -> bool:
    return re.search(permission(user)[kind], name) is not None


class TestDefinitions:
    def test_file_names_every_program_and_no_guest(self) -> None:
        content = json.loads(definitions(dict.fromkeys((*PROGRAMS, OPERATOR), "pw")))
        assert {user["name"] for user in content["users"]} == {*PROGRAMS, OPERATOR}
        assert all(user["tags"] == [] for user in content["users"])

    def test_file_holds_no_plain_password(self) -> None:
        assert "kata-sandi-terang" not in definitions({"intake": "kata-sandi-terang"})


class TestPermissions:
    @pytest.mark.parametrize("service", SERVICES)
    def test_service_has_all_it_needs_for_its_own_queues(self, service: str) -> None:
        queue = topology.queue_name(service)
        own = [queue, topology.parked_name(queue), topology.wait_name(queue, 0)]
        for name in own:
            assert allows(service, "configure", name)
            assert allows(service, "read", name)
            assert allows(service, "write", name)
        assert allows(service, "read", topology.EVENTS)
        assert allows(service, "write", topology.EVENTS)

    @pytest.mark.parametrize("service", SERVICES)
    def test_service_can_neither_remove_the_exchange_nor_look_at_what_nobody_wanted(self, service: str) -> None:
        assert not allows(service, "configure", topology.EVENTS)
        assert not allows(service, "read", topology.UNROUTED)

    def test_service_binds_to_what_it_subscribes_to_and_nothing_else(self) -> None:
        pattern = topic_permission("intake")["read"]
        assert re.search(pattern, "routing.unit.changed.v1")
        assert not re.search(pattern, "disposition.disposition.issued.v1")
        assert not re.search(pattern, "#")

    @pytest.mark.parametrize("kind", ["configure", "read", "write"])
    def test_service_cannot_touch_another_services_queue(self, kind: str) -> None:
        assert not allows("intake", kind, topology.queue_name("routing"))
        assert not allows("intake", kind, "intakes.events")

    def test_service_publishes_under_its_own_name_only(self) -> None:
        pattern = topic_permission("intake")["write"]
        assert re.search(pattern, "intake.letter.registered.v1")
        assert not re.search(pattern, "routing.letter.delivered.v1")

    def test_service_cannot_make_exchanges_of_its_own_invention(self) -> None:
        assert not allows("intake", "configure", "lontar.other")
