"""How refusals are described in the merged document. Invariant: each status once, all in the one problem shape.

The services repeat the shape in every response, and FastAPI describes its own form of a 422, which is never sent.
"""

from typing import Any

from deploy.openapi.components import PREFIX, referenced
from deploy.openapi.sources import Document
from services.chassis.errors import PROBLEM_JSON, ServiceError
from services.chassis.openapi import problems

STATUSES = (400, 401, 403, 404, 409, 410, 412, 413, 415, 416, 422, 423, 429, 503, 504)
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
RESPONSES = "#/components/responses/"
_FRAMEWORKS_OWN = frozenset({"HTTPValidationError", "ValidationError"})
_CONTENT: Document = {PROBLEM_JSON: {"schema": {"$ref": f"{PREFIX}Problem"}}}
_REQUEST = "019cabe3-aa18-7adf-b016-39ce2e0766e0"
_SAID = {
    400: ("bad_request", "Permintaan tidak dapat dibaca."),
    401: ("token_missing", "Anda belum masuk. Silakan masuk terlebih dahulu."),
    403: ("forbidden", "Anda tidak berwenang melakukan tindakan ini."),
    404: ("not_found", "Surat tidak ditemukan."),
    409: ("state_changed", "Data sudah diubah oleh orang lain. Silakan muat ulang lalu coba lagi."),
    410: ("gone", "Waktunya sudah lewat."),
    412: ("changed_meanwhile", "Data ini sudah berubah sejak Anda membukanya."),
    413: ("body_too_large", "Kiriman terlalu besar. Batasnya 1 MB."),
    415: ("unsupported_type", "Jenis berkas ini tidak diterima."),
    416: ("range_unsatisfiable", "Bagian yang diminta berada di luar berkas."),
    422: ("validation_failed", "Isian belum lengkap atau keliru: alasan."),
    423: ("busy", "Sedang dikerjakan oleh permintaan lain. Silakan coba lagi."),
    429: ("too_many_requests", "Terlalu banyak permintaan. Silakan coba lagi dalam 5 detik."),
    503: ("unavailable", "Layanan sedang tidak tersedia. Silakan coba lagi sebentar."),
    504: ("upstream_timeout", "Layanan terlalu lama menjawab. Silakan coba lagi."),
}
_TOLD = {"X-Request-ID": "RequestId"}
_RETRIED = {429: "RetryAfter", 503: "RetryAfter"}


def shared_refusals() -> Document:
    """The usual refusals, for ``components.responses``."""
    return {
        f"Problem{status}": {
            "description": response["description"],
            "headers": _headers(int(status)),
            "content": {PROBLEM_JSON: {**_CONTENT[PROBLEM_JSON], "example": _example(int(status))}},
        }
        for status, response in sorted(problems(*STATUSES).items())
    }


def with_shared_refusals(document: Document) -> Document:
    """The document with every refusal in the one shape, the usual ones by reference."""
    usual = shared_refusals()
    schemas = document.get("components", {}).get("schemas", {})
    kept = {name: body for name, body in schemas.items() if name not in (*_FRAMEWORKS_OWN, "Problem")}
    paths = {
        path: {key: _told(value, usual) if key in METHODS else value for key, value in item.items()}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths, "components": {"schemas": kept}}


def _headers(status: int) -> Document:
    told = {**_TOLD, **({"Retry-After": _RETRIED[status]} if status in _RETRIED else {})}
    return {name: {"$ref": f"#/components/headers/{known}"} for name, known in told.items()}


def _example(status: int) -> dict[str, Any]:
    code, sentence = _SAID[status]
    return ServiceError(status, code, sentence).document(_REQUEST)


def _told(operation: Document, usual: Document) -> Document:
    responses = {
        status: _refusal(status, response, usual) if _is_refusal(response) else response
        for status, response in operation["responses"].items()
    }
    return {**operation, "responses": dict(sorted(responses.items()))}


def _refusal(status: str, response: Document, usual: Document) -> Document:
    name = f"Problem{status}"
    described: dict[str, Any] = usual.get(name, {})
    if _frameworks(response) or described.get("description") == response["description"]:
        return {"$ref": f"{RESPONSES}{name}"}
    return {**response, "content": _CONTENT}


def _is_refusal(response: Document) -> bool:
    return PROBLEM_JSON in response.get("content", {}) or _frameworks(response)


def _frameworks(response: Document) -> bool:
    return bool(referenced(response.get("content", {})) & _FRAMEWORKS_OWN)
