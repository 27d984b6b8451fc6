"""Errors people and programs see: RFC 9457 problem details with a stable code.

Invariant: every refusal leaves the house as problem+json with a sentence in Bahasa Indonesia; a stack trace never does.
"""

from http import HTTPStatus
from typing import Any

PROBLEM_JSON = "application/problem+json"
CHECKSUM_MISMATCH = 460
"""A status of the tus protocol's own, unknown to the library."""


class ServiceError(Exception):
    """A refusal with its HTTP status, stable code and a sentence for a clerk.

    ``extra`` members go into the problem document beside the standard ones (RFC 9457, section 3.2).
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.extra = extra or {}

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """The problem document; ``instance`` is the request id, so a clerk can quote it to the operator."""
        return {
            "type": f"urn:lontar:problem:{self.code}",
            "title": _phrase(self.status),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **({"instance": f"urn:lontar:request:{instance}"} if instance else {}),
            **self.extra,
        }


def _phrase(status: int) -> str:
    return "Checksum Mismatch" if status == CHECKSUM_MISMATCH else HTTPStatus(status).phrase


def not_found(thing: str) -> ServiceError:
    """404 for what is not there, and equally for what the caller may not know is there."""
    return ServiceError(404, "not_found", f"{thing} tidak ditemukan.")


def forbidden(detail: str = "Anda tidak berwenang melakukan tindakan ini.") -> ServiceError:
    """403 for an act on something the caller may see but not do."""
    return ServiceError(403, "forbidden", detail)


def conflict(code: str, detail: str, **extra: Any) -> ServiceError:
    """409 with the present state in ``extra``."""
    return ServiceError(409, code, detail, extra=extra)


def unprocessable(code: str, detail: str, **extra: Any) -> ServiceError:
    """422 for content that was understood and cannot be accepted."""
    return ServiceError(422, code, detail, extra=extra)


def body_too_large(limit: int) -> ServiceError:
    """413 with the limit in words."""
    longest = f"{limit / 1024**2:g} MB" if limit >= 1024**2 else f"{limit / 1024:g} KB"
    return ServiceError(413, "body_too_large", f"Kiriman terlalu besar. Batasnya {longest}.")


def unavailable(detail: str = "Layanan sedang tidak tersedia. Silakan coba lagi sebentar.") -> ServiceError:
    """503 for a neighbour that does not answer; always with Retry-After."""
    return ServiceError(503, "unavailable", detail, headers={"Retry-After": "5"})
