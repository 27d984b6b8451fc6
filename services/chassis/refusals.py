"""What a clerk is told of input that does not fit. Invariant: a sentence in Bahasa Indonesia for every kind of misfit.

The kinds are pydantic's error types; programs read ``reason``, people read ``message``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.errors import ServiceError
from services.chassis.labels import form_of, label_of

NOT_JSON = "Isi permintaan bukan JSON yang sah."
NOT_SAID_TO_BE_JSON = "Isi permintaan harus berupa JSON, dengan Content-Type: application/json."
MISSING = "wajib diisi"
ANYTHING_ELSE = "tidak sah"
LOOKED_AT, NAMED, LONGEST_NAME = 50, 10, 200
"""Of a body that is nothing but mistakes, so many are looked at and so many told: its sender chose how many there are,
and how long their names.
"""
MESSAGES = {
    "missing": MISSING,
    "extra_forbidden": "tidak dikenal",
    "string_too_short": "terlalu pendek",
    "string_too_long": "terlalu panjang",
    "string_type": "harus berupa teks",
    "string_pattern_mismatch": "bentuknya tidak sesuai",
    "too_short": "kurang banyak",
    "too_long": "terlalu banyak",
    "literal_error": "bukan salah satu pilihan yang tersedia",
    "enum": "bukan salah satu pilihan yang tersedia",
    "bool_type": "harus ya atau tidak",
    "bool_parsing": "harus ya atau tidak",
    "int_type": "harus berupa bilangan bulat",
    "int_parsing": "harus berupa bilangan bulat",
    "greater_than": "terlalu kecil",
    "greater_than_equal": "terlalu kecil",
    "less_than": "terlalu besar",
    "less_than_equal": "terlalu besar",
    "list_type": "harus berupa daftar",
    "tuple_type": "harus berupa daftar",
    "model_type": "harus berupa objek JSON",
    "model_attributes_type": "harus berupa objek JSON",
    "dict_type": "harus berupa objek JSON",
    "date_parsing": "bukan tanggal yang sah (TTTT-BB-HH)",
    "date_from_datetime_parsing": "bukan tanggal yang sah (TTTT-BB-HH)",
    "date_type": "bukan tanggal yang sah (TTTT-BB-HH)",
    "datetime_parsing": "bukan waktu yang sah (RFC 3339)",
    "datetime_from_date_parsing": "bukan waktu yang sah (RFC 3339)",
    "datetime_type": "bukan waktu yang sah (RFC 3339)",
    "timezone_aware": "harus menyebut zona waktu",
    "value_error": ANYTHING_ELSE,
}
_OF_SECRETS = {"too_short": "string_too_short", "too_long": "string_too_long"}


def refusal_of(errors: Sequence[Mapping[str, Any]]) -> ServiceError:
    """The 422 for pydantic's ``errors``: one sentence, and each field with its reason, of the first of them."""
    first = errors[:LOOKED_AT]
    if any(error["type"] == "json_invalid" or tuple(error["loc"]) == ("body",) for error in first):
        # a body whose type is not that of JSON is left as it came
        typed = not any(isinstance(error.get("input"), bytes) for error in first)
        return ServiceError(422, "validation_failed", NOT_JSON if typed else NOT_SAID_TO_BE_JSON, extra={"errors": []})
    own = _own(first)
    told = [_field(error) for error in own[:NAMED]]
    names = sorted({_name(one["field"]) for one in told})
    if untold := len(own) - len(told) + len(errors) - len(first):
        names.append(f"dan {untold} lainnya")
    detail = f"Isian belum lengkap atau keliru: {', '.join(names)}."
    return ServiceError(422, "validation_failed", detail, extra={"errors": told})


def _own(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without what only follows: a list that is too short because one of its items was refused."""
    places = [tuple(error["loc"]) for error in errors]
    return [
        error
        for error, place in zip(errors, places, strict=True)
        if error["type"] != "too_short" or not any(len(p) > len(place) and p[: len(place)] == place for p in places)
    ]


def _field(error: Mapping[str, Any]) -> dict[str, str]:
    field = ".".join(str(part) for part in error["loc"])[:LONGEST_NAME]
    return {"field": field, "reason": str(error["type"]), "message": _message(error, field)}


def _name(field: str) -> str:
    """What people call it; only what they fill in themselves has a name of theirs."""
    place, _, path = field.partition(".")
    return label_of(path) if place == "body" else path or field


def _message(error: Mapping[str, Any], field: str) -> str:
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "string_too_short" and context.get("min_length") == 1:
        return MISSING
    if kind in _OF_SECRETS and context.get("field_type") == "Value":  # a secret's characters count as items
        return MISSING if context.get("actual_length") == 0 else MESSAGES[_OF_SECRETS[kind]]
    said = MESSAGES.get(kind, ANYTHING_ELSE)
    if kind in ("literal_error", "enum") and "expected" in context:
        return f"{said}: {_choices(str(context['expected']))}"
    form = form_of(field) if kind == "string_pattern_mismatch" else None
    return f"{said}: {form}" if form else said


def _choices(expected: str) -> str:
    """The choices as pydantic names them, in quotes and with an English word before the last."""
    *others, last = expected.split(", ")
    return ", ".join(choice.strip("'") for choice in (*others, *last.split(" or ")))
