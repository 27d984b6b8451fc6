"""Where people may be sent after a sign-in. Invariant: to this very house, or to an app the operator has named."""

import re
from urllib.parse import urlsplit

from services.chassis.errors import ServiceError

LONGEST = 500
LOOPBACK_ADDRESSES = frozenset({"127.0.0.1", "::1"})
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")


class AppRedirects:
    """The addresses of apps, set with commas: https ones, private schemes (``id.go.bali:/masuk``), loopback ones.

    They are compared letter by letter. A loopback one is set without a port and is good with any (RFC 8252, section
    7.3), because an app takes whichever is free.
    """

    def __init__(self, setting: str) -> None:
        self._exact = {one.strip() for one in setting.split(",") if one.strip()}
        for one in self._exact:
            if not _sound(one):
                raise ValueError(f"OIDC_APP_REDIRECTS: {one} is no address an app can be reached at")

    def check(self, redirect: str) -> str:
        """``redirect`` where it is allowed: one that was set, or a path of this house; 422 else."""
        if is_own_path(redirect) or redirect in self._exact or _without_port(redirect) in self._exact:
            return redirect
        raise ServiceError(422, "redirect_refused", "Alamat kembali ini tidak terdaftar.")


def is_own_path(address: str) -> bool:
    """Whether an address is a path of this house and nothing a browser could read as another host's."""
    if not address.startswith("/") or len(address) > LONGEST:
        return False
    return (
        not address.startswith("//") and not set(address) & {"\\", "#"} and address.isascii() and address.isprintable()
    )


def own_path(address: str) -> str:
    """The path; 422 for anything else."""
    if not is_own_path(address):
        raise ServiceError(422, "redirect_refused", "Alamat kembali harus berupa alamat di situs ini.")
    return address


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine."""
    return host == "localhost" or host in LOOPBACK_ADDRESSES


def _sound(redirect: str) -> bool:
    parts = urlsplit(redirect)
    if "#" in redirect or "@" in parts.netloc or len(redirect) > LONGEST or not redirect.isprintable():
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK_ADDRESSES and parts.port is None
    return bool(_PRIVATE_SCHEME.fullmatch(parts.scheme))


def _without_port(redirect: str) -> str | None:
    """A loopback address as it was set; None for one that is no loopback address with a port."""
    found = re.fullmatch(r"(http://(?:127\.0\.0\.1|\[::1\])):[0-9]{1,5}(/[^#]*)?", redirect)
    return f"{found[1]}{found[2] or ''}" if found else None
