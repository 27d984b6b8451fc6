"""What is said of input that does not fit."""

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.chassis.errors import ServiceError
from services.chassis.ids import EntityId
from services.chassis.refusals import MESSAGES, NOT_JSON, refusal_of


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    subject: str = Field(min_length=1)
    on: date
    ids: tuple[EntityId, ...] = Field(min_length=1)


def refusal(given: dict[str, Any]) -> ServiceError:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate(given)
    return refusal_of([dict(one, loc=("body", *one["loc"])) for one in refused.value.errors()])


class TestRefusalOf:
    def test_names_every_field_and_says_what_is_wrong_in_bahasa_indonesia(self) -> None:
        error = refusal({"on": "kemarin", "ids": ["x"], "zzz": 1})
        assert error.detail == "Isian belum lengkap atau keliru: ids.0, on, subject, zzz."
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
