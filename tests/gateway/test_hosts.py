"""Which host a request may ask for."""

import pytest

from gateway.hosts import Hosts
from services.chassis.errors import ServiceError


def status_of(hosts: Hosts, asked: str | None = None, version: str = "1.1") -> int:
    try:
        hosts.check(None if asked is None else asked.encode(), version)
    except ServiceError as error:
        return error.status
    return 200


class TestCheck:
    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("surat.klungkung.go.id", 200),
            ("SURAT.klungkung.go.id:8443", 200),
            ("surat.klungkung.go.id.", 200),
            ("app.desa.go.id", 200),
            ("[::1]:8080", 200),
            ("desa.go.id", 421),
            ("evil-desa.go.id", 421),
            ("surat.klungkung.go.id.evil.example", 421),
            ("127.0.0.1", 421),
            ("", 400),
            ("surat.klungkung.go.id, evil.example", 400),
            ("surat.klungkung.go.id@evil.example", 400),
            ("surat.klungkung.go.id/evil", 400),
            ("a" * 300, 400),
        ],
    )
    def test_only_a_name_of_ours(self, host: str, status: int) -> None:
        hosts = Hosts("surat.klungkung.go.id, *.desa.go.id, [::1]")
        assert status_of(hosts, host) == status
        assert status_of(hosts, host) == status, "the second time too"

    def test_there_is_one(self) -> None:
        assert status_of(Hosts("a.example")) == 400
        assert status_of(Hosts("")) == 400

    def test_http_1_0_knows_none_yet(self) -> None:
        assert status_of(Hosts(""), version="1.0") == 200
        assert status_of(Hosts("a.example"), version="1.0") == 400

    def test_any_where_none_is_set(self) -> None:
        assert status_of(Hosts(""), "whatever.example") == 200

    @pytest.mark.parametrize("allowed", ["*", "a.*.example", "*.*.example"])
    def test_a_star_for_everything_is_refused_at_the_start(self, allowed: str) -> None:
        with pytest.raises(ValueError, match="star"):
            Hosts(allowed)
