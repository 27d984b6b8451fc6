"""What is said of input that does not fit."""

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from services.chassis.errors import ServiceError
from services.chassis.ids import EntityId, new_id
from services.chassis.labels import FORMS
from services.chassis.refusals import LONGEST_NAME, LOOKED_AT, MESSAGES, NAMED, NOT_JSON, refusal_of


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    subject: str = Field(min_length=1)
    on: date
    ids: tuple[EntityId, ...] = Field(min_length=1)


class Account(BaseModel):
    username: str = Field(default="wayan", pattern=r"^[a-z]+$")
    password: SecretStr = Field(default=SecretStr("sandi"), min_length=2, max_length=8)
    name: str = Field(default="Wayan", min_length=1)
    roles: list[Literal["auditor", "unit_admin"]] = []
    paper: Literal["A4"] = "A4"


def refusal(given: dict[str, Any], form: type[BaseModel] = Form) -> ServiceError:
    with pytest.raises(ValidationError) as refused:
        form.model_validate(given)
    return refusal_of([dict(one, loc=("body", *one["loc"])) for one in refused.value.errors()])


class TestRefusalOf:
    def test_names_every_field_and_says_what_is_wrong_in_bahasa_indonesia(self) -> None:
        error = refusal({"on": "kemarin", "ids": ["x"], "zzz": 1})
        assert error.detail == "Isian belum lengkap atau keliru: ids.0, on, perihal, zzz."
        said = {one["field"]: one["message"] for one in error.extra["errors"]}
        assert said["body.subject"] == "wajib diisi"
        assert said["body.on"].startswith("bukan tanggal yang sah")
        assert said["body.zzz"] == "tidak dikenal"

    def test_a_refused_item_is_not_also_blamed_on_its_list(self) -> None:
        error = refusal({"subject": "s", "on": "2026-01-01", "ids": ["x"]})
        assert [one["field"] for one in error.extra["errors"]] == ["body.ids.0"]

    def test_an_empty_list_is_blamed(self) -> None:
        error = refusal({"subject": "s", "on": "2026-01-01", "ids": []})
        assert [(one["field"], one["message"]) for one in error.extra["errors"]] == [("body.ids", "kurang banyak")]

    def test_a_form_of_a_browser_is_told_what_to_be(self) -> None:
        error = {"type": "model_attributes_type", "loc": ("body",), "input": b"username=a&password=b"}
        assert refusal_of([error]).detail == (
            "Isi permintaan harus berupa JSON, dengan Content-Type: application/json."
        )

    @pytest.mark.parametrize(
        ("given", "field", "message"),
        [
            ({"password": ""}, "kata sandi", "wajib diisi"),
            ({"password": "a"}, "kata sandi", "terlalu pendek"),
            ({"password": "a" * 9}, "kata sandi", "terlalu panjang"),
            ({"name": ""}, "nama", "wajib diisi"),
            (
                {"username": "i wayan"},
                "nama pengguna",
                f"bentuknya tidak sesuai: {FORMS['username']}",
            ),
            ({"roles": ["admin"]}, "peran", "bukan salah satu pilihan yang tersedia: auditor, unit_admin"),
            ({"paper": "A5"}, "paper", "bukan salah satu pilihan yang tersedia: A4"),
        ],
    )
    def test_says_what_people_call_a_field_and_what_it_takes(
        self, given: dict[str, Any], field: str, message: str
    ) -> None:
        error = refusal(given, Account)
        assert error.detail == f"Isian belum lengkap atau keliru: {field}."
        [said] = error.extra["errors"]
        assert (said["field"].split(".")[1], said["message"]) == (next(iter(given)), message)

    def test_what_is_not_filled_in_keeps_its_own_name(self) -> None:
        error = refusal_of([{"type": "missing", "loc": ("query", "subject")}])
        assert error.detail == "Isian belum lengkap atau keliru: subject."

    @pytest.mark.parametrize(
        "error",
        [{"type": "json_invalid", "loc": ("body", 1)}, {"type": "model_attributes_type", "loc": ("body",)}],
    )
    def test_what_is_no_json_is_called_so(self, error: dict[str, Any]) -> None:
        assert refusal_of([error]).detail == NOT_JSON

    def test_no_message_is_pydantics(self) -> None:
        assert refusal_of([{"type": "url_scheme", "loc": ("body", "x"), "msg": "URL scheme"}]).extra["errors"][0][
            "message"
        ] not in ("URL scheme", *list(MESSAGES))

    def test_of_many_mistakes_the_first_are_told_and_the_others_counted(self) -> None:
        error = refusal({"subject": "s", "on": "2026-01-01", "ids": [new_id()], **{f"u{n:03}": 1 for n in range(120)}})
        assert [one["field"] for one in error.extra["errors"]] == [f"body.u{n:03}" for n in range(NAMED)]
        assert error.detail.endswith("u008, u009, dan 110 lainnya.")

    def test_no_more_than_the_first_are_looked_at(self) -> None:
        looked_at: list[int] = []

        class Noted(dict[str, Any]):
            def __getitem__(self, key: str) -> Any:
                looked_at.append(dict.__getitem__(self, "number"))
                return super().__getitem__(key)

        given = [Noted(type="extra_forbidden", loc=("body", f"u{n}"), number=n) for n in range(1000)]
        assert refusal_of(given).detail.endswith(f", dan {1000 - NAMED} lainnya.")
        assert max(looked_at) < LOOKED_AT

    def test_a_name_that_the_sender_made_up_is_told_as_far_as_names_go(self) -> None:
        [told] = refusal_of([{"type": "extra_forbidden", "loc": ("body", "x" * 100_000)}]).extra["errors"]
        assert len(told["field"]) == LONGEST_NAME
