"""Settings: whose variable wins, secrets from files, and that no secret is ever printed."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from services.chassis.settings import Settings, read_variable

SECRET = "hunter2-hunter2"
COMPLETE = {
    "LONTAR_MONGO_URL": f"mongodb://post:{SECRET}@127.0.0.1/",
    "LONTAR_AMQP_URL": f"amqp://post:{SECRET}@127.0.0.1/",
    "LONTAR_JWKS_URL": "http://127.0.0.1/jwks.json",
}


class TestLoad:
    def test_reads_the_shared_variables(self) -> None:
        settings = Settings.load("post", COMPLETE)
        assert settings.mongo_url.get_secret_value() == COMPLETE["LONTAR_MONGO_URL"]
        assert (settings.service, settings.mongo_database) == ("post", "lontar_post")

    def test_lets_a_services_own_variable_win(self) -> None:
        settings = Settings.load("post", COMPLETE | {"LONTAR_POST_AMQP_URL": "amqp://own/"})
        assert settings.amqp_url.get_secret_value() == "amqp://own/"

    def test_leaves_another_services_variable_alone(self) -> None:
        settings = Settings.load("post", COMPLETE | {"LONTAR_INTAKE_PORT": "9", "LONTAR_POST_PORT": "8"})
        assert settings.port == 8

    @pytest.mark.parametrize("name", ["PORT", "MONGO_DATABASE"])
    def test_never_shares_a_port_or_a_database(self, name: str) -> None:
        assert Settings.load("post", COMPLETE | {f"LONTAR_{name}": "77"}) == Settings.load("post", COMPLETE)

    def test_reads_a_secret_from_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "url").write_text("amqp://from-file/\n")
        environment = {name: value for name, value in COMPLETE.items() if name != "LONTAR_AMQP_URL"}
        settings = Settings.load("post", environment | {"LONTAR_AMQP_URL_FILE": str(tmp_path / "url")})
        assert settings.amqp_url == SecretStr("amqp://from-file/")

    def test_says_which_file_is_missing_and_what_named_it(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"LONTAR_MONGO_URL_FILE: No such file .*nowhere"):
            Settings.load("post", {"LONTAR_MONGO_URL_FILE": str(tmp_path / "nowhere")})

    def test_does_not_let_the_environment_rename_the_service(self) -> None:
        assert Settings.load("post", COMPLETE | {"LONTAR_SERVICE": "intake"}).service == "post"

    def test_names_what_is_missing(self) -> None:
        with pytest.raises(ValidationError, match="jwks_url"):
            Settings.load("post", {name: value for name, value in COMPLETE.items() if "JWKS" not in name})

    @pytest.mark.parametrize(
        "bad",
        [{"LONTAR_POST_PORT": "70000"}, {"LONTAR_CONSUMER_CONCURRENCY": "0"}, {"LONTAR_RELAY_POLL_SECONDS": "-1"}],
    )
    def test_refuses_what_cannot_be(self, bad: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            Settings.load("post", COMPLETE | bad)


class TestSecrets:
    def test_are_not_in_what_is_printed(self) -> None:
        settings = Settings.load("post", COMPLETE)
        assert SECRET not in f"{settings!r} {settings}"

    def test_are_not_in_an_error_about_something_else(self) -> None:
        environment = COMPLETE | {"LONTAR_POST_PORT": "many"}
        del environment["LONTAR_JWKS_URL"]
        with pytest.raises(ValidationError) as caught:
            Settings.load("post", environment)
        assert SECRET not in str(caught.value)
        assert "mongodb://" not in str(caught.value)


class TestReadVariable:
    def test_prefers_the_value_to_the_file(self, tmp_path: Path) -> None:
        assert read_variable("A", {"A": "value", "A_FILE": str(tmp_path / "nowhere")}) == "value"

    def test_is_none_where_there_is_neither(self) -> None:
        assert read_variable("A", {}) is None
